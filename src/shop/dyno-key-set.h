/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-principal.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* The keys that let somebody in, looked up without the store. Immutable, counted,
 * any thread; a change makes a new one (dyno-keys.h). */

typedef struct _DynoKeySet DynoKeySet;

#define DYNO_KEY_PREFIX "dynoai_"
/* Of the text of a key, ours or one from API_KEYS: [!-~]{32,128}. */
#define DYNO_KEY_LEAST 32
#define DYNO_KEY_MOST  128

/* Of live keys (element-type DynoKeyRecord); what is no set of scopes or addresses
 * lets nobody in. */
DynoKeySet    *dyno_key_set_new    (GPtrArray       *records);
DynoKeySet    *dyno_key_set_ref    (DynoKeySet      *self);
void           dyno_key_set_unref  (DynoKeySet      *self);

guint          dyno_key_set_size   (DynoKeySet      *self);
/* Is that key still good? For streams, when the set has changed. */
gboolean       dyno_key_set_has    (DynoKeySet      *self,
                                    const char      *key_id,
                                    gint64           now_ms);

/* What that key may do now; 0: it is good no more. */
DynoScopes     dyno_key_set_scopes (DynoKeySet      *self,
                                    const char      *key_id,
                                    gint64           now_ms);

/* Whom the text stands for (transfer full), or NULL: it is unknown, revoked or
 * expired, or comes from an address (nullable: this machine) that it may not come
 * from. Which of these, nobody is told; the same work is done for all. */
DynoPrincipal *dyno_key_set_check  (DynoKeySet      *self,
                                    const char      *text,
                                    GInetAddress    *address,
                                    gint64           now_ms);

/* The SHA-256 under which the text of a key is kept; FALSE: it cannot be one. */
gboolean       dyno_key_sum        (const char      *text,
                                    guint8           sum[DYNO_KEY_HASH_SIZE]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoKeySet, dyno_key_set_unref)

G_END_DECLS
