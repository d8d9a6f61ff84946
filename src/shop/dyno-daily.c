/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-daily.h"

#include "dyno-backup.h"
#include "dyno-privacy.h"
#include "dyno-retention.h"
#include "dyno-shop-private.h"

#define LOOK_EVERY_S 600
#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

DynoDaily *
dyno_daily_new (void)
{
  DynoDaily *self = g_new0 (DynoDaily, 1);

  g_mutex_init (&self->lock);

  return self;
}

/* The timer holds the shop, so it is let go of without the lock. */
void
dyno_daily_close (DynoDaily *self)
{
  GSource *timer;

  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  timer = g_steal_pointer (&self->timer);
  g_mutex_unlock (&self->lock);
  if (timer != NULL)
    {
      g_source_destroy (timer);
      g_source_unref (timer);
    }
}

void
dyno_daily_free (DynoDaily *self)
{
  if (self == NULL)
    return;

  g_assert (self->timer == NULL);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* The start of the shop has let go of what was due then. */
static gboolean
begin_retention (DynoShop *shop)
{
  DynoDaily *self = shop->daily;
  gint64 now_ms = dyno_clock_real_us (shop->clock) / 1000;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (now_ms - MAX (self->retained_ms, shop->opened_ms) < DAY_MS)
    return FALSE;
  self->retained_ms = now_ms;

  return TRUE;
}

static void
keep_first (GError  *cause,
            GError **first)
{
  if (cause == NULL)
    return;
  if (*first == NULL)
    *first = cause;
  else
    g_error_free (cause);
}

static gpointer
look (const DynoErrand *errand,
      gpointer          unused,
      GError          **error)
{
  DynoShop *shop = errand->shop;
  GError *first = NULL;
  GError *cause = NULL;

  dyno_privacy_tend_async (shop, errand->cancellable, dyno_await_cb, errand->await);
  dyno_privacy_tend_finish (dyno_await_wait (errand->await), &cause);
  keep_first (g_steal_pointer (&cause), &first);
  if (begin_retention (shop))
    {
      dyno_retention_async (shop, FALSE, errand->cancellable, dyno_await_cb, errand->await);
      g_free (dyno_retention_finish (dyno_await_wait (errand->await), &cause));
      keep_first (g_steal_pointer (&cause), &first);
    }
  if (dyno_vault_get_state (shop) == DYNO_VAULT_READY)
    {
      dyno_backup_tend_async (shop, errand->cancellable, dyno_await_cb, errand->await);
      dyno_backup_tend_finish (dyno_await_wait (errand->await), &cause);
      keep_first (g_steal_pointer (&cause), &first);
    }
  if (first != NULL)
    g_propagate_error (error, first);

  return first == NULL ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation look_operation = { "daily-look", look, NULL, TRUE, FALSE };

void
dyno_daily_look_async (DynoShop            *shop,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  dyno_operation_start (shop, &look_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_daily_look_finish (GAsyncResult  *result,
                        GError       **error)
{
  return dyno_operation_finish (result, &look_operation, error) != NULL;
}

static gboolean start_look_cb (gpointer shop);

/* The next one, when this one is over: two never run at once. */
static void
plan_look (DynoShop     *shop,
           GMainContext *context,
           guint         after_s)
{
  DynoDaily *self = shop->daily;
  GSource *timer = g_timeout_source_new_seconds (after_s);
  GSource *before;
  gboolean is_open;

  g_source_set_callback (timer, start_look_cb, dyno_shop_ref (shop),
                         (GDestroyNotify) dyno_shop_unref);
  g_mutex_lock (&self->lock);
  is_open = !self->is_closed;
  before = g_steal_pointer (&self->timer);
  if (is_open)
    self->timer = g_source_ref (timer);
  g_mutex_unlock (&self->lock);
  if (before != NULL)
    {
      g_source_destroy (before);
      g_source_unref (before);
    }
  if (is_open)
    g_source_attach (timer, context);
  g_source_unref (timer);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoShop) shop = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_daily_look_finish (result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("What is due is not done: %s", error->message);
  plan_look (shop, g_main_context_get_thread_default (), LOOK_EVERY_S);
}

static gboolean
start_look_cb (gpointer shop)
{
  dyno_daily_look_async (shop, NULL, looked_cb, dyno_shop_ref (shop));

  return G_SOURCE_REMOVE;
}

void
dyno_daily_watch (DynoShop     *shop,
                  GMainContext *context)
{
  plan_look (shop, context, 0);
}
