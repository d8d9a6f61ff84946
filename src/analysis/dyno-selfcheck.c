/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-selfcheck.h"

#include <math.h>

#include "dyno-lsq.h"

#define MIN_SAMPLES 100
#define MIN_SPAN_KMH 50
#define NO_MODEL_N 5
#define LOSS_KMH 160 /* at which losses are compared */

typedef struct
{
  GArray *a;        /* of double, row-major */
  GArray *b;
  guint   n;        /* columns */
  double  low_kmh;
  double  high_kmh;
} System;

static void
system_init (System *system,
             guint   n)
{
  *system = (System){ g_array_new (FALSE, FALSE, sizeof (double)),
                      g_array_new (FALSE, FALSE, sizeof (double)), n, INFINITY, -INFINITY };
}

static void
system_clear (System *system)
{
  g_array_unref (system->a);
  g_array_unref (system->b);
}

static void
system_add (System       *system,
            const double *row,
            double        b,
            double        speed_kmh)
{
  g_array_append_vals (system->a, row, system->n);
  g_array_append_val (system->b, b);
  system->low_kmh = MIN (system->low_kmh, speed_kmh);
  system->high_kmh = MAX (system->high_kmh, speed_kmh);
}

static gboolean
system_solve (System  *system,
              DynoLsq *lsq)
{
  if (system->b->len < MIN_SAMPLES || system->high_kmh - system->low_kmh < MIN_SPAN_KMH)
    return FALSE;

  return dyno_lsq_solve (&g_array_index (system->a, double, 0),
                         &g_array_index (system->b, double, 0), system->b->len, system->n, lsq);
}

const char *
dyno_selfcheck_verdict_name (DynoSelfcheckVerdict verdict)
{
  static const char *const names[] = {
    "not-available", "no-model", "reference", "ok", "drift", "changed",
  };

  g_return_val_if_fail (verdict < G_N_ELEMENTS (names), NULL);

  return names[verdict];
}

gboolean
dyno_selfcheck_run (const DynoSamples *samples,
                    DynoSelfcheck     *check)
{
  const DynoColumn *force = dyno_samples_find (samples, DYNO_CHANNEL_FORCE);
  const DynoColumn *accel = dyno_samples_find (samples, DYNO_CHANNEL_ACCEL);
  const DynoColumn *speed = dyno_samples_find (samples, DYNO_CHANNEL_SPEED);
  System system;
  DynoLsq lsq;
  gboolean is_solved;

  if (force == NULL || accel == NULL || speed == NULL)
    return FALSE;

  system_init (&system, 4);
  for (gsize i = 0; i < dyno_samples_n_rows (samples); i++)
    {
      double f = dyno_column_si (force, i);
      double a = dyno_column_si (accel, i);
      double v = dyno_column_si (speed, i);
      const double row[] = { a, 1, v, v * v };

      if (isfinite (f) && isfinite (a) && isfinite (v))
        system_add (&system, row, f, v);
    }
  is_solved = system_solve (&system, &lsq);
  if (is_solved)
    *check = (DynoSelfcheck){
      .n = system.b->len,
      .drum = { lsq.solution[0], lsq.solution[1], lsq.solution[2], lsq.solution[3] },
      .std_error = { lsq.std_error[0], lsq.std_error[1], lsq.std_error[2], lsq.std_error[3] },
      .rms_n = lsq.rms,
    };
  system_clear (&system);

  return is_solved;
}

gboolean
dyno_selfcheck_coast_down (const DynoSamples *samples,
                           double             m_eff_kg,
                           DynoSelfcheck     *check)
{
  const DynoColumn *accel = dyno_samples_find (samples, DYNO_CHANNEL_ACCEL);
  const DynoColumn *speed = dyno_samples_find (samples, DYNO_CHANNEL_SPEED);
  System system;
  DynoLsq lsq;
  gboolean is_solved;

  system_init (&system, 3);
  for (gsize i = 0; i < dyno_samples_n_rows (samples); i++)
    {
      double a = dyno_column_si (accel, i);
      double v = dyno_column_si (speed, i);
      const double row[] = { 1, v, v * v };

      if (a < 0 && isfinite (v))
        system_add (&system, row, -m_eff_kg * a, v);
    }
  is_solved = system_solve (&system, &lsq);
  if (is_solved)
    *check = (DynoSelfcheck){
      .n = system.b->len,
      .drum = { m_eff_kg, lsq.solution[0], lsq.solution[1], lsq.solution[2] },
      .std_error = { 0, lsq.std_error[0], lsq.std_error[1], lsq.std_error[2] },
      .rms_n = lsq.rms,
    };
  system_clear (&system);

  return is_solved;
}

DynoSelfcheckVerdict
dyno_selfcheck_judge (const DynoSelfcheck *check,
                      const DynoDrum      *reference)
{
  double mass_pct;
  double loss_kw;

  if (check->rms_n > NO_MODEL_N)
    return DYNO_SELFCHECK_NO_MODEL;
  if (reference == NULL)
    return DYNO_SELFCHECK_REFERENCE;

  dyno_selfcheck_difference (check, reference, &mass_pct, &loss_kw);
  if (fabs (mass_pct) <= 0.3 && fabs (loss_kw) <= 0.25)
    return DYNO_SELFCHECK_OK;
  if (fabs (mass_pct) <= 1 && fabs (loss_kw) <= 0.75)
    return DYNO_SELFCHECK_DRIFT;

  return DYNO_SELFCHECK_CHANGED;
}

void
dyno_selfcheck_difference (const DynoSelfcheck *check,
                           const DynoDrum      *reference,
                           double              *mass_pct,
                           double              *loss_kw)
{
  *mass_pct = (check->drum.m_eff_kg / reference->m_eff_kg - 1) * 100;
  *loss_kw = dyno_drum_loss_kw (&check->drum, LOSS_KMH) - dyno_drum_loss_kw (reference, LOSS_KMH);
}

gboolean
dyno_selfcheck_is_alarm (DynoSelfcheckVerdict verdict)
{
  return verdict == DYNO_SELFCHECK_DRIFT || verdict == DYNO_SELFCHECK_CHANGED;
}

char *
dyno_selfcheck_alarm (DynoSelfcheckVerdict  verdict,
                      const DynoSelfcheck  *check,
                      const DynoDrum       *reference)
{
  char mass[G_ASCII_DTOSTR_BUF_SIZE];
  char loss[G_ASCII_DTOSTR_BUF_SIZE];
  double mass_pct;
  double loss_kw;

  if (!dyno_selfcheck_is_alarm (verdict))
    return NULL;

  dyno_selfcheck_difference (check, reference, &mass_pct, &loss_kw);
  g_ascii_formatd (mass, sizeof mass, "%+.2f", mass_pct);
  g_ascii_formatd (loss, sizeof loss, "%+.2f", loss_kw);

  return g_strdup_printf ("%s: its mass is off its reference by %s %%, its losses at 160 km/h by %s "
                          "kW. %s", verdict == DYNO_SELFCHECK_DRIFT ? "The dyno drifts"
                                                                    : "The dyno has changed",
                          mass, loss,
                          verdict == DYNO_SELFCHECK_DRIFT
                            ? "Look after its bearings and brake before the figures go astray."
                            : "Look for another drum file, a dragging brake or a bearing before "
                              "comparing these figures with earlier ones.");
}
