/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-rider.h"

#include "dyno-rider-private.h"
#include "dyno-store-audit-private.h"
#include "dyno-store-idempotency-private.h"
#include "dyno-store-private.h"

struct _DynoRider
{
  GBytes          *audit_key; /* (owned) (nullable) */
  GPtrArray       *audit;     /* (owned) of DynoAuditRecord */
  DynoReplyRecord *reply;     /* (owned) (nullable) */
  DynoReplyFunc    fill;      /* (nullable) */
  gpointer         data;      /* (owned) (nullable) of `fill` */
  GDestroyNotify   free_data; /* (nullable) */
};

DynoRider *
dyno_rider_new (GBytes *audit_key)
{
  DynoRider *self = g_new0 (DynoRider, 1);

  self->audit_key = audit_key != NULL ? g_bytes_ref (audit_key) : NULL;
  self->audit = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_audit_record_free);

  return self;
}

static void
drop_reply (DynoRider *self)
{
  g_clear_pointer (&self->reply, dyno_reply_record_free);
  if (self->free_data != NULL)
    self->free_data (self->data);
  self->data = NULL;
  self->free_data = NULL;
}

void
dyno_rider_free (DynoRider *self)
{
  if (self == NULL)
    return;

  drop_reply (self);
  g_ptr_array_unref (self->audit);
  g_clear_pointer (&self->audit_key, g_bytes_unref);
  g_free (self);
}

void
dyno_rider_add_audit (DynoRider       *self,
                      DynoAuditRecord *record)
{
  g_ptr_array_add (self->audit, record);
}

void
dyno_rider_set_reply (DynoRider       *self,
                      DynoReplyRecord *reply,
                      DynoReplyFunc    fill,
                      gpointer         data,
                      GDestroyNotify   free_data)
{
  drop_reply (self);
  self->reply = reply;
  self->fill = fill;
  self->data = data;
  self->free_data = free_data;
}

static gboolean
keep_reply (const DynoRider *self,
            DynoTurn        *turn,
            gconstpointer    answer,
            GError         **error)
{
  g_autoptr(DynoReplyRecord) reply = dyno_reply_record_copy (self->reply);

  if (self->fill != NULL)
    self->fill (reply, answer, turn->now_ms, self->data);

  return dyno_reply_rows_add (turn, reply, error);
}

gboolean
dyno_rider_run (const DynoRider *self,
                DynoTurn        *turn,
                gconstpointer    answer,
                GError         **error)
{
  for (guint i = 0; i < self->audit->len; i++)
    {
      if (!dyno_audit_rows_add (turn, g_ptr_array_index (self->audit, i), error))
        return FALSE;
    }
  if (self->audit->len > 0 && self->audit_key != NULL
      && !dyno_audit_rows_chain (turn, self->audit_key, error))
    return FALSE;

  return self->reply == NULL || keep_reply (self, turn, answer, error);
}

static GPrivate waiting = G_PRIVATE_INIT ((GDestroyNotify) dyno_rider_free);

void
dyno_store_carry (DynoStore *self,
                  DynoRider *rider)
{
  g_return_if_fail (self != NULL);

  g_private_replace (&waiting, rider);
}

DynoRider *
dyno_rider_take_waiting (void)
{
  DynoRider *rider = g_private_get (&waiting);

  if (rider != NULL)
    g_private_set (&waiting, NULL);

  return rider;
}

static gpointer
send_rider (DynoTurn     *turn,
            gconstpointer unused,
            GError      **error)
{
  return DYNO_VERB_DONE;
}

static const DynoVerb send_rider_verb = { "send-rider", send_rider, NULL };

void
dyno_store_send_rider_async (DynoStore          *self,
                             DynoRider          *rider,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dyno_store_carry (self, rider);
  dyno_store_write (self, &send_rider_verb, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_store_send_rider_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &send_rider_verb, error) != NULL;
}
