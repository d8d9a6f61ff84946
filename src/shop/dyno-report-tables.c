/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The tables of the full form: what the analysis of the sheet's run says. */

#include "config.h"

#include "dyno-report-private.h"

#include "dyno-analyse.h"
#include "dyno-shop-private.h"

#include <math.h>

#define MOST_FINDINGS 3 /* of an adviser */

static DynoAnalyse *
analyse (const DynoErrand   *errand,
         const DynoDossier  *dossier,
         GError            **error)
{
  DynoAnalyseRequest *request = dyno_analyse_request_new ();

  if (dossier->is_stored)
    dyno_analyse_request_add_run (request, dossier->run->id);
  else
    dyno_analyse_request_add_samples (request, dossier->samples, dossier->source_name,
                                      dossier->source_sha256);
  dyno_analyse_async (errand->shop, request, NULL, errand->cancellable, dyno_await_cb,
                      errand->await);

  return dyno_analyse_finish (dyno_await_wait (errand->await), error);
}

static double
correction_of (const DynoVeCell *cell)
{
  return cell->limited;
}

/* No hits are no data, not a nought. */
static double
hits_of (const DynoVeCell *cell)
{
  return cell->hits > 0 ? cell->hits : NAN;
}

static double
mixture_of (const DynoVeCell *cell)
{
  return cell->mean_mix - cell->mean_target;
}

static const struct
{
  const char        *title;
  DynoSheetGridKind  kind;
  int                decimals;
  double           (*value) (const DynoVeCell *cell);
} tables[] = {
  { "VE correction in %", DYNO_SHEET_GRID_CHANGE, 1, correction_of },
  { "Samples in each cell", DYNO_SHEET_GRID_HITS, 0, hits_of },
  { "Mixture off its target, AFR", DYNO_SHEET_GRID_PLAIN, 2, mixture_of },
};

static void
add_tables (DynoSheet          *sheet,
            const DynoVeResult *result,
            guint               cylinder)
{
  static const char *const names[DYNO_VE_CYLINDERS] = { "front", "rear" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *title = g_strdup_printf ("%s, %s cylinder", tables[i].title, names[cylinder]);
      double *values = g_new (double, result->n_cells);

      for (guint cell = 0; cell < result->n_cells; cell++)
        values[cell] = tables[i].value (&result->cylinders[cylinder].cells[cell]);
      dyno_sheet_add_grid (sheet, title, tables[i].kind, tables[i].decimals, &result->set->shape,
                           values);
    }
}

static void
add_sentence (DynoSheet  *sheet,
              const char *text)
{
  g_ptr_array_add (sheet->findings, g_strdup (text));
}

/* Warnings of the analysis, then what its advisers found. */
static void
add_findings (DynoSheet         *sheet,
              const DynoAnalyse *found)
{
  g_autoptr(GPtrArray) all = dyno_counsel_list (found->counsel);

  for (guint i = 0; i < found->result->warnings->len; i++)
    add_sentence (sheet, ((const DynoNote *) g_ptr_array_index (found->result->warnings, i))->text);
  for (guint i = 0; i < all->len; i++)
    {
      const DynoAdvice *advice = g_ptr_array_index (all, i);

      for (guint k = 0; k < MIN (advice->findings->len, MOST_FINDINGS); k++)
        add_sentence (sheet, ((const DynoFinding *) g_ptr_array_index (advice->findings, k))->text);
    }
}

void
dyno_report_fill_tables (const DynoErrand  *errand,
                         const DynoDossier *dossier,
                         DynoSheet         *sheet)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoAnalyse) found = analyse (errand, dossier, &error);

  if (found == NULL)
    {
      g_ptr_array_add (sheet->findings, g_strdup_printf ("There are no VE tables: %s",
                                                         error->message));
      return;
    }
  for (guint cylinder = 0; cylinder < DYNO_VE_CYLINDERS; cylinder++)
    {
      if (found->result->cylinders[cylinder].has_sensor)
        add_tables (sheet, found->result, cylinder);
    }
  add_findings (sheet, found);
}
