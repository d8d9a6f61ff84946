/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-stream.h"

#include <string.h>

#define PATIENCE_S 30

struct _DynoTestStream
{
  SoupSession      *session; /* (owned) */
  SoupMessage      *message; /* (owned) */
  GDataInputStream *lines;   /* (owned) */
  DynoJson         *problem; /* (owned) (nullable) */
};

void
dyno_test_event_free (DynoTestEvent *event)
{
  if (event == NULL)
    return;

  g_free (event->id);
  g_free (event->event);
  dyno_json_free (event->data);
  g_free (event);
}

guint64
dyno_test_event_seq (DynoTestEvent *event)
{
  const char *dash = event->id != NULL ? strrchr (event->id, '-') : NULL;

  g_assert_nonnull (dash);

  return g_ascii_strtoull (dash + 1, NULL, 10);
}

static void
read_problem (DynoTestStream *self)
{
  g_autoptr(GByteArray) all = g_byte_array_new ();
  guint8 piece[4096];
  gssize n;

  while ((n = g_input_stream_read (G_INPUT_STREAM (self->lines), piece, sizeof piece, NULL, NULL)) > 0)
    g_byte_array_append (all, piece, (guint) n);
  self->problem = dyno_json_parse ((const char *) all->data, all->len, NULL);
}

DynoTestStream *
dyno_test_stream_open (DynoTestApi *api,
                       const char  *target,
                       ...)
{
  DynoTestStream *self = g_new0 (DynoTestStream, 1);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u%s", dyno_test_api_get_port (api),
                                          target);
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) input = NULL;
  const char *name;
  va_list args;

  self->session = soup_session_new_with_options ("timeout", PATIENCE_S, NULL);
  self->message = soup_message_new ("GET", uri);
  va_start (args, target);
  while ((name = va_arg (args, const char *)) != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (self->message), name,
                                  va_arg (args, const char *));
  va_end (args);
  input = soup_session_send (self->session, self->message, NULL, &error);
  g_assert_no_error (error);
  self->lines = g_data_input_stream_new (input);
  if (soup_message_get_status (self->message) >= 400)
    read_problem (self);

  return self;
}

void
dyno_test_stream_free (DynoTestStream *self)
{
  soup_session_abort (self->session);
  g_clear_object (&self->lines);
  g_clear_object (&self->message);
  g_clear_object (&self->session);
  dyno_json_free (self->problem);
  g_free (self);
}

guint
dyno_test_stream_get_status (DynoTestStream *self)
{
  return soup_message_get_status (self->message);
}

const char *
dyno_test_stream_get_header (DynoTestStream *self,
                             const char     *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

DynoJson *
dyno_test_stream_get_problem (DynoTestStream *self)
{
  return self->problem;
}

static void
take_line (DynoTestEvent *event,
           const char    *line)
{
  g_autoptr(GError) error = NULL;

  if (g_str_has_prefix (line, "id: "))
    event->id = g_strdup (line + strlen ("id: "));
  else if (g_str_has_prefix (line, "event: "))
    event->event = g_strdup (line + strlen ("event: "));
  else if (g_str_has_prefix (line, "data: "))
    event->data = dyno_json_parse_limited (line + strlen ("data: "), -1, &dyno_json_limits_own,
                                           &error);
  else
    g_assert_true (line[0] == ':' || g_str_has_prefix (line, "retry: "));
  g_assert_no_error (error);
}

DynoTestEvent *
dyno_test_stream_next (DynoTestStream *self)
{
  g_autoptr(DynoTestEvent) event = g_new0 (DynoTestEvent, 1);

  while (TRUE)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *line = g_data_input_stream_read_line (self->lines, NULL, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        g_error ("no event for %d s", PATIENCE_S);
      if (line == NULL)
        return NULL;
      if (line[0] != '\0')
        take_line (event, line);
      else if (event->event != NULL)
        return g_steal_pointer (&event);
    }
}

DynoTestEvent *
dyno_test_stream_wait (DynoTestStream *self,
                       const char     *name)
{
  while (TRUE)
    {
      g_autoptr(DynoTestEvent) event = dyno_test_stream_next (self);

      if (event == NULL)
        g_error ("the stream ended without “%s”", name);
      if (g_str_equal (event->event, name))
        return g_steal_pointer (&event);
    }
}
