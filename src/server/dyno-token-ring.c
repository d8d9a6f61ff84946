/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-token-ring.h"

#include <string.h>

struct _DynoTokenRing
{
  gatomicrefcount ref_count;
  DynoTokenSlot   slots[DYNO_N_TOKEN_KEY_STATES]; /* by state; key (owned), NULL: empty */
};

static void
put (DynoTokenRing       *self,
     const DynoTokenSlot *slot)
{
  DynoTokenSlot *place = &self->slots[slot->state];

  if (place->key != NULL && place->created_ms > slot->created_ms)
    return;

  dyno_token_key_ref (slot->key);
  g_clear_pointer (&place->key, dyno_token_key_unref);
  *place = *slot;
}

DynoTokenRing *
dyno_token_ring_new (const DynoTokenSlot *slots,
                     guint                n_slots)
{
  DynoTokenRing *self = g_new0 (DynoTokenRing, 1);

  g_atomic_ref_count_init (&self->ref_count);
  for (guint i = 0; i < n_slots; i++)
    put (self, &slots[i]);

  return self;
}

DynoTokenRing *
dyno_token_ring_ref (DynoTokenRing *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_token_ring_unref (DynoTokenRing *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < DYNO_N_TOKEN_KEY_STATES; i++)
    g_clear_pointer (&self->slots[i].key, dyno_token_key_unref);
  g_free (self);
}

const DynoTokenSlot *
dyno_token_ring_get (const DynoTokenRing *self,
                     DynoTokenKeyState    state)
{
  return self->slots[state].key != NULL ? &self->slots[state] : NULL;
}

DynoTokenKey *
dyno_token_ring_find (const DynoTokenRing *self,
                      const char          *head,
                      gsize                length)
{
  for (guint i = 0; i < DYNO_N_TOKEN_KEY_STATES; i++)
    {
      DynoTokenKey *key = self->slots[i].key;
      const char *known = key != NULL ? dyno_token_key_get_head (key) : "";

      if (key != NULL && strlen (known) == length && memcmp (known, head, length) == 0)
        return key;
    }

  return NULL;
}

gboolean
dyno_token_ring_wants_key (const DynoTokenRing *self,
                           gint64               now_ms)
{
  const DynoTokenSlot *active = dyno_token_ring_get (self, DYNO_TOKEN_KEY_ACTIVE);

  if (dyno_token_ring_get (self, DYNO_TOKEN_KEY_NEXT) != NULL)
    return FALSE;

  return active == NULL
         || now_ms >= active->active_from_ms + DYNO_TOKEN_ACTIVE_MS - DYNO_TOKEN_AHEAD_MS;
}

static gboolean
is_next_due (const DynoTokenRing *self,
             gint64               now_ms)
{
  const DynoTokenSlot *next = dyno_token_ring_get (self, DYNO_TOKEN_KEY_NEXT);

  return next != NULL
         && (now_ms >= next->active_from_ms
             || dyno_token_ring_get (self, DYNO_TOKEN_KEY_ACTIVE) == NULL);
}

static gboolean
is_retired_over (const DynoTokenRing *self,
                 gint64               now_ms)
{
  const DynoTokenSlot *retired = dyno_token_ring_get (self, DYNO_TOKEN_KEY_RETIRED);

  return retired != NULL && now_ms >= retired->retired_ms + DYNO_TOKEN_RETIRED_MS;
}

gboolean
dyno_token_ring_is_due (const DynoTokenRing *self,
                        gint64               now_ms)
{
  return is_next_due (self, now_ms) || is_retired_over (self, now_ms);
}

/* A key that was made late is still published for a day before it signs. */
static DynoTokenSlot
slot_of_fresh (const DynoTokenRing *self,
               DynoTokenKey        *fresh,
               gint64               now_ms)
{
  const DynoTokenSlot *active = dyno_token_ring_get (self, DYNO_TOKEN_KEY_ACTIVE);
  DynoTokenSlot slot = { fresh, DYNO_TOKEN_KEY_ACTIVE, now_ms, now_ms, 0 };

  if (active != NULL)
    {
      slot.state = DYNO_TOKEN_KEY_NEXT;
      slot.active_from_ms =
          MAX (now_ms + DYNO_TOKEN_AHEAD_MS, active->active_from_ms + DYNO_TOKEN_ACTIVE_MS);
    }

  return slot;
}

static void
clear (DynoTokenRing     *self,
       DynoTokenKeyState  state)
{
  g_clear_pointer (&self->slots[state].key, dyno_token_key_unref);
  self->slots[state] = (DynoTokenSlot) { .state = state };
}

/* Moves what stands in one state to the other, in whose place it comes. */
static void
move (DynoTokenRing     *self,
      DynoTokenKeyState  from,
      DynoTokenKeyState  to)
{
  clear (self, to);
  self->slots[to] = self->slots[from];
  self->slots[to].state = to;
  self->slots[from] = (DynoTokenSlot) { .state = from };
}

DynoTokenRing *
dyno_token_ring_turn (const DynoTokenRing *self,
                      DynoTokenKey        *fresh,
                      gint64               now_ms)
{
  DynoTokenRing *ring = dyno_token_ring_new (NULL, 0);

  for (guint i = 0; i < DYNO_N_TOKEN_KEY_STATES; i++)
    {
      if (self->slots[i].key != NULL)
        put (ring, &self->slots[i]);
    }
  if (fresh != NULL)
    {
      DynoTokenSlot slot = slot_of_fresh (ring, fresh, now_ms);

      put (ring, &slot);
    }
  if (is_retired_over (ring, now_ms))
    clear (ring, DYNO_TOKEN_KEY_RETIRED);
  if (is_next_due (ring, now_ms))
    {
      ring->slots[DYNO_TOKEN_KEY_ACTIVE].retired_ms = now_ms;
      if (ring->slots[DYNO_TOKEN_KEY_ACTIVE].key != NULL)
        move (ring, DYNO_TOKEN_KEY_ACTIVE, DYNO_TOKEN_KEY_RETIRED);
      move (ring, DYNO_TOKEN_KEY_NEXT, DYNO_TOKEN_KEY_ACTIVE);
      ring->slots[DYNO_TOKEN_KEY_ACTIVE].active_from_ms = now_ms;
    }

  return ring;
}

DynoTokenRing *
dyno_token_ring_replace (DynoTokenKey *fresh,
                         gint64        now_ms)
{
  DynoTokenSlot slot = { fresh, DYNO_TOKEN_KEY_ACTIVE, now_ms, now_ms, 0 };

  return dyno_token_ring_new (&slot, 1);
}

char *
dyno_token_ring_to_jwks (const DynoTokenRing *self)
{
  GString *text = g_string_new ("{\"keys\":[");

  for (guint i = 0, n = 0; i < DYNO_N_TOKEN_KEY_STATES; i++)
    {
      g_autofree char *jwk = NULL;

      if (self->slots[i].key == NULL)
        continue;
      jwk = dyno_token_key_to_jwk (self->slots[i].key);
      g_string_append_printf (text, "%s%s", n++ > 0 ? "," : "", jwk);
    }
  g_string_append (text, "]}");

  return g_string_free (text, FALSE);
}
