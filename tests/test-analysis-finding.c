/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <locale.h>
#include <math.h>

#include "dyno-finding.h"
#include "dyno-test.h"

static void
test_rows_join (void)
{
  g_autoptr (DynoFinding) finding = dyno_finding_new ("held", 1, DYNO_EVIDENCE_MEASURED, "%d rows", 4);
  const guint64 rows[] = { 3, 4, 4, 5, 9 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    dyno_finding_add_row (finding, rows[i]);

  g_assert_cmpstr (finding->text, ==, "4 rows");
  g_assert_cmpuint (finding->samples->len, ==, 2);
  g_assert_cmpuint (g_array_index (finding->samples, DynoRowRange, 0).first, ==, 3);
  g_assert_cmpuint (g_array_index (finding->samples, DynoRowRange, 0).last, ==, 5);
  g_assert_cmpuint (g_array_index (finding->samples, DynoRowRange, 1).first, ==, 9);
}

static void
test_numbers (void)
{
  g_autoptr (DynoFinding) finding = dyno_finding_new ("spatial", 4.5, DYNO_EVIDENCE_INFERRED, "x");

  dyno_finding_add_number (finding, "z", 4.5);
  dyno_finding_add_number (finding, "none", NAN);

  g_assert_cmpfloat (dyno_finding_get_number (finding, "z"), ==, 4.5);
  g_assert_true (isnan (dyno_finding_get_number (finding, "none")));
  g_assert_true (isnan (dyno_finding_get_number (finding, "absent")));
}

static void
test_missing_channel (void)
{
  g_autoptr (DynoAdvice) advice = dyno_advice_new ("decel");

  g_assert_true (dyno_advice_is_available (advice));
  dyno_advice_take (advice, dyno_finding_new ("pop", 1, DYNO_EVIDENCE_MEASURED, "pop"));
  g_assert_cmpuint (advice->findings->len, ==, 1);
  dyno_advice_lacks (advice, "tps");
  g_assert_false (dyno_advice_is_available (advice));
  g_assert_cmpstr (g_ptr_array_index (advice->missing, 0), ==, "tps");
}

/* A tuner's locale may write 4,5: an artefact does not. */
static void
test_text (void)
{
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));
  gboolean has_comma = setlocale (LC_ALL, "de_DE.UTF-8") != NULL;
  g_autoptr(DynoFinding) finding =
      dyno_finding_new ("spatial", 1, DYNO_EVIDENCE_MEASURED, "%.1f° at %g", 4.5, 62.25);
  g_autofree char *text = dyno_finding_text ("%+.2f %%", -1.25);

  setlocale (LC_ALL, before);
  g_assert_cmpstr (finding->text, ==, "4.5° at 62.25");
  g_assert_cmpstr (text, ==, "-1.25 %");
  if (!has_comma)
    g_test_message ("there is no locale de_DE.UTF-8 here");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/analysis/finding/rows-join", test_rows_join);
  g_test_add_func ("/analysis/finding/numbers", test_numbers);
  g_test_add_func ("/analysis/finding/missing-channel", test_missing_channel);
  g_test_add_func ("/analysis/finding/text", test_text);

  return g_test_run ();
}
