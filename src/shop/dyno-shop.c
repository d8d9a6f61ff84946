/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shop-private.h"

#include "dyno-error.h"

/* What an opening is asked for, copied. */
typedef struct
{
  DynoShopOptions options;
  char          **environment; /* (owned) */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free ((char *) opening->options.data_dir);
  g_free ((char *) opening->options.config_path);
  g_free ((char *) opening->options.socket_path);
  g_free ((char *) opening->options.interface);
  g_strfreev (opening->environment);
  g_free (opening);
}

static Opening *
opening_new (const DynoShopOptions *options)
{
  Opening *opening = g_new0 (Opening, 1);

  if (options != NULL)
    opening->options = *options;
  opening->options.data_dir = g_strdup (opening->options.data_dir);
  opening->options.config_path = g_strdup (opening->options.config_path);
  opening->options.socket_path = g_strdup (opening->options.socket_path);
  opening->options.interface = g_strdup (opening->options.interface);
  opening->environment = opening->options.environment != NULL
                           ? g_strdupv ((char **) opening->options.environment) : g_get_environ ();
  opening->options.environment = (const char *const *) opening->environment;

  return opening;
}

DynoShop *
dyno_shop_ref (DynoShop *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_shop_unref (DynoShop *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  g_assert (self->store == NULL && self->capture == NULL); /* closed before */
  g_clear_pointer (&self->powers, dyno_power_cache_free);
  g_clear_pointer (&self->virtuals, dyno_virtual_book_free);
  g_clear_pointer (&self->alerts, dyno_alerts_free);
  g_clear_pointer (&self->breakers, dyno_breaker_set_free);
  g_clear_pointer (&self->health, dyno_health_memory_free);
  g_clear_pointer (&self->denials, dyno_denials_free);
  g_clear_pointer (&self->keys, dyno_keys_free);
  g_clear_pointer (&self->daily, dyno_daily_free);
  g_clear_pointer (&self->vault, dyno_vault_free);
  g_clear_pointer (&self->access, dyno_access_free);
  g_clear_pointer (&self->pairings, dyno_pairings_free);
  g_clear_pointer (&self->operations, dyno_operations_free);
  g_clear_pointer (&self->demo, dyno_demo_free);
  g_clear_pointer (&self->live, dyno_live_unref);
  g_clear_pointer (&self->jobs, dyno_jobs_free);
  g_clear_pointer (&self->bus, dyno_bus_unref);
  g_clear_pointer (&self->config, dyno_config_unref);
  g_clear_pointer (&self->folders, dyno_folders_free);
  g_clear_error (&self->trouble);
  g_free (self);
}

/* pool thread */
static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Opening *opening = task_data;
  DynoShop *self = g_new0 (DynoShop, 1);
  GError *error = NULL;

  g_atomic_ref_count_init (&self->n_refs);
  if (dyno_shop_build (self, &opening->options, cancellable, &error))
    {
      g_task_return_pointer (task, self, NULL);
      return;
    }

  dyno_shop_take_down (self, NULL);
  dyno_shop_unref (self);
  g_task_return_error (task, error);
}

void
dyno_shop_open_async (const DynoShopOptions *options,
                      GCancellable          *cancellable,
                      GAsyncReadyCallback    callback,
                      gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, dyno_shop_open_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, opening_new (options), opening_free);
  g_task_run_in_thread (task, open_thread);
}

DynoShop *
dyno_shop_open_finish (GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_shop_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* pool thread */
static void
close_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;

  if (dyno_shop_take_down (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
dyno_shop_close_async (DynoShop            *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_return_if_fail (self != NULL);

  g_task_set_source_tag (task, dyno_shop_close_async);
  g_task_set_task_data (task, dyno_shop_ref (self), (GDestroyNotify) dyno_shop_unref);
  g_task_run_in_thread (task, close_thread);
}

gboolean
dyno_shop_close_finish (DynoShop      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_shop_close_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const GError *
dyno_shop_get_trouble (DynoShop *self)
{
  return self->trouble;
}

gboolean
dyno_shop_has_store (DynoShop *self)
{
  return self->store != NULL;
}

gboolean
dyno_shop_has_capture (DynoShop *self)
{
  return self->capture != NULL;
}

const DynoFolders *
dyno_shop_get_folders (DynoShop *self)
{
  return self->folders;
}

DynoConfig *
dyno_shop_get_config (DynoShop *self)
{
  return self->config;
}

DynoBus *
dyno_shop_get_bus (DynoShop *self)
{
  return self->bus;
}

DynoClock *
dyno_shop_get_clock (DynoShop *self)
{
  return self->clock;
}

DynoBreakerSet *
dyno_shop_get_breakers (DynoShop *self)
{
  return self->breakers;
}

DynoLive *
dyno_shop_get_live (DynoShop *self)
{
  return self->live;
}

DynoJobs *
dyno_shop_get_jobs (DynoShop *self)
{
  return self->jobs;
}

void
dyno_shop_set_socket (DynoShop   *self,
                      const char *socket_path)
{
  if (self->lock != NULL)
    dyno_lock_set_socket (self->lock, socket_path);
}

char *
dyno_shop_group (DynoShop *self)
{
  return dyno_config_dup (self->config, "capture.group");
}

guint16
dyno_shop_port (DynoShop *self)
{
  return (guint16) dyno_config_get_integer (self->config, "capture.port");
}

char *
dyno_shop_ask_record (const DynoErrand *errand,
                      const char       *json,
                      GError          **error)
{
  dyno_record_ask_async (errand->shop->record, json, dyno_await_cb, errand->await);

  return dyno_record_ask_finish (dyno_await_wait (errand->await), error);
}
