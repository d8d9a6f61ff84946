/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-environment.h"

#include <math.h>

#define STANDARD_INHG 29.92
#define RANKINE_AT_0F 459.67
#define FT_PER_M 3.28084
#define HPA_PER_INHG 33.8639
#define MIN_TOTAL 0.8
#define MAX_TOTAL 1.25

static const struct
{
  double   temp_f;
  gboolean has_root;
} standards[DYNO_N_ENVIRONMENT_STANDARDS] = {
  [DYNO_ENVIRONMENT_SAE] = { 77, TRUE },
  [DYNO_ENVIRONMENT_ISO] = { 77, FALSE },
  [DYNO_ENVIRONMENT_DIN] = { 68, FALSE },
  [DYNO_ENVIRONMENT_SIMPLE] = { 77, FALSE },
};

double
dyno_environment_altitude_ft (double baro_inhg)
{
  return fmax (0, 44330 * (1 - pow (baro_inhg / STANDARD_INHG, 0.1903)) * FT_PER_M);
}

double
dyno_environment_baro_inhg (double altitude_ft)
{
  return STANDARD_INHG * pow (1 - altitude_ft / FT_PER_M / 44330, 5.255);
}

double
dyno_environment_density_altitude_ft (double pressure_altitude_ft,
                                      double temp_f)
{
  return pressure_altitude_ft + 120 * (temp_f - (59 - 3.5 * pressure_altitude_ft / 1000));
}

static double
temperature_factor (double                  temp_f,
                    DynoEnvironmentStandard standard)
{
  double ratio = (standards[standard].temp_f + RANKINE_AT_0F) / (temp_f + RANKINE_AT_0F);

  return standards[standard].has_root ? sqrt (ratio) : ratio;
}

/* Vapour takes the place of air and weighs 18/29 of it. */
static double
humidity_factor (const DynoEnvironment *self)
{
  double t = (self->temp_f - 32) * 5 / 9;
  double vapour = 6.112 * exp (17.67 * t / (t + 243.5)) * self->humidity_pct / 100;
  double pressure = self->baro_inhg * HPA_PER_INHG;

  if (!(self->humidity_pct > 0))
    return 1;

  return (pressure - vapour) / pressure + vapour / pressure * (18.0 / 29);
}

static double
engine_factor (double engine_f)
{
  if (isnan (engine_f) || engine_f >= 180)
    return 1;
  if (engine_f <= 160)
    return fmin (1.3, 1.15 + 0.1 * (160 - engine_f) / 100);

  return 1.15 - 0.15 * (engine_f - 160) / 20;
}

static gboolean
is_standard_day (const DynoEnvironment *self,
                 double                 standard_f,
                 double                 altitude_ft)
{
  return fabs (self->baro_inhg - STANDARD_INHG) < 0.5 && fabs (self->temp_f - standard_f) < 10
         && self->humidity_pct < 30 && altitude_ft < 1000;
}

void
dyno_environment_figures (const DynoEnvironment   *self,
                          DynoEnvironmentStandard  standard,
                          DynoEnvironmentFigures  *figures)
{
  g_return_if_fail (standard < DYNO_N_ENVIRONMENT_STANDARDS);

  figures->pressure = self->baro_inhg / STANDARD_INHG;
  figures->temperature = temperature_factor (self->temp_f, standard);
  figures->humidity = humidity_factor (self);
  figures->engine = engine_factor (self->engine_f);
  figures->total = CLAMP (figures->pressure * figures->temperature * figures->humidity
                          * figures->engine, MIN_TOTAL, MAX_TOTAL);
  figures->altitude_ft = dyno_environment_altitude_ft (self->baro_inhg);
  figures->density_altitude_ft =
      dyno_environment_density_altitude_ft (figures->altitude_ft, self->temp_f);
  figures->is_standard_day =
      is_standard_day (self, standards[standard].temp_f, figures->altitude_ft);
}

/* Over the valid rows of all runs, in SI; NaN without. */
static double
mean_of (const DynoVeResult *result,
         DynoChannel         channel)
{
  const DynoChannelInfo *info = dyno_channel_info (channel);
  double sum = 0;
  gsize n = 0;

  for (guint r = 0; r < result->set->n_runs; r++)
    {
      const DynoVeRun *run = &result->set->runs[r];
      const DynoColumn *column = dyno_samples_find (run->samples, channel);

      for (gsize i = 0; column != NULL && i < run->n; i++)
        {
          double value = dyno_column_si (column, i);

          if (value < info->low || value > info->high || isnan (value))
            continue;
          sum += value;
          n++;
        }
    }

  return n > 0 ? sum / (double) n : NAN;
}

static double
fahrenheit (double celsius)
{
  return celsius * 1.8 + 32;
}

void
dyno_environment_of_result (const DynoVeResult *result,
                            DynoEnvironment    *self)
{
  double humidity = mean_of (result, DYNO_CHANNEL_HUMIDITY);

  self->baro_inhg = mean_of (result, DYNO_CHANNEL_BARO) * 1000 / DYNO_PA_PER_INHG;
  self->temp_f = fahrenheit (mean_of (result, DYNO_CHANNEL_AMBIENT_TEMP));
  self->humidity_pct = isnan (humidity) ? 0 : humidity;
  self->engine_f = fahrenheit (mean_of (result, DYNO_CHANNEL_ENGINE_TEMP));
}

static void
add_numbers (DynoFinding                  *finding,
             const DynoEnvironment        *environment,
             const DynoEnvironmentFigures *figures)
{
  dyno_finding_add_number (finding, "baro_inhg", environment->baro_inhg);
  dyno_finding_add_number (finding, "ambient_f", environment->temp_f);
  dyno_finding_add_number (finding, "humidity_pct", environment->humidity_pct);
  dyno_finding_add_number (finding, "engine_f", environment->engine_f);
  dyno_finding_add_number (finding, "pressure", figures->pressure);
  dyno_finding_add_number (finding, "temperature", figures->temperature);
  dyno_finding_add_number (finding, "humidity", figures->humidity);
  dyno_finding_add_number (finding, "engine", figures->engine);
  dyno_finding_add_number (finding, "total", figures->total);
  dyno_finding_add_number (finding, "altitude_ft", figures->altitude_ft);
  dyno_finding_add_number (finding, "density_altitude_ft", figures->density_altitude_ft);
}

DynoAdvice *
dyno_environment_advise (const DynoVeResult     *result,
                         DynoEnvironmentFigures *figures)
{
  DynoAdvice *advice = dyno_advice_new ("environment");
  DynoEnvironment environment;
  DynoFinding *finding;

  dyno_environment_of_result (result, &environment);
  dyno_environment_figures (&environment, DYNO_ENVIRONMENT_SAE, figures);
  if (isnan (environment.baro_inhg))
    dyno_advice_lacks (advice, dyno_channel_info (DYNO_CHANNEL_BARO)->name);
  if (isnan (environment.temp_f))
    dyno_advice_lacks (advice, dyno_channel_info (DYNO_CHANNEL_AMBIENT_TEMP)->name);
  if (!dyno_advice_is_available (advice))
    return advice;

  finding = dyno_finding_new ("weather", fabs (figures->total - 1) * 100, DYNO_EVIDENCE_MEASURED,
                              "Density altitude %.0f ft, air factor %.3f. For the sheet only: "
                              "the measured mixture already contains the weather.",
                              figures->density_altitude_ft, figures->total);
  add_numbers (finding, &environment, figures);
  dyno_advice_take (advice, finding);

  return advice;
}
