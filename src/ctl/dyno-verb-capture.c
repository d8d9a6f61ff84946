/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-wire.h"

#include "dyno-arm.h"
#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-people.h"
#include "dyno-preflight.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-run-news.h"

#include <glib-unix.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define SAVING_S 30.0 /* longest wait for a run in hand at the end: post-roll and disk */

static char     *interface;
static char     *provider;
static char     *vehicle;
static char     *notes;
static gboolean  is_manual;
static gboolean  is_blocking;
static int       n_runs;
static double    seconds;

const GOptionEntry dyno_verb_capture_entries[] = {
  { "interface", 0, 0, G_OPTION_ARG_STRING, &interface, "Network interface", "IF|all" },
  { "provider", 0, 0, G_OPTION_ARG_STRING, &provider, "The dyno to use, where several speak",
    "NAME" },
  { "runs", 0, 0, G_OPTION_ARG_INT, &n_runs, "End after so many runs", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "End after so many seconds", "N" },
  { "manual", 0, 0, G_OPTION_ARG_NONE, &is_manual,
    "Record one run from now on, whatever the engine "
    "does", NULL },
  { "vehicle", 0, 0, G_OPTION_ARG_STRING, &vehicle, "Whose runs these are; a new label makes a "
    "vehicle", "ID|LABEL" },
  { "notes", 0, 0, G_OPTION_ARG_STRING, &notes, "Text that each run gets", "TEXT" },
  { "blocking", 0, 0, G_OPTION_ARG_NONE, &is_blocking, "A failed preflight stops recording", NULL },
  { NULL },
};

typedef struct
{
  DynoCtl     *ctl;         /* (borrowed) */
  DynoShop    *shop;        /* (borrowed) */
  DynoRunNews *runs;        /* (owned) those that are saved meanwhile */
  char        *told;        /* (owned) (nullable) what was said last of the link */
  gboolean     was_live;    /* a dyno has spoken */
  gboolean     has_pressed; /* Enter */
} Capture;

/* Says what the link is, once for each thing that it says. */
static void
tell_link (Capture            *self,
           const DynoArmState *arm)
{
  const char *text = arm->message != NULL ? arm->message : "";

  if (g_strcmp0 (text, self->told) == 0)
    return;
  g_free (self->told);
  self->told = g_strdup (text);
  if (*text != '\0')
    dyno_print_note (self->ctl, "%s", text);
}

static gboolean
is_live_phase (DynoArmPhase phase)
{
  return phase == DYNO_ARM_LIVE || phase == DYNO_ARM_ARMED || phase == DYNO_ARM_RECORDING
         || phase == DYNO_ARM_SAVING || phase == DYNO_ARM_SAVED;
}

/* Values flow, or they never will. */
static gboolean
is_live_or_wrong (gpointer data)
{
  Capture *self = data;
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (self->shop));

  if (arm == NULL)
    return FALSE;
  tell_link (self, arm);
  self->was_live = self->was_live || is_live_phase (arm->phase);

  return self->was_live || arm->phase == DYNO_ARM_ERROR;
}

/* An error of the socket or the store, or silence. */
static void
set_silence (Capture  *self,
             GError  **error)
{
  DynoLive *live = dyno_shop_get_live (self->shop);
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (live);
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (live);

  if (arm != NULL && arm->phase == DYNO_ARM_ERROR && arm->message != NULL)
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "capture", "%s", arm->message);
  else
    dyno_place_set_silence (state, error);
}

static gboolean
wait_for_dyno (Capture  *self,
               GError  **error)
{
  gboolean is_good;

  dyno_print_note (self->ctl, "Waiting for a dyno. Ctrl-C ends it.");
  is_good = dyno_ctl_wait (self->ctl, is_live_or_wrong, self, seconds > 0 ? seconds : -1);
  if (is_good && self->was_live)
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (self->ctl->cancellable, error))
    set_silence (self, error);

  return FALSE;
}

static gboolean
choose_provider (Capture  *self,
                 GError  **error)
{
  if (provider == NULL)
    return TRUE;

  dyno_arm_choose_provider_async (self->shop, provider, self->ctl->cancellable, dyno_await_cb,
                                  self->ctl->await);

  return dyno_arm_choose_provider_finish (dyno_await_wait (self->ctl->await), error);
}

static gboolean
choose_vehicle (Capture  *self,
                GError  **error)
{
  DynoAwait *await = self->ctl->await;
  g_autoptr(DynoVehicle) one = NULL;

  if (vehicle == NULL)
    return TRUE;

  dyno_people_ensure_vehicle_async (self->shop, vehicle, self->ctl->cancellable, dyno_await_cb,
                                    await);
  one = dyno_people_ensure_vehicle_finish (dyno_await_wait (await), error);
  if (one == NULL)
    return FALSE;
  dyno_arm_set_vehicle_async (self->shop, one->id, self->ctl->cancellable, dyno_await_cb, await);

  return dyno_arm_set_vehicle_finish (dyno_await_wait (await), error);
}

static void
preflight_cb (guint    done,
              double   left_s,
              gpointer user_data)
{
  dyno_progress_bar_set (user_data, (double) done / DYNO_N_PREFLIGHT_CHECKS, NULL);
}

static void
tell_preflight (Capture             *self,
                const DynoPreflight *preflight)
{
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    {
      const DynoPreflightCheck *check = &preflight->checks[i];

      if (check->status != DYNO_PREFLIGHT_FAIL && check->status != DYNO_PREFLIGHT_WARN)
        continue;
      dyno_print_note (self->ctl, "%-4s %s: %s", dyno_preflight_status_name (check->status),
                       dyno_preflight_kind_name (i), check->message);
      if (check->fix != NULL && *check->fix != '\0')
        dyno_print_note (self->ctl, "     → %s", check->fix);
    }
}

static gboolean
pass_preflight (Capture  *self,
                GError  **error)
{
  DynoPreflightOptions options = { .is_blocking = TRUE };
  g_autoptr(DynoProgressBar) bar = NULL;
  g_autoptr(DynoPreflight) preflight = NULL;

  if (!is_blocking)
    return TRUE;

  bar = dyno_progress_bar_new (self->ctl, "Preflight");
  dyno_preflight_async (self->shop, &options, preflight_cb, bar, self->ctl->cancellable,
                        dyno_await_cb, self->ctl->await);
  preflight = dyno_preflight_finish (dyno_await_wait (self->ctl->await), error);
  dyno_progress_bar_hide (bar);
  if (preflight != NULL)
    tell_preflight (self, preflight);

  return preflight != NULL;
}

static gboolean
begin (Capture  *self,
       GError  **error)
{
  DynoArmOptions options = { .is_blocking = is_blocking, .n_runs = (guint) n_runs };
  DynoAwait *await = self->ctl->await;
  g_autofree char *run_id = NULL;

  if (is_manual)
    {
      dyno_arm_start_async (self->shop, NULL, self->ctl->cancellable, dyno_await_cb, await);
      run_id = dyno_arm_start_finish (dyno_await_wait (await), error);
      return run_id != NULL;
    }

  dyno_arm_arm_async (self->shop, &options, self->ctl->cancellable, dyno_await_cb, await);

  return dyno_arm_arm_finish (dyno_await_wait (await), error);
}

static gboolean
has_enough (Capture *self)
{
  guint wanted = is_manual ? 1 : (guint) n_runs;

  return wanted > 0 && dyno_run_news_n_told (self->runs) >= wanted;
}

/* Something to look at, or to stop for. */
static gboolean
has_news (gpointer data)
{
  Capture *self = data;
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (self->shop));

  if (arm != NULL)
    tell_link (self, arm);

  return dyno_run_news_is_there (self->runs) || self->has_pressed;
}

/* Until the time is up, the runs are made, or a key or Ctrl-C ends it. */
static gboolean
record (Capture  *self,
        double    most_s,
        GError  **error)
{
  gint64 begun_us = g_get_monotonic_time ();

  while (!has_enough (self) && !self->has_pressed && !dyno_ctl_is_over (self->ctl))
    {
      double spent_s = (double) (g_get_monotonic_time () - begun_us) / G_USEC_PER_SEC;

      if (most_s > 0 && spent_s >= most_s)
        break;
      dyno_ctl_wait (self->ctl, has_news, self, most_s > 0 ? most_s - spent_s : -1);
      if (!dyno_run_news_tell (self->runs, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_saved (gpointer data)
{
  Capture *self = data;
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (self->shop));

  return arm == NULL || (arm->n_open == 0 && !dyno_arm_state_is_busy (arm));
}

/* A run in hand is ended and kept whole. */
static gboolean
end (Capture  *self,
     GError  **error)
{
  DynoAwait *await = self->ctl->await;
  g_autofree char *stopped = NULL;

  dyno_arm_disarm_async (self->shop, NULL, dyno_await_cb, await);
  dyno_arm_disarm_finish (dyno_await_wait (await), NULL);
  if (!has_enough (self) && !is_saved (self))
    {
      dyno_arm_stop_async (self->shop, NULL, dyno_await_cb, await);
      stopped = dyno_arm_stop_finish (dyno_await_wait (await), NULL);
      dyno_print_note (self->ctl, "The run in hand is being saved; Ctrl-C ends it at once.");
      dyno_ctl_wait_out (self->ctl, is_saved, self, SAVING_S);
    }

  return dyno_run_news_tell (self->runs, error);
}

static gboolean
pressed_cb (int          fd,
            GIOCondition condition,
            gpointer     user_data)
{
  Capture *self = user_data;
  char bytes[64];
  gssize n = read (fd, bytes, sizeof bytes);

  self->has_pressed = self->has_pressed || (n > 0 && memchr (bytes, '\n', (gsize) n) != NULL);

  return n > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Enter ends a run by hand; on a terminal only. */
static GSource *
watch_key (Capture *self)
{
  GSource *source;

  if (!is_manual || !dyno_print_is_terminal (STDIN_FILENO))
    return NULL;

  source = g_unix_fd_source_new (STDIN_FILENO, G_IO_IN | G_IO_HUP);
  g_source_set_callback (source, G_SOURCE_FUNC (pressed_cb), self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());

  return source;
}

/* The vehicle may have been chosen by an earlier call or in the window. */
static char *
vehicle_label (Capture *self)
{
  g_autoptr(DynoArmState) arm = dyno_live_ref_arm (dyno_shop_get_live (self->shop));
  g_autoptr(GPtrArray) vehicles = NULL;

  if (arm == NULL || arm->vehicle_id == NULL)
    return g_strdup ("no vehicle");

  dyno_people_list_vehicles_async (self->shop, NULL, NULL, dyno_await_cb, self->ctl->await);
  vehicles = dyno_people_list_vehicles_finish (dyno_await_wait (self->ctl->await), NULL);
  for (guint i = 0; vehicles != NULL && i < vehicles->len; i++)
    {
      const DynoVehicle *one = vehicles->pdata[i];

      if (g_str_equal (one->id, arm->vehicle_id))
        return g_strdup (one->label);
    }

  return g_strdup (arm->vehicle_id);
}

static void
tell_begin (Capture *self)
{
  g_autofree char *label = vehicle_label (self);

  dyno_print_note (self->ctl, is_manual ? "Recording for %s."
                                        : "Armed for %s: pulls are recorded as they come.", label);
}

static gboolean
has_kept_promise (Capture  *self,
                  GError  **error)
{
  guint n = dyno_run_news_n_told (self->runs);
  g_autofree char *time = dyno_print_duration (seconds);

  if (has_enough (self) || is_manual || n_runs == 0 || dyno_ctl_is_over (self->ctl))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_TIMED_OUT, "deadline", "Only %u of %d runs came in %s.", n,
                  n_runs, time);

  return FALSE;
}

static gboolean
run_capture (Capture  *self,
             GError  **error)
{
  gint64 begun_us = g_get_monotonic_time ();
  GSource *key = NULL;
  double waited_s;
  gboolean is_good;

  if (!choose_vehicle (self, error) || !choose_provider (self, error)
      || !wait_for_dyno (self, error) || !pass_preflight (self, error) || !begin (self, error))
    return FALSE;

  tell_begin (self);
  key = watch_key (self);
  waited_s = is_manual ? 0 : (double) (g_get_monotonic_time () - begun_us) / G_USEC_PER_SEC;
  is_good = record (self, seconds > 0 ? MAX (seconds - waited_s, 0.001) : 0, error);
  if (key != NULL)
    {
      g_source_destroy (key);
      g_source_unref (key);
    }

  return end (self, is_good ? error : NULL) && is_good && has_kept_promise (self, error);
}

static gboolean
options_are_good (DynoCtl  *ctl,
                  GError  **error)
{
  if (is_manual && n_runs > 0)
    {
      dyno_failure_set_usage (error, "--manual records one run: --runs does not go with it.");
      return FALSE;
    }

  return dyno_ctl_want (ctl, 0, 0, "", error)
         && dyno_ctl_check_number ("--runs", n_runs, 0, 100000, error)
         && dyno_ctl_check_number ("--seconds", seconds, 0, 1e6, error);
}

gboolean
dyno_verb_capture (DynoCtl  *ctl,
                   int      *status,
                   GError  **error)
{
  Capture self = { .ctl = ctl };
  gboolean is_good;

  if (!options_are_good (ctl, error))
    return FALSE;
  self.shop = dyno_ctl_open_shop_on (ctl, DYNO_SHOP_DEFAULT, interface, error);
  if (self.shop == NULL)
    return FALSE;

  self.runs = dyno_run_news_new (ctl, notes);
  is_good = run_capture (&self, error);
  dyno_run_news_free (self.runs);
  g_free (self.told);

  return is_good;
}
