/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tune-private.h"

/* The axes of kept tables, for an analysis. */

char *
dyno_tune_sum_contents (const DynoTuneSubject *subject)
{
  g_autofree char *first = dyno_table_content_sha256 (subject->tables[0]);
  g_autofree char *second
    = subject->n_tables > 1 ? dyno_table_content_sha256 (subject->tables[1]) : NULL;
  const char *sums[] = { first, second };

  return dyno_tune_sum_of_sums (sums, subject->n_tables);
}

gboolean
dyno_tune_take_base (const DynoErrand   *errand,
                     DynoAnalyseRequest *request,
                     GError            **error)
{
  g_autoptr(DynoTuneRequest) wanted = NULL;
  g_autoptr(DynoTuneSubject) subject = NULL;
  DynoAnalysisError *cause = NULL;

  if (request->base_table == NULL)
    return TRUE;

  wanted = dyno_tune_request_new ();
  dyno_tune_request_add_base (wanted, request->base_table, DYNO_TABLE_BOTH);
  subject = dyno_tune_subject_load (errand, wanted, error);
  if (subject == NULL)
    return FALSE;
  request->has_base = dyno_table_shape (subject->tables[0], &request->base, &cause);
  if (!request->has_base)
    {
      dyno_tune_set_error (error, cause, NULL);
      return FALSE;
    }
  g_free (request->base_sha256);
  request->base_sha256 = dyno_tune_sum_contents (subject);

  return TRUE;
}
