/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyze-folder.h"

#include "dyno-analyze-options.h"
#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-shape-folder.h"
#include "dyno-subject.h"

#include <math.h>

typedef struct
{
  DynoCtl         *ctl;    /* (borrowed) */
  DynoProgressBar *bar;    /* (owned) */
  int              status; /* of the first file that failed */
} Folder;

/* "peak 62.1 kW at 5400 rpm"; "" without one. */
static char *
peak_text (DynoCtl                 *ctl,
           const DynoFolderFigures *figures)
{
  g_autofree char *power = NULL;
  g_autofree char *rpm = NULL;

  if (isnan (figures->peak_power_kw))
    return g_strdup ("");
  power = dyno_print_quantity (figures->peak_power_kw, DYNO_QUANTITY_POWER, dyno_ctl_units (ctl));
  rpm = dyno_print_number (figures->peak_power_rpm, 0);

  return g_strdup_printf (", peak %s at %s rpm", power, rpm);
}

static void
tell_figures (DynoCtl              *ctl,
              const DynoFolderFile *file)
{
  const DynoFolderFigures *figures = file->figures;
  g_autofree char *peak = peak_text (ctl, figures);

  dyno_print_line ("%s: %" G_GUINT64_FORMAT " readings count, %u cells%s%s", file->name,
                   figures->hits_front + figures->hits_rear,
                   figures->cells_front + figures->cells_rear, peak,
                   file->state == DYNO_FOLDER_KEPT ? " (was there already)" : "");
}

static void
tell_failure (Folder               *self,
              const DynoFolderFile *file)
{
  g_autoptr(GError) failure = g_error_copy (file->failure);
  int status;

  g_prefix_error (&failure, "%s: ", file->name);
  status = dyno_failure_print (failure, self->ctl->is_json);
  if (self->status == DYNO_EXIT_DONE)
    self->status = status;
}

static void
tell_cb (const DynoFolderFile *file,
         guint                 n_ended,
         guint                 n,
         gpointer              data)
{
  Folder *self = data;

  dyno_progress_bar_hide (self->bar);
  if (file->failure != NULL)
    tell_failure (self, file);
  else if (!self->ctl->is_json)
    tell_figures (self->ctl, file);
  dyno_progress_bar_set (self->bar, (double) n_ended / n, NULL);
}

static void
tell_summary (DynoCtl                 *ctl,
              const DynoFolderSummary *summary)
{
  DynoJsonWriter *w;

  if (!ctl->is_json)
    {
      dyno_print_line ("%u files: %u analysed, %u there already, %u failed%s", summary->files->len,
                       summary->n[DYNO_FOLDER_DONE], summary->n[DYNO_FOLDER_KEPT],
                       summary->n[DYNO_FOLDER_FAILED],
                       summary->n[DYNO_FOLDER_WAITING] > 0 ? "; stopped before the end" : "");
      return;
    }
  w = dyno_json_writer_new (FALSE);
  dyno_shape_folder (w, summary);
  dyno_print_json (w);
}

/* What the options say is the same for all files: wrong is wrong at once. */
static gboolean
open_shop (DynoCtl  *ctl,
           GError  **error)
{
  g_autoptr(DynoAnalyseRequest) request = dyno_analyze_options_request (error);
  g_autoptr(DynoImportRequest) reading = request != NULL ? dyno_subject_request ("", error) : NULL;

  if (reading == NULL)
    return FALSE;

  return (dyno_analyze_options_want_store (request)
            ? dyno_subject_open_runs (ctl, error)
            : dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error)) != NULL;
}

gboolean
dyno_analyze_folder (DynoCtl     *ctl,
                     const char  *path,
                     const char  *out,
                     guint        n_jobs,
                     int         *status,
                     GError     **error)
{
  static const DynoFolderOrder order = { dyno_subject_request, dyno_analyze_options_request };
  g_autoptr(DynoFolderSummary) summary = NULL;
  g_autoptr(DynoProgressBar) bar = NULL;
  Folder self = { .ctl = ctl };

  if (!open_shop (ctl, error))
    return FALSE;

  self.bar = bar = dyno_progress_bar_new (ctl, path);
  dyno_folder_async (ctl->shop, path, out, n_jobs, &order, tell_cb, &self, ctl->cancellable,
                     dyno_await_cb, ctl->await);
  summary = dyno_folder_finish (dyno_await_wait (ctl->await), error);
  dyno_progress_bar_hide (bar);
  if (summary == NULL)
    return FALSE;
  tell_summary (ctl, summary);
  *status = summary->n[DYNO_FOLDER_WAITING] > 0 ? DYNO_EXIT_INTERRUPTED : self.status;

  return TRUE;
}
