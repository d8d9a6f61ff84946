/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The breakers of the program by name, and the words for their states. */

#include "config.h"

#include <string.h>

#include "dyno-breaker.h"

struct _DynoBreakerSet
{
  GMutex      mutex;
  DynoClock  *clock;    /* (borrowed) */
  GHashTable *breakers; /* (owned) (lock) name to DynoBreaker; never removed */
};

static const char *const state_names[] = {
  [DYNO_BREAKER_CLOSED] = "closed",
  [DYNO_BREAKER_HALF_OPEN] = "half_open",
  [DYNO_BREAKER_OPEN] = "open",
  [DYNO_BREAKER_FORCED_OPEN] = "forced_open",
  [DYNO_BREAKER_DISABLED] = "disabled",
};

const char *
dyno_breaker_state_name (DynoBreakerState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_names), NULL);

  return state_names[state];
}

gboolean
dyno_breaker_find_state (const char       *name,
                         DynoBreakerState *state)
{
  g_return_val_if_fail (name != NULL && state != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (state_names); i++)
    if (g_str_equal (name, state_names[i]))
      {
        *state = i;
        return TRUE;
      }

  return FALSE;
}

/* Of a model's provider: 1 to 32 of a–z 0–9 _ and -. */
static gboolean
is_provider (const char *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

  return length >= 1 && length <= 32 && name[length] == '\0';
}

gboolean
dyno_breaker_is_name (const char *name)
{
  static const char *const names[] = { "stt", "tts", "otlp", "keyring", "jetstream", "webhook", NULL };

  g_return_val_if_fail (name != NULL, FALSE);

  if (g_str_has_prefix (name, "model:"))
    return is_provider (name + strlen ("model:"));

  return g_strv_contains (names, name);
}

DynoBreakerSet *
dyno_breaker_set_new (DynoClock *clock)
{
  DynoBreakerSet *self = g_new0 (DynoBreakerSet, 1);

  g_mutex_init (&self->mutex);
  self->clock = clock;
  self->breakers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) dyno_breaker_free);

  return self;
}

void
dyno_breaker_set_free (DynoBreakerSet *self)
{
  g_hash_table_unref (self->breakers);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

DynoBreaker *
dyno_breaker_set_get (DynoBreakerSet *self,
                      const char     *name)
{
  g_autoptr(GMutexLocker) locker = NULL;
  DynoBreaker *breaker;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  if (!dyno_breaker_is_name (name))
    return NULL;

  locker = g_mutex_locker_new (&self->mutex);
  breaker = g_hash_table_lookup (self->breakers, name);
  if (breaker == NULL)
    {
      breaker = dyno_breaker_new (name, self->clock, NULL, NULL);
      g_hash_table_insert (self->breakers, g_strdup (name), breaker);
    }

  return breaker;
}

DynoBreaker *
dyno_breaker_set_find (DynoBreakerSet *self,
                       const char     *name)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  locker = g_mutex_locker_new (&self->mutex);
  return g_hash_table_lookup (self->breakers, name);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (((const DynoBreakerStatus *) a)->name, ((const DynoBreakerStatus *) b)->name);
}

GArray *
dyno_breaker_set_list (DynoBreakerSet *self)
{
  g_autoptr(GMutexLocker) locker = NULL;
  GHashTableIter iter;
  gpointer breaker;
  GArray *list;

  g_return_val_if_fail (self != NULL, NULL);

  locker = g_mutex_locker_new (&self->mutex);
  list = g_array_new (FALSE, FALSE, sizeof (DynoBreakerStatus));
  g_hash_table_iter_init (&iter, self->breakers);
  while (g_hash_table_iter_next (&iter, NULL, &breaker))
    {
      DynoBreakerStatus status;

      dyno_breaker_get_status (breaker, &status);
      g_array_append_val (list, status);
    }
  g_array_sort (list, compare_names);

  return list;
}
