/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-live.h" /* DynoProviderState */

G_BEGIN_DECLS

/* A dyno that is heard: name, address, rate, loss, age, whether it is a simulator and
 * whether it is the one in use. */

#define DYNO_TYPE_PROVIDER_ROW (dyno_provider_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoProviderRow, dyno_provider_row, DYNO, PROVIDER_ROW, AdwActionRow)

GtkWidget  *dyno_provider_row_new      (const char              *name);
const char *dyno_provider_row_get_name (DynoProviderRow         *self);
void        dyno_provider_row_show     (DynoProviderRow         *self,
                                        const DynoProviderState *provider);

G_END_DECLS
