/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What was done to the tune because of the sheet's run: the VE before, the correction
 * that was applied, the VE after, and the list of changes. */

#include "config.h"

#include "dyno-report-private.h"

#include "dyno-tune-private.h"

#include <math.h>

#define NO_CHANGE 1e-9

/* Of every kept analysis of the run, newest first. (element-type DynoChangeRecord) */
static GPtrArray *
list_changes (const DynoErrand *errand,
              const char       *run_id)
{
  DynoStore *store = errand->shop->store;
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_change_record_free);
  g_autoptr(GPtrArray) analyses = NULL;

  dyno_store_list_analyses_async (store, run_id, errand->cancellable, dyno_await_cb, errand->await);
  analyses = dyno_store_list_analyses_finish (store, dyno_await_wait (errand->await), NULL);
  for (guint i = 0; analyses != NULL && i < analyses->len; i++)
    {
      const DynoAnalysisRecord *analysis = g_ptr_array_index (analyses, i);
      g_autoptr(GPtrArray) changes = NULL;

      dyno_store_list_changes_async (store, NULL, analysis->id, errand->cancellable, dyno_await_cb,
                                     errand->await);
      changes = dyno_store_list_changes_finish (store, dyno_await_wait (errand->await), NULL);
      while (changes != NULL && changes->len > 0)
        g_ptr_array_add (all, g_ptr_array_steal_index (changes, 0));
    }

  return all;
}

static gboolean
is_undone (GPtrArray              *changes,
           const DynoChangeRecord *change)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const DynoChangeRecord *other = g_ptr_array_index (changes, i);

      if (g_strcmp0 (other->undoes, change->id) == 0)
        return TRUE;
    }

  return FALSE;
}

/* A version of a table as numbers; NULL where it cannot be shown. */
static DynoGrid *
load_version (const DynoErrand *errand,
              const char       *table_id,
              int               version,
              char            **name)
{
  g_autoptr(DynoTableRecord) record = dyno_tune_load_record (errand, table_id, version, NULL);
  g_autoptr(DynoTable) table = record != NULL ? dyno_tune_open_record (record, NULL) : NULL;

  if (table == NULL)
    return NULL;
  if (name != NULL)
    *name = g_strdup (record->name);

  return dyno_table_grid (table, NULL);
}

/* By how much each cell was changed; nothing where it was not. */
static double *
find_percents (const DynoGrid *before,
               const DynoGrid *after)
{
  guint n = dyno_grid_shape_cells (&before->shape);
  double *percents = g_new (double, n);

  for (guint i = 0; i < n; i++)
    {
      double change = (after->values[i] / before->values[i] - 1) * 100;

      percents[i] = fabs (change) > NO_CHANGE ? change : NAN;
    }

  return percents;
}

static void
add_values (DynoSheet      *sheet,
            const char     *title,
            const DynoGrid *grid)
{
  guint n = dyno_grid_shape_cells (&grid->shape);

  dyno_sheet_add_grid (sheet, title, DYNO_SHEET_GRID_PLAIN, 1, &grid->shape,
                       g_memdup2 (grid->values, n * sizeof (double)));
}

static void
add_tables (const DynoErrand       *errand,
            const DynoChangeRecord *change,
            DynoSheet              *sheet)
{
  g_autofree char *name = NULL;
  g_autofree char *before_title = NULL;
  g_autofree char *percent_title = NULL;
  g_autofree char *after_title = NULL;
  g_autoptr(DynoGrid) before = load_version (errand, change->table_id, change->version_before,
                                             &name);
  g_autoptr(DynoGrid) after = load_version (errand, change->table_id, change->version_after, NULL);

  if (before == NULL || after == NULL || !dyno_grid_shape_equal (&before->shape, &after->shape))
    return;
  before_title = g_strdup_printf ("%s before, version %d", name, change->version_before);
  percent_title = g_strdup_printf ("%s, applied correction in %%", name);
  after_title = g_strdup_printf ("%s after, version %d", name, change->version_after);
  add_values (sheet, before_title, before);
  dyno_sheet_add_grid (sheet, percent_title, DYNO_SHEET_GRID_CHANGE, 1, &before->shape,
                       find_percents (before, after));
  add_values (sheet, after_title, after);
}

/* "2026-11-20 17:31: applied to VE front by local:owner, 12 cells, version 1 to 2" */
static void
add_sentence (const DynoErrand       *errand,
              const DynoChangeRecord *change,
              DynoSheet              *sheet)
{
  static const char *const verbs[DYNO_N_CHANGE_RECORD_KINDS]
    = { "imported as", "applied to", "rolled back in", "merged into" };
  g_autoptr(DynoTableRecord) record = dyno_tune_load_record (errand, change->table_id, 0, NULL);
  g_autofree char *date = dyno_report_date (change->made_ms);
  gboolean is_owner = g_strcmp0 (change->made_by, DYNO_TUNE_OWNER) == 0;

  g_ptr_array_add (sheet->changes,
                   g_strdup_printf ("%s: %s %s by %s, %d cell%s, version %d to %d.", date,
                                    verbs[change->kind],
                                    record != NULL ? record->name : change->table_id,
                                    is_owner || change->made_by == NULL ? "the shop"
                                                                        : change->made_by,
                                    change->cells_changed, change->cells_changed == 1 ? "" : "s",
                                    change->version_before, change->version_after));
}

void
dyno_report_fill_changes (const DynoErrand  *errand,
                          const DynoDossier *dossier,
                          DynoSheet         *sheet)
{
  g_autoptr(GPtrArray) changes = NULL;

  if (!dossier->is_stored || errand->shop->store == NULL)
    return;
  changes = list_changes (errand, dossier->run->id);
  for (guint i = changes->len; i > 0; i--)
    {
      const DynoChangeRecord *change = g_ptr_array_index (changes, i - 1);

      if (change->kind == DYNO_CHANGE_RECORD_APPLY && !is_undone (changes, change))
        add_tables (errand, change, sheet);
      add_sentence (errand, change, sheet);
    }
}
