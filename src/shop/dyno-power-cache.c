/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-cache.h"

#include <string.h>

/* Enough for two runs in all their smoothings, or the twenty of a comparison. */
#define MOST 24
#define MOST_BYTES (256 * (gsize) 1024 * 1024)
#define MOST_BYTES_OF_ONE (64 * (gsize) 1024 * 1024)

typedef struct
{
  char          *key;   /* (owned) run, revision, '|', options */
  DynoPullPower *power; /* (owned) */
  gsize          size;  /* of its samples, counted as if they were its own */
} Entry;

struct _DynoPowerCache
{
  GMutex lock;
  GQueue entries; /* (lock) of Entry, the latest first */
  gsize  size;    /* (lock) of all of them */
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  dyno_pull_power_unref (entry->power);
  g_free (entry);
}

DynoPowerCache *
dyno_power_cache_new (void)
{
  DynoPowerCache *self = g_new0 (DynoPowerCache, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->entries);

  return self;
}

void
dyno_power_cache_free (DynoPowerCache *self)
{
  if (self == NULL)
    return;

  g_queue_clear_full (&self->entries, entry_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

DynoPullPower *
dyno_power_cache_find (DynoPowerCache *self,
                       const char     *key)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (GList *l = self->entries.head; l != NULL; l = l->next)
    {
      Entry *entry = l->data;

      if (!g_str_equal (entry->key, key))
        continue;
      g_queue_unlink (&self->entries, l);
      g_queue_push_head_link (&self->entries, l);
      return dyno_pull_power_ref (entry->power);
    }

  return NULL;
}

static gsize
size_of (const DynoSamples *samples)
{
  return dyno_samples_n_rows (samples) * (dyno_samples_n_columns (samples) + 1) * sizeof (double);
}

/* (lock) What is over the limits. (transfer full) of Entry */
static GPtrArray *
take_oldest (DynoPowerCache *self)
{
  GPtrArray *oldest = g_ptr_array_new_with_free_func (entry_free);

  while (self->entries.length > MOST || self->size > MOST_BYTES)
    {
      Entry *entry = g_queue_pop_tail (&self->entries);

      self->size -= entry->size;
      g_ptr_array_add (oldest, entry);
    }

  return oldest;
}

void
dyno_power_cache_put (DynoPowerCache *self,
                      const char     *key,
                      DynoPullPower  *power)
{
  g_autoptr(GPtrArray) oldest = NULL;
  gsize size = size_of (power->samples);
  Entry *entry;

  if (size > MOST_BYTES_OF_ONE)
    return;

  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->power = dyno_pull_power_ref (power);
  entry->size = size;
  g_mutex_lock (&self->lock);
  g_queue_push_head (&self->entries, entry);
  self->size += size;
  oldest = take_oldest (self);
  g_mutex_unlock (&self->lock);
}

DynoSamples *
dyno_power_cache_samples (DynoPowerCache *self,
                          const char     *run_key)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gsize length = strlen (run_key);

  for (GList *l = self->entries.head; l != NULL; l = l->next)
    {
      Entry *entry = l->data;

      if (strncmp (entry->key, run_key, length) == 0 && entry->key[length] == '|')
        return dyno_samples_ref (entry->power->samples);
    }

  return NULL;
}
