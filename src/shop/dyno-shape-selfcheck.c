/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shape-selfcheck.h"

#include <math.h>

static const double loss_kmh[] = { 80, 160, 240 };

static void
add_drum (DynoJsonWriter *w,
          const DynoDrum *drum)
{
  dyno_json_writer_add_rounded (w, "effective_mass_kg", drum->m_eff_kg, 4);
  dyno_json_writer_add_rounded (w, "c0_n", drum->c0_n, 6);
  dyno_json_writer_add_rounded (w, "c1_n_per_kmh", drum->c1_n_per_kmh, 8);
  dyno_json_writer_add_rounded (w, "c2_n_per_kmh2", drum->c2_n_per_kmh2, 10);
}

static void
add_us (DynoJsonWriter *w,
        const DynoDrum *drum)
{
  DynoDrumUs us;

  dyno_drum_to_us (drum, &us);
  dyno_json_writer_name (w, "us");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "mass_lbf_s_per_mph", us.mass_lbf_s_per_mph, 4);
  dyno_json_writer_add_rounded (w, "c0_lbf", us.c0_lbf, 6);
  dyno_json_writer_add_rounded (w, "c1_lbf_per_mph", us.c1_lbf_per_mph, 8);
  dyno_json_writer_add_rounded (w, "c2_lbf_per_mph2", us.c2_lbf_per_mph2, 10);
  dyno_json_writer_end_object (w);
}

static void
add_losses (DynoJsonWriter *w,
            const DynoDrum *drum)
{
  dyno_json_writer_name (w, "loss_kw");
  dyno_json_writer_begin_array (w);
  for (gsize i = 0; i < G_N_ELEMENTS (loss_kmh); i++)
    {
      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_number (w, "speed_kmh", loss_kmh[i]);
      dyno_json_writer_add_rounded (w, "power_kw", dyno_drum_loss_kw (drum, loss_kmh[i]), 4);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

static void
add_check (DynoJsonWriter      *w,
           const DynoSelfcheck *check)
{
  add_drum (w, &check->drum);
  dyno_json_writer_add_rounded (w, "rms_n", check->rms_n, 6);
  dyno_json_writer_add_integer (w, "samples", (gint64) check->n);
  dyno_json_writer_name (w, "std_error");
  dyno_json_writer_begin_object (w);
  add_drum (w, &check->std_error);
  dyno_json_writer_end_object (w);
  add_us (w, &check->drum);
  add_losses (w, &check->drum);
}

static void
add_reference (DynoJsonWriter      *w,
               const DynoPullPower *power)
{
  double mass_pct = NAN;
  double loss_kw = NAN;

  dyno_json_writer_name (w, "reference");
  if (power->has_reference)
    {
      dyno_selfcheck_difference (&power->selfcheck, &power->reference, &mass_pct, &loss_kw);
      dyno_json_writer_begin_object (w);
      add_drum (w, &power->reference);
      dyno_json_writer_end_object (w);
    }
  else
    dyno_json_writer_null (w);
  dyno_json_writer_add_rounded (w, "mass_off_pct", mass_pct, 4);
  dyno_json_writer_add_rounded (w, "loss_off_kw", loss_kw, 4);
}

void
dyno_shape_selfcheck (DynoJsonWriter      *w,
                      const DynoPullPower *power)
{
  if (!power->has_selfcheck)
    {
      dyno_json_writer_null (w);
      return;
    }

  dyno_json_writer_begin_object (w);
  add_check (w, &power->selfcheck);
  dyno_json_writer_add_string (w, "verdict", dyno_selfcheck_verdict_name (power->verdict));
  add_reference (w, power);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_coast_down (DynoJsonWriter      *w,
                       const DynoPullPower *power)
{
  if (!power->has_coast_down)
    {
      dyno_json_writer_null (w);
      return;
    }

  dyno_json_writer_begin_object (w);
  add_check (w, &power->coast_down);
  dyno_json_writer_end_object (w);
}

void
dyno_shape_selfcheck_warning (DynoJsonWriter      *w,
                              const DynoPullPower *power)
{
  g_autofree char *text = dyno_selfcheck_alarm (power->verdict, &power->selfcheck,
                                                &power->reference);
  g_autofree char *code = NULL;

  if (text == NULL)
    return;

  code = g_strconcat ("dyno-", dyno_selfcheck_verdict_name (power->verdict), NULL);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "code", code);
  dyno_json_writer_add_string (w, "text", text);
  dyno_json_writer_end_object (w);
}
