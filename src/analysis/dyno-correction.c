/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-correction.h"

#include <math.h>

#define N_(text) text
#define KELVIN 273.15
#define STD_KELVIN ((60 - 32) / 1.8 + KELVIN) /* 60 °F */

static const DynoStandardInfo infos[DYNO_N_STANDARDS] = {
  [DYNO_STANDARD_SAE_1990] = { "sae-1990", "sae1990", N_ ("SAE (as Dynojet prints it)"), "1990",
                               "1.180·(990/Pd)·√(T/298.15) − 0.180" },
  [DYNO_STANDARD_SAE_2004] = { "sae-2004", "sae2004", N_ ("SAE J1349 (2004 and later)"), "2004",
                               "1.176·(990/Pd)·√(T/298.15) − 0.176" },
  [DYNO_STANDARD_STD_J607] = { "std-j607", "std", N_ ("STD (no friction)"), "J607",
                               "(1013.25/Pd)·√(T/288.7056)" },
  [DYNO_STANDARD_DIN_70020] = { "din-70020", "din", N_ ("DIN"), "70020",
                                "(1013/P)·√(T/293.15)" },
  [DYNO_STANDARD_ISO_1585] = { "iso-1585", "eec", N_ ("EEC / ISO 1585 / ECE R85"), "1585",
                               "(990/Pd)^1.2·(T/298.15)^0.6" },
  [DYNO_STANDARD_JIS_D1001] = { "jis-d1001", "jis", N_ ("JIS"), "D1001",
                                "(990/Pd)^1.2·(T/298.15)^0.6" },
  [DYNO_STANDARD_NONE] = { "none", "none", N_ ("uncorrected"), "", "1" },
};

const DynoStandardInfo *
dyno_standard_info (DynoStandard standard)
{
  g_return_val_if_fail (standard < DYNO_N_STANDARDS, NULL);

  return &infos[standard];
}

gboolean
dyno_standard_find (const char   *name,
                    DynoStandard *standard)
{
  for (guint i = 0; i < DYNO_N_STANDARDS; i++)
    {
      if (g_strcmp0 (name, infos[i].id) == 0 || g_strcmp0 (name, infos[i].short_id) == 0)
        {
          *standard = (DynoStandard) i;
          return TRUE;
        }
    }

  return FALSE;
}

double
dyno_correction_vapour_hpa (double temperature_c,
                            double humidity_pct)
{
  return humidity_pct / 100 * 6.112 * exp (17.62 * temperature_c / (243.12 + temperature_c));
}

double
dyno_correction_factor (DynoStandard standard,
                        double       pressure_hpa,
                        double       temperature_c,
                        double       humidity_pct)
{
  double dry_hpa = pressure_hpa - dyno_correction_vapour_hpa (temperature_c, humidity_pct);
  double kelvin = temperature_c + KELVIN;

  switch (standard)
    {
    case DYNO_STANDARD_SAE_1990:
      return 1.180 * (990 / dry_hpa) * sqrt (kelvin / 298.15) - 0.180;
    case DYNO_STANDARD_SAE_2004:
      return 1.176 * (990 / dry_hpa) * sqrt (kelvin / 298.15) - 0.176;
    case DYNO_STANDARD_STD_J607:
      return 1013.25 / dry_hpa * sqrt (kelvin / STD_KELVIN);
    case DYNO_STANDARD_DIN_70020:
      return 1013 / pressure_hpa * sqrt (kelvin / 293.15);
    case DYNO_STANDARD_ISO_1585:
    case DYNO_STANDARD_JIS_D1001:
      return pow (990 / dry_hpa, 1.2) * pow (kelvin / 298.15, 0.6);
    case DYNO_STANDARD_NONE:
    case DYNO_N_STANDARDS:
    default:
      return 1;
    }
}

static const struct
{
  const char *code;
  const char *sentence;
} warnings[DYNO_N_CORRECTION_WARNINGS] = {
  { "no-weather", N_ ("No weather is known for this run, so nothing is corrected.") },
  { "cf-outside-7", N_ ("The correction is larger than 7 %: compare such figures with care.") },
  { "temp-outside", N_ ("The air temperature is outside the limits of this standard.") },
  { "pressure-outside", N_ ("The dry air pressure is outside the limits of this standard.") },
  { "probe-missing", N_ ("The weather was typed in, not measured.") },
  { "humidity-missing", N_ ("The humidity is not known; 0 % was taken.") },
  { "cf-differs", N_ ("The file prints another correction factor for this weather.") },
};

const char *
dyno_correction_code (guint index)
{
  g_return_val_if_fail (index < DYNO_N_CORRECTION_WARNINGS, NULL);

  return warnings[index].code;
}

const char *
dyno_correction_sentence (guint index)
{
  g_return_val_if_fail (index < DYNO_N_CORRECTION_WARNINGS, NULL);

  return warnings[index].sentence;
}

const char *
dyno_correction_first_warning (const DynoCorrection *self)
{
  for (guint i = 0; i < DYNO_N_CORRECTION_WARNINGS; i++)
    {
      if ((self->warnings & 1u << i) != 0)
        return warnings[i].sentence;
    }

  return NULL;
}

const char *
dyno_weather_source_name (DynoWeatherSource source)
{
  static const char *const names[] = { "probe", "typed", "file" };

  g_return_val_if_fail (source < G_N_ELEMENTS (names), NULL);

  return names[source];
}

const char *
dyno_standard_limits (DynoStandard standard)
{
  switch (standard)
    {
    case DYNO_STANDARD_SAE_1990:
    case DYNO_STANDARD_SAE_2004:
      return "limits used by this program: 15…35 °C, 900…1050 hPa dry, factor 0.93…1.07";
    case DYNO_STANDARD_ISO_1585:
    case DYNO_STANDARD_JIS_D1001:
      return "limits used by this program: 10…45 °C, factor 0.93…1.07";
    case DYNO_STANDARD_STD_J607:
    case DYNO_STANDARD_DIN_70020:
      return "limits used by this program: factor 0.93…1.07";
    case DYNO_STANDARD_NONE:
    case DYNO_N_STANDARDS:
    default:
      return "";
    }
}

static gboolean
is_sae (DynoStandard standard)
{
  return standard == DYNO_STANDARD_SAE_1990 || standard == DYNO_STANDARD_SAE_2004;
}

static gboolean
is_iso (DynoStandard standard)
{
  return standard == DYNO_STANDARD_ISO_1585 || standard == DYNO_STANDARD_JIS_D1001;
}

static gboolean
is_between (double value,
            double low,
            double high)
{
  return value >= low && value <= high;
}

static guint
judge_weather (const DynoCorrection *self)
{
  double t = self->weather.temperature_c;
  guint found = 0;

  if (self->standard == DYNO_STANDARD_NONE)
    return 0;
  if (fabs (self->factor - 1) > 0.07)
    found |= DYNO_CORRECTION_CF_OUTSIDE_7;
  if ((is_sae (self->standard) && !is_between (t, 15, 35))
      || (is_iso (self->standard) && !is_between (t, 10, 45)))
    found |= DYNO_CORRECTION_TEMP_OUTSIDE;
  if (is_sae (self->standard) && !is_between (self->dry_hpa, 900, 1050))
    found |= DYNO_CORRECTION_PRESSURE_OUTSIDE;
  if (self->weather.source == DYNO_WEATHER_TYPED)
    found |= DYNO_CORRECTION_PROBE_MISSING;

  return found;
}

static void
set_weather (DynoCorrection    *self,
             const DynoWeather *weather)
{
  const DynoWeather unknown = { NAN, NAN, NAN, DYNO_WEATHER_PROBE };

  self->weather = weather != NULL ? *weather : unknown;
  if (isnan (self->weather.humidity_pct) && isfinite (self->weather.pressure_hpa))
    {
      self->weather.humidity_pct = 0;
      self->warnings |= DYNO_CORRECTION_HUMIDITY_MISSING;
    }
  self->vapour_hpa =
      dyno_correction_vapour_hpa (self->weather.temperature_c, self->weather.humidity_pct);
  self->dry_hpa = self->weather.pressure_hpa - self->vapour_hpa;
}

static double
factor_in (const DynoCorrection *self,
           DynoStandard          standard)
{
  return dyno_correction_factor (standard, self->weather.pressure_hpa, self->weather.temperature_c,
                                 self->weather.humidity_pct);
}

void
dyno_correction_init (DynoCorrection    *self,
                      DynoStandard       standard,
                      const DynoWeather *weather,
                      double             printed,
                      DynoStandard       printed_standard)
{
  *self = (DynoCorrection){ .standard = standard };
  set_weather (self, weather);
  self->factor = factor_in (self, standard);
  if (!isfinite (self->factor))
    {
      self->standard = DYNO_STANDARD_NONE;
      self->factor = 1;
      self->warnings |= DYNO_CORRECTION_NO_WEATHER;
    }
  self->warnings |= judge_weather (self);
  if (fabs (printed - factor_in (self, printed_standard)) > 0.002)
    self->warnings |= DYNO_CORRECTION_CF_DIFFERS;
}

void
dyno_correction_init_printed (DynoCorrection    *self,
                              DynoStandard       standard,
                              const DynoWeather *weather,
                              double             printed)
{
  *self = (DynoCorrection){ .standard = standard };
  set_weather (self, weather);
  self->weather.source = DYNO_WEATHER_FILE;
  self->factor = printed;
  self->warnings |= judge_weather (self);
  if (fabs (printed - factor_in (self, standard)) > 0.002)
    self->warnings |= DYNO_CORRECTION_CF_DIFFERS;
}
