/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-palette.h"

G_BEGIN_DECLS

/* A page in the sidebar: icon, name and a badge with its word. */

#define DYNO_TYPE_SIDEBAR_ROW (dyno_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoSidebarRow, dyno_sidebar_row, DYNO, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget  *dyno_sidebar_row_new       (const char     *page,
                                        const char     *title,
                                        const char     *icon_name);
const char *dyno_sidebar_row_get_page  (DynoSidebarRow *self);
/* `word` NULL: no badge. */
void        dyno_sidebar_row_set_badge (DynoSidebarRow *self,
                                        DynoStatus      status,
                                        const char     *word);

G_END_DECLS
