/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-live.h"
#include "dyno-palette.h"

G_BEGIN_DECLS

/* A channel of the dyno in words, as rows of tables show it. Main thread.
 *
 * Properties (read, text, notified when they are others): state, icon-name, name,
 * role (what it is taken for, "" for nothing), value, unit, low, high, rate, gaps,
 * age. Signal `history`: a value a second more. */

#define DYNO_TYPE_CHANNEL_ITEM (dyno_channel_item_get_type ())
G_DECLARE_FINAL_TYPE (DynoChannelItem, dyno_channel_item, DYNO, CHANNEL_ITEM, GObject)

#define DYNO_CHANNEL_HISTORY 60

DynoChannelItem *dyno_channel_item_new          (const DynoChannelState *state);
void             dyno_channel_item_show         (DynoChannelItem        *self,
                                                 const DynoChannelState *state,
                                                 DynoUnitSet             units);

guint32          dyno_channel_item_get_index    (DynoChannelItem        *self);
const char      *dyno_channel_item_get_name     (DynoChannelItem        *self);
/* "4 350 rpm"; a dash without a value. (transfer full) */
char            *dyno_channel_item_dup_reading  (DynoChannelItem        *self);
DynoChannel      dyno_channel_item_get_canonical (DynoChannelItem       *self);
const DynoWireChannel *
                 dyno_channel_item_get_wire     (DynoChannelItem        *self);
/* The last values, oldest first, NaN where there was none. */
const double    *dyno_channel_item_get_history  (DynoChannelItem        *self,
                                                 guint                  *n_values);

/* "frozen", …: translated; and whether it is good, to be looked at, or wrong. */
const char      *dyno_channel_health_word       (DynoHealth              health);
DynoStatus       dyno_channel_health_status     (DynoHealth              health);

G_END_DECLS
