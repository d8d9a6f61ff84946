/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-plot.h"

G_BEGIN_DECLS

/* A sample of a trace: its letter on a piece of its line. For legends and tables. */

#define DYNO_TYPE_SWATCH (dyno_swatch_get_type ())
G_DECLARE_FINAL_TYPE (DynoSwatch, dyno_swatch, DYNO, SWATCH, GtkWidget)

GtkWidget *dyno_swatch_new (void);
void       dyno_swatch_set (DynoSwatch *self,
                            guint       trace,
                            DynoDash    dash);

G_END_DECLS
