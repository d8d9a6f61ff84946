/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight-private.h"

#include <math.h>

#include "dyno-correction.h"
#include "dyno-json.h"

/* The thirteen checks of jetdrive.md §8 over what was seen. Pure. A stopped engine
 * never fails: what cannot be judged is skipped, and says why. */

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

void
dyno_judge_say (DynoJudge           *judge,
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

void
dyno_judge_show (DynoJudge         *judge,
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
bound (const DynoJudge *judge,
       DynoChannel      canonical)
{
  const DynoCaptureState *state = judge->view->state;

  return state != NULL ? dyno_capture_state_bound (state, canonical) : NULL;
}

static const DynoProviderState *
provider_of (const DynoCaptureState *state)
{
  return state != NULL && state->chosen >= 0 ? &state->providers[state->chosen] : NULL;
}

guint
dyno_judge_count (GArray *const *arrays,
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
mean_of (const DynoJudge *judge,
         DynoChannel      canonical)
{
  GArray *const *looks = judge->view->looks;
  guint n = dyno_judge_count (looks, canonical);
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += value_at (looks, canonical, i);

  return n > 0 ? sum / n : NAN;
}

/* NaN without a look. */
static double
most_of (const DynoJudge *judge,
         DynoChannel      canonical)
{
  GArray *const *looks = judge->view->looks;
  double most = NAN;

  for (guint i = 0; i < dyno_judge_count (looks, canonical); i++)
    {
      double value = value_at (looks, canonical, i);

      if (!(value <= most))
        most = value;
    }

  return most;
}

gboolean
dyno_judge_drum_turned (const DynoJudge *judge)
{
  return most_of (judge, DYNO_CHANNEL_SPEED) > DYNO_JUDGE_TURNS_KMH;
}

gboolean
dyno_judge_engine_ran (const DynoJudge *judge)
{
  return most_of (judge, DYNO_CHANNEL_RPM) >= 500;
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
check_link (DynoJudge *judge)
{
  const DynoCaptureState *state = judge->view->state;
  const DynoProviderState *provider = provider_of (state);
  const char *reason = state != NULL ? dyno_link_reason_text (state->reason) : "";

  if (count_providers (state) == 0 || (provider != NULL && provider->is_silent))
    dyno_judge_say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_FAIL,
                    *reason != '\0' ? reason
                                    : "Check cable and network; the network doctor says more.",
                    "No dyno is heard.");
  else if (state->reason == DYNO_LINK_REASON_NO_CHANNEL_INFO)
    dyno_judge_say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_FAIL, reason,
                    "A dyno is heard, but it does not say which channels it has.");
  else if (judge->view->had_jitter)
    dyno_judge_say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_WARN,
                    "Use a cable instead of Wi-Fi and close what loads this computer.",
                    "Data comes with gaps of more than a quarter of a second.");
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_LINK, DYNO_PREFLIGHT_PASS, NULL, "%s is heard evenly.",
                    provider != NULL ? provider->name : "A dyno");
}

static void
check_provider (DynoJudge *judge)
{
  const char *wanted = judge->view->wanted;
  const DynoProviderState *provider = provider_of (judge->view->state);

  if (wanted != NULL && (provider == NULL || !g_str_equal (provider->name, wanted)))
    dyno_judge_say (judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_FAIL,
                    "Switch the chosen dyno on, or choose another one.",
                    "%s was chosen and is not there.", wanted);
  else if (wanted == NULL && count_providers (judge->view->state) > 1)
    dyno_judge_say (
        judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_WARN, "Choose the dyno of this bench.",
        "%u dynos are on the network and none was chosen.", count_providers (judge->view->state));
  else if (provider == NULL)
    dyno_judge_say (judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_SKIP, NULL,
                    "There is no dyno to choose.");
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_PROVIDER, DYNO_PREFLIGHT_PASS, NULL, "%s is in use.",
                    provider->name);
}

static const DynoChannelState *
bound_mixture (const DynoJudge *judge)
{
  const DynoChannelState *mixture = bound (judge, DYNO_CHANNEL_MIX_F);

  if (mixture == NULL)
    mixture = bound (judge, DYNO_CHANNEL_MIX_R);

  return mixture != NULL ? mixture : bound (judge, DYNO_CHANNEL_MIX);
}

static void
check_required (DynoJudge *judge)
{
  const DynoChannelState *rpm = bound (judge, DYNO_CHANNEL_RPM);
  const DynoChannelState *mixture = bound_mixture (judge);

  if (rpm == NULL || mixture == NULL)
    dyno_judge_say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_FAIL,
                    "Switch the channel on at the dyno, or map it by hand.",
                    "The dyno has no channel for %s.",
                    rpm == NULL && mixture == NULL ? "engine speed and none for the mixture"
                    : rpm == NULL                  ? "engine speed"
                                                   : "the mixture");
  else if (rpm->n_samples == 0 || mixture->n_samples == 0)
    dyno_judge_say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_WARN,
                    "Start the engine, or switch the sensor on.", "%s has not said anything yet.",
                    rpm->n_samples == 0 ? rpm->channel->display_name
                                        : mixture->channel->display_name);
  else if (mixture->unit->quantity == DYNO_QUANTITY_LAMBDA)
    dyno_judge_say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_WARN,
                    "Set the fuel of the vehicle: its stoichiometric ratio makes AFR of λ.",
                    "The mixture is measured as λ only.");
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_REQUIRED, DYNO_PREFLIGHT_PASS, NULL,
                    "Engine speed and mixture are there.");
}

static void
check_recommended (DynoJudge *judge)
{
  static const DynoChannel wanted[]
    = { DYNO_CHANNEL_MAP, DYNO_CHANNEL_TPS, DYNO_CHANNEL_TORQUE, DYNO_CHANNEL_POWER };
  g_autoptr(GString) missing = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      if (bound (judge, wanted[i]) == NULL)
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "",
                                dyno_channel_info (wanted[i])->name);
    }
  if (missing->len == 0)
    dyno_judge_say (judge, DYNO_PREFLIGHT_RECOMMENDED, DYNO_PREFLIGHT_PASS, NULL,
                    "Manifold pressure, throttle, torque and power are there.");
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_RECOMMENDED, DYNO_PREFLIGHT_WARN,
                    "Switch these channels on at the dyno, or map them by hand.",
                    "There is no channel for %s.", missing->str);
}

static void
check_health (DynoJudge *judge)
{
  double loss = judge->view->loss_percent;
  DynoOverall overall = judge->view->overall;

  if (provider_of (judge->view->state) == NULL)
    dyno_judge_say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_SKIP, NULL,
                    "There is no dyno to look at.");
  else if (loss > 5)
    dyno_judge_say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_FAIL,
                    "Use a cable, or another switch.", "%.1f %% of the messages are lost.", loss);
  else if (overall == DYNO_OVERALL_CRITICAL)
    dyno_judge_say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_FAIL,
                    "Look at the red channels in the list of all channels.",
                    "A required channel is stale, frozen or out of range.");
  else if (loss > 1)
    dyno_judge_say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_WARN,
                    "Use a cable instead of Wi-Fi.", "%.1f %% of the messages are lost.", loss);
  else if (overall == DYNO_OVERALL_WARNING)
    dyno_judge_say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_WARN,
                    "Look at the yellow channels in the list of all channels.",
                    "A channel is slow, pegged or frozen.");
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_HEALTH, DYNO_PREFLIGHT_PASS, NULL,
                    "All channels are well.");
  dyno_judge_show (judge, DYNO_PREFLIGHT_HEALTH, "loss_percent", loss, NULL, 0);
}

/* 6 to 8 */

static void
check_rpm (DynoJudge *judge)
{
  double mean = mean_of (judge, DYNO_CHANNEL_RPM);
  double most = most_of (judge, DYNO_CHANNEL_RPM);

  if (isnan (mean))
    dyno_judge_say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_SKIP, NULL,
                    "No engine speed was seen.");
  else if (most > 20000)
    dyno_judge_say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_FAIL,
                    "Calibrate the pickup, or map another channel as engine speed.",
                    "Engine speed reads %.0f: no engine turns so fast.", most);
  else if (mean >= 10 && mean <= 20)
    dyno_judge_say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_FAIL,
                    "Map another channel as engine speed.",
                    "What is taken for engine speed reads %.1f: this is an air/fuel ratio.", mean);
  else if (!dyno_judge_engine_ran (judge) && !dyno_judge_drum_turned (judge))
    dyno_judge_say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_SKIP, NULL, "engine off");
  else if (!dyno_judge_engine_ran (judge))
    dyno_judge_say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_WARN,
                    "Check the pickup of the engine speed.",
                    "The drum turns, but engine speed stays below 500.");
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_RPM, DYNO_PREFLIGHT_PASS, NULL,
                    "Engine speed reads up to %.0f.", most);
  dyno_judge_show (judge, DYNO_PREFLIGHT_RPM, "mean", mean, "max", most);
}

/* What is wrong with one mixture channel; worse answers overrule better ones. */
static void
check_one_mixture (DynoJudge   *judge,
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
    dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL,
                    "Map another channel as mixture.", "%s reads %.0f: this is an engine speed.",
                    channel->channel->display_name, mean);
  else if (!is_lambda && mean >= 0.68 && mean <= 1.36)
    dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL,
                    "Set the unit of this channel to λ at the dyno.",
                    "%s says AFR but reads %.2f: this is λ.", channel->channel->display_name, mean);
  else if (is_lambda && mean > 3)
    dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_FAIL,
                    "Set the unit of this channel to AFR at the dyno.",
                    "%s says λ but reads %.2f: this is AFR.", channel->channel->display_name, mean);
  else if (!dyno_judge_engine_ran (judge))
    {
      if (now == DYNO_PREFLIGHT_PASS)
        dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_SKIP, NULL, "engine off");
    }
  else if (channel->health == DYNO_HEALTH_PEGGED)
    dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_WARN,
                    "Wait until the sensor is warm; check that it sits in the exhaust.",
                    "%s stands at the end of its range.", channel->channel->display_name);
  else if (afr < 10 || afr > 20)
    dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_WARN,
                    "Check the sensor and the mapping of this channel.",
                    "%s reads %.1f AFR on average: no engine runs with that.",
                    channel->channel->display_name, afr);
}

static void
check_mixture (DynoJudge *judge)
{
  static const DynoChannel channels[]
    = { DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX_R, DYNO_CHANNEL_MIX };

  dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_PASS, NULL,
                  "The mixture reads as it should.");
  if (isnan (mean_of (judge, DYNO_CHANNEL_MIX_F)) && isnan (mean_of (judge, DYNO_CHANNEL_MIX_R))
      && isnan (mean_of (judge, DYNO_CHANNEL_MIX)))
    dyno_judge_say (judge, DYNO_PREFLIGHT_MIXTURE, DYNO_PREFLIGHT_SKIP, NULL,
                    "No mixture was seen.");
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    check_one_mixture (judge, channels[i]);
}

static void
check_throttle (DynoJudge *judge)
{
  GArray *const *looks = judge->view->looks;
  guint n = dyno_judge_count (looks, DYNO_CHANNEL_TPS);
  guint n_out = 0;
  double share;

  for (guint i = 0; i < n; i++)
    {
      double value = value_at (looks, DYNO_CHANNEL_TPS, i);

      n_out += value < -5 || value > 105;
    }
  share = n > 0 ? (double) n_out / n : NAN;

  if (n == 0)
    dyno_judge_say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_SKIP, NULL,
                    "No throttle was seen.");
  else if (share > 0.1)
    dyno_judge_say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_FAIL,
                    "Calibrate the throttle sensor, or map another channel.",
                    "The throttle reads outside 0…100 %% most of the time.");
  else if (share > 0.01)
    dyno_judge_say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_WARN,
                    "Calibrate the throttle sensor.",
                    "The throttle reads outside 0…100 %% now and then.");
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_THROTTLE, DYNO_PREFLIGHT_PASS, NULL,
                    "The throttle reads well.");
  dyno_judge_show (judge, DYNO_PREFLIGHT_THROTTLE, "share_outside", share, NULL, 0);
}

/* 12 and 13 */

static void
check_atmosphere (DynoJudge *judge)
{
  double printed = mean_of (judge, DYNO_CHANNEL_CORRECTION);
  double ours = dyno_correction_factor (
      DYNO_STANDARD_SAE_1990, 10 * mean_of (judge, DYNO_CHANNEL_BARO),
      mean_of (judge, DYNO_CHANNEL_AMBIENT_TEMP), mean_of (judge, DYNO_CHANNEL_HUMIDITY));
  double factor = isnan (ours) ? printed : ours;

  if (isnan (factor))
    dyno_judge_say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_SKIP, NULL,
                    "The dyno says nothing of the weather.");
  else if (factor < 0.7 || factor > 1.5)
    dyno_judge_say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_FAIL,
                    "Check the weather station of the dyno.",
                    "The weather gives a correction of %.3f.", factor);
  else if (fabs (ours - printed) > 0.002)
    dyno_judge_say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_WARN,
                    "Check which standard the dyno is set to.",
                    "The dyno corrects by %.4f, its weather gives %.4f (SAE).", printed, ours);
  else if (factor < 0.93 || factor > 1.07)
    dyno_judge_say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_WARN,
                    "At altitude this is right; else check the weather station.",
                    "The correction is %.3f, outside 0.93…1.07.", factor);
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_ATMOSPHERE, DYNO_PREFLIGHT_PASS, NULL,
                    "The correction is %.4f.", factor);
  dyno_judge_show (judge, DYNO_PREFLIGHT_ATMOSPHERE, "sae_1990", ours, "printed", printed);
}

static void
check_disk (DynoJudge *judge)
{
  double rate = MAX (judge->view->journal_bytes_s, 1);
  double minutes = (double) judge->view->disk_free / rate / 60;

  if (judge->view->disk_free == G_MAXUINT64)
    dyno_judge_say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_SKIP, NULL,
                    "The disk cannot be looked at.");
  else if (minutes < 5)
    dyno_judge_say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_FAIL, "Make room on the disk.",
                    "The disk has room for %.0f minutes of recording.", minutes);
  else if (minutes < 60)
    dyno_judge_say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_WARN, "Make room on the disk.",
                    "The disk has room for %.0f minutes of recording.", minutes);
  else
    dyno_judge_say (judge, DYNO_PREFLIGHT_DISK, DYNO_PREFLIGHT_PASS, NULL,
                    "The disk has room for more than an hour.");
  dyno_judge_show (judge, DYNO_PREFLIGHT_DISK, "minutes", MIN (minutes, 1e6), NULL, 0);
}

DynoPreflight *
dyno_preflight_judge (const DynoPreflightView    *view,
                      const DynoPreflightOptions *options,
                      gint64                      now_us)
{
  DynoPreflight *answer = g_new0 (DynoPreflight, 1);
  DynoJudge judge = { view, answer };

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
  dyno_judge_laws (&judge);
  check_atmosphere (&judge);
  check_disk (&judge);

  answer->has_passed = TRUE;
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    answer->has_passed &= answer->checks[i].status != DYNO_PREFLIGHT_FAIL;
  answer->si_verified = answer->checks[DYNO_PREFLIGHT_POWER].status == DYNO_PREFLIGHT_PASS;

  return answer;
}
