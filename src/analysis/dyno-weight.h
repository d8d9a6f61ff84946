/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"

G_BEGIN_DECLS

/* How much a sample counts in the one cell it falls into, by its distance from the
 * cell's centre: the compatible profiles only (analysis.md 1.4). */

typedef enum
{
  DYNO_WEIGHT_UNIFORM,  /* 1 */
  DYNO_WEIGHT_LINEAR,   /* 1 at the centre, 0 at distance 1 */
  DYNO_WEIGHT_LOG,      /* −log10 (d²) / (d + 1)⁴, 0…100: strongly the centre */
  DYNO_WEIGHT_GAUSSIAN, /* exp (−d² / 0.5) */
} DynoWeight;

/* `distance` in bins, 0 or more. */
double dyno_weight_of    (DynoWeight            weight,
                          double                distance);

/* The bin at or below `value` and the fraction 0…1 towards the next; the last bin has
 * none. Values beyond the axis are held at its ends. */
guint  dyno_weight_place (const DynoAxis       *axis,
                          double                value,
                          double               *fraction);

/* The cell of a point (half a bin and more is the next one's: ties go up here) and the
 * distance from its centre. */
guint  dyno_weight_cell  (const DynoGridShape  *shape,
                          double                rpm,
                          double                load,
                          double               *distance);

G_END_DECLS
