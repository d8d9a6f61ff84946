/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

#include "dyno-error.h"

/* The tables that an analysis is made for: its axes, and what the correction makes of
 * them. */

char *
dyno_tune_sum_contents (const DynoTuneSubject *subject)
{
  g_autofree char *first = dyno_table_content_sha256 (subject->tables[0]);
  g_autofree char *second
    = subject->n_tables > 1 ? dyno_table_content_sha256 (subject->tables[1]) : NULL;
  const char *sums[] = { first, second };

  return dyno_tune_sum_of_sums (sums, subject->n_tables);
}

/* The words of a request, as tables. */
static DynoTuneSubject *
load_bases (const DynoErrand          *errand,
            const DynoAnalyseRequest  *request,
            GError                   **error)
{
  g_autoptr(DynoTuneRequest) wanted = dyno_tune_request_new ();

  if (g_strcmp0 (request->bases[0], request->bases[1]) == 0)
    {
      dyno_tune_request_add_base (wanted, request->bases[0], DYNO_TABLE_BOTH);
      return dyno_tune_subject_load (errand, wanted, error);
    }
  if (request->bases[0] != NULL)
    dyno_tune_request_add_base (wanted, request->bases[0], DYNO_TABLE_FRONT);
  if (request->bases[1] != NULL)
    dyno_tune_request_add_base (wanted, request->bases[1], DYNO_TABLE_REAR);

  return dyno_tune_subject_load (errand, wanted, error);
}

static gboolean
is_for_analysis (const DynoTable *table,
                 GError         **error)
{
  DynoGridShape shape;
  DynoAnalysisError *cause = NULL;

  if (table->kind != DYNO_TABLE_VE_MAP)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "base_kind",
                      "The table “%s” is no VE table by pressure.", table->name);
      return FALSE;
    }
  if (dyno_table_shape (table, &shape, &cause))
    return TRUE;
  dyno_tune_set_error (error, cause, NULL);

  return FALSE;
}

/* "11 × 9"; a table without axes of an analysis has no size. (transfer full) */
static char *
size_of (const DynoTable *table)
{
  DynoGridShape shape;

  if (!dyno_table_shape (table, &shape, NULL))
    return g_strdup ("no grid");

  return g_strdup_printf ("%u × %u", (guint) shape.rpm.n, (guint) shape.load.n);
}

static gboolean
are_alike (const DynoTuneSubject  *subject,
           GError                **error)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (subject->n_tables < 2 || dyno_table_same_axes (subject->tables[0], subject->tables[1]))
    return TRUE;

  first = size_of (subject->tables[0]);
  second = size_of (subject->tables[1]);
  dyno_error_set (error, DYNO_ERROR_INVALID, "GRID_MISMATCH",
                  "The table “%s” (%s) has other axes than “%s” (%s): front and rear are "
                  "analysed on one grid.",
                  subject->tables[1]->name, second, subject->tables[0]->name, first);

  return FALSE;
}

gboolean
dyno_tune_give_base (DynoAnalyseRequest     *request,
                     const DynoTuneSubject  *subject,
                     GError                **error)
{
  for (guint i = 0; i < subject->n_tables; i++)
    {
      if (!is_for_analysis (subject->tables[i], error))
        return FALSE;
    }
  if (!are_alike (subject, error))
    return FALSE;

  for (guint i = 0; i < subject->n_tables; i++)
    request->base_tables[i] = dyno_table_ref (subject->tables[i]);
  request->base_sha256 = dyno_tune_sum_contents (subject);
  if (subject->n_tables > 1)
    {
      request->base_sums = g_new0 (char *, DYNO_CHANGE_TABLES + 1);
      for (guint i = 0; i < subject->n_tables; i++)
        request->base_sums[i] = dyno_table_content_sha256 (subject->tables[i]);
    }

  return TRUE;
}

gboolean
dyno_tune_take_base (const DynoErrand   *errand,
                     DynoAnalyseRequest *request,
                     GError            **error)
{
  g_autoptr(DynoTuneSubject) subject = NULL;

  if (request->base_tables[0] != NULL || (request->bases[0] == NULL && request->bases[1] == NULL))
    return TRUE;
  subject = load_bases (errand, request, error);

  return subject != NULL && dyno_tune_give_base (request, subject, error);
}
