/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-report.h"

#include <math.h>

static void
finding_free (gpointer data)
{
  DynoImportFinding *finding = data;

  g_free (finding->code);
  g_free (finding->column);
  g_free (finding->text);
  g_free (finding->change);
  g_free (finding);
}

static void
channel_free (gpointer data)
{
  DynoImportChannel *channel = data;

  g_free (channel->column);
  g_free (channel->unit_text);
  g_free (channel->identical_to);
  g_free (channel);
}

static void
marker_clear (gpointer data)
{
  DynoImportMarker *marker = data;

  g_free (marker->text);
}

static void
attachment_clear (gpointer data)
{
  DynoImportAttachment *attachment = data;

  g_free (attachment->name);
  g_free (attachment->type);
}

DynoImportReport *
dyno_import_report_new (const char *file)
{
  DynoImportReport *self = g_new0 (DynoImportReport, 1);

  self->file = g_strdup (file != NULL ? file : "");
  self->dialect = g_strdup ("plain");
  self->rate_hz = self->duration_s = NAN;
  self->step_median_ms = self->step_min_ms = self->step_p99_ms = self->step_max_ms = NAN;
  self->channels = g_ptr_array_new_with_free_func (channel_free);
  self->empty = g_ptr_array_new_with_free_func (g_free);
  self->constant = g_ptr_array_new_with_free_func (g_free);
  self->gaps = g_array_new (FALSE, FALSE, sizeof (DynoImportGap));
  self->markers = g_array_new (FALSE, FALSE, sizeof (DynoImportMarker));
  g_array_set_clear_func (self->markers, marker_clear);
  self->attachments = g_array_new (FALSE, FALSE, sizeof (DynoImportAttachment));
  g_array_set_clear_func (self->attachments, attachment_clear);
  self->assumptions = g_ptr_array_new_with_free_func (finding_free);
  self->warnings = g_ptr_array_new_with_free_func (finding_free);

  return self;
}

void
dyno_import_report_free (DynoImportReport *self)
{
  if (self == NULL)
    return;

  g_free (self->file);
  g_free (self->sha256);
  g_free (self->dialect);
  g_free (self->preamble);
  g_free (self->header_hash);
  g_free (self->time.column);
  g_free (self->time.first);
  g_free (self->time.date);
  g_free (self->time.offset);
  g_ptr_array_unref (self->channels);
  g_ptr_array_unref (self->empty);
  g_ptr_array_unref (self->constant);
  g_array_unref (self->gaps);
  g_array_unref (self->markers);
  g_array_unref (self->attachments);
  g_ptr_array_unref (self->assumptions);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

static void
add_finding (GPtrArray  *list,
             const char *code,
             const char *column,
             char       *text,
             double      confidence,
             const char *change,
             guint64     count)
{
  DynoImportFinding *finding = g_new0 (DynoImportFinding, 1);

  finding->code = g_strdup (code);
  finding->column = g_strdup (column);
  finding->text = text;
  finding->confidence = confidence;
  finding->change = g_strdup (change);
  finding->count = count;
  g_ptr_array_add (list, finding);
}

void
dyno_import_report_assume (DynoImportReport *self,
                           const char       *code,
                           const char       *column,
                           double            confidence,
                           const char       *change,
                           const char       *format,
                           ...)
{
  va_list args;
  char *text;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  add_finding (self->assumptions, code, column, text, confidence, change, 1);
}

void
dyno_import_report_warn (DynoImportReport *self,
                         const char       *code,
                         const char       *column,
                         guint64           count,
                         const char       *format,
                         ...)
{
  va_list args;
  char *text;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  add_finding (self->warnings, code, column, text, NAN, NULL, count);
}

const char *
dyno_import_report_number (char   text[G_ASCII_DTOSTR_BUF_SIZE],
                           double value,
                           int    significant_digits)
{
  char format[8];

  g_snprintf (format, sizeof format, "%%.%dg", CLAMP (significant_digits, 1, 17));

  return g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, format, value);
}

const DynoImportChannel *
dyno_import_report_find (const DynoImportReport *self,
                         DynoChannel             channel)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      const DynoImportChannel *candidate = g_ptr_array_index (self->channels, i);

      if (channel != DYNO_CHANNEL_NONE && candidate->channel == channel)
        return candidate;
    }

  return NULL;
}

const DynoImportChannel *
dyno_import_report_find_column (const DynoImportReport *self,
                                const char             *column)
{
  for (guint i = 0; i < self->channels->len; i++)
    {
      const DynoImportChannel *candidate = g_ptr_array_index (self->channels, i);

      if (g_str_equal (candidate->column, column))
        return candidate;
    }

  return NULL;
}

static const DynoImportFinding *
find_finding (const GPtrArray *list,
              const char      *code)
{
  for (guint i = 0; i < list->len; i++)
    {
      const DynoImportFinding *finding = g_ptr_array_index (list, i);

      if (g_str_equal (finding->code, code))
        return finding;
    }

  return NULL;
}

const DynoImportFinding *
dyno_import_report_find_warning (const DynoImportReport *self,
                                 const char             *code)
{
  return find_finding (self->warnings, code);
}

const DynoImportFinding *
dyno_import_report_find_assumption (const DynoImportReport *self,
                                    const char             *code)
{
  return find_finding (self->assumptions, code);
}
