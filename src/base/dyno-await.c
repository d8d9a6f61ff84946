/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-await.h"

struct _DynoAwait
{
  GMainContext *context; /* (owned) pushed as thread default from new to free */
  GAsyncResult *pending; /* (owned) (nullable) arrived, not yet waited for */
  GAsyncResult *handed;  /* (owned) (nullable) kept alive for the caller */
};

DynoAwait *
dyno_await_new (void)
{
  DynoAwait *self = g_new0 (DynoAwait, 1);

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);

  return self;
}

void
dyno_await_free (DynoAwait *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->pending);
  g_clear_object (&self->handed);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
}

void
dyno_await_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  DynoAwait *self = user_data;

  g_assert (self->pending == NULL);
  self->pending = g_object_ref (result);
}

GAsyncResult *
dyno_await_wait (DynoAwait *self)
{
  while (self->pending == NULL)
    g_main_context_iteration (self->context, TRUE);

  g_clear_object (&self->handed);
  self->handed = g_steal_pointer (&self->pending);

  return self->handed;
}
