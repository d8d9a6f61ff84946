/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-page.h"

G_BEGIN_DECLS

/* The run book (ui.md 3.2): the list of runs with its search, and beside it, or in
 * its place where there is no room for both, what one run or several have to show.
 * Logs come in by the file chooser or dropped anywhere on the page.
 *
 * Properties: sort (s: "newest", "oldest", "power", "weakest", "number", "number-up",
 * "vehicle", "vehicle-down"), trash (b). Actions: runs.show (s, a run's id), .open,
 * .back, .compare, .analyse, .star, .tag, .notes, .assign, .verify, .delete, .restore,
 * .copy, .import, .clear-search, .reload, .sort (s), .trash; page.search, .export,
 * .undo. */

#define DYNO_TYPE_RUNS_PAGE (dyno_runs_page_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunsPage, dyno_runs_page, DYNO, RUNS_PAGE, DynoPage)

/* `settings` keep the width of the list. */
GtkWidget *dyno_runs_page_new (DynoShop  *shop,
                               GSettings *settings);

G_END_DECLS
