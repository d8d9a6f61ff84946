/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight.h"

#include <math.h>

#include "dyno-correction.h"
#include "dyno-json.h"
#include "dyno-stat.h"

/* The thirteen checks of jetdrive.md §8 over what was seen. Pure. A stopped engine
 * never fails: what cannot be judged is skipped, and says why. */

#define PAIR_US 20000
#define LEAST_PAIRS 20
#define LEAST_KW 5.0
#define MOST_OFF_SHARE 0.2
#define TURNS_KMH 8.0

typedef struct
{
  const DynoPreflightView *view;
  DynoPreflight           *answer;
} Judge;

void
dyno_preflight_view_clear (DynoPreflightView *view)
{
  g_clear_pointer (&view->state, dyno_capture_state_unref);
  for (guint i = 0; i < DYNO_N_CHANNELS; i++)
    {
      g_clear_pointer (&view->readings[i], g_array_unref);
      g_clear_pointer (&view->looks[i], g_array_unref);
    }
}

/* Verdicts */

static void G_GNUC_PRINTF (5, 6)
say (Judge               *judge,
     DynoPreflightKind    kind,
     DynoPreflightStatus  status,
     const char          *fix,
     const char          *format,
     ...)
{
  DynoPreflightCheck *check = &judge->answer->checks[kind];
  va_list args;

  g_free (check->message);
  g_free (check->fix);
  va_start (args, format);
  check->message = g_strdup_vprintf (format, args);
  va_end (args);
  check->fix = g_strdup (fix);
  check->status = status;
}

static void
show (Judge             *judge,
      DynoPreflightKind  kind,
      const char        *name,
      double             value,
      const char        *name_2,
      double             value_2)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, name, value, 6);
  if (name_2 != NULL)
    dyno_json_writer_add_rounded (w, name_2, value_2, 6);
  dyno_json_writer_end_object (w);
  g_free (judge->answer->checks[kind].details);
  judge->answer->checks[kind].details = dyno_json_writer_finish (w);
}

/* What was seen */

static const DynoChannelState *
bound (const Judge *judge,
       DynoChannel  canonical)
{
  const DynoCaptureState *state = judge->view->state;

  return state != NULL ? dyno_capture_state_bound (state, canonical) : NULL;
}

static const DynoProviderState *
provider_of (const DynoCaptureState *state)
{
  return state != NULL && state->chosen >= 0 ? &state->providers[state->chosen] : NULL;
}

static guint
count_of (GArray *const *arrays,
          DynoChannel    canonical)
{
  return arrays[canonical] != NULL ? arrays[canonical]->len : 0;
}

static double
value_at (GArray *const *arrays,
          DynoChannel    canonical,
          guint          index)
{
  return g_array_index (arrays[canonical], DynoPreflightReading, index).value;
}

static double
mean_of (const Judge *judge,
         DynoChannel  canonical)
{
  GArray *const *looks = judge->view->looks;
  guint n = count_of (looks, canonical);
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += value_at (looks, canonical, i);

  return n > 0 ? sum / n : NAN;
}

/* NaN without a look. */
static double
most_of (const Judge *judge,
         DynoChannel  canonical)
{
  GArray *const *looks = judge->view->looks;
  double most = NAN;

  for (guint i = 0; i < count_of (looks, canonical); i++)
    {
      double value = value_at (looks, canonical, i);

      if (!(value <= most))
        most = value;
    }

  return most;
}

static gboolean
drum_turned (const Judge *judge)
{
  return most_of (judge, DYNO_CHANNEL_SPEED) > TURNS_KMH;
}

static gboolean
engine_ran (const Judge *judge)
{
  return most_of (judge, DYNO_CHANNEL_RPM) >= 500;
}

/* The reading of a channel nearest to a stamp; FALSE beyond 20 ms. */
static gboolean
reading_near (const Judge *judge,
              DynoChannel  canonical,
              gint64       t_us,
              double      *value)
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
  guint  n;
  guint  n_off;
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
    double      ratio;
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

/* 1 to 5 */

static guint
count_providers (const DynoCaptureState *state)
{
  guint n = 0;

  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    n += state->providers[i].is_provider && !state->providers[i].is_silent;

  return n;
}

static void
check_link (Judge *judge)
{
  const DynoCaptureState *state = judge->view->state;
  const DynoProviderState *provider = provider_of (state);
  const char *reason = state != NULL ? dyno_link_reason_text (state->reason) : "";

  if (count_providers (state) == 0 || (provider != NULL && provider->is_silent))
    say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_FAIL,
         *reason != '\0' ? reason : "Check cable and network; the network doctor says more.",
         "No dyno is heard.");
  else if (state->reason == DYNO_LINK_REASON_NO_CHANNEL_INFO)
    say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_FAIL, reason,
         "A dyno is heard, but it does not say which channels it has.");
  else if (judge->view->had_jitter)
    say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_WARN,
         "Use a cable instead of Wi-Fi and close what loads this computer.",
         "Data comes with gaps of more than a quarter of a second.");
  else
    say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_PASS, NULL, "%s is heard evenly.",
         provider != NULL ? provider->name : "A dyno");
}

static void
check_provider (Judge *judge)
{
  const char *wanted = judge->view->wanted;
  const DynoProviderState *provider = provider_of (judge->view->state);

  if (wanted != NULL && (provider == NULL || !g_str_equal (provider->name, wanted)))
    say (judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_FAIL,
         "Switch the chosen dyno on, or choose another one.", "%s was chosen and is not there.",
         wanted);
  else if (wanted == NULL && count_providers (judge->view->state) > 1)
    say (judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_WARN, "Choose the dyno of this bench.",
         "%u dynos are on the network and none was chosen.",
         count_providers (judge->view->state));
  else if (provider == NULL)
    say (judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_SKIP, NULL, "There is no dyno to choose.");
  else
    say (judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_PASS, NULL, "%s is in use.",
         provider->name);
}

static const DynoChannelState *
bound_mixture (const Judge *judge)
{
  const DynoChannelState *mixture = bound (judge, DYNO_CHANNEL_MIX_F);

  if (mixture == NULL)
    mixture = bound (judge, DYNO_CHANNEL_MIX_R);

  return mixture != NULL ? mixture : bound (judge, DYNO_CHANNEL_MIX);
}

static void
check_required (Judge *judge)
{
  const DynoChannelState *rpm = bound (judge, DYNO_CHANNEL_RPM);
  const DynoChannelState *mixture = bound_mixture (judge);

  if (rpm == NULL || mixture == NULL)
    say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_FAIL,
         "Switch the channel on at the dyno, or map it by hand.", "The dyno has no channel for %s.",
         rpm == NULL && mixture == NULL ? "engine speed and none for the mixture"
         : rpm == NULL                  ? "engine speed"
                                        : "the mixture");
  else if (rpm->n_samples == 0 || mixture->n_samples == 0)
    say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_WARN,
         "Start the engine, or switch the sensor on.", "%s has not said anything yet.",
         rpm->n_samples == 0 ? rpm->channel->display_name : mixture->channel->display_name);
  else if (mixture->unit->quantity == DYNO_QUANTITY_LAMBDA)
    say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_WARN,
         "Set the fuel of the vehicle: its stoichiometric ratio makes AFR of λ.",
         "The mixture is measured as λ only.");
  else
    say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_PASS, NULL,
         "Engine speed and mixture are there.");
}

static void
check_recommended (Judge *judge)
{
  static const DynoChannel wanted[] = { DYNO_CHANNEL_MAP, DYNO_CHANNEL_TPS, DYNO_CHANNEL_TORQUE,
                                        DYNO_CHANNEL_POWER };
  g_autoptr(GString) missing = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      if (bound (judge, wanted[i]) == NULL)
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "",
                                dyno_channel_info (wanted[i])->name);
    }
  if (missing->len == 0)
    say (judge, DYNO_PREFLIGHT_RECOMMENDED, DYNO_PREFLIGHT_PASS, NULL,
         "Manifold pressure, throttle, torque and power are there.");
  else
    say (judge, DYNO_PREFLIGHT_RECOMMENDED, DYNO_PREFLIGHT_WARN,
         "Switch these channels on at the dyno, or map them by hand.",
         "There is no channel for %s.",
         missing->str);
}

static void
check_health (Judge *judge)
{
  double loss = judge->view->loss_percent;
  DynoOverall overall = judge->view->overall;

  if (provider_of (judge->view->state) == NULL)
    say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_SKIP, NULL, "There is no dyno to look at.");
  else if (loss > 5)
    say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_FAIL, "Use a cable, or another switch.",
         "%.1f %% of the messages are lost.", loss);
  else if (overall == DYNO_OVERALL_CRITICAL)
    say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_FAIL,
         "Look at the red channels in the list of all channels.",
         "A required channel is stale, frozen or out of range.");
  else if (loss > 1)
    say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_WARN, "Use a cable instead of Wi-Fi.",
         "%.1f %% of the messages are lost.", loss);
  else if (overall == DYNO_OVERALL_WARNING)
    say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_WARN,
         "Look at the yellow channels in the list of all channels.",
         "A channel is slow, pegged or frozen.");
  else
    say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_PASS, NULL, "All channels are well.");
  show (judge, DYNO_PREFLIGHT_HEALTH, "loss_percent", loss, NULL, 0);
}

/* 6 to 8 */

static void
check_rpm (Judge *judge)
{
  double mean = mean_of (judge, DYNO_CHANNEL_RPM);
  double most = most_of (judge, DYNO_CHANNEL_RPM);

  if (isnan (mean))
    say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_SKIP, NULL, "No engine speed was seen.");
  else if (most > 20000)
    say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_FAIL,
         "Calibrate the pickup, or map another channel as engine speed.",
         "Engine speed reads %.0f: no engine turns so fast.", most);
  else if (mean >= 10 && mean <= 20)
    say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_FAIL, "Map another channel as engine speed.",
         "What is taken for engine speed reads %.1f: this is an air/fuel ratio.", mean);
  else if (!engine_ran (judge) && !drum_turned (judge))
    say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_SKIP, NULL, "engine off");
  else if (!engine_ran (judge))
    say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_WARN, "Check the pickup of the engine speed.",
         "The drum turns, but engine speed stays below 500.");
  else
    say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_PASS, NULL, "Engine speed reads up to %.0f.",
         most);
  show (judge, DYNO_PREFLIGHT_RPM, "mean", mean, "max", most);
}

/* What is wrong with one mixture channel; worse answers overrule better ones. */
static void
check_one_mixture (Judge       *judge,
                   DynoChannel  canonical)
{
  const DynoChannelState *channel = bound (judge, canonical);
  double mean = mean_of (judge, canonical);
  DynoPreflightStatus now = judge->answer->checks[DYNO_PREFLIGHT_MIXTURE].status;
  gboolean is_lambda = channel != NULL && channel->channel->unit_code == 13;
  double afr = is_lambda && mean < 3 ? mean * DYNO_STOICH_PETROL : mean;

  if (channel == NULL || isnan (mean) || now == DYNO_PREFLIGHT_FAIL)
    return;

  if (mean > 500)
    say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL, "Map another channel as mixture.",
         "%s reads %.0f: this is an engine speed.", channel->channel->display_name, mean);
  else if (!is_lambda && mean >= 0.68 && mean <= 1.36)
    say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL,
         "Set the unit of this channel to λ at the dyno.", "%s says AFR but reads %.2f: this is λ.",
         channel->channel->display_name, mean);
  else if (is_lambda && mean > 3)
    say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL,
         "Set the unit of this channel to AFR at the dyno.",
         "%s says λ but reads %.2f: this is AFR.",
         channel->channel->display_name, mean);
  else if (!engine_ran (judge))
    {
      if (now == DYNO_PREFLIGHT_PASS)
        say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_SKIP, NULL, "engine off");
    }
  else if (channel->health == DYNO_HEALTH_PEGGED)
    say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_WARN,
         "Wait until the sensor is warm; check that it sits in the exhaust.",
         "%s stands at the end of its range.", channel->channel->display_name);
  else if (afr < 10 || afr > 20)
    say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_WARN,
         "Check the sensor and the mapping of this channel.",
         "%s reads %.1f AFR on average: no engine runs with that.", channel->channel->display_name,
         afr);
}

static void
check_mixture (Judge *judge)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX_R,
                                          DYNO_CHANNEL_MIX };

  say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_PASS, NULL, "The mixture reads as it should.");
  if (isnan (mean_of (judge, DYNO_CHANNEL_MIX_F)) && isnan (mean_of (judge, DYNO_CHANNEL_MIX_R))
      && isnan (mean_of (judge, DYNO_CHANNEL_MIX)))
    say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_SKIP, NULL, "No mixture was seen.");
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    check_one_mixture (judge, channels[i]);
}

static void
check_throttle (Judge *judge)
{
  GArray *const *looks = judge->view->looks;
  guint n = count_of (looks, DYNO_CHANNEL_TPS);
  guint n_out = 0;
  double share;

  for (guint i = 0; i < n; i++)
    {
      double value = value_at (looks, DYNO_CHANNEL_TPS, i);

      n_out += value < -5 || value > 105;
    }
  share = n > 0 ? (double) n_out / n : NAN;

  if (n == 0)
    say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_SKIP, NULL, "No throttle was seen.");
  else if (share > 0.1)
    say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_FAIL,
         "Calibrate the throttle sensor, or map another channel.",
         "The throttle reads outside 0…100 %% most of the time.");
  else if (share > 0.01)
    say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_WARN, "Calibrate the throttle sensor.",
         "The throttle reads outside 0…100 %% now and then.");
  else
    say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_PASS, NULL, "The throttle reads well.");
  show (judge, DYNO_PREFLIGHT_THROTTLE, "share_outside", share, NULL, 0);
}

/* 9 to 11 */

static void
compare_power (const Judge *judge,
               Law         *law)
{
  GArray *const *readings = judge->view->readings;
  g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < count_of (readings, DYNO_CHANNEL_POWER); i++)
    {
      const DynoPreflightReading *power
        = &g_array_index (readings[DYNO_CHANNEL_POWER], DynoPreflightReading, i);
      double force, speed, ratio;

      if (power->value <= LEAST_KW
          || !reading_near (judge, DYNO_CHANNEL_FORCE, power->t_us, &force)
          || !reading_near (judge, DYNO_CHANNEL_SPEED, power->t_us, &speed))
        continue;
      ratio = force * speed / 3600 / power->value;
      g_array_append_val (ratios, ratio);
    }
  judge_ratios (ratios, 0.01, law);
}

static void
compare_torque (const Judge *judge,
                Law         *law)
{
  GArray *const *readings = judge->view->readings;
  g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < count_of (readings, DYNO_CHANNEL_POWER); i++)
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
compare_gear (const Judge *judge,
              Law         *law)
{
  GArray *const *readings = judge->view->readings;
  g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < count_of (readings, DYNO_CHANNEL_GEAR_RATIO); i++)
    {
      const DynoPreflightReading *gear
        = &g_array_index (readings[DYNO_CHANNEL_GEAR_RATIO], DynoPreflightReading, i);
      double speed, rpm, ratio;

      if (!reading_near (judge, DYNO_CHANNEL_SPEED, gear->t_us, &speed) || speed < TURNS_KMH
          || !reading_near (judge, DYNO_CHANNEL_RPM, gear->t_us, &rpm) || rpm < 500)
        continue;
      ratio = speed * gear->value / rpm;
      g_array_append_val (ratios, ratio);
    }
  judge_ratios (ratios, 0.02, law);
}

static void
judge_law (Judge             *judge,
           DynoPreflightKind  kind,
           const Law         *law,
           const char        *good,
           const char        *bad)
{
  const char *scale = scale_name (law->ratio);

  if (law->n < LEAST_PAIRS)
    say (judge, kind, DYNO_PREFLIGHT_SKIP, NULL, "%s",
         drum_turned (judge) ? "There was too little load to judge." : "drum at rest");
  else if (is_off (law) && scale != NULL)
    say (judge, kind, DYNO_PREFLIGHT_FAIL, "Set the dyno to SI units, or correct the mapping.",
         "%s: it seems to send %s.", bad, scale);
  else if (is_off (law))
    say (judge, kind, DYNO_PREFLIGHT_FAIL, "Check the units and the mapping of these channels.",
         "%s: their ratio is %.4f.", bad, law->ratio);
  else
    say (judge, kind, DYNO_PREFLIGHT_PASS, NULL, "%s", good);
  show (judge, kind, "pairs", law->n, "ratio", law->ratio);
}

static void
check_laws (Judge *judge)
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
check_gear (Judge *judge)
{
  double off;
  Law law;

  compare_gear (judge, &law);
  off = fabs (law.ratio - 1);
  if (law.n < LEAST_PAIRS)
    say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_SKIP, NULL, "%s",
         engine_ran (judge) ? "drum at rest" : "engine off");
  else if (off > 0.1)
    say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_FAIL,
         "Set the gear ratio at the dyno anew, in the gear of the pull.",
         "Engine speed and drum speed are %.0f %% apart from the gear ratio.", 100 * off);
  else if (off > 0.02)
    say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_WARN,
         "Set the gear ratio at the dyno anew; torque is not to be believed until then.",
         "Engine speed and drum speed are %.1f %% apart from the gear ratio.", 100 * off);
  else
    say (judge, DYNO_PREFLIGHT_GEAR, DYNO_PREFLIGHT_PASS, NULL, "The gear ratio is right.");
  show (judge, DYNO_PREFLIGHT_GEAR, "pairs", law.n, "ratio", law.ratio);
}

/* 12 and 13 */

static void
check_atmosphere (Judge *judge)
{
  double printed = mean_of (judge, DYNO_CHANNEL_CORRECTION);
  double ours = dyno_correction_factor (DYNO_STANDARD_SAE_1990,
                                        10 * mean_of (judge, DYNO_CHANNEL_BARO),
                                        mean_of (judge, DYNO_CHANNEL_AMBIENT_TEMP),
                                        mean_of (judge, DYNO_CHANNEL_HUMIDITY));
  double factor = isnan (ours) ? printed : ours;

  if (isnan (factor))
    say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_SKIP, NULL,
         "The dyno says nothing of the weather.");
  else if (factor < 0.7 || factor > 1.5)
    say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_FAIL,
         "Check the weather station of the dyno.",
         "The weather gives a correction of %.3f.", factor);
  else if (fabs (ours - printed) > 0.002)
    say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_WARN,
         "Check which standard the dyno is set to.",
         "The dyno corrects by %.4f, its weather gives %.4f (SAE).", printed, ours);
  else if (factor < 0.93 || factor > 1.07)
    say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_WARN,
         "At altitude this is right; else check the weather station.",
         "The correction is %.3f, outside 0.93…1.07.", factor);
  else
    say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_PASS, NULL, "The correction is %.4f.",
         factor);
  show (judge, DYNO_PREFLIGHT_ATMOSPHERE, "sae_1990", ours, "printed", printed);
}

static void
check_disk (Judge *judge)
{
  double rate = MAX (judge->view->journal_bytes_s, 1);
  double minutes = (double) judge->view->disk_free / rate / 60;

  if (judge->view->disk_free == G_MAXUINT64)
    say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_SKIP, NULL, "The disk cannot be looked at.");
  else if (minutes < 5)
    say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_FAIL, "Make room on the disk.",
         "The disk has room for %.0f minutes of recording.", minutes);
  else if (minutes < 60)
    say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_WARN, "Make room on the disk.",
         "The disk has room for %.0f minutes of recording.", minutes);
  else
    say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_PASS, NULL,
         "The disk has room for more than an hour.");
  show (judge, DYNO_PREFLIGHT_DISK, "minutes", MIN (minutes, 1e6), NULL, 0);
}

DynoPreflight *
dyno_preflight_judge (const DynoPreflightView    *view,
                      const DynoPreflightOptions *options,
                      gint64                      now_us)
{
  DynoPreflight *answer = g_new0 (DynoPreflight, 1);
  Judge judge = { view, answer };

  g_atomic_ref_count_init (&answer->n_refs);
  answer->time_us = now_us;
  answer->sample_s = view->watched_s;
  answer->is_blocking = options != NULL && options->is_blocking;
  check_link (&judge);
  check_provider (&judge);
  check_required (&judge);
  check_recommended (&judge);
  check_health (&judge);
  check_rpm (&judge);
  check_mixture (&judge);
  check_throttle (&judge);
  check_laws (&judge);
  check_gear (&judge);
  check_atmosphere (&judge);
  check_disk (&judge);

  answer->has_passed = TRUE;
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    answer->has_passed &= answer->checks[i].status != DYNO_PREFLIGHT_FAIL;
  answer->si_verified = answer->checks[DYNO_PREFLIGHT_POWER].status == DYNO_PREFLIGHT_PASS;

  return answer;
}
