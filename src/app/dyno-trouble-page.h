/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What stands in the window when the run book could not be opened: why, what to do,
 * and the buttons for it. */

#define DYNO_TYPE_TROUBLE_PAGE (dyno_trouble_page_get_type ())
G_DECLARE_FINAL_TYPE (DynoTroublePage, dyno_trouble_page, DYNO, TROUBLE_PAGE, AdwBin)

GtkWidget *dyno_trouble_page_new       (void);
void       dyno_trouble_page_set_error (DynoTroublePage *self,
                                        const GError    *error);

G_END_DECLS
