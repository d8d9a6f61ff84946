/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-run-item.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* The tags of some runs: every tag of the shop with a check, and a field for a new
 * one. A check that some of the runs have is neither on nor off. What is checked is
 * kept at once. */

#define DYNO_TYPE_RUN_TAGS_WINDOW (dyno_run_tags_window_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunTagsWindow, dyno_run_tags_window, DYNO, RUN_TAGS_WINDOW, AdwWindow)

/* `items` of DynoRunItem. */
GtkWidget *dyno_run_tags_window_new (DynoShop  *shop,
                                     GPtrArray *items);

G_END_DECLS
