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
