/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-log-private.h"

#include <string.h>

#include "dyno-json.h"

const char *
dyno_log_level_name (GLogLevelFlags level)
{
  switch ((guint) (level & G_LOG_LEVEL_MASK))
    {
    case G_LOG_LEVEL_ERROR:
    case G_LOG_LEVEL_CRITICAL:
      return "ERROR";
    case G_LOG_LEVEL_WARNING:
      return "WARNING";
    case G_LOG_LEVEL_DEBUG:
      return "DEBUG";
    default:
      return "INFO";
    }
}

GLogLevelFlags
dyno_log_level_find (const char *name)
{
  static const GLogLevelFlags levels[] = { G_LOG_LEVEL_CRITICAL, G_LOG_LEVEL_WARNING,
                                           G_LOG_LEVEL_INFO, G_LOG_LEVEL_DEBUG };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      if (g_strcmp0 (dyno_log_level_name (levels[i]), name) == 0)
        return levels[i];
    }

  return 0;
}

/* C0, DEL, C1 and the marks that turn text around: a terminal obeys them. */
static gboolean
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200e && c <= 0x200f)
         || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* (transfer full) */
static char *
escape_controls (const char *text)
{
  GString *clean = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (is_control (c))
        g_string_append_printf (clean, "\\u%04x", c);
      else
        g_string_append_unichar (clean, c);
    }

  return g_string_free (clean, FALSE);
}

/* (transfer full) */
static char *
tame (const char *text)
{
  g_autofree char *redacted = dyno_log_redact (text);

  return escape_controls (redacted);
}

static void
add_text (DynoJsonWriter *w,
          const char     *name,
          const char     *text)
{
  g_autofree char *clean = NULL;

  if (text == NULL)
    return;

  clean = dyno_log_is_secret_name (name) && !g_str_equal (name, "error_code")
            ? g_strdup ("[secret]") : tame (text);
  dyno_json_writer_add_string (w, name, clean);
}

static void
add_integer (DynoJsonWriter *w,
             const char     *name,
             gint64          value)
{
  if (value != 0)
    dyno_json_writer_add_integer (w, name, value);
}

static const char *
room_of (const DynoLogLine *line)
{
  return line->room != NULL ? line->room : "dynoai";
}

/* A member of ours is not there twice. */
static gboolean
is_own_name (const char *name)
{
  static const char *const names[]
    = { "ts", "level", "room", "event", "msg", "correlation_id", "trace_id", "span_id",
        "principal", "ip", "method", "route", "status", "dur_us", "bytes_in", "bytes_out",
        "error_code", NULL };

  return g_strv_contains (names, name);
}

static void
add_fields (DynoJsonWriter    *w,
            const char *const *fields)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (; fields != NULL && fields[0] != NULL && fields[1] != NULL; fields += 2)
    {
      g_autofree char *name = tame (fields[0]);

      if (is_own_name (name) || !g_hash_table_add (seen, g_strdup (name)))
        continue;
      add_text (w, name, fields[1]);
    }
}

static char *
print_json (const char        *time,
            GLogLevelFlags     level,
            const DynoLogLine *line)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "ts", time);
  dyno_json_writer_add_string (w, "level", dyno_log_level_name (level));
  add_text (w, "room", room_of (line));
  add_text (w, "event", line->event);
  add_text (w, "msg", line->message != NULL ? line->message : "");
  add_text (w, "correlation_id", line->correlation_id);
  add_text (w, "trace_id", line->trace_id);
  add_text (w, "span_id", line->span_id);
  add_text (w, "principal", line->principal);
  add_text (w, "ip", line->ip);
  add_text (w, "method", line->method);
  add_text (w, "route", line->route);
  add_integer (w, "status", line->status);
  add_integer (w, "dur_us", line->duration_us);
  add_integer (w, "bytes_in", (gint64) line->bytes_in);
  add_integer (w, "bytes_out", (gint64) line->bytes_out);
  add_text (w, "error_code", line->error_code);
  add_fields (w, line->fields);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static void
append_word (GString    *text,
             const char *word)
{
  g_autofree char *clean = word != NULL ? tame (word) : NULL;

  if (clean != NULL)
    g_string_append_printf (text, " %s", clean);
}

/* What a person at a terminal reads: time of day, level, room, message, and of a
 * request what it was. */
static char *
print_text (const char        *time,
            GLogLevelFlags     level,
            const DynoLogLine *line)
{
  GString *text = g_string_new (NULL);
  g_autofree char *room = tame (room_of (line));

  g_string_printf (text, "%.12s %-7s %s:", time + strlen ("2026-01-01T"),
                   dyno_log_level_name (level), room);
  append_word (text, line->message);
  append_word (text, line->method);
  append_word (text, line->route);
  if (line->status != 0)
    g_string_append_printf (text, " %u", line->status);
  if (line->duration_us != 0)
    g_string_append_printf (text, " %.1f ms", (double) line->duration_us / 1000);
  append_word (text, line->error_code);

  return g_string_free (text, FALSE);
}

char *
dyno_log_print (DynoLogFormat      format,
                gint64             real_us,
                GLogLevelFlags     level,
                const DynoLogLine *line)
{
  g_autofree char *time = dyno_clock_format_utc (real_us);

  return format == DYNO_LOG_JSON ? print_json (time, level, line) : print_text (time, level, line);
}

char *
dyno_log_format (DynoLogFormat  format,
                 gint64         real_us,
                 GLogLevelFlags level,
                 const char    *domain,
                 const char    *message)
{
  return dyno_log_print (format, real_us, level,
                         &(DynoLogLine){ .room = domain, .message = message });
}
