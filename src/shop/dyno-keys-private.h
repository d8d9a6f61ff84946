/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-keys.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* The keys among the owners of a shop. */

typedef struct _DynoKeyUses DynoKeyUses;

typedef struct
{
  GMutex        reading;   /* one at a time reads and replaces; held on a thread of the pool */
  GMutex        lock;
  DynoKeySet   *set;       /* (owned) (lock) */
  GSource      *timer;     /* (owned) (nullable) (lock) */
  GFileMonitor *monitor;   /* (owned) (nullable) (lock) */
  gboolean      is_closed; /* (lock) */
  DynoKeyUses  *uses;      /* (owned) carries its own lock */
} DynoKeys;

DynoKeys    *dyno_keys_new         (void);
/* Neither timer nor file any more. Any thread. */
void         dyno_keys_close       (DynoKeys            *self);
void         dyno_keys_free        (DynoKeys            *self);

/* Reads the keys anew and tells it, with `key_id` (nullable: many) as subject; to be
 * called after each change to keys, and to roles or states of users. */
gboolean     dyno_keys_reload      (const DynoErrand    *errand,
                                    const char          *key_id,
                                    const char          *what,
                                    GError             **error);

/* API_KEYS and API_KEYS_FILE, as the settings have them: they become rows. */
gboolean     dyno_keys_take_listed (const DynoErrand    *errand,
                                    GError             **error);

/* A key's record, where the asker may see it. */
DynoKeyRecord *dyno_keys_find_own  (const DynoErrand    *errand,
                                    const char          *key_id,
                                    GError             **error);
gboolean     dyno_keys_may_manage  (const DynoErrand    *errand);
/* DENIED names one of `wanted` that is not among `held`. */
gboolean     dyno_keys_insist      (DynoScopes           wanted,
                                    DynoScopes           held,
                                    GError             **error);

/* dyno-key-uses.c: what came in, until it is kept. */
DynoKeyUses *dyno_key_uses_new     (void);
void         dyno_key_uses_free    (DynoKeyUses         *self);
/* The networks that are known. */
gboolean     dyno_key_uses_learn   (const DynoErrand    *errand,
                                    GError             **error);
/* Keeps all of it; blocking. */
void         dyno_key_uses_flush   (DynoShop            *shop,
                                    DynoAwait           *await);
/* The keys that end within a week. */
void         dyno_key_uses_warn    (const DynoErrand    *errand);

G_END_DECLS
