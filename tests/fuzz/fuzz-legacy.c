/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "dyno-legacy-base.h"
#include "dyno-legacy-files.h"

/* Any bytes as a log and as a base table: an answer or a reason, never both. Each row
 * of a result has one reason a cylinder. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static guint64
sum_counts (const DynoLegacyCylinder *cylinder)
{
  guint64 sum = 0;

  for (guint i = 0; i < DYNO_N_GATES; i++)
    sum += cylinder->counts[i];

  return sum;
}

static void
check (const DynoLegacyResult *result)
{
  g_autoptr(GPtrArray) files = dyno_legacy_files (result);

  for (guint c = 0; c < DYNO_LEGACY_CYLINDERS; c++)
    g_assert_true (sum_counts (&result->cylinders[c]) == result->n_rows);
  for (guint i = 0; i < DYNO_LEGACY_CELLS; i++)
    g_assert_true (isnan (result->delta_pct[i]) || fabs (result->delta_pct[i]) <= 7);
  g_assert_cmpuint (files->len, ==, result->has_base ? 20 : 16);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  /* A copy of exactly this size: a byte read beyond it is found. */
  g_autofree char *text = memcpy (g_malloc (MAX (size, 1)), data, size);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) log_error = NULL;
  g_autoptr(DynoAnalysisError) base_error = NULL;
  double base[DYNO_LEGACY_CELLS];
  gboolean has_base = dyno_legacy_base_read (text, size, base, &base_error);
  const double *const bases[] = { has_base ? base : NULL, NULL };
  g_autofree DynoLegacyResult *result
    = dyno_legacy_run (text, size, options, bases, NULL, &log_error);

  g_assert_true (has_base == (base_error == NULL));
  g_assert_true ((result != NULL) == (log_error == NULL));
  if (result != NULL)
    check (result);

  return 0;
}
