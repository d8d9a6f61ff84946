/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-page.h"

G_BEGIN_DECLS

/* What can be chosen about the window and the program. Changes apply at once.
 *
 * Actions: page.search, settings.open-folder. */

#define DYNO_TYPE_SETTINGS_PAGE (dyno_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (DynoSettingsPage, dyno_settings_page, DYNO, SETTINGS_PAGE, DynoPage)

GtkWidget *dyno_settings_page_new      (DynoShop         *shop,
                                        GSettings        *settings);
/* The row of a key; NULL for one that has none. (transfer none) */
GtkWidget *dyno_settings_page_find_row (DynoSettingsPage *self,
                                        const char       *key);

G_END_DECLS
