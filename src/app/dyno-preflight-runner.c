/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight-runner.h"

struct _DynoPreflightRunner
{
  GObject       parent_instance;

  DynoShop     *shop;        /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) of the one that runs */
  GError       *error;       /* (owned) (nullable) */
  guint         done;
  double        left_s;
};

enum
{
  CHANGED,
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoPreflightRunner, dyno_preflight_runner, G_TYPE_OBJECT)

gboolean
dyno_preflight_runner_is_running (DynoPreflightRunner *self)
{
  return self->cancellable != NULL;
}

guint
dyno_preflight_runner_get_done (DynoPreflightRunner *self)
{
  return self->done;
}

double
dyno_preflight_runner_get_left_s (DynoPreflightRunner *self)
{
  return self->left_s;
}

const GError *
dyno_preflight_runner_get_error (DynoPreflightRunner *self)
{
  return self->error;
}

DynoPreflight *
dyno_preflight_runner_ref_result (DynoPreflightRunner *self)
{
  return dyno_live_ref_preflight (dyno_shop_get_live (self->shop));
}

gboolean
dyno_preflight_runner_is_fresh (DynoPreflightRunner *self)
{
  g_autoptr(DynoPreflight) result = dyno_preflight_runner_ref_result (self);
  gint64 now_us = dyno_clock_real_us (dyno_shop_get_clock (self->shop));

  return result != NULL
         && now_us - result->time_us <= DYNO_PREFLIGHT_MAX_AGE_S * (gint64) G_USEC_PER_SEC;
}

void
dyno_preflight_count (const DynoPreflight *preflight,
                      guint               *n_good,
                      guint               *n_judged)
{
  *n_good = 0;
  *n_judged = 0;
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    {
      *n_judged += preflight->checks[i].status != DYNO_PREFLIGHT_SKIP;
      *n_good += preflight->checks[i].status == DYNO_PREFLIGHT_PASS
                 || preflight->checks[i].status == DYNO_PREFLIGHT_WARN;
    }
}

static void
progress_cb (guint    done,
             double   left_s,
             gpointer user_data)
{
  DynoPreflightRunner *self = user_data;

  self->done = done;
  self->left_s = left_s;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DynoPreflightRunner) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPreflight) preflight = dyno_preflight_finish (result, &error);

  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  self->left_s = 0;
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  g_signal_emit (self, signals[FINISHED], 0);
}

void
dyno_preflight_runner_start (DynoPreflightRunner *self)
{
  const DynoPreflightOptions options = { .sample_s = 0, .is_blocking = TRUE };

  g_return_if_fail (DYNO_IS_PREFLIGHT_RUNNER (self));
  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  self->done = 0;
  self->left_s = 0;
  dyno_preflight_async (self->shop, &options, progress_cb, self, self->cancellable, finished_cb,
                        g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
dyno_preflight_runner_cancel (DynoPreflightRunner *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
dyno_preflight_runner_finalize (GObject *object)
{
  DynoPreflightRunner *self = DYNO_PREFLIGHT_RUNNER (object);

  g_clear_error (&self->error);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_preflight_runner_parent_class)->finalize (object);
}

static void
dyno_preflight_runner_class_init (DynoPreflightRunnerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dyno_preflight_runner_finalize;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_PREFLIGHT_RUNNER, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", DYNO_TYPE_PREFLIGHT_RUNNER, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dyno_preflight_runner_init (DynoPreflightRunner *self)
{
}

DynoPreflightRunner *
dyno_preflight_runner_new (DynoShop *shop)
{
  DynoPreflightRunner *self = g_object_new (DYNO_TYPE_PREFLIGHT_RUNNER, NULL);

  self->shop = dyno_shop_ref (shop);

  return self;
}
