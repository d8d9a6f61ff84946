/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-audit.h"
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

/* dyno-keys-rules.c */

/* What is asked for, copied. */
typedef struct
{
  DynoKeyRequest request;
  char          *name;      /* (owned) (nullable) */
  char         **cidrs;     /* (owned) (nullable) */
  char          *owner;     /* (owned) (nullable) */
  char          *key_id;    /* (owned) (nullable) */
  guint          members;
  int            revision;
  guint          overlap_s;
} DynoKeyWish;

DynoKeyWish *dyno_key_wish_new     (const char          *key_id,
                                    const DynoKeyRequest *request);
void         dyno_key_wish_free    (gpointer             wish);

/* INVALID with that sentence; always FALSE. */
gboolean     dyno_keys_invalid     (GError             **error,
                                    const char          *sentence);
gboolean     dyno_keys_check_name  (const char          *name,
                                    GError             **error);
gboolean     dyno_keys_check_numbers (int                per_minute,
                                    int                  per_day,
                                    GError             **error);
/* When a key that is asked for is to end; 0: never. */
gboolean     dyno_keys_find_expiry (const DynoErrand    *errand,
                                    const DynoKeyRequest *request,
                                    gint64              *expires_ms,
                                    GError             **error);
/* The row of the audit that goes along with the next write. */
void         dyno_keys_carry       (const DynoErrand    *errand,
                                    DynoAuditEvent       event,
                                    const DynoKeyRecord *record);

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
