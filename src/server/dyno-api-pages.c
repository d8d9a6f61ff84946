/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The pages: not part of the API, and not in its document. */

#include "config.h"

#include "dyno-api.h"
#include "dyno-reply.h"
#include "dyno-shop.h"
#include "dyno-web.h"

static void
get_docs (DynoRequest *request)
{
  dyno_web_reply (request, DYNO_WEB_DOCS, "");
}

static void
get_docs_file (DynoRequest *request)
{
  dyno_web_reply (request, DYNO_WEB_DOCS, dyno_request_text (request, "file"));
}

static gboolean
is_lan_page_on (DynoRequest *request)
{
  return dyno_config_get_boolean (dyno_shop_get_config (dyno_request_get_shop (request)),
                                  "server.lan_page");
}

static void
reply_lan_page (DynoRequest *request,
                const char  *name)
{
  if (is_lan_page_on (request))
    dyno_web_reply (request, DYNO_WEB_LAN, name);
  else
    dyno_reply_refuse (request, "NOT_FOUND");
}

static void
get_lan_page (DynoRequest *request)
{
  reply_lan_page (request, "");
}

static void
get_lan_file (DynoRequest *request)
{
  reply_lan_page (request, dyno_request_text (request, "file"));
}

#define FILE_MEDIA "text/html|text/css|text/javascript"

static const DynoField file_args[] = {
  { "file", DYNO_TEXT (1, 40), DYNO_REQUIRED, "A file of the page" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/docs", DYNO_OPEN, get_docs, .aliases = DYNO_PATHS ("/docs/"),
              .flags = DYNO_ROUTE_UNLISTED | DYNO_ROUTE_WHILE_SETUP, .reply_media = FILE_MEDIA,
              .also = DYNO_STATUSES (304), .summary = "The page of the API"),
  DYNO_ROUTE (DYNO_GET, "/docs/{file}", DYNO_OPEN, get_docs_file, .args = file_args,
              .flags = DYNO_ROUTE_UNLISTED | DYNO_ROUTE_WHILE_SETUP, .reply_media = FILE_MEDIA,
              .summary = "A file of the page of the API"),
  DYNO_ROUTE (DYNO_GET, "/m/", DYNO_OPEN, get_lan_page, .flags = DYNO_ROUTE_UNLISTED,
              .reply_media = FILE_MEDIA, .also = DYNO_STATUSES (304, 404),
              .summary = "The page for telephones"),
  DYNO_ROUTE (DYNO_GET, "/m/{file}", DYNO_OPEN, get_lan_file, .args = file_args,
              .flags = DYNO_ROUTE_UNLISTED, .reply_media = FILE_MEDIA,
              .summary = "A file of the page for telephones"),
};

const DynoRouteTable dyno_api_pages = {
  "Pages", "What a browser shows.", rows, G_N_ELEMENTS (rows)
};
