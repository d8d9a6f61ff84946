/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-shop.h"

G_BEGIN_DECLS

/* One thing that a pull needs to know, and the channel of the dyno that it is read
 * from: with its value, and why it is taken for that. */

#define DYNO_TYPE_MAPPING_ROW (dyno_mapping_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoMappingRow, dyno_mapping_row, DYNO, MAPPING_ROW, AdwActionRow)

/* Below this a binding wants to be looked at. */
#define DYNO_MAPPING_SURE 0.7

GtkWidget  *dyno_mapping_row_new           (DynoChannel             canonical);
DynoChannel dyno_mapping_row_get_canonical (DynoMappingRow         *self);
void        dyno_mapping_row_show          (DynoMappingRow         *self,
                                            const DynoCaptureState *state,
                                            DynoUnitSet             units);
/* Smaller comes first: what is missing or doubtful, then the rest. */
int         dyno_mapping_row_get_rank      (DynoMappingRow         *self);

G_END_DECLS
