/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A refresh token is the form of a key with its own prefix; its successor is not kept
 * but derived,
 *
 *   RT(n+1) = base62 (HMAC-SHA-256 (K_rt, family ‖ n+1 ‖ RT(n))),
 *
 * so that a lost reply can be given once more although only hashes are stored. */

#include "config.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-error.h"
#include "dyno-login-private.h"
#include "dyno-shop-private.h"

typedef struct
{
  char           *token; /* (owned) */
  DynoLoginPlace  place;
} Args;

static void
args_free (Args *args)
{
  g_free (args->token);
  dyno_login_place_clear (&args->place);
  g_free (args);
}

static char *
derive (GBytes                 *key,
        const DynoRefreshPlace *place,
        const char             *token)
{
  g_autofree char *text = g_strdup_printf ("%s|%" G_GINT64_FORMAT "|%s", place->family,
                                           place->generation + 1, token);
  guint8 mac[DYNO_HMAC_SIZE];

  dyno_crypt_hmac (key, text, strlen (text), mac);

  return dyno_crypt_make_token (DYNO_REFRESH_PREFIX, mac);
}

/* The token that follows; NULL with `error` where this one is none of ours. */
static char *
find_successor (const DynoErrand *errand,
                const Args       *args,
                GBytes           *sum,
                GError          **error)
{
  g_autoptr(GBytes) key = dyno_vault_ref_key (errand->shop, DYNO_VAULT_REFRESH, error);
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoRefreshPlace) place = NULL;

  if (key == NULL)
    return NULL;
  dyno_store_find_refresh_async (store, sum, errand->cancellable, dyno_await_cb, errand->await);
  place = dyno_store_find_refresh_finish (store, dyno_await_wait (errand->await), error);
  if (place != NULL && place->family != NULL)
    return derive (key, place, args->token);
  if (place != NULL)
    dyno_login_refuse (error);

  return NULL;
}

static DynoRefreshAnswer *
rotate (const DynoErrand *errand,
        const Args       *args,
        GBytes           *sum,
        const char       *successor,
        GError          **error)
{
  DynoStore *store = errand->shop->store;
  DynoRefreshTurn *turn = g_new0 (DynoRefreshTurn, 1);

  turn->token = g_bytes_ref (sum);
  turn->successor = dyno_access_sum (successor);
  turn->client_label = g_strdup (args->place.label);
  turn->ip = g_strdup (args->place.ip);
  turn->user_agent = g_strdup (args->place.user_agent);
  dyno_store_rotate_refresh_async (store, turn, NULL, dyno_await_cb, errand->await);

  return dyno_store_rotate_refresh_finish (store, dyno_await_wait (errand->await), error);
}

/* Somebody has two of what there is one of: nobody keeps it. */
static void
end_family (const DynoErrand        *errand,
            const Args              *args,
            const DynoRefreshAnswer *answer,
            GError                 **error)
{
  if (!dyno_access_changed (errand, answer->user->id, "stolen", error)
      || !dyno_access_tell (errand, DYNO_AUDIT_AUTH_REFRESH_REUSE, answer->user->id,
                            args->place.ip, error))
    return;

  dyno_error_set (error, DYNO_ERROR_DENIED, "REFRESH_TOKEN_REUSED",
                  "This login was used twice and has been ended, as somebody may have taken it. "
                  "Log in again.");
}

static gpointer
refresh (const DynoErrand *errand,
         gpointer          data,
         GError          **error)
{
  const Args *args = data;
  g_autoptr(GBytes) sum = dyno_access_sum (args->token);
  g_autofree char *successor = NULL;
  g_autoptr(DynoRefreshAnswer) answer = NULL;

  if (!dyno_crypt_is_token (args->token, DYNO_REFRESH_PREFIX))
    {
      dyno_login_refuse (error);
      return NULL;
    }
  successor = find_successor (errand, args, sum, error);
  if (successor == NULL || (answer = rotate (errand, args, sum, successor, error)) == NULL)
    return NULL;
  if (answer->outcome == DYNO_REFRESH_ROTATED || answer->outcome == DYNO_REFRESH_REPEATED)
    return dyno_login_ticket_new (g_steal_pointer (&answer->user), answer->session, successor);
  if (answer->outcome == DYNO_REFRESH_REUSED)
    end_family (errand, args, answer, error);
  else
    dyno_login_refuse (error);

  return NULL;
}

static const DynoOperation refresh_operation = { "refresh-login", refresh,
                                                 (GDestroyNotify) dyno_login_ticket_free, TRUE,
                                                 TRUE };

void
dyno_login_refresh_async (DynoShop              *shop,
                          const char            *token,
                          const DynoLoginClient *client,
                          GCancellable          *cancellable,
                          GAsyncReadyCallback    callback,
                          gpointer               user_data)
{
  Args *args = g_new0 (Args, 1);

  args->token = g_strdup (token);
  dyno_login_place_init (&args->place, client);
  dyno_operation_start (shop, &refresh_operation, args, (GDestroyNotify) args_free, cancellable,
                        callback, user_data);
}

DynoLoginTicket *
dyno_login_refresh_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &refresh_operation, error);
}
