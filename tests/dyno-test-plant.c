/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-plant.h"

#include "dyno-test-log.h"

#define TARGET_AFR 13.0
#define CELLS 99

DynoTestPlant *
dyno_test_plant_new (gsize n)
{
  DynoTestPlant *self = g_new0 (DynoTestPlant, 1);

  self->n = n;
  self->time_s = g_new (double, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    self->time_s[i] = (double) i * DYNO_TEST_PLANT_STEP_S;

  return self;
}

void
dyno_test_plant_free (DynoTestPlant *self)
{
  for (guint c = 0; c < DYNO_N_CHANNELS; c++)
    g_free (self->columns[c]);
  g_free (self->time_s);
  g_free (self);
}

double *
dyno_test_plant_channel (DynoTestPlant *self,
                         DynoChannel    channel,
                         double         value)
{
  if (self->columns[channel] == NULL)
    {
      self->columns[channel] = g_new (double, MAX (self->n, 1));
      for (gsize i = 0; i < self->n; i++)
        self->columns[channel][i] = value;
    }

  return self->columns[channel];
}

DynoTestPlant *
dyno_test_plant_map (guint rows_per_cell)
{
  DynoTestPlant *self = dyno_test_plant_new ((gsize) rows_per_cell * CELLS);
  double *rpm = dyno_test_plant_channel (self, DYNO_CHANNEL_RPM, 0);
  double *map = dyno_test_plant_channel (self, DYNO_CHANNEL_MAP, 0);
  double *front = dyno_test_plant_channel (self, DYNO_CHANNEL_MIX_F, 0);
  double *rear = dyno_test_plant_channel (self, DYNO_CHANNEL_MIX_R, 0);

  dyno_test_plant_channel (self, DYNO_CHANNEL_TARGET, TARGET_AFR);
  for (gsize i = 0; i < self->n; i++)
    {
      guint cell = (guint) (i / rows_per_cell);

      /* A number that stands still would be taken for a held one. */
      rpm[i] = 1500 + 500.0 * (cell / 9) + (i % 2 == 0 ? 0.5 : -0.5);
      map[i] = 20 + 10.0 * (cell % 9) + (i % 2 == 0 ? 0.01 : -0.01);
      front[i] = TARGET_AFR + 0.02 * ((double) (i * 7 % 11) - 5) / 5;
      rear[i] = TARGET_AFR + 0.02 * ((double) (i * 5 % 13) - 6) / 6;
    }

  return self;
}

void
dyno_test_plant_lean (DynoTestPlant *self,
                      guint          cylinder,
                      guint          cell,
                      double         percent)
{
  double *mix = self->columns[cylinder == 0 ? DYNO_CHANNEL_MIX_F : DYNO_CHANNEL_MIX_R];
  gsize rows_per_cell = self->n / CELLS;

  for (gsize i = cell * rows_per_cell; i < (cell + 1) * rows_per_cell; i++)
    mix[i] *= 1 + percent / 100;
}

static const char *
unit_of (DynoChannel channel)
{
  if (dyno_channel_is_mixture (channel))
    return "AFR";
  if (channel >= DYNO_CHANNEL_KNOCK_F && channel <= DYNO_CHANNEL_KNOCK)
    return "deg";

  return dyno_channel_info (channel)->unit;
}

DynoSamples *
dyno_test_plant_samples (const DynoTestPlant *self)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (self->n);

  dyno_samples_builder_take_time (builder,
                                  g_memdup2 (self->time_s, MAX (self->n, 1) * sizeof (double)));
  for (guint c = 0; c < DYNO_N_CHANNELS; c++)
    {
      if (self->columns[c] != NULL)
        dyno_test_take (builder, (DynoChannel) c, unit_of ((DynoChannel) c), self->columns[c],
                        self->n);
    }

  return dyno_samples_builder_finish (builder);
}

DynoVeResult *
dyno_test_plant_analyse (const DynoTestPlant *self,
                         const DynoVeOptions *options)
{
  g_autoptr(DynoVeOptions) own = options != NULL ? dyno_ve_options_copy (options)
                                                 : dyno_ve_options_new ();
  g_autoptr(DynoSamples) samples = dyno_test_plant_samples (self);
  g_autoptr(DynoAnalysisError) error = NULL;
  DynoVeResult *result;

  own->delay = DYNO_DELAY_NONE;
  result = dyno_analysis_run (&samples, 1, own, NULL, NULL, &error);
  g_assert_null (error);

  return result;
}

guint
dyno_test_count_kind (const DynoAdvice *advice,
                      const char       *kind)
{
  guint n = 0;

  for (guint i = 0; i < advice->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (advice->findings, i);

      n += g_str_equal (finding->kind, kind);
    }

  return n;
}

const DynoFinding *
dyno_test_find_kind (const DynoAdvice *advice,
                     const char       *kind)
{
  for (guint i = 0; i < advice->findings->len; i++)
    {
      const DynoFinding *finding = g_ptr_array_index (advice->findings, i);

      if (g_str_equal (finding->kind, kind))
        return finding;
    }

  return NULL;
}

gboolean
dyno_test_lacks (const DynoAdvice *advice,
                 const char       *channel)
{
  return g_ptr_array_find_with_equal_func (advice->missing, channel, g_str_equal, NULL);
}
