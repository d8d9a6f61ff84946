/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight-private.h"

#include <math.h>

#include "dyno-correction.h"
#include "dyno-stat.h"

/* Checks 9 to 11 of jetdrive.md §8: laws that join channels, over pairs of readings
 * that belong together in time. Pure. */

#define PAIR_US 20000
#define LEAST_PAIRS 20
#define LEAST_KW 5.0
#define MOST_OFF_SHARE 0.2

/* The reading of a channel nearest to a stamp; FALSE beyond 20 ms. */
static gboolean
reading_near (const DynoJudge *judge,
              DynoChannel      canonical,
              gint64           t_us,
              double          *value)
{
  const GArray *array = judge->view->readings[canonical];
  guint low = 0;
  guint high = array != NULL ? array->len : 0;
  gint64 best = G_MAXINT64;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (array, DynoPreflightReading, middle).t_us < t_us)
        low = middle + 1;
      else
        high = middle;
    }
  for (guint i = low > 0 ? low - 1 : 0; array != NULL && i < array->len && i <= low; i++)
    {
      const DynoPreflightReading *reading = &g_array_index (array, DynoPreflightReading, i);
      gint64 distance = ABS (reading->t_us - t_us);

      if (distance < best)
        {
          best = distance;
          *value = reading->value;
        }
    }

  return best <= PAIR_US;
}

/* How a law that joins channels holds: pairs that belong together in time. */
typedef struct
{
  guint n;
  guint n_off;
  double ratio; /* median of what the law gives over what the dyno says */
} Law;

static void
judge_ratios (GArray *ratios,
              double  tolerance,
              Law    *law)
{
  *law = (Law){ .n = ratios->len, .ratio = NAN };
  for (guint i = 0; i < ratios->len; i++)
    law->n_off += !(fabs (g_array_index (ratios, double, i) - 1) <= tolerance);
  if (ratios->len > 0)
    law->ratio = dyno_stat_median ((double *) (gpointer) ratios->data, ratios->len);
}

static gboolean
is_off (const Law *law)
{
  return law->n_off > MOST_OFF_SHARE * law->n;
}

/* Units that a dyno with US figures would have sent as if they were SI. */
static const char *
scale_name (double ratio)
{
  static const struct
  {
    double ratio;
    const char *name;
  } scales[] = {
    { 375.0 / 3600.0, "lbf and mph in hp (lbf · mph / 375)" },
    { 0.745699872, "power in hp" },
    { 0.621371192, "speed in mph" },
    { 0.224808943, "force in lbf" },
    { 0.737562149, "torque in lbf·ft" },
    { 5252.113122 / 9549.296586, "torque in lbf·ft and power in hp" },
  };
  const char *name = NULL;
  double nearest = 0.02;

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      double off = fabs (ratio / scales[i].ratio - 1);

      if (!(off < nearest))
        continue;
      nearest = off;
      name = scales[i].name;
    }

  return name;
}

static void
compare_power (const DynoJudge *judge,
               Law             *law)
{
  GArray *const *readings = judge->view->readings;
  g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < dyno_judge_count (readings, DYNO_CHANNEL_POWER); i++)
    {
      const DynoPreflightReading *power
        = &g_array_index (readings[DYNO_CHANNEL_POWER], DynoPreflightReading, i);
      double force, speed, ratio;

      if (power->value <= LEAST_KW || !reading_near (judge, DYNO_CHANNEL_FORCE, power->t_us, &force)
          || !reading_near (judge, DYNO_CHANNEL_SPEED, power->t_us, &speed))
        continue;
      ratio = force * speed / 3600 / power->value;
      g_array_append_val (ratios, ratio);
    }
  judge_ratios (ratios, 0.01, law);
}

static void
compare_torque (const DynoJudge *judge,
                Law             *law)
{
  GArray *const *readings = judge->view->readings;
  g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < dyno_judge_count (readings, DYNO_CHANNEL_POWER); i++)
    {
      const DynoPreflightReading *power
        = &g_array_index (readings[DYNO_CHANNEL_POWER], DynoPreflightReading, i);
      double torque, rpm, ratio;

      if (power->value <= LEAST_KW
          || !reading_near (judge, DYNO_CHANNEL_TORQUE, power->t_us, &torque)
          || !reading_near (judge, DYNO_CHANNEL_RPM, power->t_us, &rpm))
        continue;
      ratio = torque * rpm / DYNO_NM_RPM_PER_KW / power->value;
      g_array_append_val (ratios, ratio);
    }
  judge_ratios (ratios, 0.03, law);
}

static void
compare_gear (const DynoJudge *judge,
              Law             *law)
{
  GArray *const *readings = judge->view->readings;
  g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < dyno_judge_count (readings, DYNO_CHANNEL_GEAR_RATIO); i++)
    {
      const DynoPreflightReading *gear
        = &g_array_index (readings[DYNO_CHANNEL_GEAR_RATIO], DynoPreflightReading, i);
      double speed, rpm, ratio;

      if (!reading_near (judge, DYNO_CHANNEL_SPEED, gear->t_us, &speed)
          || speed < DYNO_JUDGE_TURNS_KMH
          || !reading_near (judge, DYNO_CHANNEL_RPM, gear->t_us, &rpm) || rpm < 500)
        continue;
      ratio = speed * gear->value / rpm;
      g_array_append_val (ratios, ratio);
    }
  judge_ratios (ratios, 0.02, law);
}

static void
judge_law (DynoJudge         *judge,
           DynoPreflightKind  kind,
           const Law         *law,
           const char        *good,
           const char        *bad)
{
  const char *scale = scale_name (law->ratio);

  if (law->n < LEAST_PAIRS)
    dyno_judge_say (judge, kind, DYNO_PREFLIGHT_SKIP, NULL, "%s",
                    dyno_judge_drum_turned (judge) ? "There was too little load to judge."
                                                   : "drum at rest");
  else if (is_off (law) && scale != NULL)
    dyno_judge_say (judge, kind, DYNO_PREFLIGHT_FAIL,
                    "Set the dyno to SI units, or correct the mapping.", "%s: it seems to send %s.",
                    bad, scale);
  else if (is_off (law))
    dyno_judge_say (judge, kind, DYNO_PREFLIGHT_FAIL,
                    "Check the units and the mapping of these channels.",
                    "%s: their ratio is %.4f.", bad, law->ratio);
  else
    dyno_judge_say (judge, kind, DYNO_PREFLIGHT_PASS, NULL, "%s", good);
  dyno_judge_show (judge, kind, "pairs", law->n, "ratio", law->ratio);
}

static void
check_laws (DynoJudge *judge)
{
  Law law;

  compare_power (judge, &law);
  judge_law (judge, DYNO_PREFLIGHT_POWER, &law, "Power is force times speed, in SI.",
             "Power is not force times speed");
  compare_torque (judge, &law);
  judge_law (judge, DYNO_PREFLIGHT_TORQUE, &law, "Power is torque times engine speed, in SI.",
             "Power is not torque times engine speed");
}

static void
check_gear (DynoJudge *judge)
{
  double off;
  Law law;

  compare_gear (judge, &law);
  off = fabs (law.ratio - 1);
  if (law.n < LEAST_PAIRS)
    dyno_judge_say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_SKIP, NULL, "%s",
                    dyno_judge_engine_ran (judge) ? "drum at rest" : "engine off");
  else if (off > 0.1)
    dyno_judge_say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_FAIL,
                    "Set the gear ratio at the dyno anew, in the gear of the pull.",
                    "Engine speed and drum speed are %.0f %% apart from the gear ratio.",
                    100 * off);
  else if (off > 0.02)
    dyno_judge_say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_WARN,
                    "Set the gear ratio at the dyno anew; torque is not to be believed until then.",
                    "Engine speed and drum speed are %.1f %% apart from the gear ratio.",
                    100 * off);
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_PASS, NULL,
                    "The gear ratio is right.");
  dyno_judge_show (judge, DYNO_PREFLIGHT_GEAR, "pairs", law.n, "ratio", law.ratio);
}

void
dyno_judge_laws (DynoJudge *judge)
{
  check_laws (judge);
  check_gear (judge);
}
