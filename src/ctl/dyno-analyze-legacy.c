/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyze-legacy.h"

#include "dyno-failure.h"
#include "dyno-listing.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-shape-legacy.h"
#include "dyno-subject.h"

#include <math.h>

static gboolean
is_one_file (DynoCtl  *ctl,
             GError  **error)
{
  if (dyno_ctl_n_arguments (ctl) == 1 && dyno_subject_is_file (ctl->arguments[0])
      && !g_file_test (ctl->arguments[0], G_FILE_TEST_IS_DIR))
    return TRUE;

  dyno_failure_set_usage (error, "The legacy mathematics takes one log file.");

  return FALSE;
}

static DynoLegacyAnalyse *
analyse (DynoCtl             *ctl,
         DynoAnalyseRequest  *request,
         GError             **error)
{
  g_autoptr(DynoAnalyseRequest) taken = request;
  g_autoptr(DynoProgressBar) bar = NULL;

  if (!is_one_file (ctl, error)
      || dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error) == NULL)
    return NULL;
  bar = dyno_progress_bar_new (ctl, "Analysing");
  dyno_progress_bar_watch (bar);
  dyno_legacy_analyse_async (ctl->shop, g_steal_pointer (&taken), ctl->arguments[0],
                             ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_legacy_analyse_finish (dyno_await_wait (ctl->await), error);
}

static gboolean
write_files (DynoCtl            *ctl,
             DynoLegacyAnalyse  *found,
             const char         *out,
             GError            **error)
{
  if (out == NULL)
    return TRUE;

  dyno_legacy_analyse_write_async (ctl->shop, found, out, ctl->cancellable, dyno_await_cb,
                                   ctl->await);
  if (!dyno_legacy_analyse_write_finish (dyno_await_wait (ctl->await), error))
    return FALSE;
  dyno_print_note (ctl, "%u files and provenance.json are in %s.", found->files->len, out);

  return TRUE;
}

/* "+3.57", or a point where there is nothing. (transfer full) */
static char *
cell_text (double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return g_strdup ("·");

  return g_strdup (g_ascii_formatd (number, sizeof number, "%+.2f", value));
}

static void
print_delta (const DynoLegacyResult *result)
{
  static const char *const columns[] = { ">rpm", ">35 kPa", ">50", ">65", ">80", ">95", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *lines = NULL;
  DynoGridShape shape;

  dyno_grid_shape_named (&shape, "11x5");
  for (guint r = 0; r < DYNO_LEGACY_ROWS; r++)
    {
      dyno_listing_take (listing, dyno_print_number (shape.rpm.at[r], 0));
      for (guint c = 0; c < DYNO_LEGACY_COLUMNS; c++)
        dyno_listing_take (listing, cell_text (result->delta_pct[r * DYNO_LEGACY_COLUMNS + c]));
    }
  lines = dyno_listing_format (listing, 0);
  dyno_print_text (lines);
}

static void
print_result (DynoCtl           *ctl,
              DynoLegacyAnalyse *found)
{
  static const char *const names[DYNO_LEGACY_CYLINDERS] = { "Front", "Rear" };

  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_legacy (w, found);
      dyno_print_json (w);
      return;
    }

  dyno_print_line (DYNO_LEGACY_BANNER);
  dyno_print_line ("These corrections of legacy-cli-1.2 have the wrong sign and cannot be applied; "
                   "they are here to compare with old results.");
  for (guint i = 0; i < DYNO_LEGACY_CYLINDERS; i++)
    dyno_print_line ("%s: %" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT " rows count.", names[i],
                     found->result->cylinders[i].counts[DYNO_GATE_ACCEPTED],
                     found->result->n_rows);
  print_delta (found->result);
}

gboolean
dyno_analyze_legacy (DynoCtl             *ctl,
                     DynoAnalyseRequest  *request,
                     const char          *out,
                     GError             **error)
{
  g_autoptr(DynoLegacyAnalyse) found = analyse (ctl, request, error);

  if (found == NULL || !write_files (ctl, found, out, error))
    return FALSE;
  print_result (ctl, found);

  return TRUE;
}
