/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-samples.h"

#include <math.h>

#include "dyno-stat.h"
#include "dyno-steps.h"

struct _DynoSamples
{
  gatomicrefcount  refs;
  gsize            n_rows;
  gboolean         has_time;
  double          *time;                     /* (owned) */
  guint8          *excluded;                 /* (owned) (nullable) */
  GArray          *columns;                  /* (owned) of DynoColumn; all pointers owned */
  gint             by_channel[DYNO_N_CHANNELS]; /* column index or −1 */
  double           step_s;
};

struct _DynoSamplesBuilder
{
  DynoSamples *samples; /* (owned) until finish */
};

static const char *const reject_names[DYNO_N_REJECTS] = {
  "none",       "sentinel",   "sensor_off",  "out_of_range",
  "unparsable", "not_finite", "extra_cells", "checksum",
};

const char *
dyno_reject_name (DynoReject reason)
{
  return reject_names[reason < DYNO_N_REJECTS ? reason : DYNO_REJECT_NONE];
}

static void
column_clear (gpointer data)
{
  DynoColumn *column = data;

  g_free ((gpointer) column->name);
  g_free ((gpointer) column->module);
  g_free ((gpointer) column->unit_text);
  dyno_numbers_clear (&column->numbers);
  g_free ((gpointer) column->updates);
  g_free ((gpointer) column->reasons);
}

DynoSamples *
dyno_samples_ref (DynoSamples *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
dyno_samples_unref (DynoSamples *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  g_free (self->time);
  g_free (self->excluded);
  g_array_unref (self->columns);
  g_free (self);
}

gsize
dyno_samples_n_rows (const DynoSamples *self)
{
  return self->n_rows;
}

guint
dyno_samples_n_columns (const DynoSamples *self)
{
  return self->columns->len;
}

gboolean
dyno_samples_has_time (const DynoSamples *self)
{
  return self->has_time;
}

const double *
dyno_samples_time (const DynoSamples *self)
{
  return self->time;
}

double
dyno_samples_duration (const DynoSamples *self)
{
  return self->n_rows > 0 ? self->time[self->n_rows - 1] - self->time[0] : 0;
}

const DynoColumn *
dyno_samples_column (const DynoSamples *self,
                     guint              index)
{
  g_return_val_if_fail (index < self->columns->len, NULL);

  return &g_array_index (self->columns, DynoColumn, index);
}

const DynoColumn *
dyno_samples_find (const DynoSamples *self,
                   DynoChannel        channel)
{
  if (channel <= DYNO_CHANNEL_NONE || channel >= DYNO_N_CHANNELS || self->by_channel[channel] < 0)
    return NULL;

  return dyno_samples_column (self, (guint) self->by_channel[channel]);
}

const DynoColumn *
dyno_samples_find_name (const DynoSamples *self,
                        const char        *name)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const DynoColumn *column = dyno_samples_column (self, i);

      if (g_str_equal (column->name, name))
        return column;
    }

  return NULL;
}

double
dyno_column_si (const DynoColumn *column,
                gsize             row)
{
  if (column == NULL)
    return NAN;

  return dyno_column_value (column, row) * column->scale + column->offset;
}

double *
dyno_samples_dup_si (const DynoSamples *self,
                     const DynoColumn  *column)
{
  double *values = g_new (double, MAX (self->n_rows, 1));

  dyno_numbers_copy (&column->numbers, 0, self->n_rows, values);
  for (gsize i = 0; i < self->n_rows; i++)
    values[i] = values[i] * column->scale + column->offset;

  return values;
}

double
dyno_column_afr (const DynoColumn *column,
                 gsize             row,
                 double            stoich)
{
  double value = dyno_column_si (column, row);

  if (column != NULL && column->unit->quantity == DYNO_QUANTITY_LAMBDA)
    value *= stoich;

  return value;
}

static gboolean
bit_is_set (const guint8 *bits,
            gsize         row)
{
  return (bits[row / 8] >> (row % 8) & 1) != 0;
}

#define SHORT_DISTANCES 256

/* Row distances between changes of value: nearly all are short, so that counting
 * them costs no memory a row. */
typedef struct
{
  gsize   counts[SHORT_DISTANCES];
  gsize   n_short;
  GArray *longer; /* (owned) of double */
} Distances;

/* Ends early where most of all rows differ from the one before: that is the median. */
static void
count_distances (Distances         *distances,
                 const DynoNumbers *numbers)
{
  gsize n = numbers->n;
  gsize last = G_MAXSIZE;

  for (gsize i = 1; i < n; i++)
    {
      double distance = (double) (i - last);

      if (!dyno_numbers_is_change (numbers, i))
        continue;
      if (last != G_MAXSIZE && i - last < SHORT_DISTANCES)
        {
          distances->counts[i - last]++;
          distances->n_short++;
        }
      else if (last != G_MAXSIZE)
        g_array_append_val (distances->longer, distance);
      last = i;
      if (distances->counts[1] > n / 2)
        return;
    }
}

static double
nth_distance (const Distances *distances,
              gsize            nth)
{
  if (nth >= distances->n_short)
    return dyno_stat_select (&g_array_index (distances->longer, double, 0), distances->longer->len,
                             nth - distances->n_short);

  for (gsize d = 0;; d++)
    {
      if (nth < distances->counts[d])
        return (double) d;
      nth -= distances->counts[d];
    }
}

/* Their median; 0 with fewer than two changes. */
static double
median_change_distance (const DynoNumbers *numbers)
{
  Distances distances = { .longer = g_array_new (FALSE, FALSE, sizeof (double)) };
  double median = 0;
  gsize n_distances;

  count_distances (&distances, numbers);
  n_distances = distances.n_short + distances.longer->len;
  if (n_distances > 0)
    median = (nth_distance (&distances, (n_distances - 1) / 2)
              + nth_distance (&distances, n_distances / 2)) / 2;
  g_array_unref (distances.longer);

  return median;
}

static void
guess_updates (const DynoNumbers *numbers,
               double             distance,
               guint8            *flags)
{
  gsize since = 0;

  for (gsize i = 0; i < numbers->n; i++)
    {
      gboolean has_changed
          = i == 0 || dyno_numbers_at (numbers, i) != dyno_numbers_at (numbers, i - 1);

      since++;
      if (dyno_numbers_is_missing (numbers, i))
        continue;
      if (distance < 2 || has_changed || (double) since >= distance)
        {
          flags[i] = 1;
          since = 0;
        }
    }
}

static gboolean
all_bits_are_set (const guint8 *bits,
                  gsize         n)
{
  gsize i = 0;

  while (i < n && bit_is_set (bits, i))
    i++;

  return i == n;
}

static gboolean
updates_always (const DynoSamples *self,
                const DynoColumn  *column)
{
  if (column->updates != NULL)
    return all_bits_are_set (column->updates, self->n_rows);

  return median_change_distance (&column->numbers) < 2;
}

/* Many ask, and the answer is a look at all rows: it is kept. */
enum
{
  NOT_ASKED,
  YES,
  NO,
};

gboolean
dyno_samples_updates_always (const DynoSamples *self,
                             const DynoColumn  *column)
{
  gint *kept = (gint *) &column->always;

  if (g_atomic_int_get (kept) == NOT_ASKED)
    g_atomic_int_set (kept, updates_always (self, column) ? YES : NO);

  return g_atomic_int_get (kept) == YES;
}

gboolean
dyno_column_is_whole (const DynoColumn *column)
{
  gint *kept = (gint *) &column->whole;

  if (g_atomic_int_get (kept) == NOT_ASKED)
    g_atomic_int_set (kept, dyno_numbers_are_whole (&column->numbers) ? YES : NO);

  return g_atomic_int_get (kept) == YES;
}

guint8 *
dyno_samples_dup_updates (const DynoSamples *self,
                          const DynoColumn  *column)
{
  guint8 *flags = g_new0 (guint8, MAX (self->n_rows, 1));

  if (column->updates == NULL)
    guess_updates (&column->numbers, median_change_distance (&column->numbers), flags);
  for (gsize i = 0; column->updates != NULL && i < self->n_rows; i++)
    flags[i] = bit_is_set (column->updates, i) && !dyno_numbers_is_missing (&column->numbers, i);

  return flags;
}

const guint8 *
dyno_samples_excluded (const DynoSamples *self)
{
  return self->excluded;
}

double
dyno_samples_step_s (const DynoSamples *self)
{
  return self->step_s;
}

double
dyno_samples_gap_s (const DynoSamples *self)
{
  return isnan (self->step_s) ? 0.5 : MAX (0.5, 10 * self->step_s);
}

gboolean
dyno_samples_is_gap (const DynoSamples *self,
                     gsize              row)
{
  if (!self->has_time || row == 0 || row >= self->n_rows)
    return FALSE;

  return self->time[row] - self->time[row - 1] > dyno_samples_gap_s (self);
}

static double *
slice_doubles (const double *values,
               gsize         first,
               gsize         n)
{
  return g_memdup2 (values + first, MAX (n, 1) * sizeof (double));
}

static guint8 *
slice_bits (const guint8 *bits,
            gsize         first,
            gsize         n)
{
  guint8 *slice = g_new0 (guint8, n / 8 + 1);

  for (gsize i = 0; i < n; i++)
    {
      if (bit_is_set (bits, first + i))
        slice[i / 8] |= (guint8) (1 << (i % 8));
    }

  return slice;
}

static void
slice_column (DynoSamplesBuilder *builder,
              const DynoColumn   *column,
              gsize               first,
              gsize               n)
{
  DynoNumbers numbers = dyno_numbers_slice (&column->numbers, first, n);
  guint index = dyno_samples_builder_take_numbers (builder, column->name, column->module,
                                                   column->channel, column->unit, &numbers);

  dyno_samples_builder_set_scale (builder, index, column->unit_text, column->scale, column->offset);
  if (column->updates != NULL)
    dyno_samples_builder_take_updates (builder, index, slice_bits (column->updates, first, n));
  if (column->reasons != NULL)
    dyno_samples_builder_take_reasons (builder, index, g_memdup2 (column->reasons + first, n));
}

DynoSamples *
dyno_samples_slice (DynoSamples *self,
                    gsize        first,
                    gsize        last)
{
  DynoSamplesBuilder *builder;
  gsize n;

  g_return_val_if_fail (first <= last && last < self->n_rows, NULL);

  n = last - first + 1;
  builder = dyno_samples_builder_new (n);
  if (self->has_time)
    {
      double *time = slice_doubles (self->time, first, n);

      for (gsize i = n; i-- > 0;)
        time[i] -= time[0];
      dyno_samples_builder_take_time (builder, time);
    }
  for (guint i = 0; i < self->columns->len; i++)
    slice_column (builder, dyno_samples_column (self, i), first, n);
  if (self->excluded != NULL)
    dyno_samples_builder_take_excluded (builder, slice_bits (self->excluded, first, n));

  return dyno_samples_builder_finish (builder);
}

DynoSamplesBuilder *
dyno_samples_builder_new (gsize n_rows)
{
  DynoSamplesBuilder *self = g_new0 (DynoSamplesBuilder, 1);
  DynoSamples *samples = g_new0 (DynoSamples, 1);

  g_atomic_ref_count_init (&samples->refs);
  samples->n_rows = n_rows;
  samples->columns = g_array_new (FALSE, FALSE, sizeof (DynoColumn));
  g_array_set_clear_func (samples->columns, column_clear);
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    samples->by_channel[i] = -1;
  self->samples = samples;

  return self;
}

void
dyno_samples_builder_free (DynoSamplesBuilder *self)
{
  if (self == NULL)
    return;

  dyno_samples_unref (self->samples);
  g_free (self);
}

void
dyno_samples_builder_take_time (DynoSamplesBuilder *self,
                                double             *time_s)
{
  DynoSamples *samples = self->samples;

  for (gsize i = 0; i < samples->n_rows; i++)
    g_assert (isfinite (time_s[i]) && (i == 0 || time_s[i] >= time_s[i - 1]));

  g_free (samples->time);
  samples->time = time_s;
  samples->has_time = TRUE;
}

/* Every missing value is the one NaN of the store and of the archive; decimals have no
 * other. */
static void
clean_numbers (DynoNumbers *numbers)
{
  for (gsize i = 0; numbers->doubles != NULL && i < numbers->n; i++)
    {
      if (!isfinite (numbers->doubles[i]))
        numbers->doubles[i] = NAN;
    }
}

static void
set_default_scale (DynoColumn *column)
{
  const DynoUnit *wanted = dyno_unit_find (dyno_channel_info (column->channel)->unit);

  column->scale = column->unit->scale;
  column->offset = column->unit->offset;
  if (column->channel != DYNO_CHANNEL_NONE && wanted != NULL
      && wanted->quantity == column->unit->quantity)
    dyno_unit_line (column->unit, wanted, &column->scale, &column->offset);
}

guint
dyno_samples_builder_take_numbers (DynoSamplesBuilder *self,
                                   const char         *name,
                                   const char         *module,
                                   DynoChannel         channel,
                                   const DynoUnit     *unit,
                                   DynoNumbers        *numbers)
{
  DynoSamples *samples = self->samples;
  guint index = samples->columns->len;
  DynoColumn column = {
    .name = g_strdup (name),
    .module = g_strdup (module != NULL ? module : ""),
    .channel = channel,
    .unit = unit,
    .unit_text = g_strdup (unit->symbol),
    .numbers = *numbers,
  };

  g_assert (numbers->n == samples->n_rows);
  clean_numbers (&column.numbers);
  *numbers = dyno_numbers_view (NULL, 0);
  if (channel != DYNO_CHANNEL_NONE && samples->by_channel[channel] >= 0)
    column.channel = DYNO_CHANNEL_NONE;
  if (column.channel != DYNO_CHANNEL_NONE)
    samples->by_channel[channel] = (gint) index;
  set_default_scale (&column);
  g_array_append_val (samples->columns, column);

  return index;
}

guint
dyno_samples_builder_take (DynoSamplesBuilder *self,
                           const char         *name,
                           const char         *module,
                           DynoChannel         channel,
                           const DynoUnit     *unit,
                           double             *values)
{
  DynoNumbers numbers = dyno_numbers_view (values, self->samples->n_rows);

  return dyno_samples_builder_take_numbers (self, name, module, channel, unit, &numbers);
}

static DynoColumn *
builder_column (DynoSamplesBuilder *self,
                guint               column)
{
  g_assert (column < self->samples->columns->len);

  return &g_array_index (self->samples->columns, DynoColumn, column);
}

void
dyno_samples_builder_set_scale (DynoSamplesBuilder *self,
                                guint               column,
                                const char         *unit_text,
                                double              scale,
                                double              offset)
{
  DynoColumn *c = builder_column (self, column);

  g_free ((gpointer) c->unit_text);
  c->unit_text = g_strdup (unit_text != NULL ? unit_text : "");
  c->scale = scale;
  c->offset = offset;
}

void
dyno_samples_builder_set_unit_text (DynoSamplesBuilder *self,
                                    guint               column,
                                    const char         *unit_text)
{
  DynoColumn *c = builder_column (self, column);

  g_free ((gpointer) c->unit_text);
  c->unit_text = g_strdup (unit_text != NULL ? unit_text : "");
}

void
dyno_samples_builder_take_updates (DynoSamplesBuilder *self,
                                   guint               column,
                                   guint8             *bits)
{
  DynoColumn *c = builder_column (self, column);

  g_free ((gpointer) c->updates);
  c->updates = bits;
}

void
dyno_samples_builder_take_reasons (DynoSamplesBuilder *self,
                                   guint               column,
                                   guint8             *reasons)
{
  DynoColumn *c = builder_column (self, column);

  g_free ((gpointer) c->reasons);
  c->reasons = reasons;
}

void
dyno_samples_builder_take_excluded (DynoSamplesBuilder *self,
                                    guint8             *bits)
{
  g_free (self->samples->excluded);
  self->samples->excluded = bits;
}

static void
count_rows_as_time (DynoSamples *samples)
{
  samples->time = g_new (double, MAX (samples->n_rows, 1));
  for (gsize i = 0; i < samples->n_rows; i++)
    samples->time[i] = (double) i;
}

DynoSamples *
dyno_samples_builder_finish (DynoSamplesBuilder *self)
{
  DynoSamples *samples = g_steal_pointer (&self->samples);

  if (!samples->has_time)
    count_rows_as_time (samples);
  samples->step_s = samples->has_time ? dyno_steps_median (samples->time, samples->n_rows) : NAN;
  g_free (self);

  return samples;
}
