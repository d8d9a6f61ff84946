/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-binding.h"

G_BEGIN_DECLS

/* Which channel of the dyno is rpm, mixture, MAP: decided by names and units, and
 * overruled by pins. A pin names provider, channel, unit and occurrence, never an
 * id, so it holds when the provider restarts with other ids, and from day to day.
 * What is bound now stands in DynoCaptureState. */

typedef struct _DynoShop DynoShop;

/* This channel is that; canonical NONE: it is nothing. In force at once, and for a
 * run in hand in its place of the recording; remembered. INVALID where the unit
 * cannot be that ("a barometer is not MAP"). */
void       dyno_mapping_pin_async    (DynoShop             *shop,
                                      const DynoPin        *pin,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean   dyno_mapping_pin_finish   (GAsyncResult         *result,
                                      GError              **error);

/* Back to the names; `canonical` of the pin is not looked at. */
void       dyno_mapping_unpin_async  (DynoShop             *shop,
                                      const DynoPin        *pin,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean   dyno_mapping_unpin_finish (GAsyncResult         *result,
                                      GError              **error);

/* All pins of a provider, or of all (NULL). (element-type DynoPin) */
void       dyno_mapping_list_async   (DynoShop             *shop,
                                      const char           *provider,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
GPtrArray *dyno_mapping_list_finish  (GAsyncResult         *result,
                                      GError              **error);

/* May a channel of that wire unit be that? FALSE with a sentence why not. */
gboolean   dyno_mapping_check        (guint8                unit_code,
                                      DynoChannel           canonical,
                                      GError              **error);

G_END_DECLS
