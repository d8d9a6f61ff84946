/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is done with a session, once there is one. Passwords are in dyno-login-password,
 * refresh tokens in dyno-login-refresh. */

#include "config.h"

#include "dyno-error.h"
#include "dyno-login-private.h"
#include "dyno-shop-private.h"
#include "dyno-users-private.h"

#define NETWORK_BYTES 8 /* of an IPv6 address: a household has a /64 */
#define MAX_AGENT     256
#define MAX_LABEL     100

void
dyno_login_ticket_free (DynoLoginTicket *self)
{
  if (self == NULL)
    return;

  dyno_user_free (self->user);
  g_free (self->sid);
  g_free (self->refresh_token);
  g_free (self);
}

DynoLoginTicket *
dyno_login_ticket_new (DynoUser               *user,
                       const DynoLoginSession *session,
                       const char             *refresh_token)
{
  DynoLoginTicket *ticket = g_new0 (DynoLoginTicket, 1);

  ticket->user = dyno_users_strip (user);
  ticket->sid = g_strdup (session->id);
  ticket->auth_time_ms = session->auth_time_ms;
  ticket->refresh_token = g_strdup (refresh_token);
  ticket->refresh_expires_ms = session->expires_ms;

  return ticket;
}

static char *
address_of (const char *ip)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (ip);
  GString *text;

  if (address == NULL || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return g_strdup (ip);

  text = g_string_new (NULL);
  for (guint i = 0; i < NETWORK_BYTES; i++)
    g_string_append_printf (text, "%02x", g_inet_address_to_bytes (address)[i]);

  return g_string_free (g_string_append (text, "/64"), FALSE);
}

static char *
cut (const char *text,
     glong       length)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);

  return g_utf8_substring (valid, 0, MIN (length, g_utf8_strlen (valid, -1)));
}

void
dyno_login_place_init (DynoLoginPlace        *self,
                       const DynoLoginClient *client)
{
  self->label = client->label != NULL ? cut (client->label, MAX_LABEL) : NULL;
  self->ip = g_strdup (client->ip != NULL ? client->ip : "local");
  self->address = address_of (self->ip);
  self->user_agent = cut (client->user_agent, MAX_AGENT);
}

void
dyno_login_place_clear (DynoLoginPlace *self)
{
  g_free (self->label);
  g_free (self->ip);
  g_free (self->address);
  g_free (self->user_agent);
}

void
dyno_login_refuse (GError **error)
{
  dyno_error_set (error, DYNO_ERROR_DENIED, "AUTHENTICATION_ERROR",
                  "This is not right, or not any more. Log in again.");
}

/* The set */

DynoLoginSet *
dyno_login_ref_set (DynoShop *shop)
{
  return dyno_access_ref_set (shop->access);
}

static gpointer
load (const DynoErrand *errand,
      gpointer          unused,
      GError          **error)
{
  return dyno_access_renew (errand, error) ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation load_operation = { "load-logins", load, NULL, TRUE };

void
dyno_login_load_async (DynoShop           *shop,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  dyno_operation_start (shop, &load_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_login_load_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &load_operation, error) != NULL;
}

/* Sessions */

typedef struct
{
  DynoPrincipal *asker;  /* (owned) */
  char          *sid;    /* (owned) (nullable) */
  gboolean       is_all;
} Args;

static void
args_free (Args *args)
{
  dyno_principal_unref (args->asker);
  g_free (args->sid);
  g_free (args);
}

static Args *
args_new (DynoPrincipal *asker,
          const char    *sid)
{
  Args *args = g_new0 (Args, 1);

  args->asker = dyno_principal_ref (asker);
  args->sid = g_strdup (sid);

  return args;
}

static gpointer
list_logins (const DynoErrand *errand,
             gpointer          data,
             GError          **error)
{
  const Args *args = data;
  DynoStore *store = errand->shop->store;

  dyno_store_list_logins_async (store, args->asker->user_id, errand->cancellable, dyno_await_cb,
                                errand->await);

  return dyno_store_list_logins_finish (store, dyno_await_wait (errand->await), error);
}

static const DynoOperation list_operation = { "list-logins", list_logins,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_login_list_async (DynoShop           *shop,
                       DynoPrincipal      *asker,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  dyno_operation_start (shop, &list_operation, args_new (asker, NULL), (GDestroyNotify) args_free,
                        cancellable, callback, user_data);
}

GPtrArray *
dyno_login_list_finish (GAsyncResult *result,
                        GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

static gboolean
end_in_store (const DynoErrand    *errand,
              const DynoPrincipal *asker,
              const char          *sid,
              const char          *jti,
              guint               *n,
              GError             **error)
{
  DynoStore *store = errand->shop->store;

  dyno_access_note (errand, DYNO_AUDIT_AUTH_LOGOUT, asker->user_id, errand->asker->ip, "login", sid);
  dyno_store_end_logins_async (store, asker->user_id, sid, jti, asker->expires_ms, NULL,
                               dyno_await_cb, errand->await);

  return dyno_store_end_logins_finish (store, dyno_await_wait (errand->await), n, error)
         && dyno_access_changed (errand, asker->user_id, "login", error);
}

/* Answers the number plus one. A key has no session that could end. */
static gpointer
end_logins (const DynoErrand *errand,
            gpointer          data,
            GError          **error)
{
  const Args *args = data;
  guint n = 0;

  if (args->asker->kind != DYNO_PRINCIPAL_USER)
    return GUINT_TO_POINTER (1);
  if (!end_in_store (errand, args->asker, args->is_all ? NULL : args->asker->sid,
                     args->asker->jti, &n, error))
    return NULL;

  return GUINT_TO_POINTER (n + 1);
}

static const DynoOperation end_operation = { "end-logins", end_logins, NULL, TRUE, TRUE };

void
dyno_login_end_async (DynoShop           *shop,
                      DynoPrincipal      *asker,
                      gboolean            is_all,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  Args *args = args_new (asker, NULL);

  args->is_all = is_all;
  dyno_operation_start (shop, &end_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

gboolean
dyno_login_end_finish (GAsyncResult *result,
                       guint        *n,
                       GError      **error)
{
  guint n_and_one = GPOINTER_TO_UINT (dyno_operation_finish (result, &end_operation, error));

  if (n != NULL)
    *n = n_and_one > 0 ? n_and_one - 1 : 0;

  return n_and_one > 0;
}

static gpointer
end_one (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  const Args *args = data;
  guint n = 0;

  if (!end_in_store (errand, args->asker, args->sid, NULL, &n, error))
    return NULL;
  if (n > 0)
    return DYNO_OPERATION_DONE;
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no such login.");

  return NULL;
}

static const DynoOperation end_one_operation = { "end-login", end_one, NULL, TRUE, TRUE };

void
dyno_login_end_one_async (DynoShop           *shop,
                          DynoPrincipal      *asker,
                          const char         *sid,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  dyno_operation_start (shop, &end_one_operation, args_new (asker, sid),
                        (GDestroyNotify) args_free, cancellable, callback, user_data);
}

gboolean
dyno_login_end_one_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &end_one_operation, error) != NULL;
}

static gpointer
prune (const DynoErrand *errand,
       gpointer          unused,
       GError          **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_prune_logins_async (store, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_prune_logins_finish (store, dyno_await_wait (errand->await), error)
                 && dyno_access_renew (errand, error)
             ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation prune_operation = { "prune-logins", prune, NULL, TRUE };

void
dyno_login_prune_async (DynoShop           *shop,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  dyno_operation_start (shop, &prune_operation, NULL, NULL, cancellable, callback, user_data);
}

gboolean
dyno_login_prune_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &prune_operation, error) != NULL;
}
