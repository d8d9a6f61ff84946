/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-request-private.h"

#include <string.h>

#include "dyno-idempotency.h"
#include "dyno-reply.h"

/* The way out of every reply: headers that all have, conditions, compression, and the
 * word to the wire that it may send. */

#define GZIP_FROM 1024 /* bytes: below, the frame of gzip eats what it saves */

static const struct
{
  const char *name;
  const char *value;
} common_headers[] = {
  { "X-Content-Type-Options", "nosniff" },
  { "Cache-Control", "no-store" },
  { "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
  { "Referrer-Policy", "no-referrer" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
};

static SoupMessageHeaders *
headers_of (DynoRequest *self)
{
  return soup_server_message_get_response_headers (self->message);
}

/* What a handler has said itself stays. */
static void
put_common_headers (DynoRequest *self)
{
  SoupMessageHeaders *headers = headers_of (self);

  for (guint i = 0; i < G_N_ELEMENTS (common_headers); i++)
    {
      if (soup_message_headers_get_one (headers, common_headers[i].name) == NULL)
        soup_message_headers_append (headers, common_headers[i].name, common_headers[i].value);
    }
  soup_message_headers_replace (headers, "Server", "DynoAI");
  soup_message_headers_replace (headers, "X-Correlation-ID", self->correlation);
  soup_message_headers_replace (headers, "X-Request-ID", self->correlation);
  if (self->tag != NULL)
    soup_message_headers_replace (headers, "ETag", self->tag);
}

gboolean
dyno_request_accepts (DynoRequest *self,
                      const char  *header,
                      const char  *name)
{
  const char *value = dyno_request_get_header (self, header);
  GSList *words = value != NULL ? soup_header_parse_quality_list (value, NULL) : NULL;
  gboolean accepts = g_slist_find_custom (words, name, (GCompareFunc) g_ascii_strcasecmp) != NULL;

  soup_header_free_list (words);

  return accepts;
}

/* RFC 9110, 13.1.2: a weak comparison, any of the list, or "*". */
static gboolean
is_known_to_client (DynoRequest *self)
{
  const char *known = dyno_request_get_header (self, "If-None-Match");
  g_auto(GStrv) tags = NULL;

  if (known == NULL || self->tag == NULL)
    return FALSE;

  tags = g_strsplit (known, ",", -1);
  for (guint i = 0; tags[i] != NULL; i++)
    {
      const char *tag = g_strstrip (tags[i]);

      if (g_str_has_prefix (tag, "W/"))
        tag += 2;
      if (g_str_equal (tag, "*") || g_str_equal (tag, self->tag))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_reading (DynoRequest *self)
{
  return g_str_equal (self->method, "GET") || g_str_equal (self->method, "HEAD");
}

static GBytes *
compress (GBytes *body)
{
  g_autoptr(GConverter) gzip =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) out = g_converter_output_stream_new (memory, gzip);
  gsize size;
  const void *data = g_bytes_get_data (body, &size);

  if (!g_output_stream_write_all (out, data, size, NULL, NULL, NULL)
      || !g_output_stream_close (out, NULL, NULL))
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static gboolean
is_compressible (const char *media)
{
  return g_str_has_prefix (media, "text/") || strstr (media, "json") != NULL
         || strstr (media, "svg") != NULL || strstr (media, "javascript") != NULL;
}

/* (transfer full) */
static GBytes *
pack (DynoRequest *self,
      const char  *media,
      GBytes      *body)
{
  SoupMessageHeaders *headers = headers_of (self);
  g_autoptr(GBytes) packed = NULL;

  if (!is_compressible (media) || g_bytes_get_size (body) < GZIP_FROM)
    return g_bytes_ref (body);

  soup_message_headers_append (headers, "Vary", "Accept-Encoding");
  if (dyno_request_accepts (self, "Accept-Encoding", "gzip"))
    packed = compress (body);
  if (packed == NULL)
    return g_bytes_ref (body);

  soup_message_headers_replace (headers, "Content-Encoding", "gzip");

  return g_steal_pointer (&packed);
}

static void
put_body (DynoRequest *self,
          const char  *media,
          GBytes      *body)
{
  SoupMessageHeaders *headers = headers_of (self);
  SoupMessageBody *out = soup_server_message_get_response_body (self->message);
  g_autoptr(GBytes) packed = pack (self, media, body);

  soup_message_headers_replace (headers, "Content-Type", media);
  soup_message_body_truncate (out);
  soup_message_body_append_bytes (out, packed);
  soup_message_body_complete (out);
}

static void
stop_deadline (DynoRequest *self)
{
  if (self->deadline == NULL)
    return;

  g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
}

/* FALSE where nobody waits for the answer any more. */
static gboolean
begin (DynoRequest *self,
       guint        status)
{
  if (self->is_over || self->status != 0)
    return FALSE;

  stop_deadline (self);
  self->status = status;
  put_common_headers (self);
  soup_server_message_set_status (self->message, status, NULL);

  return TRUE;
}

void
dyno_reply_go (DynoRequest *self)
{
  if (!self->is_paused || self->is_over)
    return;

  self->is_paused = FALSE;
  soup_server_message_unpause (self->message);
}

gboolean
dyno_reply_send_head (DynoRequest *self,
                      guint        status,
                      const char  *media)
{
  if (!begin (self, status))
    return FALSE;

  soup_message_headers_replace (headers_of (self), "Content-Type", media);

  return TRUE;
}

gboolean
dyno_reply_send (DynoRequest *self,
                 guint        status,
                 const char  *media,
                 GBytes      *body)
{
  if (status == 200 && is_reading (self) && is_known_to_client (self))
    {
      status = 304;
      body = NULL;
    }
  if (dyno_idempotency_keep (self, status, media, body))
    return TRUE;
  if (!begin (self, status))
    return FALSE;

  if (body != NULL)
    put_body (self, media, body);
  dyno_reply_go (self);

  return TRUE;
}
