/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-token-key.h"

G_BEGIN_DECLS

/* The keys that sign access tokens, over their lives: published a day ahead as the
 * next one, active for 30 days, still believed for a day when retired, then gone. At
 * most three. A ring is immutable and counted; time makes a new one. Any thread. */

#define DYNO_TOKEN_HOUR_MS    (G_GINT64_CONSTANT (3600) * 1000)
#define DYNO_TOKEN_AHEAD_MS   (24 * DYNO_TOKEN_HOUR_MS)
#define DYNO_TOKEN_ACTIVE_MS  (30 * 24 * DYNO_TOKEN_HOUR_MS)
#define DYNO_TOKEN_RETIRED_MS (24 * DYNO_TOKEN_HOUR_MS)

typedef enum
{
  DYNO_TOKEN_KEY_ACTIVE,
  DYNO_TOKEN_KEY_NEXT,
  DYNO_TOKEN_KEY_RETIRED,
  DYNO_N_TOKEN_KEY_STATES
} DynoTokenKeyState;

typedef struct
{
  DynoTokenKey      *key;
  DynoTokenKeyState  state;
  gint64             created_ms;
  gint64             active_from_ms; /* of the next one: when it will be */
  gint64             retired_ms;     /* 0: not yet */
} DynoTokenSlot;

typedef struct _DynoTokenRing DynoTokenRing;

/* At most one slot a state: of several the newest stays. `slots` are copied, their
 * keys referenced. */
DynoTokenRing       *dyno_token_ring_new       (const DynoTokenSlot *slots,
                                                guint                n_slots);
DynoTokenRing       *dyno_token_ring_ref       (DynoTokenRing       *self);
void                 dyno_token_ring_unref     (DynoTokenRing       *self);

/* NULL: no slot in that state. */
const DynoTokenSlot *dyno_token_ring_get       (const DynoTokenRing *self,
                                                DynoTokenKeyState    state);
/* The key whose tokens begin with these characters; NULL: none. */
DynoTokenKey        *dyno_token_ring_find      (const DynoTokenRing *self,
                                                const char          *head,
                                                gsize                length);

/* A new key is wanted: there is none, or the active one ends within the day ahead. */
gboolean             dyno_token_ring_wants_key (const DynoTokenRing *self,
                                                gint64               now_ms);
/* Something else is to be done: the next one's time has come, a retired one's is over. */
gboolean             dyno_token_ring_is_due    (const DynoTokenRing *self,
                                                gint64               now_ms);
/* The ring as it must be now. `fresh` (nullable) is a new key, made active where there
 * is no other, else the next one. */
DynoTokenRing       *dyno_token_ring_turn      (const DynoTokenRing *self,
                                                DynoTokenKey        *fresh,
                                                gint64               now_ms);
/* After a theft: `fresh` alone. Nothing that another key signed is believed. */
DynoTokenRing       *dyno_token_ring_replace   (DynoTokenKey        *fresh,
                                                gint64               now_ms);

/* {"keys":[…]} (RFC 7517). (transfer full) */
char                *dyno_token_ring_to_jwks   (const DynoTokenRing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTokenRing, dyno_token_ring_unref)

G_END_DECLS
