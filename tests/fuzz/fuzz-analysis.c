/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-advise.h"
#include "dyno-analysis.h"
#include "dyno-explain.h"
#include "dyno-power.h"
#include "dyno-pulls.h"
#include "dyno-selfcheck.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define MAX_ROWS 400

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const DynoChannel channels[] = {
  DYNO_CHANNEL_RPM,      DYNO_CHANNEL_MAP,         DYNO_CHANNEL_MIX_F,      DYNO_CHANNEL_MIX_R,
  DYNO_CHANNEL_TARGET,   DYNO_CHANNEL_TPS,         DYNO_CHANNEL_SPEED,      DYNO_CHANNEL_FORCE,
  DYNO_CHANNEL_ACCEL,    DYNO_CHANNEL_TORQUE,      DYNO_CHANNEL_POWER_CORR, DYNO_CHANNEL_CORRECTION,
  DYNO_CHANNEL_BARO,     DYNO_CHANNEL_IAT,         DYNO_CHANNEL_PW_F,       DYNO_CHANNEL_STFT,
  DYNO_CHANNEL_SAMPLING, DYNO_CHANNEL_WB_READY_F,  DYNO_CHANNEL_AMBIENT_TEMP,
  DYNO_CHANNEL_ENGINE_TEMP, DYNO_CHANNEL_KNOCK_F,  DYNO_CHANNEL_KNOCK,      DYNO_CHANNEL_VBATT,
  DYNO_CHANNEL_HUMIDITY,
};

typedef struct
{
  const uint8_t *at;
  const uint8_t *end;
} Bytes;

static uint8_t
next_byte (Bytes *bytes)
{
  return bytes->at < bytes->end ? *bytes->at++ : 0;
}

/* Mostly numbers of the channel's range, with missing and absurd ones among them. */
static double
next_number (Bytes                 *bytes,
             const DynoChannelInfo *info)
{
  uint8_t byte = next_byte (bytes);
  double low = isfinite (info->low) ? info->low : -100;
  double high = isfinite (info->high) ? info->high : 100;

  switch (byte)
    {
    case 0xFF:
      return NAN;
    case 0xFE:
      return 1e308;
    case 0xFD:
      return -1e308;
    case 0xFC:
      return 5e-324;
    default:
      return low + (high - low) * byte / 250;
    }
}

static void
take_column (DynoSamplesBuilder *builder,
             DynoChannel         channel,
             gsize               n,
             Bytes              *bytes)
{
  const DynoChannelInfo *info = dyno_channel_info (channel);
  double *values = g_new (double, MAX (n, 1));
  uint8_t kind = next_byte (bytes);
  guint index;

  for (gsize i = 0; i < n; i++)
    values[i] = next_number (bytes, info);
  index = dyno_samples_builder_take (builder, info->name, "", channel, dyno_unit_find (info->unit),
                                     values);
  if (kind % 4 == 0)
    {
      guint8 *bits = g_malloc (n / 8 + 1);

      for (gsize i = 0; i < n / 8 + 1; i++)
        bits[i] = next_byte (bytes);
      dyno_samples_builder_take_updates (builder, index, bits);
    }
}

static DynoSamples *
make_samples (Bytes *bytes)
{
  gsize n = (gsize) next_byte (bytes) * MAX_ROWS / 255;
  guint32 wanted = next_byte (bytes) | (guint32) next_byte (bytes) << 8
                   | (guint32) next_byte (bytes) << 16;
  DynoSamplesBuilder *builder = dyno_samples_builder_new (n);

  if (next_byte (bytes) % 4 != 0)
    {
      double *time = g_new (double, MAX (n, 1));
      double now = 0;

      for (gsize i = 0; i < n; i++)
        {
          uint8_t step = next_byte (bytes);

          now += step == 255 ? 100 : step / 500.0;
          time[i] = now;
        }
      dyno_samples_builder_take_time (builder, time);
    }
  for (gsize c = 0; c < G_N_ELEMENTS (channels); c++)
    {
      if ((wanted >> c & 1) != 0)
        take_column (builder, channels[c], n, bytes);
    }

  return dyno_samples_builder_finish (builder);
}

static void
check_result (DynoVeResult *result)
{
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      guint64 rows = 0;
      guint64 hits = 0;

      for (guint gate = 0; gate < DYNO_N_GATES; gate++)
        rows += result->cylinders[c].counts[gate];
      for (guint i = 0; i < result->n_cells; i++)
        {
          hits += result->cylinders[c].cells[i].hits;
          g_assert (result->cylinders[c].cells[i].hits > 0
                    || isnan (result->cylinders[c].cells[i].limited));
        }
      g_assert_cmpuint (rows, ==, result->n_rows);
      g_assert_cmpuint (hits, ==, result->cylinders[c].counts[DYNO_GATE_ACCEPTED]);
    }
}

/* Findings point into the log and the grid, and an adviser that lacks a channel
 * finds nothing. */
static void
advise (const DynoVeResult *result)
{
  g_autoptr(DynoAdvices) advices = dyno_advise_run (result, NULL, NULL);

  for (guint a = 0; a < advices->advice->len; a++)
    {
      const DynoAdvice *advice = g_ptr_array_index (advices->advice, a);

      g_assert (dyno_advice_is_available (advice) || advice->findings->len == 0);
      for (guint i = 0; i < advice->findings->len; i++)
        {
          const DynoFinding *finding = g_ptr_array_index (advice->findings, i);

          for (guint k = 0; k < finding->cells->len; k++)
            g_assert_cmpuint (g_array_index (finding->cells, guint, k), <, result->n_cells);
          for (guint k = 0; k < finding->samples->len; k++)
            g_assert_cmpuint (g_array_index (finding->samples, DynoRowRange, k).last, <,
                              result->n_rows);
        }
    }
}

static void
analyse (DynoSamples *samples,
         Bytes       *bytes)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeResult) result = NULL;
  g_autoptr(DynoVeSamples) traced = NULL;
  g_autoptr(DynoVeStory) story = NULL;
  uint8_t choice = next_byte (bytes);

  options->delay = (DynoDelayMode) (choice % 4);
  options->delay_ms = choice * 5;
  options->target = (DynoTargetChoice) (choice % 3);
  options->one_sensor_for_both = choice % 5 == 0;
  options->gates_off = choice % 2 == 0 ? 0 : 0x001FFF80;
  options->gain = choice % 3 == 0 ? 0.5 : 1;
  options->min_hits = choice % 7 == 0 ? 1 : 5;
  result = dyno_analysis_run (&samples, 1, options, NULL, NULL, NULL);
  if (result == NULL)
    return;

  check_result (result);
  advise (result);
  traced = dyno_ve_result_cell_samples (result, choice % 2, choice % result->n_cells);
  story = dyno_ve_explain_cell (result, choice % 2, choice % result->n_cells);
}

static void
make_power (DynoSamples *samples,
            Bytes       *bytes)
{
  static const DynoDrum drum = { 236.2, 6.7, 0.05, 0.0007 };
  g_autoptr(DynoPower) power = NULL;
  DynoPowerOptions options;
  uint8_t choice = next_byte (bytes);

  dyno_power_options_init (&options);
  options.standard = (DynoStandard) (choice % DYNO_N_STANDARDS);
  options.level = choice % DYNO_CURVE_LEVELS;
  options.as_logged = choice % 3 == 0;
  options.drum = choice % 2 == 0 ? &drum : NULL;
  if (choice % 5 == 0)
    {
      options.first_row = choice;
      options.last_row = 2 * choice;
    }
  power = dyno_power_new (samples, &options);
  for (gsize i = 1; i < power->raw->n; i++)
    g_assert (power->raw->x[i] > power->raw->x[i - 1]);
}

/* Whatever a log holds: an answer, and none of its promises broken. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  Bytes bytes = { data, data + size };
  g_autoptr(DynoSamples) samples = make_samples (&bytes);
  g_autoptr(GArray) runs = dyno_pulls_find (samples);
  DynoSelfcheck check;

  for (guint i = 0; i < runs->len; i++)
    g_assert (g_array_index (runs, DynoPullEvent, i).end_us
              >= g_array_index (runs, DynoPullEvent, i).start_us);
  dyno_selfcheck_run (samples, &check);
  analyse (samples, &bytes);
  make_power (samples, &bytes);

  return 0;
}
