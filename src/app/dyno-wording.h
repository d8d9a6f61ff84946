/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-config.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* Numbers, times and durations as people read them. All (transfer full). */

/* What a value that is not there looks like. */
#define DYNO_DASH_TEXT "\342\200\224"

/* The reader's choice, ui.units. */
DynoUnitSet dyno_wording_units    (DynoConfig  *config);

/* "86.4 kW" in a review, "86.4" without the unit; a dash for NaN. */
char       *dyno_wording_quantity (DynoUnitSet  units,
                                   DynoQuantity quantity,
                                   double       value_si);
char       *dyno_wording_number   (DynoUnitSet  units,
                                   DynoQuantity quantity,
                                   double       value_si);

/* "0:12", "2:03:10"; a dash for NaN. */
char       *dyno_wording_duration (double       seconds);
/* How long ago something was: "0.2 s", "14 s", "3 min"; a dash for NaN. */
char       *dyno_wording_age      (double       seconds);
/* "Today 9:12", "Yesterday 18:40", "3 Mar 9:05", "3 Mar 2025": local time. */
char       *dyno_wording_when     (gint64       then_ms,
                                   gint64       now_ms);
/* "0.3 %", "1.2 %", "12 %"; a dash for NaN. */
char       *dyno_wording_percent  (double       percent);
/* "1 842" with thin groups from 10 000 on. */
char       *dyno_wording_count    (guint64      count);

G_END_DECLS
