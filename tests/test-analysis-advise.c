/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-advise.h"
#include "dyno-noise.h"
#include "dyno-test-log.h"
#include "dyno-test-plant.h"
#include "dyno-test.h"

#include <locale.h>
#include <string.h>

static DynoAdvices *
advise_on (const DynoTestPlant *plant)
{
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoAdvices *advices = dyno_advise_run (result, NULL, &error);

  g_assert_null (error);
  g_assert_nonnull (advices);

  return advices;
}

/* A log that gives every adviser its channels, and some of them something to say. */
static DynoTestPlant *
full_plant (void)
{
  DynoTestPlant *plant = dyno_test_plant_map (40);

  dyno_test_plant_channel (plant, DYNO_CHANNEL_TPS, 20);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_IAT, 30);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_ENGINE_TEMP, 95);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_VBATT, 13.8);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_BARO, 98.3);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_AMBIENT_TEMP, 24);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_HUMIDITY, 40);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK, 0)[5] = 1.25;
  for (guint cell = 0; cell < 99; cell++)
    dyno_test_plant_lean (plant, 1, cell, -4.5);

  return plant;
}

static void
assert_advisers (const DynoAdvices *advices,
                 const char *const *names)
{
  for (guint i = 0; i < advices->advice->len; i++)
    {
      const DynoAdvice *advice = g_ptr_array_index (advices->advice, i);

      g_assert_nonnull (names[i]);
      g_assert_cmpstr (advice->adviser, ==, names[i]);
    }
  g_assert_null (names[advices->advice->len]);
}

static void
test_order (void)
{
  static const char *const all[] = { "anomalies",     "decel",     "balance", "confidence",
                                     "opportunities", "transient", "heat",    "environment", NULL };
  g_autoptr(DynoTestPlant) plant = full_plant ();
  g_autoptr(DynoAdvices) advices = advise_on (plant);

  assert_advisers (advices, all);
  for (guint i = 0; i < advices->advice->len; i++)
    g_assert_true (dyno_advice_is_available (g_ptr_array_index (advices->advice, i)));
  g_assert_nonnull (dyno_test_find_kind (dyno_advices_find (advices, "anomalies"),
                                         "cylinder-imbalance"));
  g_assert_cmpuint (dyno_advices_find (advices, "balance")->findings->len, ==, 99);
  g_assert_cmpuint (advices->opportunities->len, ==, DYNO_OPPORTUNITIES);
  g_assert_cmpint (advices->confidence.grade, ==, 'A');
  g_assert_null (dyno_advices_find (advices, "nobody"));
}

/* Only speed, pressure and a mixture: each adviser that cannot speak says what it
 * lacks, and none shows a zero for it. */
static void
test_bare_log (void)
{
  static const char *const all[] = { "anomalies",  "cylinder-imbalance", "knock-cluster",
                                     "electrical", "decel",              "balance",
                                     "confidence", "opportunities",      "transient",
                                     "heat",       "environment",        NULL };
  static const char *const lacks[][2] = {
    { "cylinder-imbalance", "mix_r" },  { "knock-cluster", "knock" }, { "electrical", "vbatt" },
    { "decel", "tps" },                 { "balance", "mix_r" },       { "opportunities", "knock" },
    { "opportunities", "engine_temp" }, { "transient", "tps" },       { "heat", "iat" },
    { "heat", "tps" },                  { "environment", "baro" },
    { "environment", "ambient_temp" },
  };
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (10);
  g_autoptr(DynoAdvices) advices = NULL;

  g_clear_pointer (&plant->columns[DYNO_CHANNEL_MIX_R], g_free);
  advices = advise_on (plant);
  assert_advisers (advices, all);
  for (gsize i = 0; i < G_N_ELEMENTS (lacks); i++)
    {
      const DynoAdvice *advice = dyno_advices_find (advices, lacks[i][0]);

      g_assert_true (dyno_test_lacks (advice, lacks[i][1]));
      g_assert_cmpuint (advice->findings->len, ==, 0);
    }
  g_assert_true (isnan (advices->environment.total));
  g_assert_null (advices->transients[1]);
}

/* Everything that is said, as one text with exact numbers. (transfer full) */
static char *
tell (const DynoAdvices *advices)
{
  GString *text = g_string_new (NULL);

  for (guint a = 0; a < advices->advice->len; a++)
    {
      const DynoAdvice *advice = g_ptr_array_index (advices->advice, a);

      for (guint i = 0; i < advice->findings->len; i++)
        {
          const DynoFinding *finding = g_ptr_array_index (advice->findings, i);

          g_string_append_printf (text, "%s %s\n", finding->kind, finding->text);
          for (guint k = 0; k < finding->numbers->len; k++)
            {
              const DynoFindingNumber *number =
                  &g_array_index (finding->numbers, DynoFindingNumber, k);
              guint64 bits;

              memcpy (&bits, &number->value, sizeof bits);
              g_string_append_printf (text, "%s %" G_GINT64_MODIFIER "x\n", number->name, bits);
            }
          for (guint k = 0; k < finding->next_checks->len; k++)
            g_string_append_printf (text, "%s\n",
                                    (char *) g_ptr_array_index (finding->next_checks, k));
        }
    }

  return g_string_free (text, FALSE);
}

static void
test_same_again (void)
{
  g_autoptr(DynoTestPlant) plant = full_plant ();
  g_autoptr(DynoAdvices) first = advise_on (plant);
  g_autoptr(DynoAdvices) second = advise_on (plant);
  g_autofree char *told = tell (first);
  g_autofree char *again = tell (second);

  g_assert_cmpuint (strlen (told), >, 1000);
  g_assert_cmpstr (told, ==, again);
}

/* Several chunks of rows, which is when other threads help: however these fell out, the
 * words stay, and each row is counted once. */
static void
test_large (void)
{
  g_autoptr(DynoTestPlant) plant = dyno_test_plant_map (2100);
  g_autofree char *told = NULL;

  dyno_test_plant_channel (plant, DYNO_CHANNEL_TPS, 20);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_VBATT, 13.8);
  dyno_test_plant_channel (plant, DYNO_CHANNEL_KNOCK, 0)[70000] = 1.25;
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
      g_autoptr(DynoAdvices) advices = dyno_advise_run (result, NULL, NULL);
      g_autofree char *again = tell (advices);
      guint64 sum = 0;

      g_assert_cmpuint (result->n_rows, >, 3 * DYNO_VE_CHUNK);
      for (guint g = 0; g < DYNO_N_GATES; g++)
        sum += result->cylinders[1].counts[g];
      g_assert_cmpuint (sum, ==, result->n_rows);
      if (told == NULL)
        told = g_steal_pointer (&again);
      else
        g_assert_cmpstr (told, ==, again);
    }
}

static void
test_locale (void)
{
  g_autoptr(DynoTestPlant) plant = full_plant ();
  g_autoptr(DynoAdvices) first = advise_on (plant);
  g_autoptr(DynoAdvices) second = NULL;
  g_autofree char *told = tell (first);
  g_autofree char *again = NULL;
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));

  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("there is no locale de_DE.UTF-8 here");
      return;
    }
  second = advise_on (plant);
  again = tell (second);
  setlocale (LC_ALL, before);
  g_assert_cmpstr (told, ==, again);
}

static void
test_cancelled (void)
{
  g_autoptr(DynoTestPlant) plant = full_plant ();
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  g_autoptr(DynoAnalysisError) error = NULL;
  gint is_cancelled = 1;
  const DynoProgress progress = { .is_cancelled = &is_cancelled };

  g_assert_null (dyno_advise_run (result, &progress, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_CANCELLED);
}

typedef struct
{
  double last;
  guint  n;
} Told;

static void
told_cb (double      fraction,
         const char *stage,
         gpointer    user_data)
{
  Told *told = user_data;

  g_assert_cmpstr (stage, ==, "advise");
  g_assert_cmpfloat (fraction, >=, told->last);
  told->last = fraction;
  told->n++;
}

static void
test_progress (void)
{
  g_autoptr(DynoTestPlant) plant = full_plant ();
  g_autoptr(DynoVeResult) result = dyno_test_plant_analyse (plant, NULL);
  Told told = { 0, 0 };
  const DynoProgress progress = { told_cb, &told, NULL };
  g_autoptr(DynoAdvices) advices = dyno_advise_run (result, &progress, NULL);

  g_assert_nonnull (advices);
  g_assert_cmpuint (told.n, >=, 2);
  dyno_assert_near (told.last, 1, 0);
}

/* What holds whatever the log was. */
static void
assert_ranges (const DynoAdvices  *advices,
               const DynoVeResult *result)
{
  for (guint a = 0; a < advices->advice->len; a++)
    {
      const DynoAdvice *advice = g_ptr_array_index (advices->advice, a);

      g_assert_true (dyno_advice_is_available (advice) || advice->findings->len == 0);
      for (guint i = 0; i < advice->findings->len; i++)
        {
          const DynoFinding *finding = g_ptr_array_index (advice->findings, i);

          g_assert_true (isfinite (finding->score));
          g_assert_null (strstr (finding->text, "nan"));
          for (guint k = 0; k < finding->cells->len; k++)
            g_assert_cmpuint (g_array_index (finding->cells, guint, k), <, result->n_cells);
          for (guint k = 0; k < finding->samples->len; k++)
            g_assert_cmpuint (g_array_index (finding->samples, DynoRowRange, k).last, <,
                              result->n_rows);
        }
    }
  for (guint i = 0; i < result->n_cells; i++)
    {
      double decel = advices->decel->overlay->values[i];
      double heat = advices->heat->overlay->values[i];

      g_assert_true (isnan (decel) || (decel >= 0.05 && decel <= 0.30 + 1e-9));
      g_assert_true (isnan (heat) || (heat >= -0.10 && heat <= 0));
      for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
        g_assert_false (fabs (advices->balance->cells[i].factor[c]) > 0.05);
    }
  g_assert_true (advices->confidence.overall >= 0 && advices->confidence.overall <= 100);
  g_assert_cmpuint (advices->opportunities->len, <=, DYNO_OPPORTUNITIES);
}

static double
random_number (DynoNoise             *noise,
               const DynoChannelInfo *info)
{
  double low = isfinite (info->low) ? info->low : -100;
  double high = isfinite (info->high) ? info->high : 100;

  switch (dyno_noise_bits (noise) % 40)
    {
    case 0:
      return NAN;
    case 1:
      return low;
    case 2:
      return high * 1e6;
    default:
      return low + (high - low) * dyno_noise_uniform (noise);
    }
}

/* Either white noise over the channel's range or a slow walk: the second one has
 * events. */
static void
fill_randomly (double                *values,
               gsize                  n,
               const DynoChannelInfo *info,
               DynoNoise             *noise)
{
  gboolean is_walk = dyno_noise_bits (noise) % 2 == 0;

  for (gsize i = 0; i < n; i++)
    {
      values[i] = random_number (noise, info);
      if (is_walk && i > 0 && !isnan (values[i - 1]) && !isnan (values[i]))
        values[i] = values[i - 1] + (values[i] - values[i - 1]) * 0.02;
    }
}

static DynoTestPlant *
random_plant (guint64 seed)
{
  static const gsize lengths[] = { 1, 2, 3, 9, 10, 11, 60, 700 };
  DynoNoise noise;
  DynoTestPlant *plant;

  dyno_noise_init (&noise, seed, 9);
  plant = dyno_test_plant_new (lengths[dyno_noise_bits (&noise) % G_N_ELEMENTS (lengths)]);
  for (guint c = DYNO_CHANNEL_RPM; c <= DYNO_CHANNEL_WB_READY_R; c++)
    {
      gboolean is_needed = c == DYNO_CHANNEL_RPM || c == DYNO_CHANNEL_MAP
                           || c == DYNO_CHANNEL_MIX_F;

      if (is_needed || dyno_noise_bits (&noise) % 3 != 0)
        fill_randomly (dyno_test_plant_channel (plant, (DynoChannel) c, 0), plant->n,
                       dyno_channel_info ((DynoChannel) c), &noise);
    }
  if (dyno_noise_bits (&noise) % 4 == 0)
    {
      for (gsize i = 0; i < plant->n; i++)
        plant->time_s[i] = floor (plant->time_s[i] * 10) * (i > 300 ? 3 : 1);
    }

  return plant;
}

static DynoVeOptions *
random_options (guint64 seed)
{
  DynoVeOptions *options = dyno_ve_options_new ();

  options->min_hits = 1;
  options->balance_mode = (DynoBalanceMode) (seed % DYNO_N_BALANCE_MODES);
  options->decel_severity = (DynoDecelSeverity) (seed % DYNO_N_DECEL_SEVERITIES);
  options->balance_max_pct = (double) (seed % 6);
  if (seed % 2 == 0)
    options->gates_off = G_MAXUINT32;

  return options;
}

static void
test_random (void)
{
  guint n_findings = 0;

  for (guint64 seed = 0; seed < 300; seed++)
    {
      g_autoptr(DynoTestPlant) plant = random_plant (seed);
      g_autoptr(DynoVeOptions) options = random_options (seed);
      g_autoptr(DynoSamples) samples = dyno_test_plant_samples (plant);
      g_autoptr(DynoVeResult) result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
      g_autoptr(DynoAdvices) advices = NULL;

      g_assert_nonnull (result);
      advices = dyno_advise_run (result, NULL, NULL);
      assert_ranges (advices, result);
      for (guint i = 0; i < advices->advice->len; i++)
        n_findings += ((const DynoAdvice *) g_ptr_array_index (advices->advice, i))->findings->len;
    }
  g_assert_cmpuint (n_findings, >, 1000);
}

/* One row, nothing but missing values, no time, the largest grid, a cell that is
 * the whole log. */
static void
test_degenerate (void)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_TPS, DYNO_CHANNEL_IAT, DYNO_CHANNEL_KNOCK_F,
                                          DYNO_CHANNEL_VBATT, DYNO_CHANNEL_BARO };

  for (guint n = 1; n <= 40; n += 13)
    {
      g_autoptr(DynoTestPlant) plant = dyno_test_plant_new (n);
      g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
      g_autoptr(DynoSamples) samples = NULL;
      g_autoptr(DynoVeResult) result = NULL;
      g_autoptr(DynoAdvices) advices = NULL;

      dyno_test_plant_channel (plant, DYNO_CHANNEL_RPM, n == 14 ? NAN : 3000);
      dyno_test_plant_channel (plant, DYNO_CHANNEL_MAP, n == 14 ? NAN : 60);
      dyno_test_plant_channel (plant, DYNO_CHANNEL_MIX_F, n == 14 ? NAN : 13);
      for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
        dyno_test_plant_channel (plant, channels[i], NAN);
      options->grid_choice = DYNO_GRID_GIVEN;
      options->grid.rpm.n = options->grid.load.n = DYNO_AXIS_MAX;
      for (guint i = 0; i < DYNO_AXIS_MAX; i++)
        {
          options->grid.rpm.at[i] = 1000 + 100.0 * i;
          options->grid.load.at[i] = 20 + 1.5 * i;
        }
      samples = dyno_test_plant_samples (plant);
      result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
      g_assert_nonnull (result);
      advices = dyno_advise_run (result, NULL, NULL);
      assert_ranges (advices, result);
      if (n == 14)
        g_assert_cmpint (advices->confidence.grade, ==, 'D');
    }
}

/* The pure forms of nothing at all. */
static void
test_no_rows (void)
{
  const DynoDecelRows decel = { 0 };
  const DynoTransientRows transient = { 0 };
  const DynoHeatRows heat = { 0 };
  g_autoptr(GArray) decels = g_array_new (FALSE, FALSE, sizeof (DynoDecelEvent));
  g_autoptr(GArray) transients = g_array_new (FALSE, FALSE, sizeof (DynoTransientEvent));
  g_autoptr(GArray) soaks = g_array_new (FALSE, FALSE, sizeof (DynoHeatEvent));

  dyno_decel_find (&decel, DYNO_DECEL_RULES_OURS, 0.5, 0, decels, NULL);
  dyno_decel_find (&decel, DYNO_DECEL_RULES_COMPAT, 0.5, 0, decels, NULL);
  dyno_transient_find (&transient, 0.5, 0, transients, NULL);
  dyno_heat_find (&heat, 0.5, 0, soaks);
  g_assert_cmpuint (decels->len + transients->len + soaks->len, ==, 0);
}

static void
test_without_time (void)
{
  static const char *const need_time[] = { "clock", "decel", "transient", "heat" };
  g_autoptr(DynoTestPlant) plant = full_plant ();
  DynoSamplesBuilder *builder = dyno_samples_builder_new (plant->n);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSamples) samples = NULL;
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoAdvices) advices = NULL;

  for (guint c = 0; c < DYNO_N_CHANNELS; c++)
    {
      const char *unit = dyno_channel_is_mixture ((DynoChannel) c)
                             ? "AFR" : dyno_channel_info ((DynoChannel) c)->unit;

      if (plant->columns[c] != NULL)
        dyno_test_take (builder, (DynoChannel) c, unit, plant->columns[c], plant->n);
    }
  samples = dyno_samples_builder_finish (builder);
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
  g_assert_nonnull (result);
  advices = dyno_advise_run (result, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (need_time); i++)
    g_assert_true (dyno_test_lacks (dyno_advices_find (advices, need_time[i]), "time"));
  g_assert_true (dyno_advice_is_available (dyno_advices_find (advices, "balance")));
}

/* Three runs: rows are those of the set, and the last pull is compared with the
 * best. */
static void
test_runs (void)
{
  g_autoptr(DynoTestPlant) plant = full_plant ();
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoSamples) strong = NULL;
  g_autoptr(DynoSamples) weak = NULL;
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoAdvices) advices = NULL;
  const DynoFinding *loss;

  dyno_test_plant_channel (plant, DYNO_CHANNEL_POWER, 80);
  strong = dyno_test_plant_samples (plant);
  for (gsize i = 0; i < plant->n; i++)
    plant->columns[DYNO_CHANNEL_POWER][i] = 75;
  weak = dyno_test_plant_samples (plant);
  result = dyno_analysis_run ((DynoSamples *[]){ strong, strong, weak }, 3, options, NULL, NULL,
                              NULL);
  g_assert_nonnull (result);
  advices = dyno_advise_run (result, NULL, NULL);
  loss = dyno_test_find_kind (dyno_advices_find (advices, "heat"), "heat-loss");
  g_assert_nonnull (loss);
  dyno_assert_near (loss->score, 6.25, 1e-9);
  g_assert_cmpint (advices->heat->session.loss, ==, DYNO_HEAT_LOSS_SEVERE);
  assert_ranges (advices, result);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/advise/order", test_order);
  g_test_add_func ("/analysis/advise/bare-log", test_bare_log);
  g_test_add_func ("/analysis/advise/same-again", test_same_again);
  g_test_add_func ("/analysis/advise/large", test_large);
  g_test_add_func ("/analysis/advise/locale", test_locale);
  g_test_add_func ("/analysis/advise/cancelled", test_cancelled);
  g_test_add_func ("/analysis/advise/progress", test_progress);
  g_test_add_func ("/analysis/advise/random", test_random);
  g_test_add_func ("/analysis/advise/degenerate", test_degenerate);
  g_test_add_func ("/analysis/advise/no-rows", test_no_rows);
  g_test_add_func ("/analysis/advise/without-time", test_without_time);
  g_test_add_func ("/analysis/advise/runs", test_runs);

  return g_test_run ();
}
