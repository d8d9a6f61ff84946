/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-report.h"

#include <math.h>

#define MAX_LISTED 40 /* gaps and markers; all of them are in the JSON */

/* For people: numbers with a point and the unit of the source. */

static void
append_number (GString *text,
               double   value,
               int      decimals)
{
  char format[8];
  char number[64];

  if (!isfinite (value) || fabs (value) > 1e15)
    {
      g_string_append (text, "—");
      return;
    }
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_string_append (text, g_ascii_formatd (number, sizeof number, format, value));
}

static void
append_short (GString *text,
              double   value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (number, sizeof number, "%.6g", value));
}

static void
append_head (GString                *text,
             const DynoImportReport *self)
{
  g_string_append_printf (text, "%s: %s, %" G_GSIZE_FORMAT " rows, %u columns", self->file,
                          self->dialect, self->rows, self->columns);
  if (self->nameless_columns > 0)
    g_string_append_printf (text, " and %u without a name", self->nameless_columns);
  g_string_append (text, ", ");
  append_number (text, self->duration_s, 3);
  g_string_append (text, " s");
  if (isfinite (self->rate_hz))
    {
      g_string_append (text, ", ");
      append_number (text, self->rate_hz, 2);
      g_string_append (text, " Hz");
    }
  g_string_append_c (text, '\n');
  if (self->time.first != NULL)
    g_string_append_printf (text, "starts at %s%s%s%s\n",
                            self->time.date != NULL ? self->time.date : "",
                            self->time.date != NULL ? " " : "", self->time.first,
                            self->time.offset != NULL ? self->time.offset : "");
}

static void
append_channel (GString                 *text,
                const DynoImportChannel *channel)
{
  const char *unit = channel->unit != NULL ? channel->unit->symbol : channel->unit_text;

  g_string_append_printf (text, "%s: “%s”, ", dyno_channel_info (channel->channel)->name,
                          channel->column);
  append_short (text, channel->min);
  g_string_append (text, "…");
  append_short (text, channel->max);
  g_string_append_printf (text, "%s%s, %" G_GSIZE_FORMAT " readings (confidence ",
                          unit[0] != '\0' ? " " : "", unit, channel->n);
  append_number (text, channel->confidence, 2);
  g_string_append_printf (text, "; change with --map \"%s=CHANNEL\")\n", channel->column);
}

static void
append_finding (GString                 *text,
                const char              *mark,
                const DynoImportFinding *finding)
{
  g_string_append_printf (text, "%s %s", mark, finding->text);
  if (isfinite (finding->confidence))
    {
      g_string_append (text, " (confidence ");
      append_number (text, finding->confidence, 2);
      if (finding->change != NULL)
        g_string_append_printf (text, "; change with %s", finding->change);
      g_string_append_c (text, ')');
    }
  g_string_append_c (text, '\n');
}

static void
append_rest (GString    *text,
             guint       n,
             const char *what)
{
  if (n > MAX_LISTED)
    g_string_append_printf (text, "… and %u more %s\n", n - MAX_LISTED, what);
}

static void
append_gaps (GString      *text,
             const GArray *gaps)
{
  for (guint i = 0; i < MIN (gaps->len, MAX_LISTED); i++)
    {
      const DynoImportGap *gap = &g_array_index (gaps, DynoImportGap, i);

      g_string_append_printf (text, "gap after row %" G_GSIZE_FORMAT ", at ", gap->after_row);
      append_number (text, gap->at_s, 3);
      g_string_append (text, " s: ");
      append_number (text, gap->length_s, 3);
      g_string_append (text, " s\n");
    }
  append_rest (text, gaps->len, "gaps");
}

static void
append_markers (GString      *text,
                const GArray *markers)
{
  for (guint i = 0; i < MIN (markers->len, MAX_LISTED); i++)
    {
      const DynoImportMarker *marker = &g_array_index (markers, DynoImportMarker, i);

      g_string_append_printf (text, "marker before row %" G_GSIZE_FORMAT ", at ",
                              marker->before_row);
      append_number (text, marker->at_s, 3);
      g_string_append_printf (text, " s: %s\n", marker->text);
    }
  append_rest (text, markers->len, "markers");
}

char *
dyno_import_report_to_text (const DynoImportReport *self)
{
  GString *text = g_string_new (NULL);

  append_head (text, self);
  for (guint i = 0; i < self->channels->len; i++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (self->channels, i);

      if (channel->channel != DYNO_CHANNEL_NONE)
        append_channel (text, channel);
    }
  append_markers (text, self->markers);
  append_gaps (text, self->gaps);
  for (guint i = 0; i < self->assumptions->len; i++)
    {
      const DynoImportFinding *finding = g_ptr_array_index (self->assumptions, i);

      /* The line of the channel has said so already. */
      if (!g_str_equal (finding->code, "mapping"))
        append_finding (text, "–", finding);
    }
  for (guint i = 0; i < self->warnings->len; i++)
    append_finding (text, "!", g_ptr_array_index (self->warnings, i));

  return g_string_free (text, FALSE);
}
