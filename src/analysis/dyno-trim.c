/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-trim.h"

#include <math.h>

#include "dyno-derive.h"
#include "dyno-stat.h"

#define OPEN_PCT 90
#define LIFT_PCT 85
#define START_SHARE 0.30 /* of the largest acceleration */
#define END_SHARE 0.20   /* of the median acceleration */
#define END_HOLD_S 0.1
#define ROLL_ON_S 0.2
#define LONG_S 2.0
#define RATE_HALF_S 0.2
#define MIN_SAMPLES 20
#define MIN_SPAN_RPM 500
#define MIN_SPAN_KMH 25

typedef struct
{
  const DynoTrimInput *input;
  gboolean             has_load; /* some stretch was there */
  gboolean             has_rise;
  gsize                first;    /* the best so far */
  gsize                last;
  double               length;
} Search;

const char *
dyno_trim_reason_name (DynoTrimReason reason)
{
  static const char *const names[] = { "", "no-load", "no-rise", "too-short" };

  g_return_val_if_fail (reason < G_N_ELEMENTS (names), NULL);

  return names[reason];
}

static double
stamp (const DynoTrimInput *input,
       gsize                i)
{
  return input->time_s != NULL ? input->time_s[i] : (double) i;
}

static gboolean
is_gap (const DynoTrimInput *input,
        gsize                i)
{
  return input->time_s != NULL && input->time_s[i] - input->time_s[i - 1] > input->gap_s;
}

static void
offer (Search *search,
       gsize   first,
       gsize   last)
{
  const DynoTrimInput *input = search->input;
  double length = stamp (input, last) - stamp (input, first);

  search->has_load = TRUE;
  if (!(input->x[last] > input->x[first]))
    return;
  if (search->has_rise && length <= search->length)
    return;

  search->has_rise = TRUE;
  search->first = first;
  search->last = last;
  search->length = length;
}

/* From the first sample at full throttle to the last before it is lifted. */
static void
search_by_throttle (Search *search)
{
  const DynoTrimInput *input = search->input;
  gsize first = input->n;

  for (gsize i = 0; i < input->n; i++)
    {
      if (first < i && (is_gap (input, i) || input->tps[i] < LIFT_PCT))
        {
          offer (search, first, i - 1);
          first = input->n;
        }
      if (first == input->n && input->tps[i] >= OPEN_PCT)
        first = i;
    }
  if (first < input->n)
    offer (search, first, input->n - 1);
}

/* `hold` counts from where the acceleration is too low for the first time. */
static gboolean
is_over (const DynoTrimInput *input,
         double               rate,
         double               limit,
         gsize                i,
         gsize               *low)
{
  if (!(rate < limit))
    *low = input->n;
  else if (*low == input->n)
    *low = i;

  return *low < input->n && stamp (input, i) - stamp (input, *low) >= END_HOLD_S;
}

static void
scan_rates (Search       *search,
            const double *rate,
            double        start,
            double        end)
{
  const DynoTrimInput *input = search->input;
  gsize first = input->n;
  gsize low = input->n;

  for (gsize i = 0; i < input->n; i++)
    {
      if (first < i && is_gap (input, i))
        {
          offer (search, first, i - 1);
          first = low = input->n;
        }
      if (first == input->n && rate[i] > start)
        first = i;
      if (first < input->n && is_over (input, rate[i], end, i, &low))
        {
          if (low > first)
            offer (search, first, low - 1);
          first = low = input->n;
        }
    }
  if (first < input->n)
    offer (search, first, input->n - 1);
}

static void
search_by_acceleration (Search *search)
{
  const DynoTrimInput *input = search->input;
  const double *progress = input->progress != NULL ? input->progress : input->x;
  g_autofree double *rate =
      dyno_derive_rate (input->time_s, progress, input->n, RATE_HALF_S, input->gap_s);
  g_autofree double *rising = g_new (double, MAX (input->n, 1));
  double best = 0;
  gsize n_rising = 0;

  for (gsize i = 0; i < input->n; i++)
    {
      if (!(rate[i] > 0))
        continue;
      best = MAX (best, rate[i]);
      rising[n_rising++] = rate[i];
    }
  if (n_rising > 0)
    scan_rates (search, rate, START_SHARE * best,
                END_SHARE * dyno_stat_median (rising, n_rising));
}

/* Only what raises the running maximum. */
static void
keep_rising (const DynoTrimInput *input,
             DynoTrim            *trim,
             double               from_s)
{
  double highest = -INFINITY;

  for (gsize i = trim->first; i <= trim->last; i++)
    {
      if (!(input->x[i] > highest))
        continue;
      highest = input->x[i];
      if (input->time_s == NULL || input->time_s[i] >= from_s)
        g_array_append_val (trim->kept, i);
    }
}

static void
judge_length (const DynoTrimInput *input,
              DynoTrim            *trim)
{
  gsize n = trim->kept->len;
  double span = 0;

  if (n > 0)
    span = input->x[g_array_index (trim->kept, gsize, n - 1)]
           - input->x[g_array_index (trim->kept, gsize, 0)];
  trim->reason = DYNO_TRIM_OK;
  if (n >= MIN_SAMPLES && span >= (input->is_over_speed ? MIN_SPAN_KMH : MIN_SPAN_RPM))
    return;

  trim->reason = DYNO_TRIM_TOO_SHORT;
  g_array_set_size (trim->kept, 0);
}

static void
trim_init (DynoTrim *trim)
{
  *trim = (DynoTrim){ .kept = g_array_new (FALSE, FALSE, sizeof (gsize)) };
}

void
dyno_trim_find (const DynoTrimInput *input,
                DynoTrim            *trim)
{
  Search search = { .input = input };
  double from_s = -INFINITY;

  trim_init (trim);
  if (input->tps != NULL)
    search_by_throttle (&search);
  else if (input->time_s != NULL)
    search_by_acceleration (&search);
  else if (input->n > 0)
    offer (&search, 0, input->n - 1);
  if (!search.has_rise)
    {
      trim->reason = search.has_load ? DYNO_TRIM_NO_RISE : DYNO_TRIM_NO_LOAD;
      return;
    }

  trim->first = search.first;
  trim->last = search.last;
  if (input->time_s != NULL && search.length > LONG_S)
    from_s = input->time_s[search.first] + ROLL_ON_S;
  keep_rising (input, trim, from_s);
  judge_length (input, trim);
}

void
dyno_trim_between (const DynoTrimInput *input,
                   gsize                first,
                   gsize                last,
                   DynoTrim            *trim)
{
  g_return_if_fail (first <= last && last < input->n);

  trim_init (trim);
  trim->first = first;
  trim->last = last;
  keep_rising (input, trim, -INFINITY);
  judge_length (input, trim);
}

void
dyno_trim_clear (DynoTrim *trim)
{
  g_clear_pointer (&trim->kept, g_array_unref);
}
