/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-asker.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* Requests that have their effect once, however often they are sent (service.md
 * 5.3): an asker with a key (dyno_asker_set_once ()) leaves a mark in the very
 * transaction of the effect, without status and body; the face completes it with
 * its reply. A mark that was never completed, for the process was killed in
 * between, still says that it was done, and to what.
 *
 * A second effect under the same key is refused: CONFLICT "replayed". */

typedef struct _DynoShop DynoShop;

/* The mark of an asker with a key, or NOT_FOUND. `status` 0: not completed. Compare
 * the fingerprint yourself. */
void             dyno_once_find_async      (DynoShop             *shop,
                                            const DynoAsker      *asker,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
DynoReplyRecord *dyno_once_find_finish     (GAsyncResult         *result,
                                            GError              **error);

/* Status, headers (nullable, a JSON object) and body (nullable: a secret one) of a
 * mark. One that is not there is no error: there was no effect. */
void             dyno_once_complete_async  (DynoShop             *shop,
                                            const DynoAsker      *asker,
                                            int                   status,
                                            const char           *headers,
                                            GBytes               *body,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean         dyno_once_complete_finish (GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
