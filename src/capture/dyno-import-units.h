/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-map.h"

G_BEGIN_DECLS

/* Units that a log does not name (formats.md A.6): of dialects first, then by the
 * numbers with the engine running, then what the channel is usually written in. */

/* The engine speed's first: whether the engine runs is asked for the others. */
void   dyno_import_units_decide_rpm (DynoImportMap *map);
void   dyno_import_units_decide     (DynoImportMap *map);

/* The median of torque · rpm / power in the units of the file, rpm in 1/min; NaN
 * where the three are not there. 5252.1 says lbf·ft and hp, 9549.3 N·m and kW. */
double dyno_import_units_torque_ratio (const DynoImportMap *map,
                                       int                  torque,
                                       int                  rpm,
                                       int                  power,
                                       double               rpm_scale);

/* Within ± 2 %. */
gboolean dyno_import_units_is_ratio (double found,
                                     double expected);

/* TRUE when a unit can be one of the channel. */
gboolean dyno_import_units_fit       (DynoChannel     channel,
                                      const DynoUnit *unit);

G_END_DECLS
