/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-channel-list.h"

G_BEGIN_DECLS

/* Every channel of the dyno in a table with a search: state, name, role, value, unit,
 * least, greatest, rate, gaps, age and the curve of the last minute. A thousand rows
 * cost what is in sight.
 *
 * Signal `channel-activated` (DynoChannelItem *item): Enter or a double click. */

#define DYNO_TYPE_CHANNEL_TABLE (dyno_channel_table_get_type ())
G_DECLARE_FINAL_TYPE (DynoChannelTable, dyno_channel_table, DYNO, CHANNEL_TABLE, AdwBin)

void dyno_channel_table_set_list (DynoChannelTable *self,
                                  DynoChannelList  *list);
void dyno_channel_table_search   (DynoChannelTable *self); /* focus */

G_END_DECLS
