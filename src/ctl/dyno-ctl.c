/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ctl.h"

#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-print.h"

#include <glib-unix.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#define MOST_INTERRUPTS 2 /* the next Ctrl-C ends the process where it stands */

static gboolean
interrupted_cb (gpointer user_data)
{
  DynoCtl *ctl = user_data;

  g_cancellable_cancel (ctl->cancellable);
  if (++ctl->n_interrupts < MOST_INTERRUPTS)
    return G_SOURCE_CONTINUE;

  signal (SIGINT, SIG_DFL);
  signal (SIGTERM, SIG_DFL);

  return G_SOURCE_CONTINUE;
}

/* Signals are watched in the context that the verb iterates while it waits. */
static void
watch_signal (DynoCtl *ctl,
              int      number)
{
  g_autoptr(GSource) source = g_unix_signal_source_new (number);

  g_source_set_callback (source, interrupted_cb, ctl, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

DynoCtl *
dyno_ctl_new (const DynoCtlOptions  *options,
              const char            *verb,
              const char            *sub,
              char                 **arguments)
{
  DynoCtl *ctl = g_new0 (DynoCtl, 1);
  g_auto(GStrv) env = g_get_environ ();

  ctl->is_json = options->is_json;
  ctl->is_quiet = options->is_quiet;
  ctl->is_verbose = options->is_verbose;
  ctl->data_dir = options->data_dir;
  ctl->config_path = options->config_path;
  ctl->face = options->face;
  ctl->verb = verb;
  ctl->sub = sub;
  ctl->arguments = arguments;
  ctl->folders = dyno_folders_new (options->data_dir, (const char *const *) env);
  ctl->await = dyno_await_new ();
  ctl->cancellable = g_cancellable_new ();
  watch_signal (ctl, SIGINT);
  watch_signal (ctl, SIGTERM);
  watch_signal (ctl, SIGHUP);

  return ctl;
}

void
dyno_ctl_free (DynoCtl *ctl)
{
  g_assert (ctl->shop == NULL);
  g_clear_pointer (&ctl->config, dyno_config_unref);
  dyno_folders_free (ctl->folders);
  g_free (ctl->socket_path);
  dyno_await_free (ctl->await);
  g_object_unref (ctl->cancellable);
  g_free (ctl);
}

/* A path of the command line that is not there is a mistake; the usual one may
 * be absent. */
static gboolean
config_is_there (DynoCtl  *ctl,
                 GError  **error)
{
  if (ctl->config_path == NULL || g_file_test (ctl->config_path, G_FILE_TEST_EXISTS))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "config", "There is no file %s.", ctl->config_path);

  return FALSE;
}

gboolean
dyno_ctl_load_config (DynoCtl  *ctl,
                      GError  **error)
{
  g_auto(GStrv) env = g_get_environ ();
  g_autofree char *usual = g_build_filename (ctl->folders->config, "dynoai.conf", NULL);

  if (ctl->config != NULL)
    return TRUE;
  if (!config_is_there (ctl, error))
    return FALSE;

  ctl->config = dyno_config_load (ctl->config_path != NULL ? ctl->config_path : usual,
                                  (const char *const *) env, error);

  return ctl->config != NULL;
}

/* Why the shop that was opened is of no use, or NULL. */
static const GError *
find_trouble (DynoShop      *shop,
              DynoShopFlags  flags)
{
  return (flags & DYNO_SHOP_NO_STORE) != 0 ? NULL : dyno_shop_get_trouble (shop);
}

DynoShop *
dyno_ctl_open_shop_on (DynoCtl        *ctl,
                       DynoShopFlags   flags,
                       const char     *interface,
                       GError        **error)
{
  DynoShopOptions options = { .data_dir = ctl->data_dir,
                              .config_path = ctl->config_path,
                              .interface = interface,
                              .flags = flags };

  if (ctl->shop != NULL)
    return ctl->shop;
  if (!config_is_there (ctl, error))
    return NULL;

  dyno_shop_open_async (&options, ctl->cancellable, dyno_await_cb, ctl->await);
  ctl->shop = dyno_shop_open_finish (dyno_await_wait (ctl->await), error);
  if (ctl->shop == NULL)
    return NULL;

  g_clear_pointer (&ctl->config, dyno_config_unref);
  ctl->config = dyno_config_ref (dyno_shop_get_config (ctl->shop));
  if (find_trouble (ctl->shop, flags) != NULL)
    {
      g_propagate_error (error, g_error_copy (find_trouble (ctl->shop, flags)));
      return NULL;
    }

  return ctl->shop;
}

DynoShop *
dyno_ctl_open_shop (DynoCtl        *ctl,
                    DynoShopFlags   flags,
                    GError        **error)
{
  return dyno_ctl_open_shop_on (ctl, flags, NULL, error);
}

DynoShop *
dyno_ctl_open_vault (DynoCtl  *ctl,
                     GError  **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE, error);
  DynoVaultState state = DYNO_VAULT_CLOSED;
  g_autofree char *reason = NULL;

  if (shop == NULL)
    return NULL;
  dyno_vault_open_async (shop, ctl->cancellable, dyno_await_cb, ctl->await);
  if (!dyno_vault_open_finish (dyno_await_wait (ctl->await), &state, error))
    return NULL;
  if (state == DYNO_VAULT_READY)
    return shop;

  reason = g_strconcat ("keyring_", dyno_vault_state_name (state), NULL);
  dyno_error_set (error, DYNO_ERROR_DENIED, reason, "%s", dyno_vault_state_advice (state));

  return NULL;
}

gboolean
dyno_ctl_close_shop (DynoCtl  *ctl,
                     GError  **error)
{
  gboolean is_good;

  if (ctl->shop == NULL)
    return TRUE;

  dyno_shop_close_async (ctl->shop, NULL, dyno_await_cb, ctl->await);
  is_good = dyno_shop_close_finish (ctl->shop, dyno_await_wait (ctl->await), error);
  g_clear_pointer (&ctl->shop, dyno_shop_unref);

  return is_good;
}

guint
dyno_ctl_n_arguments (DynoCtl *ctl)
{
  return g_strv_length (ctl->arguments);
}

gboolean
dyno_ctl_want (DynoCtl     *ctl,
               guint        at_least,
               guint        at_most,
               const char  *what,
               GError     **error)
{
  guint n = dyno_ctl_n_arguments (ctl);

  if (n < at_least)
    dyno_failure_set_usage (error, "dynoctl %s%s%s needs %s.", ctl->verb,
                            ctl->sub != NULL ? " " : "", ctl->sub != NULL ? ctl->sub : "", what);
  else if (n > at_most)
    dyno_failure_set_usage (error, "“%s” is one word too many for dynoctl %s%s%s.",
                            ctl->arguments[at_most], ctl->verb, ctl->sub != NULL ? " " : "",
                            ctl->sub != NULL ? ctl->sub : "");

  return n >= at_least && n <= at_most;
}

gboolean
dyno_ctl_check_number (const char  *option,
                       double       value,
                       double       low,
                       double       high,
                       GError     **error)
{
  g_autofree char *low_text = NULL;
  g_autofree char *high_text = NULL;

  if (isfinite (value) && value >= low && value <= high)
    return TRUE;

  low_text = g_strdup_printf ("%g", low);
  high_text = g_strdup_printf ("%g", high);
  dyno_failure_set_usage (error, "%s takes a number from %s to %s.", option, low_text, high_text);

  return FALSE;
}

DynoUnitSet
dyno_ctl_units (DynoCtl *ctl)
{
  g_autofree char *name = ctl->config != NULL ? dyno_config_dup (ctl->config, "ui.units") : NULL;

  if (g_strcmp0 (name, "us") == 0)
    return DYNO_UNITS_US;

  return g_strcmp0 (name, "european") == 0 ? DYNO_UNITS_EUROPEAN : DYNO_UNITS_METRIC;
}

gboolean
dyno_ctl_is_over (DynoCtl *ctl)
{
  return g_cancellable_is_cancelled (ctl->cancellable) || dyno_print_is_broken ();
}

static gboolean
too_late_cb (gpointer user_data)
{
  gboolean *is_late = user_data;

  *is_late = TRUE;

  return G_SOURCE_REMOVE;
}

/* Until done, too late, or `n` interrupts. */
static gboolean
wait_until (DynoCtl   *ctl,
            gboolean (*is_done) (gpointer),
            gpointer   data,
            double     seconds,
            guint      n_interrupts)
{
  GMainContext *context = g_main_context_get_thread_default ();
  g_autoptr(GSource) timer = NULL;
  gboolean is_late = FALSE;
  gboolean is_good;

  if (seconds >= 0)
    {
      timer = g_timeout_source_new ((guint) (MIN (seconds, 4e6) * 1000));
      g_source_set_callback (timer, too_late_cb, &is_late, NULL);
      g_source_attach (timer, context);
    }
  while (!(is_good = is_done (data)) && !is_late && ctl->n_interrupts < n_interrupts
         && !dyno_print_is_broken ())
    g_main_context_iteration (context, TRUE);
  if (timer != NULL)
    g_source_destroy (timer);

  return is_good;
}

gboolean
dyno_ctl_wait (DynoCtl   *ctl,
               gboolean (*is_done) (gpointer),
               gpointer   data,
               double     seconds)
{
  return wait_until (ctl, is_done, data, seconds, 1);
}

gboolean
dyno_ctl_wait_out (DynoCtl   *ctl,
                   gboolean (*is_done) (gpointer),
                   gpointer   data,
                   double     seconds)
{
  return wait_until (ctl, is_done, data, seconds, MOST_INTERRUPTS);
}

typedef struct
{
  DynoCtlWork work;
  gpointer    data; /* (borrowed) */
} WorkCall;

static void
work_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const WorkCall *call = task_data;
  g_autoptr(GError) error = NULL;

  if (call->work (call->data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

gboolean
dyno_ctl_work (DynoCtl      *ctl,
               DynoCtlWork   work,
               gpointer      data,
               GError      **error)
{
  WorkCall call = { work, data };
  g_autoptr(GTask) task = g_task_new (NULL, ctl->cancellable, dyno_await_cb, ctl->await);

  g_task_set_name (task, "dynoctl work");
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, &call, NULL);
  g_task_run_in_thread (task, work_thread);

  return g_task_propagate_boolean (G_TASK (dyno_await_wait (ctl->await)), error);
}
