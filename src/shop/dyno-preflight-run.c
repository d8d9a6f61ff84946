/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight.h"

#include <math.h>
#include <sys/statvfs.h>

#include "dyno-error.h"
#include "dyno-shop-private.h"

/* Watching, in the asker's context: a look each 250 ms takes what the ring has got
 * since the last one. The judging is done on GLib's pool, because it asks the disk. */

#define LOOK_MS 250
#define LEAST_S 5.0
#define USUAL_S 15.0
#define MOST_S 60.0
#define PROVIDER_S 10.0    /* so long a dyno is waited for, */
#define LIST_S 35.0        /* and so long its list */
#define MOST_READINGS 65536
#define N_AT_ONCE 6        /* checks that need no watching */
#define SHARE_THAT_LASTS 0.2

typedef struct
{
  DynoShop              *shop;      /* (owned) */
  DynoPreflightOptions   options;
  DynoPreflightProgress  progress;  /* (nullable) */
  gpointer               progress_data;
  char                  *wanted;    /* (owned) (nullable) */
  DynoPreflightView      view;
  gint64                 begin_us;
  DynoLiveCursor         cursors[DYNO_N_CHANNELS];
  gboolean               has_cursor[DYNO_N_CHANNELS];
  gint64                 looked_us[DYNO_N_CHANNELS]; /* stamp of the last look */
  gint64                 state_us;  /* of the last state */
  guint                  n_states;
  guint                  n_overall[DYNO_OVERALL_STALE + 1];
  gboolean               has_counts;
  guint64                first_received;
  guint64                first_lost;
} Watch;

/* Those that the laws join. */
static const DynoChannel joined[] = { DYNO_CHANNEL_FORCE, DYNO_CHANNEL_SPEED, DYNO_CHANNEL_POWER,
                                      DYNO_CHANNEL_TORQUE, DYNO_CHANNEL_RPM,
                                      DYNO_CHANNEL_GEAR_RATIO };

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  dyno_preflight_view_clear (&watch->view);
  dyno_shop_unref (watch->shop);
  g_free (watch->wanted);
  g_free (watch);
}

static void
add_reading (GArray **array,
             gint64   t_us,
             double   value)
{
  DynoPreflightReading reading = { t_us, value };

  if (*array == NULL)
    *array = g_array_new (FALSE, FALSE, sizeof (DynoPreflightReading));
  if (isfinite (value) && (*array)->len < MOST_READINGS)
    g_array_append_val (*array, reading);
}

/* From now on; what was before is not of this watching. */
static void
place_cursor (Watch       *watch,
              DynoChannel  canonical,
              int          channel)
{
  DynoLive *live = watch->shop->live;
  DynoLiveReading now;

  dyno_live_get (live, channel, &now);
  watch->cursors[canonical] = (DynoLiveCursor){ dyno_live_generation (live), now.n_samples };
  watch->has_cursor[canonical] = TRUE;
}

static void
read_ring (Watch       *watch,
           DynoChannel  canonical)
{
  DynoLive *live = watch->shop->live;
  int channel = dyno_live_find (live, canonical);
  gint64 t_us[DYNO_LIVE_MAX_COPY];
  double values[DYNO_LIVE_MAX_COPY];
  gsize n;

  if (channel < 0)
    return;
  if (!watch->has_cursor[canonical])
    place_cursor (watch, canonical, channel);
  do
    {
      n = dyno_live_read (live, (guint) channel, &watch->cursors[canonical], t_us, values,
                          DYNO_LIVE_MAX_COPY);
      for (gsize i = 0; i < n; i++)
        add_reading (&watch->view.readings[canonical], t_us[i], values[i]);
    }
  while (n == DYNO_LIVE_MAX_COPY);
}

static void
look_at_channels (Watch                  *watch,
                  const DynoCaptureState *state)
{
  for (guint i = DYNO_CHANNEL_NONE + 1; i < DYNO_N_CHANNELS; i++)
    {
      const DynoChannelState *channel = dyno_capture_state_bound (state, (DynoChannel) i);

      if (channel == NULL || channel->n_samples == 0)
        continue;
      if (channel->health == DYNO_HEALTH_SLOW)
        watch->view.had_jitter = TRUE;
      if (channel->last_t_us == watch->looked_us[i] && i != DYNO_CHANNEL_RPM)
        continue;
      watch->looked_us[i] = channel->last_t_us;
      add_reading (&watch->view.looks[i], channel->last_t_us, (double) channel->last);
    }
}

static void
count_losses (Watch                   *watch,
              const DynoProviderState *provider)
{
  const DynoHostCounts *counts = &provider->counts;
  double received, lost;

  if (!watch->has_counts || counts->received < watch->first_received)
    {
      watch->first_received = counts->received;
      watch->first_lost = counts->lost;
      watch->has_counts = TRUE;
    }
  received = (double) (counts->received - watch->first_received);
  lost = counts->lost > watch->first_lost ? (double) (counts->lost - watch->first_lost) : 0;
  watch->view.loss_percent = received + lost > 0 ? 100 * lost / (received + lost) : NAN;
}

static void
look_at_state (Watch            *watch,
               DynoCaptureState *state)
{
  const DynoProviderState *provider = state->chosen >= 0 ? &state->providers[state->chosen] : NULL;

  g_clear_pointer (&watch->view.state, dyno_capture_state_unref);
  watch->view.state = dyno_capture_state_ref (state);
  if (state->time_us == watch->state_us)
    return;

  watch->state_us = state->time_us;
  watch->n_states++;
  watch->n_overall[state->overall]++;
  watch->view.overall = state->overall;
  look_at_channels (watch, state);
  if (provider == NULL)
    return;
  count_losses (watch, provider);
  watch->view.journal_bytes_s = provider->datagrams_hz * 40 + provider->samples_hz * 10;
  if (provider->jitter_p99_ms > LOOK_MS)
    watch->view.had_jitter = TRUE;
}

/* A moment of trouble is none; what lasts is. */
static void
weigh_overall (Watch *watch)
{
  static const DynoOverall gravest[] = { DYNO_OVERALL_CRITICAL, DYNO_OVERALL_WARNING };

  for (guint i = 0; i < G_N_ELEMENTS (gravest); i++)
    {
      if (watch->n_overall[gravest[i]] < SHARE_THAT_LASTS * watch->n_states
          || watch->view.overall == DYNO_OVERALL_CRITICAL)
        continue;
      watch->view.overall = gravest[i];
      return;
    }
}

static gboolean
hears_a_dyno (const DynoCaptureState *state)
{
  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_enough (const Watch *watch,
           double       elapsed_s)
{
  const DynoCaptureState *state = watch->view.state;
  double wanted_s = watch->options.sample_s;

  if (elapsed_s < wanted_s)
    return FALSE;
  if (!hears_a_dyno (state))
    return elapsed_s >= MAX (wanted_s, PROVIDER_S);
  if (state->chosen < 0 || state->providers[state->chosen].n_channels == 0)
    return elapsed_s >= MAX (wanted_s, LIST_S);

  return TRUE;
}

/* pool thread */
static void
judge_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Watch *watch = task_data;
  DynoShop *shop = watch->shop;
  struct statvfs disk;
  DynoPreflight *answer;

  watch->view.disk_free = statvfs (shop->folders->data, &disk) == 0
                            ? (guint64) disk.f_bavail * disk.f_frsize : G_MAXUINT64;
  watch->view.wanted = watch->wanted;
  weigh_overall (watch);
  answer = dyno_preflight_judge (&watch->view, &watch->options, dyno_clock_real_us (shop->clock));
  dyno_live_set_preflight (shop->live, answer);
  dyno_bus_publish (shop->bus, DYNO_TOPIC_CAPTURE, "preflight",
                    answer->has_passed ? "passed" : "failed");
  g_task_return_pointer (task, answer, (GDestroyNotify) dyno_preflight_unref);
}

static gboolean
look_cb (gpointer data)
{
  GTask *task = data;
  Watch *watch = g_task_get_task_data (task);
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (watch->shop->live);
  gint64 now_us = dyno_clock_monotonic_us (watch->shop->clock);
  double elapsed_s = (double) (now_us - watch->begin_us) / G_USEC_PER_SEC;
  gboolean is_off = state != NULL && state->link == DYNO_LINK_OFF;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;

  if (state != NULL)
    look_at_state (watch, state);
  for (guint i = 0; i < G_N_ELEMENTS (joined); i++)
    read_ring (watch, joined[i]);
  watch->view.watched_s = elapsed_s;
  if (watch->progress != NULL)
    watch->progress (N_AT_ONCE, MAX (watch->options.sample_s - elapsed_s, 0),
                     watch->progress_data);
  if (!is_off && !is_enough (watch, elapsed_s))
    return G_SOURCE_CONTINUE;

  if (watch->progress != NULL)
    watch->progress (DYNO_N_PREFLIGHT_CHECKS, 0, watch->progress_data);
  g_task_run_in_thread (task, judge_thread);

  return G_SOURCE_REMOVE;
}

/* The one that was chosen by name, as far as it is remembered. */
static char *
wanted_provider (DynoShop *shop)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (shop->live);

  return arm != NULL ? g_strdup (arm->wanted) : NULL;
}

void
dyno_preflight_async (DynoShop                   *shop,
                      const DynoPreflightOptions *options,
                      DynoPreflightProgress       progress,
                      gpointer                    progress_data,
                      GCancellable               *cancellable,
                      GAsyncReadyCallback         callback,
                      gpointer                    user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GSource) source = g_timeout_source_new (LOOK_MS);
  Watch *watch = g_new0 (Watch, 1);
  GError *error = NULL;

  watch->shop = dyno_shop_ref (shop);
  if (options != NULL)
    watch->options = *options;
  if (!(watch->options.sample_s > 0))
    watch->options.sample_s = USUAL_S;
  watch->options.sample_s = CLAMP (watch->options.sample_s, LEAST_S, MOST_S);
  watch->progress = progress;
  watch->progress_data = progress_data;
  watch->view.loss_percent = NAN;
  watch->begin_us = dyno_clock_monotonic_us (shop->clock);
  g_task_set_source_tag (task, dyno_preflight_async);
  g_task_set_task_data (task, watch, watch_free);
  if ((shop->flags & DYNO_SHOP_NO_CAPTURE) != 0)
    {
      dyno_error_set (&error, DYNO_ERROR_UNAVAILABLE, "no_capture",
                      "The program does not listen to a dyno now.");
      g_task_return_error (task, error);
      return;
    }

  watch->wanted = wanted_provider (shop);
  g_task_attach_source (task, source, look_cb);
}

DynoPreflight *
dyno_preflight_finish (GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_preflight_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
