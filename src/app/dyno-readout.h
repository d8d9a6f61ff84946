/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-digit-group.h"
#include "dyno-meter.h"

G_BEGIN_DECLS

/* A number to be read from four metres: title and unit, digits, the word of its
 * state, the highest so far, a bar with the limits. What it shows stands in its
 * DynoMeter. Digits are as large as the widest value of the range fits, in a
 * group as large as fits in all of its readouts.
 *
 * Properties: meter, group. Style classes: dyno-amber, dyno-red. */

#define DYNO_TYPE_READOUT (dyno_readout_get_type ())
G_DECLARE_FINAL_TYPE (DynoReadout, dyno_readout, DYNO, READOUT, GtkWidget)

GtkWidget *dyno_readout_new            (DynoMeter      *meter);
DynoMeter *dyno_readout_get_meter      (DynoReadout    *self); /* (nullable) */
void       dyno_readout_set_meter      (DynoReadout    *self,
                                        DynoMeter      *meter);
void       dyno_readout_set_group      (DynoReadout    *self,
                                        DynoDigitGroup *group); /* (nullable) */
/* The size of its digits now, px. */
double     dyno_readout_get_digit_size (DynoReadout    *self);

G_END_DECLS
