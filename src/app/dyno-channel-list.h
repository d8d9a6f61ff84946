/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-channel-item.h"

G_BEGIN_DECLS

/* The channels of the dyno in use, in the order of their ids, as a list model of
 * DynoChannelItem. An item lives as long as its channel does: values change in it, the
 * model changes only when the dyno has other channels. Main thread. */

#define DYNO_TYPE_CHANNEL_LIST (dyno_channel_list_get_type ())
G_DECLARE_FINAL_TYPE (DynoChannelList, dyno_channel_list, DYNO, CHANNEL_LIST, GObject)

DynoChannelList *dyno_channel_list_new  (void);
/* `state` NULL, or without a dyno: there are none. */
void             dyno_channel_list_show (DynoChannelList        *self,
                                         const DynoCaptureState *state,
                                         DynoUnitSet             units);
/* (transfer none) (nullable) */
DynoChannelItem *dyno_channel_list_find (DynoChannelList        *self,
                                         guint32                 index);

G_END_DECLS
