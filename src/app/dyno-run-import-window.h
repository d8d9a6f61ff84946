/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-shop.h"
#include "dyno-vehicle-list.h"

G_BEGIN_DECLS

/* Logs and packet journals into the run book: the files with what becomes of each,
 * and what would be read of the one that is chosen. A file that is refused stays, with
 * its reason. Closing it cancels what is running.
 *
 * Signal `show-run` (const char *run_id): a run that came of a file is to be seen. */

#define DYNO_TYPE_RUN_IMPORT_WINDOW (dyno_run_import_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunImportWindow, dyno_run_import_window, DYNO, RUN_IMPORT_WINDOW,
                      AdwWindow)

GtkWidget  *dyno_run_import_window_new       (DynoShop            *shop,
                                              DynoVehicleList     *vehicles);
/* Of GFile; a folder stands for the logs in it. */
void        dyno_run_import_window_add_files (DynoRunImportWindow *self,
                                              GListModel          *files);
/* The files, of DynoRunImportItem. (transfer none) */
GListModel *dyno_run_import_window_get_items (DynoRunImportWindow *self);

G_END_DECLS
