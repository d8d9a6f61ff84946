/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ve-run.h"

#include "dyno-derive.h"
#include "dyno-notes.h"
#include "dyno-still.h"

#define RUNNING_RPM 400
#define SPLIT_BLOCK 512
#define LAMBDA_BELOW 3 /* a median mixture above this is AFR, whatever it is called */

double
dyno_ve_between (const DynoVeRun     *self,
                 const DynoVeChannel *channel,
                 const DynoVeInstant *at)
{
  const double *t = self->time_s;
  gsize before = at->row;
  gsize after = at->row + 1;
  double here;

  if (!dyno_ve_has (channel))
    return NAN;
  if (!self->has_time)
    return dyno_ve_raw (channel, at->row);

  while (!dyno_ve_is_update (channel, before))
    {
      if (before == 0 || t[before] - t[before - 1] > self->gap_s
          || at->time_s - t[before - 1] > channel->gap_s)
        return NAN;
      before--;
    }
  here = dyno_ve_raw (channel, before);
  if (t[before] == at->time_s)
    return here;

  for (;; after++)
    {
      if (after >= self->n || t[after] - t[after - 1] > self->gap_s
          || t[after] - t[before] > channel->gap_s)
        return NAN;
      if (dyno_ve_is_update (channel, after))
        break;
    }

  return here
         + (at->time_s - t[before]) / (t[after] - t[before]) * (dyno_ve_raw (channel, after) - here);
}

static guint8 *
pack_bits (const guint8 *flags,
           gsize         n)
{
  guint8 *bits = g_new0 (guint8, n / 8 + 1);

  for (gsize i = 0; i < n; i++)
    bits[i / 8] |= (guint8) (flags[i] << (i % 8));

  return bits;
}

/* Values only: for channels of which the last reading is enough. */
static void
bind_values (DynoVeRun     *self,
             DynoVeChannel *channel,
             DynoChannel    wanted)
{
  const DynoColumn *column = dyno_samples_find (self->samples, wanted);

  if (column == NULL)
    return;

  channel->numbers = column->numbers;
  channel->scale = column->scale;
  channel->offset = column->offset;
}

/* For channels whose state between two readings counts. */
static void
bind (DynoVeRun     *self,
      DynoVeChannel *channel,
      DynoChannel    wanted)
{
  const DynoColumn *column = dyno_samples_find (self->samples, wanted);
  g_autofree guint8 *flags = NULL;
  gboolean is_always;

  if (column == NULL)
    return;

  bind_values (self, channel, wanted);
  channel->gap_s = self->gap_s;
  is_always = dyno_samples_updates_always (self->samples, column);
  channel->is_dense = is_always && dyno_column_is_whole (column);
  if (channel->is_dense)
    return;

  flags = dyno_samples_dup_updates (self->samples, column);
  channel->gap_s = dyno_derive_gap_s (self->time_s, flags, self->n, self->gap_s);
  if (is_always)
    return;
  channel->bits = column->updates;
  channel->is_guessed = column->updates == NULL;
  if (channel->is_guessed)
    channel->bits = channel->owned_bits = pack_bits (flags, self->n);
}

/* Counts what decides whether a median is above a limit, without sorting. */
typedef struct
{
  gsize  below;
  gsize  above;
  double max_below;
  double min_above;
} Split;

static void
split_block (Split        *split,
             const double *mixtures,
             const double *speeds,
             gsize         n)
{
  for (gsize i = 0; i < n; i++)
    {
      double value = mixtures[i];

      if (isnan (value) || speeds[i] <= RUNNING_RPM)
        continue;
      if (value > LAMBDA_BELOW)
        {
          split->above++;
          split->min_above = MIN (split->min_above, value);
        }
      else
        {
          split->below++;
          split->max_below = MAX (split->max_below, value);
        }
    }
}

/* As far as the rows that are left can still change which side has more. */
static Split
split_mixture (const DynoVeRun  *self,
               const DynoColumn *column)
{
  Split split = { 0, 0, -INFINITY, INFINITY };
  double mixtures[SPLIT_BLOCK];
  double speeds[SPLIT_BLOCK];

  for (gsize first = 0; first < self->n && MAX (split.above, split.below) <= self->n / 2;
       first += SPLIT_BLOCK)
    {
      gsize n = MIN (SPLIT_BLOCK, self->n - first);

      dyno_column_copy (column, first, n, mixtures);
      dyno_ve_copy (&self->rpm, first, n, speeds);
      split_block (&split, mixtures, speeds, n);
    }

  return split;
}

/* The unit decides, the name does not. */
static gboolean
is_afr (const DynoVeRun  *self,
        const DynoColumn *column)
{
  Split split = split_mixture (self, column);

  if (split.above + split.below == 0)
    return column->unit->quantity != DYNO_QUANTITY_LAMBDA;
  if (split.above != split.below)
    return split.above > split.below;

  return (split.max_below + split.min_above) / 2 > LAMBDA_BELOW;
}

static void
bind_mixture (DynoVeRun           *self,
              DynoVeChannel       *channel,
              DynoChannel          wanted,
              const DynoVeOptions *options,
              GPtrArray           *notes)
{
  const DynoColumn *column = dyno_samples_find (self->samples, wanted);
  gboolean counts_afr;
  gboolean says_afr;
  g_autofree char *code = NULL;

  if (column == NULL)
    return;

  bind (self, channel, wanted);
  counts_afr = is_afr (self, column);
  channel->scale *= counts_afr ? DYNO_STOICH_PETROL / options->afr_stoich : DYNO_STOICH_PETROL;
  says_afr = column->unit->quantity == DYNO_QUANTITY_AFR;
  if ((says_afr && counts_afr)
      || (column->unit->quantity == DYNO_QUANTITY_LAMBDA && !counts_afr))
    return;

  code = g_strconcat ("unit-", dyno_channel_info (wanted)->name, NULL);
  dyno_notes_add (notes, code, "The column “%s” was taken for %s by its numbers.", column->name,
                  counts_afr ? "AFR" : "lambda");
}

/* A column that stands for both cylinders is looked at once. */
static void
share (DynoVeChannel       *rear,
       const DynoVeChannel *front)
{
  *rear = *front;
  rear->owned_bits = NULL;
}

static void
bind_mixtures (DynoVeRun           *self,
               const DynoVeOptions *options,
               GPtrArray           *notes)
{
  bind_mixture (self, &self->mix[0], DYNO_CHANNEL_MIX_F, options, notes);
  if (!dyno_ve_has (&self->mix[0]))
    bind_mixture (self, &self->mix[0], DYNO_CHANNEL_MIX, options, notes);
  bind_mixture (self, &self->mix[1], DYNO_CHANNEL_MIX_R, options, notes);
  bind_values (self, &self->ready[0], DYNO_CHANNEL_WB_READY_F);
  bind_values (self, &self->ready[1], DYNO_CHANNEL_WB_READY_R);
  if (dyno_ve_has (&self->mix[1]) || !options->one_sensor_for_both || !dyno_ve_has (&self->mix[0]))
    return;

  share (&self->mix[1], &self->mix[0]);
  self->ready[1] = self->ready[0];
  dyno_notes_add (notes, "one-sensor-for-both",
                  "The one mixture sensor stands for both cylinders, as you said.");
}

static void
bind_targets (DynoVeRun           *self,
              const DynoVeOptions *options,
              GPtrArray           *notes)
{
  static const DynoChannel own[DYNO_VE_CYLINDERS] = { DYNO_CHANNEL_TARGET_F,
                                                      DYNO_CHANNEL_TARGET_R };
  DynoVeChannel both = { 0 };

  bind_mixture (self, &both, DYNO_CHANNEL_TARGET, options, notes);
  self->shared_bits = both.owned_bits;
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      bind_mixture (self, &self->target[c], own[c], options, notes);
      if (dyno_ve_has (&self->target[c]) || !dyno_ve_has (&both))
        continue;
      share (&self->target[c], &both);
      dyno_notes_add (notes, "shared-target",
                      "The one commanded mixture stands for both cylinders.");
    }
}

static gboolean
require (const DynoVeChannel *channel,
         const char          *what,
         DynoAnalysisError  **error)
{
  if (dyno_ve_has (channel))
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_MISSING_CHANNEL,
                           "The log has no %s; bind a column to it and try again.", what);

  return FALSE;
}

gboolean
dyno_ve_run_init (DynoVeRun           *self,
                  DynoSamples         *samples,
                  gsize                first,
                  const DynoVeOptions *options,
                  GPtrArray           *notes,
                  DynoAnalysisError  **error)
{
  *self = (DynoVeRun){ .samples = dyno_samples_ref (samples), .first = first };
  self->n = dyno_samples_n_rows (samples);
  self->time_s = dyno_samples_time (samples);
  self->has_time = dyno_samples_has_time (samples);
  self->gap_s = self->has_time ? dyno_samples_gap_s (samples) : INFINITY;
  self->excluded = dyno_samples_excluded (samples);

  bind (self, &self->rpm, DYNO_CHANNEL_RPM);
  bind (self, &self->map, DYNO_CHANNEL_MAP);
  if (!require (&self->rpm, "engine speed (rpm)", error)
      || !require (&self->map, "manifold pressure (map)", error))
    return FALSE;

  bind_mixtures (self, options, notes);
  if (!dyno_ve_has (&self->mix[1])
      && !require (&self->mix[0], "measured mixture (mix_f, mix_r or mix)", error))
    return FALSE;

  bind_targets (self, options, notes);
  bind_values (self, &self->tps, DYNO_CHANNEL_TPS);
  bind_values (self, &self->iat, DYNO_CHANNEL_IAT);
  bind_values (self, &self->engine_temp, DYNO_CHANNEL_ENGINE_TEMP);
  bind (self, &self->stft, DYNO_CHANNEL_STFT);
  bind (self, &self->ltft, DYNO_CHANNEL_LTFT);
  bind (self, &self->pw[0], DYNO_CHANNEL_PW_F);
  bind (self, &self->pw[1], DYNO_CHANNEL_PW_R);
  dyno_still_find_frozen (self);

  return TRUE;
}

void
dyno_ve_run_clear (DynoVeRun *self)
{
  DynoVeChannel *const owners[] = {
    &self->rpm,    &self->map,    &self->stft,      &self->ltft,
    &self->mix[0], &self->mix[1], &self->target[0], &self->target[1],
    &self->pw[0],  &self->pw[1],
  };

  for (gsize i = 0; i < G_N_ELEMENTS (owners); i++)
    {
      g_clear_pointer (&owners[i]->owned_bits, g_free);
      g_clear_pointer (&owners[i]->frozen, g_free);
    }
  g_clear_pointer (&self->shared_bits, g_free);
  g_clear_pointer (&self->samples, dyno_samples_unref);
}
