/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

/* power_curve.csv; part of dyno-artefact.h. */

#define STEP_RPM 50

/* Readings of the pull that lie nearest to an engine speed. */
static guint
count_readings (const DynoCurve *raw,
                double           rpm)
{
  guint n = 0;

  for (gsize i = 0; i < raw->n && raw->x[i] < rpm + STEP_RPM / 2; i++)
    n += raw->x[i] >= rpm - STEP_RPM / 2;

  return n;
}

static void
append_point (GString         *text,
              const DynoPower *power,
              gsize            i)
{
  const DynoCurve *curve = power->curve;
  double factor = power->correction.factor;

  dyno_artefact_append_number (text, curve->x[i], 0);
  g_string_append_c (text, ',');
  dyno_artefact_append_number (text, curve->power_kw[i], 2);
  g_string_append_c (text, ',');
  dyno_artefact_append_number (text, curve->torque_nm[i], 2);
  g_string_append_c (text, ',');
  dyno_artefact_append_number (text, curve->power_kw[i] / factor, 2);
  g_string_append_c (text, ',');
  dyno_artefact_append_number (text, curve->torque_nm[i] / factor, 2);
  g_string_append_c (text, ',');
  dyno_artefact_append_number (text, curve->afr[i], 2);
  g_string_append_c (text, ',');
  dyno_artefact_append_number (text, curve->map_kpa[i], 1);
  g_string_append_printf (text, ",%u", count_readings (power->raw, curve->x[i]));
  g_string_append (text, DYNO_ARTEFACT_CRLF);
}

void
dyno_artefacts_add_power (GPtrArray           *artefacts,
                          const DynoPullPower *power)
{
  g_autoptr(DynoCurve) even = NULL;
  DynoPower at_steps;
  GString *text;

  if (power == NULL || power->power->curve->n == 0 || power->power->curve->is_over_speed)
    return;

  even = dyno_curve_resample (power->power->curve, STEP_RPM);
  at_steps = *power->power;
  at_steps.curve = even;
  text = g_string_new ("RPM,Power (kW),Torque (N·m),Power uncorrected (kW),"
                       "Torque uncorrected (N·m),Mixture (AFR),MAP (kPa),n" DYNO_ARTEFACT_CRLF);
  for (gsize i = 0; i < even->n; i++)
    append_point (text, &at_steps, i);
  g_ptr_array_add (artefacts,
                   dyno_artefact_new (g_strdup ("power_curve.csv"), "csv", (guint) even->n, 8,
                                      text));
}
