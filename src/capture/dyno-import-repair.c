/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-repair.h"

#include <math.h>
#include <stdlib.h>

#include "dyno-error.h"
#include "dyno-steps.h"

#define DAY_S 86400.0
#define MIN_RESTART_S 1.0 /* a smaller step back is disorder */
#define MAX_DISORDER 0.01 /* of the rows */
#define STRAY_TIMES 10.0  /* those around it */
#define WRAP_SHARE 0.95   /* of the counter's range that must have been reached */

gsize *
dyno_import_order_new (gsize n)
{
  gsize *order = g_new (gsize, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    order[i] = i;

  return order;
}

static gsize
get_row (const DynoImportStamps *self,
         gsize                   place)
{
  return self->order != NULL ? self->order[place] : place;
}

/* The range of a counter that has wrapped between two stamps: 2^16 or 2^32 ticks of
 * 1 ms, 10 µs or 1 µs, nearly reached before and never passed. 0: none. */
static double
find_wrap (const DynoImportStamps *self,
           double                  before,
           double                  after,
           double                  largest)
{
  static const double ticks[] = { 65536, 4294967296.0 };
  static const double ticks_per_second[] = { 1e3, 1e5, 1e6 };

  if (self->is_clock || after < 0)
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (ticks); i++)
    {
      for (gsize k = 0; k < G_N_ELEMENTS (ticks_per_second); k++)
        {
          double range = ticks[i] * self->per_second / ticks_per_second[k];

          if (before >= WRAP_SHARE * range && largest <= range)
            return range;
        }
    }

  return 0;
}

static void
add_marker (DynoImportStamps *self,
            gsize             row,
            double            step_back)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  DynoImportMarker marker = {
    .before_row = row + 1,
    .text = g_strdup_printf ("The clock went back %s s and started again",
                             dyno_import_report_number (number, step_back / self->per_second, 6)),
  };

  g_array_append_val (self->report->markers, marker);
}

/* What must be added to the stamps from `row` on. */
static double
repair_step (DynoImportStamps *self,
             gsize             row,
             double            before,
             double            after,
             double            offset,
             double            largest,
             double            median,
             gsize            *n_small)
{
  DynoImportTime *time = &self->report->time;
  double back = before - after;
  double range;

  if (self->n_back < G_N_ELEMENTS (self->back))
    self->back[self->n_back++] = (DynoImportStepBack){ get_row (self, row), before, after };
  if (self->is_time_of_day && back > DAY_S / 2 && before <= DAY_S)
    {
      time->midnights++;
      return offset + DAY_S;
    }
  range = find_wrap (self, before, after, largest);
  if (range > 0)
    {
      time->wraps++;
      return offset + range;
    }
  if (back > MIN_RESTART_S * self->per_second)
    {
      time->restarts++;
      add_marker (self, row, back);
      return offset + back + median;
    }
  (*n_small)++;

  return offset;
}

/* One stamp far beyond those around it was garbled: its row is kept beside the row
 * before. The others go on, so that this is no step of the clock. */
static void
mend_strays (DynoImportStamps *self)
{
  for (gsize i = 1; i + 1 < self->n; i++)
    {
      double before = self->stamps[i - 1];
      double after = self->stamps[i + 1];

      if (before < 0 || after < before || !(self->stamps[i] > STRAY_TIMES * after)
          || self->stamps[i] - after <= MIN_RESTART_S * self->per_second)
        continue;
      self->stamps[i] = before;
      self->report->time.strays++;
    }
}

static gboolean
goes_back (const DynoImportStamps *self)
{
  for (gsize i = 1; i < self->n; i++)
    {
      if (self->stamps[i] < self->stamps[i - 1])
        return TRUE;
    }

  return FALSE;
}

static void
unroll (DynoImportStamps *self,
        gsize            *n_small)
{
  double median;
  double largest = -INFINITY;
  double before = self->stamps[0];
  double offset = 0;

  mend_strays (self);
  if (!goes_back (self))
    return;

  median = dyno_steps_median (self->stamps, self->n);
  if (isnan (median))
    median = 0;
  for (gsize i = 0; i < self->n; i++)
    largest = fmax (largest, self->stamps[i]);

  for (gsize i = 1; i < self->n; i++)
    {
      double after = self->stamps[i];

      if (after < before)
        offset = repair_step (self, i, before, after, offset, largest, median, n_small);
      before = after;
      self->stamps[i] = after + offset;
    }
}

typedef struct
{
  double stamp;
  gsize  place; /* before the sorting */
} Place;

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const Place *x = a;
  const Place *y = b;

  if (x->stamp != y->stamp)
    return x->stamp < y->stamp ? -1 : 1;

  return x->place < y->place ? -1 : x->place > y->place;
}

static void
sort_stamps (DynoImportStamps *self)
{
  g_autofree Place *places = g_new (Place, self->n);
  g_autofree gsize *order = self->order != NULL ? self->order : dyno_import_order_new (self->n);

  for (gsize i = 0; i < self->n; i++)
    places[i] = (Place){ self->stamps[i], i };
  qsort (places, self->n, sizeof *places, compare_places);
  self->order = g_new (gsize, self->n);
  for (gsize i = 0; i < self->n; i++)
    {
      self->stamps[i] = places[i].stamp;
      self->order[i] = order[places[i].place];
    }
}

static gboolean
refuse_disorder (const DynoImportStamps *self,
                 guint64                 n_back,
                 GError                **error)
{
  g_autoptr(GString) where = g_string_new (NULL);

  for (guint i = 0; i < self->n_back; i++)
    {
      char before[G_ASCII_DTOSTR_BUF_SIZE];
      char after[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (where, "%srow %" G_GSIZE_FORMAT " (%s after %s)", i > 0 ? ", " : "",
                              self->back[i].row + 1,
                              dyno_import_report_number (after, self->back[i].after, 10),
                              dyno_import_report_number (before, self->back[i].before, 10));
    }
  dyno_error_set (error, DYNO_ERROR_INVALID, "import_time_disorder",
                  "The stamps of “%s” go back in %" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT
                  " rows, first in %s. Check the column, or import with --force to sort them.",
                  self->column, n_back, self->n, where->str);

  return FALSE;
}

/* Steps back of all kinds: more than half of the rows is no clock at all. */
gboolean
dyno_import_stamps_repair (DynoImportStamps *self,
                           gboolean          is_forced,
                           GError          **error)
{
  DynoImportTime *time = &self->report->time;
  gsize n_small = 0;

  unroll (self, &n_small);
  time->backward = n_small;
  if (!is_forced
      && ((double) n_small > MAX_DISORDER * (double) self->n || 2 * time->restarts > self->n))
    return refuse_disorder (self, n_small + time->restarts, error);
  if (n_small > 0)
    sort_stamps (self);

  return TRUE;
}
