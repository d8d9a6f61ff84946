/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-set.h"

#include <math.h>
#include <string.h>

#include "dyno-test-log.h"

DynoVeSet *
dyno_test_make_set (DynoSamples *samples,
                    const char  *grid)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(GPtrArray) notes = g_ptr_array_new ();
  DynoAnalysisError *error = NULL;
  DynoVeSet *set;

  options->delay = DYNO_DELAY_NONE;
  g_assert_true (dyno_ve_options_set_text (options, "grid", grid, NULL));
  set = dyno_ve_set_new (&samples, 1, options, NULL, notes, &error);
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, NULL);
  dyno_samples_unref (samples);

  return set;
}

struct _DynoTestRows
{
  gsize   n;
  double *columns[DYNO_N_CHANNELS];
};

DynoTestRows *
dyno_test_rows_new (gsize n)
{
  DynoTestRows *self = g_new0 (DynoTestRows, 1);

  self->n = n;

  return self;
}

static double *
make_column (gsize n)
{
  double *column = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    column[i] = NAN;

  return column;
}

void
dyno_test_rows_set (DynoTestRows *self,
                    gsize         row,
                    DynoChannel   channel,
                    double        value)
{
  g_assert_cmpuint (row, <, self->n);

  if (self->columns[channel] == NULL)
    self->columns[channel] = make_column (self->n);
  self->columns[channel][row] = value;
}

void
dyno_test_rows_fill (DynoTestRows *self,
                     gsize         first,
                     gsize         end,
                     DynoChannel   channel,
                     double        value)
{
  for (gsize i = first; i < end; i++)
    dyno_test_rows_set (self, i, channel, value);
}

/* A log without update bits has its bits guessed; here every value is a reading. */
static void
take_column (DynoSamplesBuilder *builder,
             DynoChannel         channel,
             double             *values,
             gsize               n)
{
  const DynoChannelInfo *info = dyno_channel_info (channel);
  const char *unit = dyno_channel_is_mixture (channel) ? "AFR" : info->unit;
  guint8 *bits = g_new0 (guint8, n / 8 + 1);
  guint column;

  for (gsize i = 0; i < n; i++)
    bits[i / 8] |= (guint8) (!isnan (values[i]) << (i % 8));
  column = dyno_samples_builder_take (builder, info->name, "", channel, dyno_unit_find (unit),
                                      values);
  dyno_samples_builder_take_updates (builder, column, bits);
}

DynoSamples *
dyno_test_rows_finish (DynoTestRows *self,
                       gboolean      has_time)
{
  DynoSamplesBuilder *builder = dyno_samples_builder_new (self->n);

  if (has_time)
    {
      double *time = g_new (double, MAX (self->n, 1));

      for (gsize i = 0; i < self->n; i++)
        time[i] = (double) i * 0.02;
      dyno_samples_builder_take_time (builder, time);
    }
  for (guint c = 0; c < DYNO_N_CHANNELS; c++)
    {
      if (self->columns[c] != NULL)
        take_column (builder, c, self->columns[c], self->n);
    }
  g_free (self);

  return dyno_samples_builder_finish (builder);
}

static const struct
{
  DynoChannel channel;
  const char *unit;
} nextgen[] = {
  { DYNO_CHANNEL_RPM, "rpm" },       { DYNO_CHANNEL_MAP, "kPa" },
  { DYNO_CHANNEL_TPS, "%" },         { DYNO_CHANNEL_IAT, "°F" },
  { DYNO_CHANNEL_ENGINE_TEMP, "°F" }, { DYNO_CHANNEL_MIX_F, "AFR" },
  { DYNO_CHANNEL_MIX_R, "AFR" },     { DYNO_CHANNEL_TARGET_F, "AFR" },
  { DYNO_CHANNEL_TARGET_R, "AFR" },  { DYNO_CHANNEL_SPARK_F, "°" },
  { DYNO_CHANNEL_SPARK_R, "°" },     { DYNO_CHANNEL_KNOCK, "°" },
};

#define NEXTGEN_COLUMNS (G_N_ELEMENTS (nextgen) + 1)

/* A text of numbers, without its head, column by column. */
static double *
read_numbers (const char *text,
              gsize      *n)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  double *numbers;

  *n = g_strv_length (lines) - 2;
  numbers = g_new (double, *n * NEXTGEN_COLUMNS);
  for (gsize i = 0; i < *n; i++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[i + 1], ",", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, NEXTGEN_COLUMNS);
      for (gsize c = 0; c < NEXTGEN_COLUMNS; c++)
        numbers[c * *n + i] = g_ascii_strtod (cells[c], NULL);
    }

  return numbers;
}

DynoSamples *
dyno_test_read_nextgen (void)
{
  g_autofree char *path = dyno_test_shared_file ("golden/nextgen_full/input.csv");
  g_autofree char *text = path != NULL ? dyno_test_read (path, NULL) : NULL;
  g_autofree double *numbers = NULL;
  DynoSamplesBuilder *builder;
  double *time;
  gsize n;

  if (text == NULL)
    return NULL;

  numbers = read_numbers (text, &n);
  builder = dyno_samples_builder_new (n);
  time = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    time[i] = numbers[i] / 1000;
  dyno_samples_builder_take_time (builder, time);
  for (gsize c = 0; c < G_N_ELEMENTS (nextgen); c++)
    {
      guint8 *all = g_malloc (n / 8 + 1);

      /* The original takes every row for a reading. */
      memset (all, 0xff, n / 8 + 1);
      dyno_test_take (builder, nextgen[c].channel, nextgen[c].unit, &numbers[(c + 1) * n], n);
      dyno_samples_builder_take_updates (builder, (guint) c, all);
    }

  return dyno_samples_builder_finish (builder);
}
