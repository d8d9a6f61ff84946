/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-palette.h"

G_BEGIN_DECLS

/* One check of a list: icon and word of its status, what was found, what mends it, and
 * a button where the window can do that. For preflight and doctor.
 *
 * Signal `fix`: the button. */

#define DYNO_TYPE_CHECK_ROW (dyno_check_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoCheckRow, dyno_check_row, DYNO, CHECK_ROW, AdwActionRow)

GtkWidget *dyno_check_row_new  (const char   *title);
/* `word` says the status; `fix` and `button` may be NULL. */
void       dyno_check_row_show (DynoCheckRow *self,
                                DynoStatus    status,
                                const char   *word,
                                const char   *message,
                                const char   *fix,
                                const char   *button);

G_END_DECLS
