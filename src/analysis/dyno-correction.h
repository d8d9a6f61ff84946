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
