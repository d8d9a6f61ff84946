/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Correction of power and torque to a reference weather (analysis.md 2.3).
 * Standards are a view: raw data is stored, any standard can be chosen later. */

typedef enum
{
  DYNO_STANDARD_SAE_1990,
  DYNO_STANDARD_SAE_2004,
  DYNO_STANDARD_STD_J607,
  DYNO_STANDARD_DIN_70020,
  DYNO_STANDARD_ISO_1585,
  DYNO_STANDARD_JIS_D1001,
  DYNO_STANDARD_NONE,
  DYNO_N_STANDARDS
} DynoStandard;

typedef struct
{
  const char *id;       /* "sae-1990" */
  const char *short_id; /* "sae1990": what the command line takes as well */
  const char *title;    /* for gettext in the faces */
  const char *revision; /* "1990" */
  const char *formula;  /* printed in the passport */
} DynoStandardInfo;

const DynoStandardInfo *dyno_standard_info (DynoStandard  standard);
/* By id or short form; FALSE for a name nobody knows. */
gboolean                dyno_standard_find (const char   *name,
                                            DynoStandard *standard);

/* Where weather comes from. Missing numbers are NaN. */
typedef enum
{
  DYNO_WEATHER_PROBE, /* channels of the run */
  DYNO_WEATHER_TYPED, /* the operator's numbers */
  DYNO_WEATHER_FILE,  /* the factor printed in the file stands as it is */
} DynoWeatherSource;

typedef struct
{
  double            pressure_hpa; /* total */
  double            temperature_c;
  double            humidity_pct; /* NaN: 0 is taken, and said */
  DynoWeatherSource source;
} DynoWeather;

/* What a passport warns of; a set of bits. */
typedef enum
{
  DYNO_CORRECTION_NO_WEATHER = 1 << 0,
  DYNO_CORRECTION_CF_OUTSIDE_7 = 1 << 1,
  DYNO_CORRECTION_TEMP_OUTSIDE = 1 << 2,
  DYNO_CORRECTION_PRESSURE_OUTSIDE = 1 << 3,
  DYNO_CORRECTION_PROBE_MISSING = 1 << 4,
  DYNO_CORRECTION_HUMIDITY_MISSING = 1 << 5,
  DYNO_CORRECTION_CF_DIFFERS = 1 << 6,
} DynoCorrectionWarning;

#define DYNO_N_CORRECTION_WARNINGS 7

/* The passport: part of every curve and of all that prints a corrected figure.
 * Revision and formula are those of dyno_standard_info (standard). */
typedef struct
{
  DynoStandard standard; /* NONE when the weather is not known */
  DynoWeather  weather;
  double       vapour_hpa;
  double       dry_hpa;
  double       factor;
  guint        warnings; /* DynoCorrectionWarning */
} DynoCorrection;

/* `weather` may be NULL. `printed` is the factor that the file prints under
 * `printed_standard`, NaN for none. */
void        dyno_correction_init       (DynoCorrection    *self,
                                        DynoStandard       standard,
                                        const DynoWeather *weather,
                                        double             printed,
                                        DynoStandard       printed_standard);
/* Figures that the file corrected itself; the factor is the printed one. */
void        dyno_correction_init_printed (DynoCorrection  *self,
                                        DynoStandard       standard,
                                        const DynoWeather *weather,
                                        double             printed);

/* "probe", "typed", "file". */
const char *dyno_weather_source_name   (DynoWeatherSource  source);
/* "cf-outside-7"; `index` counts the bits, below DYNO_N_CORRECTION_WARNINGS. */
const char *dyno_correction_code       (guint              index);
/* A sentence, for gettext in the faces. */
const char *dyno_correction_sentence   (guint              index);
/* The sentence of the first warning; NULL without one. */
const char *dyno_correction_first_warning (const DynoCorrection *self);
/* "limits used by this program: …"; "" for a standard without limits. */
const char *dyno_standard_limits       (DynoStandard       standard);

/* Water vapour in hPa (WMO) at a temperature in °C and a humidity in %. */
double dyno_correction_vapour_hpa (double       temperature_c,
                                   double       humidity_pct);
/* Corrected = factor · uncorrected. Pressure is the total one; NaN in, NaN out
 * except for DYNO_STANDARD_NONE: 1. */
double dyno_correction_factor     (DynoStandard standard,
                                   double       pressure_hpa,
                                   double       temperature_c,
                                   double       humidity_pct);

G_END_DECLS
