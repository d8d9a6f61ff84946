/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A family is a small table of chains. A series is linked in at the head of its
 * chain and stays there for ever, so a reader follows the links without a lock;
 * only the making of a series takes one. A count is one atomic addition. */

#include "config.h"

#include "dyno-metrics.h"

#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

#include "dyno-metrics-private.h"

#define N_CHAINS 64
#define MAX_VALUE_BYTES 128

struct _DynoSeries
{
  const DynoMetricFamily *family;
  DynoSeries             *next;     /* immutable once linked in */
  guint                   hash;
  char                   *labels[DYNO_METRICS_MAX_LABELS + 1]; /* (owned) */
  _Atomic guint64         count;    /* (atomic) */
  _Atomic guint64         real;     /* (atomic) bits of a double: gauge, or sum */
  _Atomic guint64         buckets[];/* (atomic) of a histogram, n_bounds + 1 */
};

typedef struct
{
  _Atomic (DynoSeries *) chains[N_CHAINS]; /* (atomic) */
  guint                  n_series;         /* (lock) */
} Family;

static Family families[DYNO_N_METRICS];
static GMutex lock;

static guint64
bits_of (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);

  return bits;
}

static double
real_of (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

/* Series */

static guint
n_labels (const DynoMetricFamily *family)
{
  guint n = 0;

  while (family->labels[n] != NULL)
    n++;

  return n;
}

static guint
hash_values (const char *const *values)
{
  guint hash = 5381;

  for (guint i = 0; values[i] != NULL; i++)
    hash = hash * 31 + g_str_hash (values[i]);

  return hash;
}

static gboolean
has_values (const DynoSeries  *self,
            guint              hash,
            const char *const *values)
{
  if (self->hash != hash)
    return FALSE;

  for (guint i = 0; values[i] != NULL; i++)
    {
      if (strcmp (self->labels[i], values[i]) != 0)
        return FALSE;
    }

  return TRUE;
}

static DynoSeries *
find_series (Family            *family,
             guint              hash,
             const char *const *values)
{
  DynoSeries *self = atomic_load_explicit (&family->chains[hash % N_CHAINS], memory_order_acquire);

  while (self != NULL && !has_values (self, hash, values))
    self = self->next;

  return self;
}

static DynoSeries *
series_new (const DynoMetricFamily *family,
            guint                   hash,
            const char *const      *values)
{
  guint n_buckets = family->type == DYNO_METRIC_HISTOGRAM ? family->n_bounds + 1 : 0;
  DynoSeries *self = g_malloc0 (sizeof *self + n_buckets * sizeof self->buckets[0]);

  self->family = family;
  self->hash = hash;
  for (guint i = 0; values[i] != NULL; i++)
    self->labels[i] = g_strdup (values[i]);
  if (family->type == DYNO_METRIC_GAUGE)
    self->real = bits_of (NAN);

  return self;
}

/* (lock) */
static DynoSeries *
link_series (DynoMetric         metric,
             guint              hash,
             const char *const *values)
{
  Family *family = &families[metric];
  DynoSeries *self = series_new (dyno_metrics_family (metric), hash, values);

  self->next = atomic_load_explicit (&family->chains[hash % N_CHAINS], memory_order_relaxed);
  atomic_store_explicit (&family->chains[hash % N_CHAINS], self, memory_order_release);
  family->n_series++;

  return self;
}

static DynoSeries *
make_series (DynoMetric         metric,
             guint              hash,
             const char *const *values)
{
  static const char *const all_other[] = { "other", "other", "other" };
  const char *other[DYNO_METRICS_MAX_LABELS + 1] = { NULL };
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  DynoSeries *self = find_series (&families[metric], hash, values);

  if (self != NULL)
    return self;
  if (families[metric].n_series < DYNO_METRICS_MAX_SERIES || values[0] == NULL)
    return link_series (metric, hash, values);

  memcpy (other, all_other, n_labels (dyno_metrics_family (metric)) * sizeof other[0]);
  hash = hash_values (other);
  self = find_series (&families[metric], hash, other);

  return self != NULL ? self : link_series (metric, hash, other);
}

/* A value from outside, cut and made UTF-8; the common one is left as it is. */
static const char *
tame (const char *value,
      char      **made)
{
  if (value == NULL || *value == '\0')
    return "none";
  if (strlen (value) <= MAX_VALUE_BYTES && g_utf8_validate (value, -1, NULL))
    return value;

  *made = g_utf8_make_valid (value, (gssize) strnlen (value, MAX_VALUE_BYTES));

  return *made;
}

static DynoSeries *
series_of (DynoMetric metric,
           va_list    args)
{
  const DynoMetricFamily *family = dyno_metrics_family (metric);
  const char *values[DYNO_METRICS_MAX_LABELS + 1] = { NULL };
  char *made[DYNO_METRICS_MAX_LABELS] = { NULL };
  DynoSeries *self;
  guint hash;

  for (guint i = 0; family->labels[i] != NULL; i++)
    values[i] = tame (va_arg (args, const char *), &made[i]);
  hash = hash_values (values);
  self = find_series (&families[metric], hash, values);
  if (self == NULL)
    self = make_series (metric, hash, values);
  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    g_free (made[i]);

  return self;
}

DynoSeries *
dyno_metrics_series (DynoMetric metric,
                     ...)
{
  DynoSeries *self;
  va_list args;

  va_start (args, metric);
  self = series_of (metric, args);
  va_end (args);

  return self;
}

/* Counting */

void
dyno_series_add (DynoSeries *self,
                 guint64     n)
{
  g_return_if_fail (self->family->type == DYNO_METRIC_COUNTER);

  atomic_fetch_add_explicit (&self->count, n, memory_order_relaxed);
}

void
dyno_series_set (DynoSeries *self,
                 double      value)
{
  g_return_if_fail (self->family->type != DYNO_METRIC_HISTOGRAM);

  atomic_store_explicit (&self->real, bits_of (value), memory_order_relaxed);
}

static void
add_real (DynoSeries *self,
          double      by)
{
  guint64 old = atomic_load_explicit (&self->real, memory_order_relaxed);
  double value;

  do
    value = isnan (real_of (old)) ? by : real_of (old) + by;
  while (!atomic_compare_exchange_weak_explicit (&self->real, &old, bits_of (value),
                                                 memory_order_relaxed, memory_order_relaxed));
}

void
dyno_series_shift (DynoSeries *self,
                   double      by)
{
  g_return_if_fail (self->family->type == DYNO_METRIC_GAUGE);

  add_real (self, by);
}

void
dyno_series_observe (DynoSeries *self,
                     double      value)
{
  const DynoMetricFamily *family = self->family;
  guint bucket = 0;

  g_return_if_fail (family->type == DYNO_METRIC_HISTOGRAM);

  if (isnan (value))
    return;
  while (bucket < family->n_bounds && value > family->bounds[bucket])
    bucket++;
  atomic_fetch_add_explicit (&self->buckets[bucket], 1, memory_order_relaxed);
  add_real (self, value);
}

void
dyno_metrics_add (DynoMetric metric,
                  guint64    n,
                  ...)
{
  va_list args;

  va_start (args, n);
  dyno_series_add (series_of (metric, args), n);
  va_end (args);
}

void
dyno_metrics_set (DynoMetric metric,
                  double     value,
                  ...)
{
  va_list args;

  va_start (args, value);
  dyno_series_set (series_of (metric, args), value);
  va_end (args);
}

void
dyno_metrics_shift (DynoMetric metric,
                    double     by,
                    ...)
{
  va_list args;

  va_start (args, by);
  dyno_series_shift (series_of (metric, args), by);
  va_end (args);
}

void
dyno_metrics_observe (DynoMetric metric,
                      double     value,
                      ...)
{
  va_list args;

  va_start (args, value);
  dyno_series_observe (series_of (metric, args), value);
  va_end (args);
}

void
dyno_metrics_set_app (const char *environment)
{
  static const char *const known[] = { "production", "staging", "development" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (!g_str_equal (known[i], environment))
        dyno_metrics_set (DYNO_METRIC_APP, NAN, DYNO_VERSION, known[i], NULL);
    }
  dyno_metrics_set (DYNO_METRIC_APP, 1, DYNO_VERSION, environment, NULL);
}

/* Snapshot */

static void
sample_free (gpointer data)
{
  DynoMetricSample *sample = data;

  for (guint i = 0; i < G_N_ELEMENTS (sample->labels); i++)
    g_free (sample->labels[i]);
  g_free (sample->buckets);
  g_free (sample);
}

static DynoMetricSample *
sample_of (DynoSeries *self,
           DynoMetric  metric)
{
  DynoMetricSample *sample = g_new0 (DynoMetricSample, 1);
  const DynoMetricFamily *family = self->family;

  sample->metric = metric;
  for (guint i = 0; self->labels[i] != NULL; i++)
    sample->labels[i] = g_strdup (self->labels[i]);
  sample->value = (double) self->count + real_of (self->real);
  if (family->type != DYNO_METRIC_HISTOGRAM)
    return sample;

  sample->buckets = g_new (guint64, family->n_bounds + 1);
  for (guint i = 0; i <= family->n_bounds; i++)
    {
      sample->buckets[i] = self->buckets[i];
      sample->count += sample->buckets[i];
    }

  return sample;
}

static int
compare_samples (gconstpointer a,
                 gconstpointer b)
{
  const DynoMetricSample *left = *(const DynoMetricSample *const *) a;
  const DynoMetricSample *right = *(const DynoMetricSample *const *) b;
  int order = (int) left->metric - (int) right->metric;

  for (guint i = 0; order == 0 && left->labels[i] != NULL; i++)
    order = strcmp (left->labels[i], right->labels[i]);

  return order;
}

/* What has no label is there from the start, a gauge of which nobody knows aside. */
static void
begin_unlabelled (void)
{
  for (int metric = 0; metric < DYNO_N_METRICS; metric++)
    {
      if (dyno_metrics_family (metric)->labels[0] == NULL)
        dyno_metrics_series (metric, NULL);
    }
}

GPtrArray *
dyno_metrics_snapshot (void)
{
  GPtrArray *samples = g_ptr_array_new_with_free_func (sample_free);

  begin_unlabelled ();
  dyno_metrics_read_process ();
  for (int metric = 0; metric < DYNO_N_METRICS; metric++)
    {
      for (guint i = 0; i < N_CHAINS; i++)
        {
          for (DynoSeries *series = families[metric].chains[i]; series; series = series->next)
            g_ptr_array_add (samples, sample_of (series, metric));
        }
    }
  g_ptr_array_sort (samples, compare_samples);

  return samples;
}

double
dyno_metric_sample_quantile (const DynoMetricSample *self,
                             double                  q)
{
  const DynoMetricFamily *family = dyno_metrics_family (self->metric);
  double rank = q * (double) self->count;
  double below = 0;

  if (self->buckets == NULL || self->count == 0)
    return NAN;

  for (guint i = 0; i < family->n_bounds; i++)
    {
      double n = (double) self->buckets[i];
      double low = i > 0 ? family->bounds[i - 1] : 0;

      if (below + n >= rank && n > 0)
        return low + (family->bounds[i] - low) * (rank - below) / n;
      below += n;
    }

  return family->bounds[family->n_bounds - 1];
}
