/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Units as data: SI = value · scale + offset, exactly. Stored numbers keep
 * their source's unit; conversion happens where a number is read or shown.
 *
 * The mixture has two units, λ and AFR, that no fixed factor joins: the
 * stoichiometric ratio of the fuel does (DYNO_QUANTITY_LAMBDA and _AFR are
 * quantities of their own, both with scale 1). */

typedef enum
{
  DYNO_QUANTITY_NONE, /* a plain number, or a unit nobody knows */
  DYNO_QUANTITY_TIME,
  DYNO_QUANTITY_DISTANCE,
  DYNO_QUANTITY_SPEED,
  DYNO_QUANTITY_FORCE,
  DYNO_QUANTITY_POWER,
  DYNO_QUANTITY_TORQUE,
  DYNO_QUANTITY_TEMPERATURE,
  DYNO_QUANTITY_PRESSURE,
  DYNO_QUANTITY_ROTATION, /* 1/min */
  DYNO_QUANTITY_GEAR_RATIO,
  DYNO_QUANTITY_ACCELERATION,
  DYNO_QUANTITY_AFR,
  DYNO_QUANTITY_LAMBDA,
  DYNO_QUANTITY_FLOW,
  DYNO_QUANTITY_VOLTAGE,
  DYNO_QUANTITY_CURRENT,
  DYNO_QUANTITY_PERCENT,
  DYNO_QUANTITY_ANGLE,
  DYNO_N_QUANTITIES
} DynoQuantity;

typedef struct
{
  const char  *symbol;   /* "lbf·ft", as printed; unique */
  DynoQuantity quantity;
  double       scale;    /* SI = value · scale + offset; SI of the table in */
  double       offset;   /* dyno-units.c: km/h, kW, N·m, °C, kPa, ms for pw … */
} DynoUnit;

/* Constants of the field, with the digits that `analysis` promises. */
#define DYNO_N_PER_LBF 4.4482216152605
#define DYNO_M_PER_FT 0.3048
#define DYNO_MPS_PER_MPH 0.44704
#define DYNO_KMH_PER_MPH 1.609344
#define DYNO_PA_PER_INHG 3386.389 /* at 0 °C */
#define DYNO_PA_PER_PSI 6894.757293168
#define DYNO_NM_PER_LBFT 1.3558179483314
#define DYNO_W_PER_HP 745.6998715822702
#define DYNO_W_PER_PS 735.49875
#define DYNO_LBFT_RPM_PER_HP 5252.113122032546
#define DYNO_NM_RPM_PER_KW 9549.296585513721
#define DYNO_STOICH_PETROL 14.7

/* The unit "" (plain number), always there. */
const DynoUnit *dyno_unit_none      (void);

/* By printed symbol or by a spelling that logs use ("RPM", "lb-ft", "deg C",
 * "degC", "in Hg"), case and blanks aside. NULL for a spelling nobody knows. */
const DynoUnit *dyno_unit_find      (const char     *spelling);

/* The SI unit of a quantity; the plain number for DYNO_QUANTITY_NONE. */
const DynoUnit *dyno_unit_si        (DynoQuantity    quantity);

double          dyno_unit_to_si     (const DynoUnit *unit,
                                     double          value);
double          dyno_unit_from_si   (const DynoUnit *unit,
                                     double          value);

/* The line to = from · scale + offset between two units of one quantity; FALSE
 * and the identity for two that do not convert. */
gboolean        dyno_unit_line      (const DynoUnit *from,
                                     const DynoUnit *to,
                                     double         *scale,
                                     double         *offset);

/* What a reader has chosen: "metric" (kW, N·m, km/h, °C, kPa), "us" (hp, lbf·ft,
 * mph, °F, inHg), "european" (PS, N·m, km/h, °C, hPa). */
typedef enum
{
  DYNO_UNITS_METRIC,
  DYNO_UNITS_US,
  DYNO_UNITS_EUROPEAN,
  DYNO_N_UNIT_SETS
} DynoUnitSet;

const DynoUnit *dyno_unit_shown     (DynoUnitSet     set,
                                     DynoQuantity    quantity);

/* Decimals for a number of that quantity on a live display or in a review. */
int             dyno_unit_decimals  (const DynoUnit *unit,
                                     gboolean        is_live);

/* The number in `unit` without the symbol, with a point, half to even, U+2212
 * for minus; an em dash for a value that is not finite. For people: a face
 * translates the point to the locale's. */
char           *dyno_unit_format    (const DynoUnit *unit,
                                     double          value_si,
                                     gboolean        is_live);

G_END_DECLS
