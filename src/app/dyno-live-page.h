/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-page.h"

G_BEGIN_DECLS

/* The dyno now (ui.md 3.1): who speaks, where recording stands in one word, the
 * numbers in the layout that was chosen, the strip chart, and what is done with a
 * pull. Until a dyno speaks: why not, and the simulator in one click.
 *
 * Property: layout (s, id of the one shown). Actions: live.arm (toggle), .record,
 * .mark, .stop (never disabled), .preflight, .open-run, .details, .pause, .keep (s, a
 * discarded pull), .simulator, .stop-simulator, .choose-provider, .set-provider (s, ""
 * as found), .choose-vehicle, .set-vehicle (s, "" none), .new-vehicle (s, its label),
 * .doctor, .link, .mapping, .layout (s), .edit-layout. */

#define DYNO_TYPE_LIVE_PAGE (dyno_live_page_get_type ())
G_DECLARE_FINAL_TYPE (DynoLivePage, dyno_live_page, DYNO, LIVE_PAGE, DynoPage)

/* `settings` keep layout and span. */
GtkWidget *dyno_live_page_new (DynoShop  *shop,
                               GSettings *settings);

G_END_DECLS
