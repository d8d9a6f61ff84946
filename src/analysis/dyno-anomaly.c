/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-anomaly.h"

static void
miss (DynoAnomalies *self,
      const char    *rule,
      const char    *channel)
{
  DynoAdvice *advice = dyno_advice_new (rule);

  dyno_advice_lacks (advice, channel);
  g_ptr_array_add (self->unavailable, advice);
}

/* Corrections of both cylinders: raw, as measured, and limited, as applied. */
static void
look_at_cells (DynoAnomalies      *self,
               const DynoVeResult *result)
{
  const DynoGridShape *shape = &result->set->shape;
  g_autofree double *raw[DYNO_VE_CYLINDERS] = { NULL, NULL };
  g_autofree double *limited = g_new (double, MAX (result->n_cells, 1));
  g_autofree guint32 *hits = g_new (guint32, MAX (result->n_cells, 1));

  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    {
      raw[c] = g_new (double, MAX (result->n_cells, 1));
      for (guint i = 0; i < result->n_cells; i++)
        {
          raw[c][i] = result->cylinders[c].cells[i].raw;
          limited[i] = result->cylinders[c].cells[i].limited;
          hits[i] = result->cylinders[c].cells[i].hits;
        }
      dyno_anomaly_spatial (self->advice, shape, c, limited, hits);
    }
  if (result->set->has_sensor[0] && result->set->has_sensor[1])
    dyno_anomaly_imbalance (self->advice, shape, raw[0], raw[1]);
  else
    miss (self, "cylinder-imbalance", result->set->has_sensor[0] ? "mix_r" : "mix_f");
  for (guint c = 0; c < DYNO_VE_CYLINDERS; c++)
    dyno_anomaly_leak (self->advice, shape, c, raw[c]);
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

DynoAnomalies *
dyno_anomalies_new (const DynoVeResult *result,
                    const DynoKnock    *knock,
                    const double       *const factors_pct[DYNO_VE_CYLINDERS])
{
  DynoAnomalies *self = g_new0 (DynoAnomalies, 1);

  self->advice = dyno_advice_new ("anomalies");
  self->unavailable = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_advice_free);

  look_at_cells (self, result);
  if (dyno_knock_is_live (knock))
    dyno_anomaly_knock (self->advice, &result->set->shape, knock);
  else
    miss (self, "knock-cluster", "knock");
  if (has_channel (result, DYNO_CHANNEL_VBATT))
    dyno_anomaly_electrical (self->advice, result, factors_pct);
  else
    miss (self, "electrical", "vbatt");
  dyno_anomaly_sensor (self->advice, result);
  if (result->set->has_time)
    dyno_anomaly_clock (self->advice, result);
  else
    miss (self, "clock", "time");
  dyno_anomaly_held (self->advice, result);

  return self;
}

void
dyno_anomalies_free (DynoAnomalies *self)
{
  if (self == NULL)
    return;

  dyno_advice_free (self->advice);
  g_ptr_array_unref (self->unavailable);
  g_free (self);
}
