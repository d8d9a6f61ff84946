/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-live-page-private.h"

#include "dyno-access.h"
#include "dyno-error.h"
#include "dyno-preflight-window.h"
#include "dyno-trouble.h"

#include <glib/gi18n.h>

static DynoShop *
shop_of (DynoLivePage *self)
{
  return dyno_page_get_shop (DYNO_PAGE (self));
}

static GCancellable *
cancellable_of (DynoLivePage *self)
{
  return dyno_page_get_cancellable (DYNO_PAGE (self));
}

void
dyno_live_page_present (DynoLivePage *self,
                        GtkWidget    *window)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_window_set_transient_for (GTK_WINDOW (window),
                                GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}

void
dyno_live_page_take_error (DynoLivePage *self,
                           const GError *error)
{
  if (g_strcmp0 (dyno_error_get_reason (error), "CHOOSE_PROVIDER") == 0)
    dyno_provider_picker_popup (self->provider);
  dyno_page_toast_error (DYNO_PAGE (self), error);
}

/* What is open now. */

static gboolean
is_recording (DynoLivePage *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);

  return arm != NULL && arm->run_id != NULL
         && (arm->phase == DYNO_ARM_RECORDING || arm->phase == DYNO_ARM_LINK_LOST);
}

static gboolean
has_values (DynoLivePage *self)
{
  switch (dyno_watch_get_phase (self->watch))
    {
    case DYNO_ARM_LIVE:
    case DYNO_ARM_ARMED:
    case DYNO_ARM_RECORDING:
    case DYNO_ARM_SAVING:
    case DYNO_ARM_SAVED:
      return TRUE;
    case DYNO_ARM_NO_DYNO:
    case DYNO_ARM_CONNECTING:
    case DYNO_ARM_LINK_LOST:
    case DYNO_ARM_ERROR:
    case DYNO_N_ARM_PHASES:
    default:
      return FALSE;
    }
}

/* Arm. */

static void
armed_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_arm_arm_finish (result, &error))
    dyno_live_page_take_error (self, error);
}

static void
disarmed_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_arm_disarm_finish (result, &error))
    dyno_live_page_take_error (self, error);
}

/* `reason`: in spite of a preflight that failed. */
static void
arm_now (DynoLivePage *self,
         const char   *reason)
{
  const DynoArmOptions options = { .is_blocking = TRUE, .override = reason };

  dyno_arm_arm_async (shop_of (self), &options, cancellable_of (self), armed_cb,
                      g_object_ref (self));
}

static void
arm_wanted_cb (DynoPreflightWindow *window,
               const char          *reason,
               DynoLivePage        *self)
{
  arm_now (self, reason);
}

static void
fix_wanted_cb (DynoPreflightWindow *window,
               int                  kind,
               DynoLivePage        *self)
{
  gtk_window_close (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (self),
                              kind == DYNO_PREFLIGHT_LINK       ? "live.doctor"
                              : kind == DYNO_PREFLIGHT_PROVIDER ? "live.choose-provider"
                              : kind == DYNO_PREFLIGHT_HEALTH   ? "live.link"
                                                                : "live.mapping",
                              NULL);
}

static void
open_preflight (DynoLivePage *self,
                gboolean      arms)
{
  GtkWidget *window;

  if (!dyno_preflight_runner_is_fresh (self->runner))
    dyno_preflight_runner_start (self->runner);
  window = dyno_preflight_window_new (self->runner, arms);
  g_signal_connect_object (window, "arm", G_CALLBACK (arm_wanted_cb), self, 0);
  g_signal_connect_object (window, "fix", G_CALLBACK (fix_wanted_cb), self, 0);
  dyno_live_page_present (self, window);
}

static gboolean
may_arm (DynoLivePage *self)
{
  g_autoptr(DynoPreflight) result = dyno_preflight_runner_ref_result (self->runner);

  return dyno_preflight_runner_is_fresh (self->runner)
         && !dyno_preflight_runner_is_running (self->runner) && result->has_passed;
}

/* What toggles looks first: a second press may come before the picture is shown. */
static void
arm_action (GtkWidget  *widget,
            const char *name,
            GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_watch_look (self->watch);
  if (self->is_armed)
    dyno_arm_disarm_async (shop_of (self), cancellable_of (self), disarmed_cb,
                           g_object_ref (self));
  else if (may_arm (self))
    arm_now (self, NULL);
  else
    open_preflight (self, TRUE);
}

static void
preflight_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *unused)
{
  open_preflight (DYNO_LIVE_PAGE (widget), FALSE);
}

void
dyno_live_actions_connect (DynoLivePage *self)
{
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);

  if (arm == NULL || arm->phase != DYNO_ARM_LIVE || arm->provider == NULL
      || g_strcmp0 (self->checked, arm->provider) == 0)
    return;

  g_free (self->checked);
  self->checked = g_strdup (arm->provider);
  dyno_preflight_runner_start (self->runner);
}

/* Record. */

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *run_id = dyno_arm_start_finish (result, &error);

  if (run_id == NULL)
    dyno_live_page_take_error (self, error);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *run_id = dyno_arm_stop_finish (result, &error);

  /* A pull may have ended by itself in the meantime. */
  if (run_id == NULL && g_strcmp0 (dyno_error_get_reason (error), "NOT_RECORDING") != 0)
    dyno_live_page_take_error (self, error);
}

static void
record_action (GtkWidget  *widget,
               const char *name,
               GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_watch_look (self->watch);
  if (is_recording (self))
    dyno_arm_stop_async (shop_of (self), cancellable_of (self), stopped_cb, g_object_ref (self));
  else
    dyno_arm_start_async (shop_of (self), NULL, cancellable_of (self), started_cb,
                          g_object_ref (self));
}

static void
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_watch_look (self->watch);
  if (is_recording (self))
    dyno_arm_stop_async (shop_of (self), cancellable_of (self), stopped_cb, g_object_ref (self));
  if (self->is_armed)
    dyno_arm_disarm_async (shop_of (self), cancellable_of (self), disarmed_cb,
                           g_object_ref (self));
}

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoLivePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoArmMark) mark = dyno_arm_mark_finish (result, &error);
  g_autoptr(AdwToast) toast = NULL;
  g_autofree char *text = NULL;

  if (mark == NULL)
    {
      dyno_live_page_take_error (self, error);
      return;
    }

  text = g_strdup_printf (_ ("Marked at %.1f s"), mark->t_s);
  toast = dyno_page_toast (DYNO_PAGE (self), "mark", text, NULL);
}

static void
mark_action (GtkWidget  *widget,
             const char *name,
             GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  dyno_arm_mark_async (shop_of (self), 0, NULL, cancellable_of (self), marked_cb,
                       g_object_ref (self));
}

static void
open_run_action (GtkWidget  *widget,
                 const char *name,
                 GVariant   *unused)
{
  DynoLivePage *self = DYNO_LIVE_PAGE (widget);

  if (self->said_run != NULL)
    gtk_widget_activate_action (widget, "win.open-run", "s", self->said_run);
}

static void
details_action (GtkWidget  *widget,
                const char *name,
                GVariant   *unused)
{
  const DynoArmState *arm = dyno_watch_get_arm (DYNO_LIVE_PAGE (widget)->watch);
  g_autoptr(GError) error = NULL;

  if (arm == NULL || arm->message == NULL)
    return;

  error = g_error_new_literal (DYNO_ERROR, DYNO_ERROR_UNAVAILABLE, arm->message);
  dyno_trouble_show (widget, error);
}

static void
pause_action (GtkWidget  *widget,
              const char *name,
              GVariant   *unused)
{
  DynoStrip *strip = DYNO_LIVE_PAGE (widget)->strip;
  gboolean is_paused;

  g_object_get (strip, "paused", &is_paused, NULL);
  g_object_set (strip, "paused", !is_paused, NULL);
}

/* Words and sensitivity. */

static void
show_preflight (DynoLivePage *self)
{
  g_autoptr(DynoPreflight) result = dyno_preflight_runner_ref_result (self->runner);
  g_autofree char *label = NULL;
  guint n_good;
  guint n_judged;

  if (dyno_preflight_runner_is_running (self->runner))
    label = g_strdup_printf (_ ("Preflight %u/%u"), dyno_preflight_runner_get_done (self->runner),
                             DYNO_N_PREFLIGHT_CHECKS);
  else if (result != NULL)
    {
      dyno_preflight_count (result, &n_good, &n_judged);
      label = g_strdup_printf (result->has_passed ? _ ("Preflight %u/%u ✓")
                                                  : _ ("Preflight %u/%u !"), n_good, n_judged);
    }
  gtk_button_set_label (self->preflight, label != NULL ? label : _ ("Preflight"));
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (self->preflight)),
                           PANGO_ELLIPSIZE_END);
}

void
dyno_live_actions_update (DynoLivePage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const DynoArmState *arm = dyno_watch_get_arm (self->watch);
  gboolean is_open = is_recording (self);

  gtk_widget_action_set_enabled (widget, "live.arm", has_values (self) || self->is_armed);
  gtk_widget_action_set_enabled (widget, "live.record", has_values (self) || is_open);
  gtk_widget_action_set_enabled (widget, "live.mark", is_open);
  gtk_widget_action_set_enabled (widget, "live.preflight", has_values (self));
  gtk_widget_action_set_enabled (widget, "live.open-run", self->said_run != NULL);
  gtk_widget_action_set_enabled (widget, "live.details", arm != NULL && arm->message != NULL);
  gtk_widget_action_set_enabled (widget, "live.stop-simulator",
                                 dyno_demo_is_running (shop_of (self)));
  gtk_button_set_label (self->arm, self->is_armed ? _ ("Disarm") : _ ("Arm"));
  gtk_button_set_label (self->record, is_open ? _ ("End Run") : _ ("Record"));
  show_preflight (self);
}

void
dyno_live_actions_install (GtkWidgetClass *widget_class)
{
  static const DynoLiveAction actions[] = {
    { "live.arm", NULL, arm_action },
    { "live.record", NULL, record_action },
    { "live.mark", NULL, mark_action },
    { "live.stop", NULL, stop_action },
    { "live.preflight", NULL, preflight_action },
    { "live.open-run", NULL, open_run_action },
    { "live.details", NULL, details_action },
    { "live.pause", NULL, pause_action },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}
