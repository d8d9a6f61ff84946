/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Figures of the weather for the sheet (analysis.md 4.9). They never multiply a VE
 * correction: the measured mixture holds the weather already. Nothing here reads or
 * writes a table, and no option changes that.
 *
 * The formulas are those of the original, hence °F and inHg. Plain values, any
 * thread. */

typedef enum
{
  DYNO_ENVIRONMENT_SAE, /* root of the temperatures, against 77 °F */
  DYNO_ENVIRONMENT_ISO, /* no root */
  DYNO_ENVIRONMENT_DIN, /* no root, against 68 °F */
  DYNO_ENVIRONMENT_SIMPLE, /* as ISO */
  DYNO_N_ENVIRONMENT_STANDARDS
} DynoEnvironmentStandard;

typedef struct
{
  double baro_inhg;
  double temp_f;       /* of the air around */
  double humidity_pct; /* 0: dry, or not known */
  double engine_f;     /* NaN: not known, counts as warm */
} DynoEnvironment;

/* Factors around 1: above 1 the air asks for more fuel. */
typedef struct
{
  double   pressure;
  double   temperature;
  double   humidity;
  double   engine;
  double   total;       /* their product, 0.8…1.25 */
  double   altitude_ft; /* of that pressure, never below 0 */
  double   density_altitude_ft;
  gboolean is_standard_day;
} DynoEnvironmentFigures;

void        dyno_environment_figures             (const DynoEnvironment   *self,
                                                  DynoEnvironmentStandard  standard,
                                                  DynoEnvironmentFigures  *figures);
/* Pressure altitude, and back. */
double      dyno_environment_altitude_ft         (double                   baro_inhg);
double      dyno_environment_baro_inhg           (double                   altitude_ft);
double      dyno_environment_density_altitude_ft (double                   pressure_altitude_ft,
                                                  double                   temp_f);

/* Mean weather of all runs of a result; what a channel lacks is NaN (humidity: 0). */
void        dyno_environment_of_result           (const DynoVeResult      *result,
                                                  DynoEnvironment         *self);
/* One finding `weather`, or what is missing. (transfer full) */
DynoAdvice *dyno_environment_advise              (const DynoVeResult      *result,
                                                  DynoEnvironmentFigures  *figures);

G_END_DECLS
