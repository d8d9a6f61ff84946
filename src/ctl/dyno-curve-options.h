/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-power.h"

G_BEGIN_DECLS

/* How a power curve is made and printed: --correction, --smoothing, --step, for
 * every verb that shows one. */

extern const GOptionEntry dyno_curve_option_entries[];

/* TRUE where what was given can be; a usage failure names what cannot. */
gboolean dyno_curve_options_check (GError           **error);
/* The shop's own way with what was given upon it. */
void     dyno_curve_options_fill  (DynoShop          *shop,
                                   DynoPowerOptions  *options);
/* From row to row of a table; 0 where nothing was given. */
double   dyno_curve_options_step  (void);

G_END_DECLS
