/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-reply.h"

#include <string.h>

#include "dyno-request-private.h"
#include "dyno-sealed-cursor.h"

static guint
status_of (DynoRequest *self)
{
  return self->wanted != 0 ? self->wanted : dyno_route_status (self->match->route);
}

void
dyno_reply_tag_text (DynoRequest *self,
                     const char  *tag)
{
  g_clear_pointer (&self->tag, g_free);
  self->tag = g_strdup_printf ("\"%s\"", tag);
}

void
dyno_reply_tag (DynoRequest *self,
                const char  *id,
                gint64       version)
{
  g_autofree char *tag = g_strdup_printf ("%s-%" G_GINT64_FORMAT, id, version);

  dyno_reply_tag_text (self, tag);
}

void
dyno_reply_status (DynoRequest *self,
                   guint        status)
{
  self->wanted = status;
}

void
dyno_reply_header (DynoRequest *self,
                   const char  *name,
                   const char  *value)
{
  if (!self->is_over)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                  value);
}

/* The reply as its row promises it; said aloud where it is not. */
static void
check_reply (DynoRequest *self,
             const char  *text)
{
  const DynoRoute *route = self->match->route;
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(DynoJson) json = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  g_autofree char *first = NULL;

  dyno_route_check_reply (route, json, flaws);
  first = dyno_flaws_first (flaws);
  if (first != NULL)
    g_critical ("The reply to %s %s is not what its row says: %s",
                dyno_method_name (route->method), route->path, first);
}

void
dyno_reply_json (DynoRequest    *self,
                 DynoJsonWriter *writer)
{
  char *text = dyno_json_writer_finish (writer);
  g_autoptr(GBytes) body = g_bytes_new_take (text, strlen (text));

  if (self->service->is_checked)
    check_reply (self, text);
  dyno_reply_send (self, status_of (self), "application/json", body);
}

void
dyno_reply_empty (DynoRequest *self)
{
  guint status = status_of (self);

  dyno_reply_send (self, status == 200 ? 204 : status, NULL, NULL);
}

void
dyno_reply_created (DynoRequest    *self,
                    const char     *id,
                    DynoJsonWriter *writer)
{
  g_autofree char *location = g_strconcat (dyno_request_get_path (self), "/", id, NULL);

  dyno_reply_header (self, "Location", location);
  dyno_reply_status (self, 201);
  dyno_reply_json (self, writer);
}

static DynoJsonWriter *
write_job (const char *job_id)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "job_id", job_id);
  dyno_json_writer_add_string (w, "status", "queued");
  dyno_json_writer_end_object (w);

  return w;
}

void
dyno_reply_job (DynoRequest    *self,
                const char     *job_id,
                DynoJsonWriter *writer)
{
  g_autofree char *location = g_strconcat ("/api/v1/jobs/", job_id, NULL);

  dyno_reply_header (self, "Location", location);
  dyno_reply_status (self, 202);
  dyno_reply_json (self, writer != NULL ? writer : write_job (job_id));
}

DynoJsonWriter *
dyno_reply_page_begin (DynoRequest *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "items");
  dyno_json_writer_begin_array (w);

  return w;
}

/* </api/v1/runs?limit=1&cursor=eyJ…>; rel="next", with the filters of this page. */
static void
put_link (DynoRequest *self,
          const char  *cursor)
{
  g_autoptr(GString) link = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name, value;

  g_string_printf (link, "<%s?", dyno_request_get_path (self));
  g_hash_table_iter_init (&iter, self->query);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

      if (!g_str_equal (name, "cursor"))
        g_string_append_printf (link, "%s=%s&", (const char *) name, escaped);
    }
  g_string_append_printf (link, "cursor=%s>; rel=\"next\"", cursor);

  dyno_reply_header (self, "Link", link->str);
}

void
dyno_reply_page_end (DynoRequest    *self,
                     DynoJsonWriter *writer,
                     const char     *next)
{
  g_autofree char *filter = dyno_request_filter (self);
  g_autofree char *cursor = next == NULL ? NULL
                                         : dyno_sealed_cursor_make (self->service->cursor_key, next,
                                                                    filter);

  dyno_json_writer_end_array (writer);
  dyno_json_writer_add_string (writer, "next_cursor", cursor);
  dyno_json_writer_end_object (writer);
  if (cursor != NULL)
    put_link (self, cursor);
  dyno_reply_json (self, writer);
}
