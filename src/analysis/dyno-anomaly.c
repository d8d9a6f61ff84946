/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-anomaly.h"

static void
miss (GPtrArray  *unavailable,
      const char *rule,
      const char *channel)
{
  DynoAdvice *advice = dyno_advice_new (rule);

  dyno_advice_lacks (advice, channel);
  g_ptr_array_add (unavailable, advice);
}

/* Corrections of a cylinder: raw, as measured, and limited, as applied. */
static void
copy_cells (const DynoVeResult *result,
            guint               cylinder,
            double             *raw,
            double             *limited,
            guint32            *hits)
{
  for (guint i = 0; i < result->n_cells; i++)
    {
      const DynoVeCell *cell = &result->cylinders[cylinder].cells[i];

      raw[i] = cell->raw;
      limited[i] = cell->limited;
      hits[i] = cell->hits;
    }
}

static void
look_at_cells (DynoAdvice         *advice,
               const DynoVeResult *result,
               GPtrArray          *unavailable)
{
  const DynoGridShape *shape = &result->set->shape;
  gsize n = MAX (result->n_cells, 1);
  g_autofree double *front = g_new (double, n);
  g_autofree double *rear = g_new (double, n);
  g_autofree double *limited = g_new (double, n);
  g_autofree guint32 *hits = g_new (guint32, n);
  double *const raw[DYNO_VE_CYLINDERS] = { front, rear };

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      copy_cells (result, c, raw[c], limited, hits);
      dyno_anomaly_spatial (advice, shape, c, limited, hits);
    }
  if (result->set->has_sensor[0] && result->set->has_sensor[1])
    dyno_anomaly_imbalance (advice, shape, front, rear);
  else
    miss (unavailable, "cylinder-imbalance", result->set->has_sensor[0] ? "mix_r" : "mix_f");
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    dyno_anomaly_leak (advice, shape, c, raw[c]);
}

static gboolean
has_channel (const DynoVeResult *result,
             DynoChannel         channel)
{
  for (guint r = 0; r < result->set->n_runs; r++)
    {
      if (dyno_samples_find (result->set->runs[r].samples, channel) != NULL)
        return TRUE;
    }

  return FALSE;
}

DynoAdvice *
dyno_anomalies_advise (const DynoVeResult *result,
                       const DynoKnock    *knock,
                       GPtrArray          *unavailable,
                       const DynoProgress *progress)
{
  DynoAdvice *advice = dyno_advice_new ("anomalies");

  look_at_cells (advice, result, unavailable);
  if (dyno_knock_is_live (knock))
    dyno_anomaly_knock (advice, &result->set->shape, knock);
  else
    miss (unavailable, "knock-cluster", "knock");
  if (has_channel (result, DYNO_CHANNEL_VBATT))
    dyno_anomaly_electrical (advice, result, progress);
  else
    miss (unavailable, "electrical", "vbatt");
  dyno_anomaly_sensor (advice, result);
  if (result->set->has_time)
    dyno_anomaly_clock (advice, result);
  else
    miss (unavailable, "clock", "time");
  dyno_anomaly_held (advice, result);

  return advice;
}
