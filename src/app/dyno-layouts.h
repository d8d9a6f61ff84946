/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-layout.h"

G_BEGIN_DECLS

/* The layouts there are: presets Pull, Tuning, Atmosphere, All channels, then own ones,
 * and which of them is shown. Own ones and the choice are kept in the settings of the
 * window. Main thread.
 *
 * A list model of DynoLayout. Property: current. */

#define DYNO_TYPE_LAYOUTS (dyno_layouts_get_type ())
G_DECLARE_FINAL_TYPE (DynoLayouts, dyno_layouts, DYNO, LAYOUTS, GObject)

DynoLayouts *dyno_layouts_new         (GSettings   *settings);

DynoLayout  *dyno_layouts_get_current (DynoLayouts *self); /* (transfer none) */
void         dyno_layouts_choose      (DynoLayouts *self,
                                       DynoLayout  *layout);
DynoLayout  *dyno_layouts_find        (DynoLayouts *self,
                                       const char  *id); /* (transfer none) (nullable) */

/* The one shown, if it may be changed; else a copy of it, which is shown from then
 * on. (transfer none) */
DynoLayout  *dyno_layouts_edit        (DynoLayouts *self,
                                       const char  *vehicle_id);
/* An own one goes; Pull is shown in its place. The answer (transfer full) may be put
 * back. */
DynoLayout  *dyno_layouts_remove      (DynoLayouts *self,
                                       DynoLayout  *layout);
void         dyno_layouts_add         (DynoLayouts *self,
                                       DynoLayout  *layout);

/* The vehicle that is chosen has one of its own: it is shown. */
void         dyno_layouts_set_vehicle (DynoLayouts *self,
                                       const char  *vehicle_id);

G_END_DECLS
