/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-link-words.h"
#include "dyno-live-words.h"
#include "dyno-test.h"
#include "dyno-wording.h"

/* What the window says, from pictures of the capture made by hand. */

/* The reader's units, and nothing else of the settings. */
static DynoConfig *
make_config (const char *units)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("DYNOAI_UI_UNITS=%s", units);
  DynoConfig *config = dyno_config_load (NULL, (const char *[]) { text, NULL }, &error);

  g_assert_no_error (error);

  return config;
}

static DynoArmState *
make_arm (DynoArmPhase phase)
{
  DynoArmState *arm = dyno_arm_state_new ();

  arm->phase = phase;
  arm->run_number = 14;
  arm->elapsed_s = 12.4;
  arm->n_samples = 48123;
  arm->power_kw = 86.4;
  arm->torque_nm = 148;
  arm->trigger = DYNO_PULL_BY_HAND;

  return arm;
}

static void
check_detail (DynoArmState *arm,
              DynoConfig   *config,
              const char   *expected)
{
  g_autofree char *text = dyno_live_words_detail (arm, config);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_detail (void)
{
  g_autoptr(DynoConfig) metric = make_config ("metric");
  g_autoptr(DynoConfig) us = make_config ("us");
  g_autoptr(DynoArmState) recording = make_arm (DYNO_ARM_RECORDING);
  g_autoptr(DynoArmState) saved = make_arm (DYNO_ARM_SAVED);
  g_autoptr(DynoArmState) none = make_arm (DYNO_ARM_NO_DYNO);

  check_detail (recording, metric, "0:12 · 48\342\200\257123 samples · best 86.4 kW · 148.0 N·m");
  check_detail (recording, us, "0:12 · 48\342\200\257123 samples · best 115.9 hp · 109.2 lbf·ft");
  recording->power_kw = NAN;
  recording->torque_nm = NAN;
  check_detail (recording, metric, "0:12 · 48\342\200\257123 samples · begun by hand");
  check_detail (saved, metric, "Run 14 · 86.4 kW · 148.0 N·m");
  check_detail (none, metric, NULL);
  check_detail (NULL, metric, NULL);
}

/* A run whose number the store has not said yet, and which has no peak. */
static void
test_unnumbered_run (void)
{
  g_autoptr(DynoConfig) config = make_config ("metric");
  g_autoptr(DynoArmState) arm = make_arm (DYNO_ARM_SAVED);
  g_autofree char *text = NULL;

  arm->run_number = 0;
  arm->power_kw = NAN;
  arm->torque_nm = NAN;
  text = dyno_live_words_run (arm, config);
  g_assert_cmpstr (text, ==, "Run");
}

/* Link. */

static DynoCaptureState *
make_capture (double loss_percent)
{
  DynoCaptureState *state = dyno_capture_state_new ();

  state->providers = g_new0 (DynoProviderState, 1);
  state->n_providers = 1;
  state->chosen = 0;
  state->providers[0].name = g_strdup ("RT-150");
  state->providers[0].loss_percent = loss_percent;
  state->providers[0].samples_hz = 750;
  state->providers[0].value_age_s = 0.1;

  return state;
}

static void
check_summary (const DynoCaptureState *state,
               DynoStatus              expected,
               const char             *part)
{
  DynoStatus status;
  g_autofree char *text = dyno_link_words_summary (state, &status);

  g_assert_cmpint (status, ==, expected);
  if (strstr (text, part) == NULL)
    g_error ("\"%s\" does not say \"%s\"", text, part);
}

static void
test_link (void)
{
  g_autoptr(DynoCaptureState) good = make_capture (0);
  g_autoptr(DynoCaptureState) lossy = make_capture (1.2);
  g_autoptr(DynoCaptureState) bad = make_capture (7);
  g_autoptr(DynoCaptureState) silent = make_capture (0);
  g_autoptr(DynoCaptureState) nobody = dyno_capture_state_new ();

  check_summary (good, DYNO_STATUS_OK, "750 values a second");
  check_summary (lossy, DYNO_STATUS_WARN, "1.2 %");
  check_summary (bad, DYNO_STATUS_FAULT, "7.0 %");
  good->warnings = DYNO_WARNING_SMALL_BUFFER;
  check_summary (good, DYNO_STATUS_WARN, "receive buffer");
  /* The gravest is said. */
  good->warnings |= DYNO_WARNING_ASK_PROVIDER;
  check_summary (good, DYNO_STATUS_WARN, "choose one");
  silent->providers[0].is_silent = TRUE;
  silent->providers[0].age_s = 8;
  check_summary (silent, DYNO_STATUS_FAULT, "RT-150 has been silent for 8.0 s");
  nobody->chosen = -1;
  nobody->reason = DYNO_LINK_REASON_NO_INTERFACE;
  check_summary (nobody, DYNO_STATUS_OFF, dyno_link_reason_text (DYNO_LINK_REASON_NO_INTERFACE));
  check_summary (NULL, DYNO_STATUS_OFF, "Not listening");
}

static void
test_loss (void)
{
  g_assert_cmpint (dyno_link_words_loss (NAN), ==, DYNO_STATUS_OFF);
  g_assert_cmpint (dyno_link_words_loss (0), ==, DYNO_STATUS_OK);
  g_assert_cmpint (dyno_link_words_loss (0.99), ==, DYNO_STATUS_OK);
  g_assert_cmpint (dyno_link_words_loss (1), ==, DYNO_STATUS_WARN);
  g_assert_cmpint (dyno_link_words_loss (5), ==, DYNO_STATUS_FAULT);
}

/* Numbers. */

static void
check (char       *text, /* (transfer full) */
       const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_numbers (void)
{
  check (dyno_wording_duration (12.9), "0:12");
  check (dyno_wording_duration (7390), "2:03:10");
  check (dyno_wording_duration (NAN), DYNO_DASH_TEXT);
  check (dyno_wording_duration (-1), DYNO_DASH_TEXT);
  check (dyno_wording_age (2.44), "2.4 s");
  check (dyno_wording_age (-0.2), "0.0 s");
  check (dyno_wording_age (119.9), "119 s");
  check (dyno_wording_age (121), "2 min");
  check (dyno_wording_age (NAN), DYNO_DASH_TEXT);
  check (dyno_wording_percent (9.96), "10.0 %");
  check (dyno_wording_percent (12.4), "12 %");
  check (dyno_wording_count (9999), "9999");
  check (dyno_wording_count (10000), "10\342\200\257000");
  check (dyno_wording_count (G_GUINT64_CONSTANT (1234567)), "1\342\200\257234\342\200\257567");
  check (dyno_wording_quantity (DYNO_UNITS_METRIC, DYNO_QUANTITY_POWER, NAN), DYNO_DASH_TEXT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/words/detail", test_detail);
  g_test_add_func ("/app/words/unnumbered-run", test_unnumbered_run);
  g_test_add_func ("/app/words/link", test_link);
  g_test_add_func ("/app/words/loss", test_loss);
  g_test_add_func ("/app/words/numbers", test_numbers);

  return g_test_run ();
}
