/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-log.h"

#include "dyno-clock.h"
#include "dyno-json.h"

#include <stdio.h>
#include <unistd.h>

static GLogLevelFlags installed_level = G_LOG_LEVEL_INFO; /* set once, before threads start */
static DynoLogFormat installed_format = DYNO_LOG_TEXT;

static const char *
level_name (GLogLevelFlags level)
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

static GRegex *
get_secret_pattern (void)
{
  static GRegex *pattern = NULL;

  if (g_once_init_enter (&pattern))
    {
      GRegex *made = g_regex_new ("dynoai_[A-Za-z0-9_]{16,}"
                                  "|(?i:(?<=bearer )|(?<=basic ))[A-Za-z0-9._~+/=-]{8,}"
                                  "|eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*"
                                  "|(?<=\"password\":\")[^\"]+",
                                  G_REGEX_OPTIMIZE, 0, NULL);

      g_once_init_leave (&pattern, made);
    }

  return pattern;
}

char *
dyno_log_redact (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_regex_replace_literal (get_secret_pattern (), valid, -1, 0, "[secret]", 0, NULL);
}

static char *
format_json (const char *time,
             const char *level,
             const char *domain,
             const char *message)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "time", time);
  dyno_json_writer_add_string (w, "level", level);
  dyno_json_writer_add_string (w, "room", domain);
  dyno_json_writer_add_string (w, "message", message);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

char *
dyno_log_format (DynoLogFormat  format,
                 gint64         real_us,
                 GLogLevelFlags level,
                 const char    *domain,
                 const char    *message)
{
  g_autofree char *time = dyno_clock_format_utc (real_us);
  g_autofree char *clean = dyno_log_redact (message);

  if (domain == NULL)
    domain = "dynoai";
  if (format == DYNO_LOG_JSON)
    return format_json (time, level_name (level), domain, clean);

  return g_strdup_printf ("%.12s %-7s %s: %s", time + 11, level_name (level), domain, clean);
}

static const char *
find_field (const GLogField *fields,
            gsize            n_fields,
            const char      *key)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      if (g_str_equal (fields[i].key, key))
        return fields[i].value;
    }

  return NULL;
}

static GLogWriterOutput
write_cb (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         user_data)
{
  const char *message = find_field (fields, n_fields, "MESSAGE");
  const char *domain = find_field (fields, n_fields, "GLIB_DOMAIN");
  g_autofree char *line = NULL;

  if (message == NULL)
    return G_LOG_WRITER_UNHANDLED;
  /* A smaller flag is a graver level. */
  if ((level & G_LOG_LEVEL_MASK) > installed_level)
    return G_LOG_WRITER_HANDLED;

  line = dyno_log_format (installed_format, g_get_real_time (), level, domain, message);
  fprintf (stderr, "%s\n", line);

  return G_LOG_WRITER_HANDLED;
}

void
dyno_log_install (GLogLevelFlags level,
                  DynoLogFormat  format)
{
  installed_level = level;
  installed_format = format;
  g_log_set_writer_func (write_cb, NULL, NULL);
}
