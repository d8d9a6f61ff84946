/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Only the writer changes anything, so he may look at rings and slots without
 * the lock; he takes it to change what a reader could be copying. Growing beyond
 * 128 channels makes every ring shorter: the new rings are filled beside the
 * old ones and exchanged under the lock. */

#include "config.h"

#include "dyno-live.h"

#include <math.h>
#include <string.h>

#define MAX_BYTES (64 << 20)
#define N_INTERVALS 20
#define LAG_WINDOW_US (5 * G_USEC_PER_SEC)

typedef struct
{
  gint64 t_us;
  double value;
} Sample;

typedef struct
{
  char          *name;      /* (owned) */
  DynoQuantity   quantity;
  DynoChannel    canonical; /* (lock) */
  DynoLiveState  state;     /* (lock) as the writer said */
  guint64        n_samples; /* (lock) ever; the newest is at n_samples − 1 */
  Sample         last;      /* (lock) the newest that is a number */
  gint64         arrived_us; /* (lock) when that came, monotonic; −1: never */
  Sample        *ring;      /* (owned) (lock) sample i stands at i & (capacity − 1) */
} Slot;

struct _DynoLive
{
  gatomicrefcount  refs;
  DynoClock       *clock;                       /* (borrowed) outlives the ring */
  GMutex           lock;
  GPtrArray       *slots;                       /* (owned) (lock) of Slot */
  int              by_canonical[DYNO_N_CHANNELS]; /* (lock) −1: not bound */
  guint            generation;                  /* (lock) */
  gsize            capacity;                    /* (lock) a power of two */
  gint64           lag_us;                      /* (lock) least of this window */
  gint64           last_lag_us;                 /* (lock) least of the window before */
  gint64           window_end_us;               /* (lock) */
  gboolean         has_lag;                     /* (lock) */
  DynoCaptureState *capture;                    /* (owned) (nullable) (lock) */
  DynoArmState     *arm;                        /* (owned) (nullable) (lock) */
  DynoPreflight    *preflight;                  /* (owned) (nullable) (lock) */
};

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  g_free (slot->name);
  g_free (slot->ring);
  g_free (slot);
}

static gsize
capacity_for (guint n_channels)
{
  gsize capacity = DYNO_LIVE_CAPACITY;

  while (capacity * sizeof (Sample) * n_channels > MAX_BYTES)
    capacity /= 2;

  return capacity;
}

DynoLive *
dyno_live_new (DynoClock *clock)
{
  DynoLive *self = g_new0 (DynoLive, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->clock = clock;
  self->slots = g_ptr_array_new_with_free_func (slot_free);
  self->generation = 1;
  self->capacity = DYNO_LIVE_CAPACITY;
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    self->by_canonical[i] = -1;

  return self;
}

DynoLive *
dyno_live_ref (DynoLive *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
dyno_live_unref (DynoLive *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->slots);
  g_clear_pointer (&self->capture, dyno_capture_state_unref);
  g_clear_pointer (&self->arm, dyno_arm_state_unref);
  g_clear_pointer (&self->preflight, dyno_preflight_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Writer. */

static Slot *
slot_at (DynoLive *self,
         guint     channel)
{
  return channel < self->slots->len ? g_ptr_array_index (self->slots, channel) : NULL;
}

/* The newest samples of `slot` in a ring of another size. (transfer full) */
static Sample *
copy_ring (const Slot *slot,
           gsize       from_capacity,
           gsize       to_capacity)
{
  Sample *ring = g_new (Sample, to_capacity);
  guint64 n = MIN (slot->n_samples, MIN (from_capacity, to_capacity));

  for (guint64 i = slot->n_samples - n; i < slot->n_samples; i++)
    ring[i & (to_capacity - 1)] = slot->ring[i & (from_capacity - 1)];

  return ring;
}

static void
shorten_rings (DynoLive *self,
               gsize     capacity)
{
  g_autoptr(GPtrArray) rings = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->slots->len; i++)
    g_ptr_array_add (rings, copy_ring (slot_at (self, i), self->capacity, capacity));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->slots->len; i++)
    {
      Sample *old = slot_at (self, i)->ring;

      slot_at (self, i)->ring = g_ptr_array_index (rings, i);
      g_ptr_array_index (rings, i) = old;
    }
  self->capacity = capacity;
  g_mutex_unlock (&self->lock);
}

int
dyno_live_add (DynoLive     *self,
               const char   *name,
               DynoQuantity  quantity)
{
  gsize capacity;
  Slot *slot;

  g_return_val_if_fail (name != NULL, -1);

  if (self->slots->len >= DYNO_LIVE_MAX_CHANNELS)
    return -1;

  capacity = capacity_for (self->slots->len + 1);
  if (capacity < self->capacity)
    shorten_rings (self, capacity);

  slot = g_new0 (Slot, 1);
  slot->name = g_strdup (name);
  slot->quantity = quantity;
  slot->arrived_us = -1;
  slot->ring = g_new (Sample, capacity);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->slots, slot);
  g_mutex_unlock (&self->lock);

  return (int) self->slots->len - 1;
}

void
dyno_live_bind (DynoLive    *self,
                DynoChannel  canonical,
                int          channel)
{
  g_autoptr(GMutexLocker) locker = NULL;
  int old;

  g_return_if_fail (canonical > DYNO_CHANNEL_NONE && canonical < DYNO_N_CHANNELS);
  g_return_if_fail (channel >= -1 && channel < (int) self->slots->len);

  locker = g_mutex_locker_new (&self->lock);
  old = self->by_canonical[canonical];
  if (old >= 0)
    slot_at (self, (guint) old)->canonical = DYNO_CHANNEL_NONE;
  self->by_canonical[canonical] = channel;
  if (channel < 0)
    return;

  if (slot_at (self, (guint) channel)->canonical != DYNO_CHANNEL_NONE)
    self->by_canonical[slot_at (self, (guint) channel)->canonical] = -1;
  slot_at (self, (guint) channel)->canonical = canonical;
  self->by_canonical[canonical] = channel;
}

/* (lock) The least lag of the last five to ten seconds is what a sample needs
 * that waited for nothing. */
static void
note_lag (DynoLive *self,
          gint64    now_us,
          gint64    lag_us)
{
  if (!self->has_lag || now_us >= self->window_end_us)
    {
      self->last_lag_us = self->has_lag ? self->lag_us : lag_us;
      self->lag_us = lag_us;
      self->window_end_us = now_us + LAG_WINDOW_US;
      self->has_lag = TRUE;
    }
  self->lag_us = MIN (self->lag_us, lag_us);
}

void
dyno_live_append (DynoLive     *self,
                  guint         channel,
                  gsize         n,
                  const gint64 *t_us,
                  const double *values)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  Slot *slot = slot_at (self, channel);
  gsize skip = n > self->capacity ? n - self->capacity : 0;

  g_return_if_fail (slot != NULL);

  if (n == 0)
    return;

  g_mutex_lock (&self->lock);
  slot->n_samples += skip;
  for (gsize i = skip; i < n; i++)
    {
      Sample sample = { t_us[i], values[i] };

      slot->ring[slot->n_samples++ & (self->capacity - 1)] = sample;
      if (isfinite (sample.value))
        {
          slot->last = sample;
          slot->arrived_us = now_us;
        }
    }
  note_lag (self, now_us, now_us - t_us[n - 1]);
  g_mutex_unlock (&self->lock);
}

void
dyno_live_set_state (DynoLive      *self,
                     guint          channel,
                     DynoLiveState  state)
{
  Slot *slot = slot_at (self, channel);

  g_return_if_fail (slot != NULL);
  g_return_if_fail (state < DYNO_N_LIVE_STATES);

  g_mutex_lock (&self->lock);
  slot->state = state;
  g_mutex_unlock (&self->lock);
}

void
dyno_live_clear (DynoLive *self)
{
  g_autoptr(GPtrArray) old = NULL;

  g_mutex_lock (&self->lock);
  old = g_steal_pointer (&self->slots);
  self->slots = g_ptr_array_new_with_free_func (slot_free);
  self->capacity = DYNO_LIVE_CAPACITY;
  self->generation++;
  self->has_lag = FALSE;
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    self->by_canonical[i] = -1;
  g_mutex_unlock (&self->lock);
}

/* The old picture goes outside the lock: freeing it takes time. */
void
dyno_live_set_capture (DynoLive         *self,
                       DynoCaptureState *state)
{
  g_autoptr(DynoCaptureState) old = NULL;

  if (state != NULL)
    dyno_capture_state_ref (state);
  g_mutex_lock (&self->lock);
  old = self->capture;
  self->capture = state;
  g_mutex_unlock (&self->lock);
}

void
dyno_live_set_arm (DynoLive     *self,
                   DynoArmState *state)
{
  g_autoptr(DynoArmState) old = NULL;

  if (state != NULL)
    dyno_arm_state_ref (state);
  g_mutex_lock (&self->lock);
  old = self->arm;
  self->arm = state;
  g_mutex_unlock (&self->lock);
}

void
dyno_live_set_preflight (DynoLive      *self,
                         DynoPreflight *preflight)
{
  g_autoptr(DynoPreflight) old = NULL;

  if (preflight != NULL)
    dyno_preflight_ref (preflight);
  g_mutex_lock (&self->lock);
  old = self->preflight;
  self->preflight = preflight;
  g_mutex_unlock (&self->lock);
}

/* Readers. */

DynoCaptureState *
dyno_live_ref_capture (DynoLive *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->capture != NULL ? dyno_capture_state_ref (self->capture) : NULL;
}

DynoArmState *
dyno_live_ref_arm (DynoLive *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->arm != NULL ? dyno_arm_state_ref (self->arm) : NULL;
}

DynoPreflight *
dyno_live_ref_preflight (DynoLive *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->preflight != NULL ? dyno_preflight_ref (self->preflight) : NULL;
}

guint
dyno_live_generation (DynoLive *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->generation;
}

guint
dyno_live_n_channels (DynoLive *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->slots->len;
}

gsize
dyno_live_capacity (DynoLive *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->capacity;
}

int
dyno_live_find (DynoLive    *self,
                DynoChannel  canonical)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return canonical < DYNO_N_CHANNELS ? self->by_canonical[canonical] : -1;
}

int
dyno_live_find_name (DynoLive   *self,
                     const char *name)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->slots->len; i++)
    {
      if (g_str_equal (slot_at (self, i)->name, name))
        return (int) i;
    }

  return -1;
}

char *
dyno_live_dup_name (DynoLive *self,
                    guint     channel)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Slot *slot = slot_at (self, channel);

  return slot != NULL ? g_strdup (slot->name) : NULL;
}

DynoQuantity
dyno_live_quantity (DynoLive *self,
                    guint     channel)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Slot *slot = slot_at (self, channel);

  return slot != NULL ? slot->quantity : DYNO_QUANTITY_NONE;
}

DynoChannel
dyno_live_canonical (DynoLive *self,
                     guint     channel)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Slot *slot = slot_at (self, channel);

  return slot != NULL ? slot->canonical : DYNO_CHANNEL_NONE;
}

gint64
dyno_live_now_us (DynoLive *self)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->has_lag ? now_us - MIN (self->lag_us, self->last_lag_us) : 0;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* Median of the intervals between `n` stamps, oldest first; 0 with fewer than
 * two. The stamps are overwritten. */
static gint64
median_interval (gint64 *t_us,
                 guint   n)
{
  if (n < 2)
    return 0;

  for (guint i = 0; i + 1 < n; i++)
    t_us[i] = ABS (t_us[i + 1] - t_us[i]);
  qsort (t_us, n - 1, sizeof *t_us, compare_times);

  return t_us[(n - 1) / 2];
}

static DynoLiveState
state_by_age (DynoLiveState state,
              gint64        age_us,
              gint64        period_us)
{
  if (state == DYNO_LIVE_IDLE || state >= DYNO_LIVE_LOST)
    return state;
  if (age_us > MAX (5 * G_USEC_PER_SEC, 10 * period_us))
    return DYNO_LIVE_LOST;
  if (age_us > MAX (G_USEC_PER_SEC, 5 * period_us))
    return DYNO_LIVE_STALE;

  return state;
}

gboolean
dyno_live_get (DynoLive        *self,
               int              channel,
               DynoLiveReading *reading)
{
  gint64 now_us = dyno_clock_monotonic_us (self->clock);
  gint64 t_us[N_INTERVALS + 1];
  guint n = 0;
  Slot *slot;

  *reading = (DynoLiveReading) { .value = NAN, .state = DYNO_LIVE_UNMAPPED };

  g_mutex_lock (&self->lock);
  slot = channel >= 0 ? slot_at (self, (guint) channel) : NULL;
  if (slot != NULL)
    {
      reading->n_samples = slot->n_samples;
      reading->state = DYNO_LIVE_NO_SIGNAL;
      if (slot->arrived_us >= 0)
        {
          reading->state = slot->state;
          reading->value = slot->last.value;
          reading->t_us = slot->last.t_us;
          reading->age_us = MAX (now_us - slot->arrived_us, 0);
        }
      n = (guint) MIN (slot->n_samples, G_N_ELEMENTS (t_us));
      for (guint i = 0; i < n; i++)
        t_us[i] = slot->ring[(slot->n_samples - n + i) & (self->capacity - 1)].t_us;
    }
  g_mutex_unlock (&self->lock);

  reading->period_us = median_interval (t_us, n);
  reading->state = state_by_age (reading->state, reading->age_us, reading->period_us);

  return slot != NULL;
}

gsize
dyno_live_read (DynoLive       *self,
                guint           channel,
                DynoLiveCursor *cursor,
                gint64         *t_us,
                double         *values,
                gsize           max)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Slot *slot = slot_at (self, channel);
  guint64 oldest;
  gsize n;

  if (slot == NULL)
    return 0;

  if (cursor->generation != self->generation)
    *cursor = (DynoLiveCursor) { .generation = self->generation };
  oldest = slot->n_samples > self->capacity ? slot->n_samples - self->capacity : 0;
  cursor->index = CLAMP (cursor->index, oldest, slot->n_samples);
  n = (gsize) MIN (slot->n_samples - cursor->index, MIN (max, DYNO_LIVE_MAX_COPY));
  for (gsize i = 0; i < n; i++)
    {
      const Sample *sample = &slot->ring[(cursor->index + i) & (self->capacity - 1)];

      t_us[i] = sample->t_us;
      values[i] = sample->value;
    }
  cursor->index += n;

  return n;
}

const char *
dyno_live_state_name (DynoLiveState state)
{
  static const char *const names[DYNO_N_LIVE_STATES] = {
    [DYNO_LIVE_OK] = "ok",           [DYNO_LIVE_IDLE] = "idle",
    [DYNO_LIVE_SLOW] = "slow",       [DYNO_LIVE_PEGGED] = "pegged",
    [DYNO_LIVE_FROZEN] = "frozen",   [DYNO_LIVE_INVALID] = "invalid",
    [DYNO_LIVE_STALE] = "stale",     [DYNO_LIVE_LOST] = "lost",
    [DYNO_LIVE_NO_SIGNAL] = "no signal", [DYNO_LIVE_UNMAPPED] = "not mapped",
  };

  g_return_val_if_fail (state < DYNO_N_LIVE_STATES, "");

  return names[state];
}
