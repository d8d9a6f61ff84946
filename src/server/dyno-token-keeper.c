/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A turn goes load > make > turn > keep, each step answered in the keeper's context; one
 * runs at a time, others wait. The ring in force is another one only after it is kept,
 * so that no token is ever signed by a key that a restart has forgotten. */

#include "config.h"

#include "dyno-token-keeper.h"

#define LOOK_EVERY_S 3600

struct _DynoTokenKeeper
{
  gatomicrefcount    ref_count;
  DynoShop          *shop;      /* (owned) */
  DynoTokenRingFunc  changed;   /* (nullable) NULL: freed */
  gpointer           data;      /* (borrowed) */
  DynoTokenRing     *ring;      /* (owned) (nullable) NULL: not loaded */
  GTask             *current;   /* (borrowed) (nullable) the turn that runs */
  GQueue             waiting;   /* (owned) of GTask */
  GSource           *clock;     /* (owned) (nullable) */
};

/* Whether a turn is to throw everything away: task data. */
#define REPLACE GINT_TO_POINTER (TRUE)

static void start_next (DynoTokenKeeper *self);

static void
keeper_unref (DynoTokenKeeper *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->ring, dyno_token_ring_unref);
  dyno_shop_unref (self->shop);
  g_free (self);
}

static gint64
now_ms (DynoTokenKeeper *self)
{
  return dyno_clock_real_us (dyno_shop_get_clock (self->shop)) / 1000;
}

/* Answers the turn in hand; `error` (nullable) is taken over. */
static void
end_turn (DynoTokenKeeper *self,
          GTask           *task,
          GError          *error)
{
  self->current = NULL;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
  start_next (self);
  keeper_unref (self);
}

static const DynoSigningState kept_states[DYNO_N_TOKEN_KEY_STATES] = {
  [DYNO_TOKEN_KEY_ACTIVE] = DYNO_SIGNING_ACTIVE,
  [DYNO_TOKEN_KEY_NEXT] = DYNO_SIGNING_NEXT,
  [DYNO_TOKEN_KEY_RETIRED] = DYNO_SIGNING_RETIRED,
};

static DynoSigningKey *
kept_of (const DynoTokenSlot *slot)
{
  DynoSigningKey *key = g_new0 (DynoSigningKey, 1);

  key->kid = g_strdup (dyno_token_key_get_id (slot->key));
  key->state = kept_states[slot->state];
  key->public_key = dyno_token_key_to_jwk (slot->key);
  key->der = dyno_token_key_to_der (slot->key);
  key->created_ms = slot->created_ms;
  key->active_from_ms = slot->active_from_ms;
  key->retired_ms = slot->retired_ms;

  return key;
}

static GPtrArray *
keys_of (const DynoTokenRing *ring)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_signing_key_free);

  for (guint i = 0; i < DYNO_N_TOKEN_KEY_STATES; i++)
    {
      const DynoTokenSlot *slot = dyno_token_ring_get (ring, (DynoTokenKeyState) i);

      if (slot != NULL)
        g_ptr_array_add (keys, kept_of (slot));
    }

  return keys;
}

static gboolean
slot_from (const DynoSigningKey *key,
           DynoTokenSlot        *slot,
           GError              **error)
{
  for (guint i = 0; i < DYNO_N_TOKEN_KEY_STATES; i++)
    {
      if (kept_states[i] == key->state)
        slot->state = (DynoTokenKeyState) i;
    }
  slot->created_ms = key->created_ms;
  slot->active_from_ms = key->active_from_ms;
  slot->retired_ms = key->retired_ms;
  slot->key = dyno_token_key_from_der (key->der, error);

  return slot->key != NULL;
}

static DynoTokenRing *
ring_from (GPtrArray *keys,
           GError   **error)
{
  g_autofree DynoTokenSlot *slots = g_new0 (DynoTokenSlot, keys->len + 1);
  DynoTokenRing *ring = NULL;
  guint n = 0;

  while (n < keys->len && slot_from (g_ptr_array_index (keys, n), &slots[n], error))
    n++;
  if (n == keys->len)
    ring = dyno_token_ring_new (slots, n);
  for (guint i = 0; i < n; i++)
    dyno_token_key_unref (slots[i].key);

  return ring;
}

static void
put_in_force (DynoTokenKeeper *self,
              DynoTokenRing   *ring)
{
  g_clear_pointer (&self->ring, dyno_token_ring_unref);
  self->ring = ring;
  if (self->changed != NULL)
    self->changed (ring, self->data);
}

/* The last step of a turn: the ring that it carries. */
typedef struct
{
  DynoTokenKeeper *self; /* (borrowed) held by the turn */
  DynoTokenRing   *ring; /* (owned) */
} Keeping;

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree Keeping *keeping = user_data;
  DynoTokenKeeper *self = keeping->self;
  GError *error = NULL;

  if (dyno_signing_keep_finish (result, &error))
    put_in_force (self, keeping->ring);
  else
    dyno_token_ring_unref (keeping->ring);
  end_turn (self, self->current, error);
}

static void
keep_ring (DynoTokenKeeper *self,
           DynoTokenRing   *ring)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->self = self;
  keeping->ring = ring;
  dyno_signing_keep_async (self->shop, keys_of (ring), NULL, kept_cb, keeping);
}

static void
make_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, dyno_token_key_generate (),
                         (GDestroyNotify) dyno_token_key_unref);
}

static void
made_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  DynoTokenKeeper *self = user_data;
  g_autoptr(DynoTokenKey) fresh = g_task_propagate_pointer (G_TASK (result), NULL);
  gboolean is_replacement = g_task_get_task_data (self->current) == REPLACE;

  keep_ring (self, is_replacement ? dyno_token_ring_replace (fresh, now_ms (self))
                                  : dyno_token_ring_turn (self->ring, fresh, now_ms (self)));
}

static void
make_key (DynoTokenKeeper *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, made_cb, self);

  g_task_run_in_thread (task, make_thread);
}

static void
turn_loaded (DynoTokenKeeper *self)
{
  gint64 moment_ms = now_ms (self);

  if (g_task_get_task_data (self->current) == REPLACE
      || dyno_token_ring_wants_key (self->ring, moment_ms))
    make_key (self);
  else if (dyno_token_ring_is_due (self->ring, moment_ms))
    keep_ring (self, dyno_token_ring_turn (self->ring, NULL, moment_ms));
  else
    end_turn (self, self->current, NULL);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  DynoTokenKeeper *self = user_data;
  GError *error = NULL;
  g_autoptr(GPtrArray) keys = dyno_signing_load_finish (result, &error);
  DynoTokenRing *ring = keys != NULL ? ring_from (keys, &error) : NULL;

  if (ring == NULL)
    {
      end_turn (self, self->current, error);
      return;
    }
  put_in_force (self, ring);
  turn_loaded (self);
}

static void
start_next (DynoTokenKeeper *self)
{
  if (self->current != NULL || g_queue_is_empty (&self->waiting))
    return;

  g_atomic_ref_count_inc (&self->ref_count);
  self->current = g_queue_pop_head (&self->waiting);
  if (self->ring != NULL)
    turn_loaded (self);
  else
    dyno_signing_load_async (self->shop, NULL, loaded_cb, self);
}

static void
ask (DynoTokenKeeper    *self,
     gpointer            what,
     GCancellable       *cancellable,
     GAsyncReadyCallback callback,
     gpointer            user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, ask);
  g_task_set_task_data (task, what, NULL);
  g_queue_push_tail (&self->waiting, task);
  start_next (self);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!dyno_token_keeper_finish (result, &error))
    g_warning ("The keys of logins could not be turned: %s", error->message);
}

static gboolean
look_cb (gpointer user_data)
{
  dyno_token_keeper_turn_async (user_data, NULL, looked_cb, NULL);

  return G_SOURCE_CONTINUE;
}

DynoTokenKeeper *
dyno_token_keeper_new (DynoShop          *shop,
                       DynoTokenRingFunc  changed,
                       gpointer           data)
{
  DynoTokenKeeper *self = g_new0 (DynoTokenKeeper, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->shop = dyno_shop_ref (shop);
  self->changed = changed;
  self->data = data;
  g_queue_init (&self->waiting);
  self->clock = g_timeout_source_new_seconds (LOOK_EVERY_S);
  g_source_set_callback (self->clock, look_cb, self, NULL);
  g_source_attach (self->clock, g_main_context_get_thread_default ());

  return self;
}

void
dyno_token_keeper_free (DynoTokenKeeper *self)
{
  if (self == NULL)
    return;

  self->changed = NULL;
  g_source_destroy (self->clock);
  g_clear_pointer (&self->clock, g_source_unref);
  keeper_unref (self);
}

void
dyno_token_keeper_turn_async (DynoTokenKeeper    *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  ask (self, NULL, cancellable, callback, user_data);
}

void
dyno_token_keeper_replace_async (DynoTokenKeeper    *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  ask (self, REPLACE, cancellable, callback, user_data);
}

gboolean
dyno_token_keeper_finish (GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
