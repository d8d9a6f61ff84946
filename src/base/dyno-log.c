/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-log-private.h"

#include <stdio.h>

static GLogLevelFlags installed_level = G_LOG_LEVEL_INFO; /* set once, before threads start */
static DynoLogFormat installed_format = DYNO_LOG_TEXT;

/* A field of GLib's is text only where its length is −1. */
static const char *
find_field (const GLogField *fields,
            gsize            n_fields,
            const char      *key)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      if (fields[i].length < 0 && g_str_equal (fields[i].key, key))
        return fields[i].value;
    }

  return NULL;
}

void
dyno_log_write (GLogLevelFlags     level,
                const DynoLogLine *line)
{
  gint64 file_us = dyno_log_file_time (level);

  if (file_us >= 0)
    dyno_log_file_push (dyno_log_print (DYNO_LOG_JSON, file_us, level, line));
  if (dyno_log_is_graver (level, installed_level) && !dyno_log_file_is_alone ())
    {
      g_autofree char *text = dyno_log_print (installed_format, g_get_real_time (), level, line);

      fprintf (stderr, "%s\n", text);
    }
}

static GLogWriterOutput
write_cb (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         user_data)
{
  DynoLogLine line = { .message = find_field (fields, n_fields, "MESSAGE"),
                       .room = find_field (fields, n_fields, "GLIB_DOMAIN") };

  if (line.message == NULL)
    return G_LOG_WRITER_UNHANDLED;

  dyno_log_write (level, &line);

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
