/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-once.h"

#include <string.h>

DynoOnce *
dyno_once_new (const char   *principal,
               const char   *method,
               const char   *route,
               const char   *key,
               const guint8  fingerprint[DYNO_SHA256_SIZE])
{
  DynoOnce *self = g_new0 (DynoOnce, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->principal = g_strdup (principal);
  self->method = g_strdup (method);
  self->route = g_strdup (route);
  self->key = g_strdup (key);
  memcpy (self->fingerprint, fingerprint, DYNO_SHA256_SIZE);

  return self;
}

DynoOnce *
dyno_once_ref (DynoOnce *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
dyno_once_unref (DynoOnce *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->principal, g_free);
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->route, g_free);
  g_clear_pointer (&self->key, g_free);
  g_free (self);
}

DynoOnceReply *
dyno_once_make_reply (const DynoOnce *self,
                      gconstpointer   result)
{
  DynoOnceReply *reply;

  g_return_val_if_fail (self->shape != NULL, NULL);

  reply = self->shape (result);
  memcpy (reply->fingerprint, self->fingerprint, DYNO_SHA256_SIZE);

  return reply;
}

DynoOnceReply *
dyno_once_reply_new (guint status)
{
  DynoOnceReply *self = g_new0 (DynoOnceReply, 1);

  self->status = status;
  self->headers = g_strdup ("{}");

  return self;
}

void
dyno_once_reply_free (DynoOnceReply *self)
{
  g_clear_pointer (&self->headers, g_free);
  g_clear_pointer (&self->body, g_free);
  g_clear_pointer (&self->resource_id, g_free);
  g_free (self);
}
