/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-web.h"

#include "dyno-reply.h"
#include "dyno-web-resources.h"

#define PREFIX "/org/dynoai/web/"

#define POLICY                                                                        \
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "   \
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"

typedef struct
{
  DynoWebPage  page;
  const char  *name;
  const char  *resource; /* below PREFIX */
  const char  *media;
} WebFile;

static const WebFile files[] = {
  { DYNO_WEB_DOCS, "", "docs.html", "text/html; charset=utf-8" },
  { DYNO_WEB_DOCS, "docs.css", "docs.css", "text/css; charset=utf-8" },
  { DYNO_WEB_DOCS, "docs.js", "docs.js", "text/javascript; charset=utf-8" },
  { DYNO_WEB_LAN, "", "lan.html", "text/html; charset=utf-8" },
  { DYNO_WEB_LAN, "dyno.css", "dyno.css", "text/css; charset=utf-8" },
  { DYNO_WEB_LAN, "dyno.js", "dyno.js", "text/javascript; charset=utf-8" },
};

static const WebFile *
find_file (DynoWebPage  page,
           const char  *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      if (files[i].page == page && g_str_equal (files[i].name, name))
        return &files[i];
    }

  return NULL;
}

static void
reply_file (DynoRequest   *request,
            const WebFile *file)
{
  g_autofree char *path = g_strconcat (PREFIX, file->resource, NULL);
  g_autoptr(GBytes) bytes = g_resource_lookup_data (dyno_web_get_resource (), path,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  dyno_reply_header (request, "Cache-Control", "no-cache");
  dyno_reply_header (request, "Content-Security-Policy", POLICY);
  dyno_reply_tag_text (request, hash);
  dyno_reply_bytes (request, file->media, NULL, bytes);
}

void
dyno_web_reply (DynoRequest *request,
                DynoWebPage  page,
                const char  *name)
{
  const WebFile *file = find_file (page, name);

  if (file != NULL)
    reply_file (request, file);
  else
    dyno_reply_refuse (request, "NOT_FOUND");
}
