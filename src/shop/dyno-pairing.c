/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A request is a source in the context of who asks: it is dispatched once, when it is
 * answered, cancelled, closed or 60 s old, and then ends the wait. The window's thread
 * only notes what was said and makes the source ready. */

#include "config.h"

#include "dyno-pairing.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-pairing-private.h"
#include "dyno-shop-private.h"
#include "dyno-users-private.h"

#define SECOND_US G_GINT64_CONSTANT (1000000)

struct _DynoPairings
{
  GMutex           lock;
  GBytes          *code;       /* (owned) (nullable) (lock) SHA-256 of the one that serves */
  DynoPairingTerms terms;      /* (lock) of it */
  gint64           expires_us; /* (lock) monotonic */
  guint            n_tries;    /* (lock) that are left */
  GPtrArray       *requests;   /* (owned) (lock) of Request, borrowed */
  gboolean         is_closed;  /* (lock) */
};

typedef enum
{
  UNANSWERED,
  ACCEPTED,
  REFUSED,
  CLOSED,
} Answer;

typedef struct
{
  GSource             source;
  DynoShop           *shop;    /* (owned) */
  GTask              *task;    /* (owned) */
  DynoPairingRequest *said;    /* (owned) its terms change with the answer (lock) */
  Answer              answer;  /* (lock) */
} Request;

void
dyno_pairing_request_free (DynoPairingRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

void
dyno_pairing_grant_free (DynoPairingGrant *self)
{
  if (self == NULL)
    return;

  g_free (self->user_id);
  g_free (self->name);
  g_free (self);
}

DynoPairings *
dyno_pairings_new (void)
{
  DynoPairings *self = g_new0 (DynoPairings, 1);

  g_mutex_init (&self->lock);
  self->requests = g_ptr_array_new ();

  return self;
}

static void
settle (Request *request,
        Answer   answer)
{
  request->answer = answer;
  g_source_set_ready_time (&request->source, 0);
}

void
dyno_pairings_close (DynoPairings *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->is_closed = TRUE;
  for (guint i = 0; i < self->requests->len; i++)
    settle (g_ptr_array_index (self->requests, i), CLOSED);
}

void
dyno_pairings_free (DynoPairings *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->code, g_bytes_unref);
  g_ptr_array_unref (self->requests);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Codes */

static gboolean
is_owner (const DynoPrincipal *asker,
          GError             **error)
{
  if (asker->kind == DYNO_PRINCIPAL_OWNER)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_DENIED, "CONSOLE_ONLY",
                  "Devices are paired at this machine, in the window of DynoAI.");

  return FALSE;
}

static gboolean
are_terms (const DynoPairingTerms *terms,
           GError                **error)
{
  if (terms->role < DYNO_ROLE_SERVICE && terms->expires_ms >= 0)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "role",
                  "Pair a device as viewer, operator, tuner or admin.");

  return FALSE;
}

char *
dyno_pairing_offer (DynoShop               *shop,
                    DynoPrincipal          *asker,
                    const DynoPairingTerms *terms,
                    gint64                 *expires_ms,
                    GError                **error)
{
  DynoPairings *self = shop->pairings;
  g_autofree char *code = NULL;

  if (!is_owner (asker, error) || !are_terms (terms, error))
    return NULL;

  code = dyno_crypt_new_code (DYNO_CODE_SHORT);
  *expires_ms = dyno_clock_real_us (shop->clock) / 1000 + 1000 * DYNO_PAIRING_CODE_S;
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->code, g_bytes_unref);
  self->code = dyno_access_sum (code);
  self->terms = *terms;
  self->expires_us = dyno_clock_monotonic_us (shop->clock) + DYNO_PAIRING_CODE_S * SECOND_US;
  self->n_tries = DYNO_PAIRING_TRIES;
  g_mutex_unlock (&self->lock);

  return g_steal_pointer (&code);
}

void
dyno_pairing_withdraw (DynoShop *shop)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shop->pairings->lock);

  g_clear_pointer (&shop->pairings->code, g_bytes_unref);
}

/* With the lock. A right code is used up; a wrong one takes a try from it. */
static gboolean
use_code (DynoPairings *self,
          GBytes       *sum,
          gint64        now_us)
{
  gboolean is_right;

  if (self->code == NULL)
    return FALSE;
  is_right = sum != NULL && now_us < self->expires_us
             && dyno_crypt_equal (g_bytes_get_data (sum, NULL),
                                  g_bytes_get_data (self->code, NULL), DYNO_SHA256_SIZE);
  if (is_right || --self->n_tries == 0)
    g_clear_pointer (&self->code, g_bytes_unref);

  return is_right;
}

/* Texts */

static char *
bracketed (const char *host)
{
  return strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_strdup (host);
}

char *
dyno_pairing_text (const char *host,
                   guint16     port,
                   const char *pin,
                   const char *code)
{
  g_autofree char *place = bracketed (host);
  g_autofree char *escaped = g_uri_escape_string (place, "[]:", FALSE);

  return g_strdup_printf ("dynoai://pair?h=%s&p=%u&pin=%s&c=%s", escaped, port, pin, code);
}

char *
dyno_pairing_page_text (const char *host,
                        guint16     port,
                        const char *code)
{
  g_autofree char *place = bracketed (host);

  return g_strdup_printf ("https://%s:%u/m/#c=%s", place, port, code);
}

/* The window's side */

static DynoPairingRequest *
copy_request (const DynoPairingRequest *said)
{
  DynoPairingRequest *copy = g_memdup2 (said, sizeof *said);

  copy->id = g_strdup (said->id);
  copy->name = g_strdup (said->name);
  copy->address = g_strdup (said->address);

  return copy;
}

GPtrArray *
dyno_pairing_list (DynoShop *shop)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_pairing_request_free);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shop->pairings->lock);

  for (guint i = 0; i < shop->pairings->requests->len; i++)
    {
      const Request *request = g_ptr_array_index (shop->pairings->requests, i);

      if (request->answer == UNANSWERED)
        g_ptr_array_add (list, copy_request (request->said));
    }

  return list;
}

/* With the lock. */
static Request *
find_request (DynoPairings *self,
              const char   *id)
{
  for (guint i = 0; i < self->requests->len; i++)
    {
      Request *request = g_ptr_array_index (self->requests, i);

      if (request->answer == UNANSWERED && g_strcmp0 (request->said->id, id) == 0)
        return request;
    }

  return NULL;
}

gboolean
dyno_pairing_answer (DynoShop               *shop,
                     DynoPrincipal          *asker,
                     const char             *request_id,
                     const DynoPairingTerms *terms,
                     GError                **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shop->pairings->lock);
  Request *request;

  if (!is_owner (asker, error) || (terms != NULL && !are_terms (terms, error)))
    return FALSE;
  request = find_request (shop->pairings, request_id);
  if (request == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL,
                      "This device does not wait any more. Show it a new code.");
      return FALSE;
    }
  if (terms != NULL)
    request->said->terms = *terms;
  settle (request, terms != NULL ? ACCEPTED : REFUSED);

  return TRUE;
}

/* The device's side */

static DynoScopes
scopes_of (const DynoPairingTerms *terms)
{
  if (terms->is_page)
    return DYNO_SCOPE_BIT (DYNO_SCOPE_LIVE_READ) | DYNO_SCOPE_BIT (DYNO_SCOPE_RUNS_READ);

  return dyno_role_scopes (terms->role) & dyno_role_scopes (DYNO_ROLE_SERVICE);
}

static gpointer
grant (const DynoErrand *errand,
       gpointer          data,
       GError          **error)
{
  const DynoPairingRequest *said = data;
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoUser) user = NULL;
  DynoPairingGrant *made;

  dyno_access_note (errand, DYNO_AUDIT_AUTH_PAIR, NULL, said->address, "pairing", said->id);
  dyno_store_ensure_service_async (store, said->name, NULL, dyno_await_cb, errand->await);
  user = dyno_store_ensure_service_finish (store, dyno_await_wait (errand->await), error);
  if (user == NULL || !dyno_access_changed (errand, user->id, "changed", error))
    return NULL;

  made = g_new0 (DynoPairingGrant, 1);
  made->user_id = g_strdup (user->id);
  made->name = g_strdup (said->name);
  made->role = said->terms.role;
  made->scopes = scopes_of (&said->terms);
  made->expires_ms = said->terms.expires_ms;

  return made;
}

static const DynoOperation grant_operation = { "pair", grant,
                                               (GDestroyNotify) dyno_pairing_grant_free, TRUE,
                                               TRUE };

static void
granted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  DynoPairingGrant *made = dyno_operation_finish (result, &grant_operation, &error);

  if (made != NULL)
    g_task_return_pointer (task, made, (GDestroyNotify) dyno_pairing_grant_free);
  else
    g_task_return_error (task, error);
}

static void
refuse (GTask      *task,
        Answer      answer)
{
  GError *error = NULL;

  if (answer == REFUSED)
    dyno_error_set (&error, DYNO_ERROR_DENIED, "pairing_refused",
                    "The person at DynoAI has refused this device.");
  else if (answer == CLOSED)
    dyno_error_set (&error, DYNO_ERROR_UNAVAILABLE, "closed", "The program is being closed.");
  else
    dyno_error_set (&error, DYNO_ERROR_TIMED_OUT, "pairing",
                    "Nobody has answered at DynoAI. Show a new code and try again.");
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_error (task, g_steal_pointer (&error));
  g_clear_error (&error);
}

static gboolean
dispatch (GSource    *source,
          GSourceFunc unused,
          gpointer    unused_data)
{
  Request *request = (Request *) source;
  DynoShop *shop = request->shop;
  Answer answer;

  g_mutex_lock (&shop->pairings->lock);
  g_ptr_array_remove (shop->pairings->requests, request);
  answer = request->answer;
  g_mutex_unlock (&shop->pairings->lock);

  dyno_bus_publish (shop->bus, DYNO_TOPIC_ACCESS, request->said->id, "over");
  if (answer == ACCEPTED)
    dyno_operation_start (shop, &grant_operation, copy_request (request->said),
                          (GDestroyNotify) dyno_pairing_request_free, NULL, granted_cb,
                          g_object_ref (request->task));
  else
    refuse (request->task, answer);

  return G_SOURCE_REMOVE;
}

static void
finalize (GSource *source)
{
  Request *request = (Request *) source;

  g_clear_object (&request->task);
  g_clear_pointer (&request->said, dyno_pairing_request_free);
  g_clear_pointer (&request->shop, dyno_shop_unref);
}

static GSourceFuncs request_funcs = { NULL, NULL, dispatch, finalize, NULL, NULL };

/* The source that waits; `said` and `task` are taken over. */
static Request *
request_new (DynoShop           *shop,
             GTask              *task,
             DynoPairingRequest *said)
{
  Request *request = (Request *) g_source_new (&request_funcs, sizeof *request);
  GCancellable *cancellable = g_task_get_cancellable (task);

  request->shop = dyno_shop_ref (shop);
  request->task = task;
  request->said = said;
  request->answer = UNANSWERED;
  g_source_set_static_name (&request->source, "dyno-pairing");
  g_source_set_ready_time (&request->source,
                           g_get_monotonic_time () + DYNO_PAIRING_CONFIRM_S * SECOND_US);
  if (cancellable != NULL)
    {
      g_autoptr(GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (&request->source, cancelled);
    }

  return request;
}

static DynoPairingRequest *
said_new (DynoShop   *shop,
          char       *name,
          const char *address)
{
  DynoPairingRequest *said = g_new0 (DynoPairingRequest, 1);

  said->id = dyno_crypt_new_id ("pair");
  said->name = name;
  said->address = g_strdup (address != NULL ? address : "");
  said->asked_ms = dyno_clock_real_us (shop->clock) / 1000;

  return said;
}

/* Takes the code and puts the request before the window, in one. */
static gboolean
admit (DynoPairings *self,
       Request      *request,
       GBytes       *sum)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->is_closed
      || !use_code (self, sum, dyno_clock_monotonic_us (request->shop->clock)))
    return FALSE;
  request->said->terms = self->terms;
  g_ptr_array_add (self->requests, request);

  return TRUE;
}

void
dyno_pairing_redeem_async (DynoShop           *shop,
                           const char         *code,
                           const char         *name,
                           const char         *address,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GBytes) sum = dyno_access_code_sum (code);
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = NULL;
  char *checked = dyno_users_check_name (name, &error);
  Request *request;

  g_task_set_source_tag (task, dyno_pairing_redeem_async);
  if (checked == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  request = request_new (shop, task, said_new (shop, checked, address));
  if (admit (shop->pairings, request, sum))
    {
      dyno_bus_publish (shop->bus, DYNO_TOPIC_ACCESS, request->said->id, "asked");
      g_source_attach (&request->source, g_task_get_context (task));
    }
  else
    {
      dyno_error_set (&error, DYNO_ERROR_DENIED, "code",
                      "This code does not serve (any more). Ask for a new one.");
      g_task_return_error (task, error);
    }
  g_source_unref (&request->source);
}

DynoPairingGrant *
dyno_pairing_redeem_finish (GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_pairing_redeem_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
