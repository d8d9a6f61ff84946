/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-pull-power.h"

G_BEGIN_DECLS

/* Where the figures of a curve come from (analysis.md 2.3, 2.6): standard and
 * formula, factor, weather and who measured it, limits, what power was made of, what
 * the run says of the dyno, and each warning as a sentence. */

#define DYNO_TYPE_POWER_PASSPORT (dyno_power_passport_get_type ())
G_DECLARE_FINAL_TYPE (DynoPowerPassport, dyno_power_passport, DYNO, POWER_PASSPORT, GtkWidget)

GtkWidget *dyno_power_passport_new  (void);
void       dyno_power_passport_set  (DynoPowerPassport   *self,
                                     const DynoPullPower *power,
                                     DynoUnitSet          units);
/* All of it as lines, "Factor: 1.0240". (transfer full) */
char      *dyno_power_passport_text (const DynoPullPower *power,
                                     DynoUnitSet          units);
/* How many sentences of warning there are. */
guint      dyno_power_passport_n_warnings (const DynoPullPower *power);

G_END_DECLS
