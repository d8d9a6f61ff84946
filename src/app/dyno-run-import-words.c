/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-import-words.h"

#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

char *
dyno_run_import_words_state (DynoRunImportItem *item,
                             DynoStatus        *status)
{
  const GError *error = dyno_run_import_item_get_error (item);
  const DynoImportReport *report = dyno_run_import_item_get_report (item);

  *status = DYNO_STATUS_OFF;
  switch (dyno_run_import_item_get_state (item))
    {
    case DYNO_IMPORT_LOOKING:
      return g_strdup (_ ("looking into it…"));
    case DYNO_IMPORT_READY:
      *status = DYNO_STATUS_OK;
      if (report != NULL && report->warnings->len > 0)
        return g_strdup_printf (ngettext ("ready, %u warning", "ready, %u warnings",
                                          report->warnings->len),
                                report->warnings->len);
      return g_strdup (_ ("ready"));
    case DYNO_IMPORT_RUNNING:
      return g_strdup (_ ("importing…"));
    case DYNO_IMPORT_DONE:
      *status = DYNO_STATUS_OK;
      return g_strdup (_ ("imported"));
    case DYNO_IMPORT_CANCELLED:
      return g_strdup (_ ("cancelled"));
    case DYNO_IMPORT_DUPLICATE:
      *status = DYNO_STATUS_WARN;
      return g_strdup (error->message);
    case DYNO_IMPORT_REFUSED:
    case DYNO_IMPORT_FAILED:
    default:
      *status = DYNO_STATUS_FAULT;
      return g_strdup (error != NULL ? error->message : _ ("failed"));
    }
}

static const char *
words_of_delimiter (char delimiter)
{
  switch (delimiter)
    {
    case ',':
      return _ ("comma");
    case ';':
      return _ ("semicolon");
    case '\t':
      return _ ("tab");
    default:
      return _ ("other sign");
    }
}

static void
append_format (GString                *text,
               const DynoImportReport *report)
{
  g_string_append_printf (text, _ ("%s, %s, delimiter %s, decimal %s%s"), report->dialect,
                          report->encoding, words_of_delimiter (report->delimiter),
                          report->decimal == ',' ? _ ("comma") : _ ("point"),
                          report->is_gzip ? _ (", gzip") : "");
}

static void
append_rows (GString                *text,
             const DynoImportReport *report)
{
  g_autofree char *rows = dyno_wording_count (report->rows);
  g_autofree char *duration = dyno_wording_duration (report->duration_s);

  g_string_append_printf (text, _ ("\n%s rows, %u columns, %s"), rows, report->columns, duration);
  if (isfinite (report->rate_hz))
    {
      char rate[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (text, _ (", %s rows a second"),
                              dyno_import_report_number (rate, report->rate_hz, 3));
    }
  if (report->gaps->len > 0)
    g_string_append_printf (text, ngettext (", %u gap", ", %u gaps", report->gaps->len),
                            report->gaps->len);
}

static void
append_time (GString                *text,
             const DynoImportReport *report)
{
  const DynoImportTime *time = &report->time;

  if (time->column == NULL)
    {
      g_string_append_printf (text, _ ("\nTime: %s"), time->form);
      return;
    }

  g_string_append_printf (text, _ ("\nTime: column “%s”, %s"), time->column, time->form);
  if (time->date != NULL)
    g_string_append_printf (text, ", %s", time->date);
}

char *
dyno_run_import_words_summary (const DynoImportReport *report)
{
  GString *text = g_string_new (NULL);

  append_format (text, report);
  append_rows (text, report);
  append_time (text, report);

  return g_string_free (text, FALSE);
}

static char *
list_findings (GPtrArray *findings)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const DynoImportFinding *finding = g_ptr_array_index (findings, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", finding->text);
      if (isfinite (finding->confidence))
        g_string_append_printf (text, _ (" (%.0f %% sure)"), finding->confidence * 100);
    }

  return g_string_free (text, FALSE);
}

char *
dyno_run_import_words_warnings (const DynoImportReport *report)
{
  return list_findings (report->warnings);
}

char *
dyno_run_import_words_assumptions (const DynoImportReport *report)
{
  return list_findings (report->assumptions);
}

static guint64
n_rejected (const DynoImportChannel *channel)
{
  guint64 n = 0;

  for (guint i = 1; i < DYNO_N_REJECTS; i++)
    n += channel->rejected[i];

  return n;
}

char *
dyno_run_import_words_column (const DynoImportChannel *channel)
{
  GString *text = g_string_new (NULL);
  char low[G_ASCII_DTOSTR_BUF_SIZE];
  char high[G_ASCII_DTOSTR_BUF_SIZE];
  const char *unit = channel->unit != NULL ? channel->unit->symbol : channel->unit_text;

  g_string_append_printf (text, "%s … %s%s%s",
                          dyno_import_report_number (low, channel->min, 5),
                          dyno_import_report_number (high, channel->max, 5),
                          unit != NULL && *unit != '\0' ? " " : "", unit != NULL ? unit : "");
  if (channel->unit_from != NULL)
    g_string_append_printf (text, _ (" (unit from %s)"), channel->unit_from);
  if (isfinite (channel->confidence) && channel->confidence < 1)
    g_string_append_printf (text, _ (", %.0f %% sure"), channel->confidence * 100);
  if (n_rejected (channel) > 0)
    {
      g_autofree char *n = dyno_wording_count (n_rejected (channel));

      g_string_append_printf (text, _ (", %s rejected"), n);
    }
  if (channel->identical_to != NULL)
    g_string_append_printf (text, _ (", the same as “%s”"), channel->identical_to);

  return g_string_free (text, FALSE);
}
