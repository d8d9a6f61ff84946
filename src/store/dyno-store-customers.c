/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-crypt.h"
#include "dyno-seen.h"
#include "dyno-store-private.h"
#include "dyno-store-vehicles-private.h"

static const char no_such_customer[] = "There is no such customer.";

DynoCustomer *
dyno_customer_copy (const DynoCustomer *self)
{
  DynoCustomer *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->phone = g_strdup (self->phone);
  copy->email = g_strdup (self->email);
  copy->address = g_strdup (self->address);
  copy->notes = g_strdup (self->notes);

  return copy;
}

void
dyno_customer_free (DynoCustomer *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->phone);
  g_free (self->email);
  g_free (self->address);
  g_free (self->notes);
  g_free (self);
}

static gpointer
make_customer (DynoStatement *row)
{
  DynoCustomer *customer = g_new0 (DynoCustomer, 1);

  customer->id = dyno_statement_dup_text (row, 0);
  customer->name = dyno_statement_dup_text (row, 1);
  customer->phone = dyno_statement_dup_text (row, 2);
  customer->email = dyno_statement_dup_text (row, 3);
  customer->address = dyno_statement_dup_text (row, 4);
  customer->notes = dyno_statement_dup_text (row, 5);
  customer->revision = dyno_statement_integer (row, 6);
  customer->created_ms = dyno_statement_integer (row, 7);
  customer->updated_ms = dyno_statement_integer (row, 8);
  customer->n_vehicles = (guint) dyno_statement_integer (row, 9);

  return customer;
}

static gpointer
get_customer (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CUSTOMER_GET);

  dyno_statement_set_text (s, ":id", data);

  return dyno_statement_get (s, make_customer, no_such_customer, error);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* The customer as given, into a new row or the known one. */
static gboolean
write_customer (DynoTurn           *turn,
                const DynoCustomer *customer,
                const char         *id,
                GError            **error)
{
  DynoStatement *s = dyno_statement_begin (
      turn->db, customer->id != NULL ? DYNO_SQL_CUSTOMER_EDIT : DYNO_SQL_CUSTOMER_ADD);

  dyno_statement_set_text (s, ":id", id);
  dyno_statement_set_text (s, ":name", or_empty (customer->name));
  dyno_statement_set_text (s, ":phone", or_empty (customer->phone));
  dyno_statement_set_text (s, ":email", or_empty (customer->email));
  dyno_statement_set_text (s, ":address", or_empty (customer->address));
  dyno_statement_set_text (s, ":notes", or_empty (customer->notes));
  dyno_statement_set_integer (s, ":now", turn->now_ms);
  if (customer->id != NULL)
    dyno_statement_set_integer (s, ":revision", customer->revision);

  return dyno_statement_run (s, error);
}

static gboolean
refresh_texts (DynoTurn   *turn,
               const char *customer_id,
               GError    **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_RUN_TEXT_OF_CUSTOMER);

  dyno_statement_set_text (s, ":customer_id", customer_id);

  return dyno_statement_run (s, error);
}

static gpointer
put_customer (DynoTurn     *turn,
              gconstpointer data,
              GError      **error)
{
  const DynoCustomer *customer = data;
  g_autofree char *id =
      customer->id != NULL ? g_strdup (customer->id) : dyno_crypt_new_id ("cus");
  g_autoptr(DynoCustomer) known = NULL;

  if (customer->id != NULL && (known = get_customer (turn, id, error)) == NULL)
    return NULL;
  if (!write_customer (turn, customer, id, error))
    return NULL;
  if (dyno_db_n_changed (turn->db) == 0)
    {
      dyno_seen_set_stale (error);
      return NULL;
    }
  if (!refresh_texts (turn, id, error))
    return NULL;

  return get_customer (turn, id, error);
}

char *
dyno_customer_rows_ensure (DynoTurn           *turn,
                           const DynoCustomer *customer,
                           GError            **error)
{
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CUSTOMER_BY_NAME);
  g_autoptr(DynoCustomer) found = NULL;
  DynoCustomer fresh = *customer;
  DynoStep step;

  dyno_statement_set_text (s, ":name", or_empty (customer->name));
  step = dyno_statement_step (s, error);
  found = step == DYNO_STEP_ROW ? make_customer (s) : NULL;
  dyno_statement_end (s);
  if (step == DYNO_STEP_FAILED)
    return NULL;

  fresh.id = NULL;
  if (found == NULL)
    found = put_customer (turn, &fresh, error);

  return found != NULL ? g_steal_pointer (&found->id) : NULL;
}

static const DynoVerb put_customer_verb = { "put-customer", put_customer,
                                            (GDestroyNotify) dyno_customer_free };

void
dyno_store_put_customer_async (DynoStore          *self,
                               DynoCustomer       *customer,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_write (self, &put_customer_verb, customer, (GDestroyNotify) dyno_customer_free,
                    cancellable, callback, user_data);
}

DynoCustomer *
dyno_store_put_customer_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &put_customer_verb, error);
}

static const DynoVerb get_customer_verb = { "get-customer", get_customer,
                                            (GDestroyNotify) dyno_customer_free };

void
dyno_store_get_customer_async (DynoStore          *self,
                               const char         *customer_id,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  dyno_store_read (self, &get_customer_verb, g_strdup (customer_id), g_free, cancellable, callback,
                   user_data);
}

DynoCustomer *
dyno_store_get_customer_finish (DynoStore    *self,
                                GAsyncResult *result,
                                GError      **error)
{
  return dyno_call_finish (result, &get_customer_verb, error);
}

static gpointer
list_customers (DynoTurn     *turn,
                gconstpointer unused,
                GError      **error)
{
  return dyno_statement_list (dyno_statement_begin (turn->db, DYNO_SQL_CUSTOMER_LIST),
                              make_customer, (GDestroyNotify) dyno_customer_free, error);
}

static const DynoVerb list_customers_verb = { "list-customers", list_customers,
                                              (GDestroyNotify) g_ptr_array_unref };

void
dyno_store_list_customers_async (DynoStore          *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  dyno_store_read (self, &list_customers_verb, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_store_list_customers_finish (DynoStore    *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return dyno_call_finish (result, &list_customers_verb, error);
}

static gpointer
delete_customer (DynoTurn     *turn,
                 gconstpointer data,
                 GError      **error)
{
  const DynoSeen *seen = data;
  g_autoptr(DynoCustomer) known = get_customer (turn, seen->id, error);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CUSTOMER_DELETE);

  if (known == NULL || !dyno_seen_is_current (seen, known->revision, error))
    return NULL;
  if (known->n_vehicles > 0)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "in_use",
                      "Vehicles belong to this customer. Give them to another one, or delete them "
                      "first.");
      return NULL;
    }
  dyno_statement_set_text (s, ":id", seen->id);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb delete_customer_verb = { "delete-customer", delete_customer, NULL };

void
dyno_store_delete_customer_async (DynoStore          *self,
                                  const char         *customer_id,
                                  gint64              revision,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  dyno_store_write (self, &delete_customer_verb, dyno_seen_new (customer_id, revision),
                    dyno_seen_free, cancellable, callback, user_data);
}

gboolean
dyno_store_delete_customer_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &delete_customer_verb, error) != NULL;
}
