/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-shop.h"

G_BEGIN_DECLS

/* May the program end? Asks the person at the window where a run is being recorded
 * or jobs are running, and ends the run for him; answers at once where nothing is in
 * hand. `shop` may be NULL. */
void     dyno_quit_async  (GtkWidget           *window,
                           DynoShop            *shop,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data);
/* FALSE: he keeps recording. */
gboolean dyno_quit_finish (GAsyncResult        *result);

G_END_DECLS
