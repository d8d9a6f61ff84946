/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-gain.h"

#include <math.h>

/* The verdict in words; part of dyno-gain.h. */

static char *
signed_power (double      kw,
              DynoUnitSet units)
{
  const DynoUnit *unit = dyno_unit_shown (units, DYNO_QUANTITY_POWER);
  g_autofree char *number = dyno_unit_format (unit, kw, FALSE);

  return g_strdup_printf ("%s%s %s", kw > 0 ? "+" : "", number, unit->symbol);
}

static char *
real_sentence (const DynoGain *self,
               DynoUnitSet     units)
{
  const DynoUnit *unit = dyno_unit_shown (units, DYNO_QUANTITY_POWER);
  g_autofree char *gain = signed_power (self->area.gain, units);
  g_autofree char *low = dyno_unit_format (unit, self->area.ci_low, FALSE);
  g_autofree char *high = dyno_unit_format (unit, self->area.ci_high, FALSE);

  return g_strdup_printf ("%s (%s … %s), real", gain, low, high);
}

/* "3200 and 4100 rpm", "3200 and 4100 rpm (loss)". */
static void
append_stretch (GString               *text,
                const DynoGain        *self,
                const DynoGainStretch *stretch,
                DynoUnitSet            units)
{
  const DynoUnit *unit = dyno_unit_shown (units, self->is_over_speed ? DYNO_QUANTITY_SPEED
                                                                     : DYNO_QUANTITY_ROTATION);
  g_autofree char *from = dyno_unit_format (unit, stretch->from, FALSE);
  g_autofree char *to = dyno_unit_format (unit, stretch->to, FALSE);

  if (stretch->from < stretch->to)
    g_string_append_printf (text, "between %s and %s %s", from, to, unit->symbol);
  else
    g_string_append_printf (text, "at %s %s", from, unit->symbol);
  if (stretch->is_loss)
    g_string_append (text, " (loss)");
}

static char *
partly_sentence (const DynoGain *self,
                 DynoUnitSet     units)
{
  GString *text = g_string_new ("real ");

  for (guint i = 0; i < self->stretches->len; i++)
    {
      if (i > 0)
        g_string_append (text, i + 1 < self->stretches->len ? ", " : " and ");
      append_stretch (text, self, &g_array_index (self->stretches, DynoGainStretch, i), units);
    }
  g_string_append (text, " only");

  return g_string_free (text, FALSE);
}

static char *
not_proved_sentence (const DynoGain *self)
{
  if (self->more > DYNO_GAIN_MANY_MORE)
    return g_strdup_printf ("within the scatter; more than %d more pulls a side would be needed to "
                            "show a gain of this size", DYNO_GAIN_MANY_MORE);

  return g_strdup_printf ("within the scatter; about %u more %s a side would show a gain of this "
                          "size", self->more, self->more == 1 ? "pull" : "pulls");
}

static char *
too_few_sentence (const DynoGain *self)
{
  return g_strdup_printf ("not enough pulls: %d a side are the least; %u more before and %u more "
                          "after are missing", DYNO_GAIN_FEWEST, self->missing_a,
                          self->missing_b);
}

char *
dyno_gain_sentence (const DynoGain *self,
                    DynoUnitSet     units)
{
  switch (self->verdict)
    {
    case DYNO_GAIN_NOT_ENOUGH_RUNS:
      return too_few_sentence (self);
    case DYNO_GAIN_REAL_GAIN:
    case DYNO_GAIN_REAL_LOSS:
      return real_sentence (self, units);
    case DYNO_GAIN_PARTLY:
      return partly_sentence (self, units);
    case DYNO_GAIN_NOT_PROVED:
      return not_proved_sentence (self);
    default:
      g_return_val_if_reached (NULL);
    }
}
