/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-round.h"

#include "dyno-shop-private.h"

struct _DynoRound
{
  gatomicrefcount      n_refs;
  DynoShop            *shop;        /* (owned) */
  const DynoOperation *operation;
  gpointer             data;        /* (owned) */
  GDestroyNotify       free_data;
  GCancellable        *cancellable; /* (owned) */
  GSource             *timer;       /* (owned) */
  gint                 is_busy;     /* (atomic) */
};

static void
round_unref (gpointer data)
{
  DynoRound *self = data;

  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;

  self->free_data (self->data);
  g_object_unref (self->cancellable);
  g_source_unref (self->timer);
  dyno_shop_unref (self->shop);
  g_free (self);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  DynoRound *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dyno_operation_finish (result, self->operation, &error) == NULL
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("%s: %s", self->operation->name, error->message);
  g_atomic_int_set (&self->is_busy, FALSE);
  round_unref (self);
}

static gboolean
turn_cb (gpointer user_data)
{
  DynoRound *self = user_data;

  if (g_cancellable_is_cancelled (self->cancellable)
      || !g_atomic_int_compare_and_exchange (&self->is_busy, FALSE, TRUE))
    return G_SOURCE_CONTINUE;

  g_atomic_ref_count_inc (&self->n_refs);
  dyno_operation_start (self->shop, self->operation, self->data, NULL, self->cancellable, done_cb,
                        self);

  return G_SOURCE_CONTINUE;
}

DynoRound *
dyno_round_begin (DynoShop            *shop,
                  GMainContext        *context,
                  const DynoOperation *operation,
                  guint                every_ms,
                  gpointer             data,
                  GDestroyNotify       free_data)
{
  DynoRound *self = g_new0 (DynoRound, 1);

  g_atomic_ref_count_init (&self->n_refs);
  self->shop = dyno_shop_ref (shop);
  self->operation = operation;
  self->data = data;
  self->free_data = free_data;
  self->cancellable = g_cancellable_new ();
  self->timer = g_timeout_source_new (every_ms);
  g_source_set_ready_time (self->timer, 0);
  g_atomic_ref_count_inc (&self->n_refs);
  g_source_set_callback (self->timer, turn_cb, self, round_unref);
  g_source_attach (self->timer, context);

  return self;
}

void
dyno_round_end (DynoRound *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_source_destroy (self->timer);
  round_unref (self);
}
