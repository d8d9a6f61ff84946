/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-shop.h"

G_BEGIN_DECLS

/* A setting of the program to be changed in the window: a switch, a choice, a number or
 * a text by its type, with what it means, where its value comes from, and the way back
 * where the window set it. What comes from file or environment only is locked. A change
 * is in force at once.
 *
 * Signal `failed` (GError *error): it was refused; the row shows what holds. */

#define DYNO_TYPE_SETTING_ROW (dyno_setting_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoSettingRow, dyno_setting_row, DYNO, SETTING_ROW, AdwActionRow)

GtkWidget  *dyno_setting_row_new     (DynoShop       *shop,
                                      const char     *key,
                                      const char     *title);
const char *dyno_setting_row_get_key (DynoSettingRow *self);
/* The value was changed, here or elsewhere. */
void        dyno_setting_row_update  (DynoSettingRow *self);
/* As typing or choosing it does. */
void        dyno_setting_row_set     (DynoSettingRow *self,
                                      const char     *text);

G_END_DECLS
