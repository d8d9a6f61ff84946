/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <math.h>

#include "dyno-samples.h"
#include "dyno-ve-options.h"

G_BEGIN_DECLS

/* One run as the VE pipeline sees it: the channels that it needs, read in place
 * (nothing is copied: a log of 5 M rows has no room for that), and the state of
 * the engine at any instant. Cylinder 0 is the front, 1 the rear.
 *
 * Mixture and target are AFR of petrol here: λ · 14.7, whatever the fuel. */

#define DYNO_VE_CYLINDERS 2
#define DYNO_VE_CHUNK 65536 /* rows that are summed together; never changes */

typedef struct
{
  DynoNumbers   numbers;    /* (borrowed) null: the run has no such channel */
  double        scale;      /* SI = value · scale + offset */
  double        offset;
  const guint8 *bits;       /* (nullable) rows with a new reading; NULL: all with a value */
  guint8       *owned_bits; /* (owned) (nullable) `bits`, where they were worked out here */
  guint8       *frozen;     /* (owned) (nullable) bits: rows of a reading that stood still */
  gboolean      is_guessed; /* the source had no update bits */
  gboolean      is_dense;   /* a new value in every row */
  double        gap_s;      /* readings further apart are not joined */
} DynoVeChannel;

typedef struct
{
  DynoSamples  *samples;    /* (owned) */
  gsize         first;      /* row of the whole set that is row 0 here */
  gsize         n;
  const double *time_s;     /* (borrowed) */
  gboolean      has_time;
  double        gap_s;      /* of the rows */
  const guint8 *excluded;   /* (borrowed) (nullable) */
  DynoVeChannel rpm;
  DynoVeChannel map;
  DynoVeChannel tps;
  DynoVeChannel iat;
  DynoVeChannel engine_temp;
  DynoVeChannel stft;
  DynoVeChannel ltft;
  DynoVeChannel mix[DYNO_VE_CYLINDERS];
  DynoVeChannel target[DYNO_VE_CYLINDERS];
  DynoVeChannel ready[DYNO_VE_CYLINDERS];
  DynoVeChannel pw[DYNO_VE_CYLINDERS];
  guint8       *shared_bits; /* (owned) (nullable) of a target for both cylinders */
} DynoVeRun;

/* An instant between row and row + 1, or on row when it is exactly that. */
typedef struct
{
  gsize  row;
  double time_s;
  double u; /* 0…1 towards row + 1 */
} DynoVeInstant;

/* For sentences; the same words stand in the files. */
static inline const char *
dyno_ve_cylinder_name (guint cylinder)
{
  return cylinder == 0 ? "front" : "rear";
}

/* Takes a reference. Reinterpretations are added to `notes`. FALSE with
 * MISSING_CHANNEL when engine speed, MAP or every mixture is absent. */
gboolean dyno_ve_run_init  (DynoVeRun            *self,
                            DynoSamples          *samples,
                            gsize                 first,
                            const DynoVeOptions  *options,
                            GPtrArray            *notes,
                            DynoAnalysisError   **error);
void     dyno_ve_run_clear (DynoVeRun            *self);

static inline gboolean
dyno_ve_has (const DynoVeChannel *channel)
{
  return !dyno_numbers_is_null (&channel->numbers);
}

/* A reading that is not held over from an earlier row. */
static inline gboolean
dyno_ve_is_update (const DynoVeChannel *channel,
                   gsize                row)
{
  if (channel->is_dense)
    return TRUE;

  return !dyno_numbers_is_missing (&channel->numbers, row)
         && (channel->bits == NULL || (channel->bits[row / 8] >> (row % 8) & 1) != 0);
}

/* Held by a sensor that was dead there, as dyno_still_find_frozen () found. */
static inline gboolean
dyno_ve_is_frozen (const DynoVeChannel *channel,
                   gsize                row)
{
  return channel->frozen != NULL && (channel->frozen[row / 8] >> (row % 8) & 1) != 0;
}

/* Brushed out by the operator. */
static inline gboolean
dyno_ve_is_excluded (const DynoVeRun *self,
                     gsize            row)
{
  return self->excluded != NULL && (self->excluded[row / 8] >> (row % 8) & 1) != 0;
}

/* What stands in the row, held or not; the channel must be there. */
static inline double
dyno_ve_raw (const DynoVeChannel *channel,
             gsize                row)
{
  return dyno_numbers_at (&channel->numbers, row) * channel->scale + channel->offset;
}

/* The same for the rows first … first + n − 1: faster than one by one. */
static inline void
dyno_ve_copy (const DynoVeChannel *channel,
              gsize                first,
              gsize                n,
              double              *values)
{
  const double scale = channel->scale;
  const double offset = channel->offset;

  dyno_numbers_copy (&channel->numbers, first, n, values);
  for (gsize i = 0; i < n; i++)
    values[i] = values[i] * scale + offset;
}

/* The state between the readings of a channel that has not one in every row. */
double   dyno_ve_between   (const DynoVeRun      *self,
                            const DynoVeChannel  *channel,
                            const DynoVeInstant  *at);

/* The channel at an instant: linear between its readings around it, never across
 * a gap; NaN where that cannot be, or without the channel. */
static inline double
dyno_ve_state (const DynoVeRun     *self,
               const DynoVeChannel *channel,
               const DynoVeInstant *at)
{
  double here;

  if (!channel->is_dense)
    return dyno_ve_between (self, channel, at);

  here = dyno_ve_raw (channel, at->row);

  return at->u > 0 ? here + at->u * (dyno_ve_raw (channel, at->row + 1) - here) : here;
}

/* Finds an instant; `at->row` is where the search begins. FALSE outside the run
 * and in a gap. */
static inline gboolean
dyno_ve_locate (const DynoVeRun *self,
                double           time_s,
                DynoVeInstant   *at)
{
  const double *t = self->time_s;
  gsize row = at->row;

  while (row > 0 && t[row] > time_s)
    row--;
  while (row + 1 < self->n && t[row + 1] <= time_s)
    row++;
  at->row = row;
  at->time_s = time_s;
  at->u = 0;
  if (t[row] == time_s)
    return TRUE;
  if (t[row] > time_s || row + 1 == self->n || t[row + 1] - t[row] > self->gap_s)
    return FALSE;

  at->u = (time_s - t[row]) / (t[row + 1] - t[row]);

  return TRUE;
}

/* Exactly on a row. */
static inline DynoVeInstant
dyno_ve_on_row (const DynoVeRun *self,
                gsize            row)
{
  DynoVeInstant at = { row, self->time_s[row], 0 };

  return at;
}

/* The row nearer to an instant; the earlier one on ties. */
static inline gsize
dyno_ve_nearest_row (const DynoVeInstant *at)
{
  return at->u > 0.5 ? at->row + 1 : at->row;
}

G_END_DECLS
