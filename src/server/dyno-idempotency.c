/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-idempotency.h"

#include <string.h>

#include "dyno-reply.h"
#include "dyno-request-private.h"

#define MAX_BODY (64 * 1024) /* bytes of a reply that is kept */
#define DATA_KEY "idempotency"

struct _DynoIdempotency
{
  const DynoIdempotencyStore *store;   /* (borrowed) */
  gpointer                    data;    /* (borrowed) */
  GHashTable                 *running; /* (owned) set of names of changes in hand */
};

/* A change in hand: as long as its request, which a handler holds to its last answer,
 * whether or not the client still listens. */
typedef struct
{
  DynoIdempotency *owner;    /* (borrowed) */
  DynoOnce        *once;     /* (owned) */
  char            *name;     /* (owned) of the change, in `running` */
  gboolean         is_first; /* it is this one that runs */
  gboolean         is_taken; /* the operation keeps the reply */
  void           (*go) (DynoRequest *request);
} Change;

DynoIdempotency *
dyno_idempotency_new (const DynoIdempotencyStore *store,
                      gpointer                    data)
{
  DynoIdempotency *self = g_new0 (DynoIdempotency, 1);

  self->store = store;
  self->data = data;
  self->running = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
dyno_idempotency_free (DynoIdempotency *self)
{
  g_hash_table_unref (self->running);
  g_free (self);
}

static void
change_free (gpointer data)
{
  Change *change = data;

  if (change->is_first)
    g_hash_table_remove (change->owner->running, change->name);
  g_clear_pointer (&change->once, dyno_once_unref);
  g_clear_pointer (&change->name, g_free);
  g_free (change);
}

char *
dyno_idempotency_read_key (const char  *header,
                           GError     **error)
{
  gsize length;
  g_autofree char *key = NULL;

  if (header == NULL)
    return NULL;

  length = strlen (header);
  if (length >= 2 && header[0] == '"' && header[length - 1] == '"')
    key = g_strndup (header + 1, length - 2);
  else
    key = g_strdup (header);
  length = strlen (key);
  for (const char *p = key; *p != '\0'; p++)
    {
      if (*p < '!' || *p > '~')
        length = 0;
    }
  if (length >= 1 && length <= 255)
    return g_steal_pointer (&key);

  dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_REQUEST",
                  "The Idempotency-Key must be 1 to 255 visible characters.");

  return NULL;
}

static void
take_fingerprint (DynoRequest *request,
                  guint8       fingerprint[DYNO_SHA256_SIZE])
{
  gsize size = 0;
  const void *data = request->bytes != NULL ? g_bytes_get_data (request->bytes, &size) : NULL;

  if (request->upload != NULL)
    {
      data = dyno_upload_get_sha256 (request->upload);
      size = strlen (data);
    }
  dyno_crypt_sha256 (data != NULL ? data : "", size, fingerprint);
}

static Change *
change_new (DynoIdempotency *self,
            DynoRequest     *request,
            const char      *key)
{
  Change *change = g_new0 (Change, 1);
  guint8 fingerprint[DYNO_SHA256_SIZE];

  take_fingerprint (request, fingerprint);
  change->owner = self;
  change->once = dyno_once_new (dyno_principal_id (request->principal), request->method,
                                dyno_request_get_path (request), key, fingerprint);
  change->name = g_strjoin ("\n", change->once->principal, change->once->method,
                            change->once->route, key, NULL);

  return change;
}

static void
put_headers (DynoRequest *request,
             const char  *text)
{
  g_autoptr(DynoJson) headers = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
  g_autoptr(GPtrArray) names = dyno_json_names (headers);

  for (guint i = 0; i < names->len; i++)
    dyno_reply_header (request, names->pdata[i], dyno_json_get_string (headers, names->pdata[i]));
  dyno_reply_header (request, "Idempotent-Replayed", "true");
}

static void
refuse_secret (DynoRequest         *request,
               const DynoOnceReply *kept)
{
  DynoProblem problem = { .code = "CONFLICT",
                          .message = "This was done before, and its secret is shown only once." };
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *details = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", kept->resource_id);
  dyno_json_writer_end_object (w);
  details = dyno_json_writer_finish (w);
  problem.details = details;
  dyno_reply_problem (request, &problem);
}

static void
replay (DynoRequest         *request,
        const DynoOnceReply *kept)
{
  g_autoptr(GBytes) body = NULL;

  if (kept->body == NULL && kept->status != 204)
    {
      refuse_secret (request, kept);
      return;
    }

  if (kept->body != NULL)
    body = g_bytes_new (kept->body, strlen (kept->body));
  put_headers (request, kept->headers);
  dyno_reply_send (request, kept->status, "application/json", body);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DynoRequest) request = user_data;
  Change *change = dyno_request_get_data (request, DATA_KEY);
  const DynoIdempotencyStore *store = change->owner->store;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoOnceReply) kept = store->find_finish (change->owner->data, result, &error);

  change->is_taken = kept != NULL;
  if (error != NULL)
    dyno_reply_error (request, error);
  else if (kept == NULL && !dyno_request_is_over (request))
    change->go (request);
  else if (kept != NULL
           && memcmp (kept->fingerprint, change->once->fingerprint, DYNO_SHA256_SIZE) != 0)
    dyno_reply_refuse (request, "IDEMPOTENCY_KEY_REUSED");
  else if (kept != NULL)
    replay (request, kept);
}

void
dyno_idempotency_begin (DynoIdempotency *self,
                        DynoRequest     *request,
                        const char      *key,
                        void           (*go) (DynoRequest *request))
{
  Change *change = change_new (self, request, key);

  dyno_request_set_data (request, DATA_KEY, change, change_free);
  if (g_hash_table_contains (self->running, change->name))
    {
      dyno_reply_problem (request, &(DynoProblem) { .code = "IDEMPOTENCY_IN_PROGRESS",
                                                    .retry_after_s = 1 });
      return;
    }

  g_hash_table_add (self->running, change->name);
  change->is_first = TRUE;
  change->go = go;
  self->store->find_async (self->data, change->once, found_cb, dyno_request_ref (request));
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DynoRequest) request = user_data;
  Change *change = dyno_request_get_data (request, DATA_KEY);
  g_autoptr(GError) error = NULL;

  if (!change->owner->store->keep_finish (change->owner->data, result, &error))
    g_warning ("The reply %s could not be kept: %s", request->correlation, error->message);
}

static char *
write_headers (DynoRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  if (request->tag != NULL)
    dyno_json_writer_add_string (w, "ETag", request->tag);
  if (location != NULL)
    dyno_json_writer_add_string (w, "Location", location);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

/* What was made is the last part of Location. */
static char *
find_resource (DynoRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  const char *location = soup_message_headers_get_one (headers, "Location");

  return location != NULL ? g_path_get_basename (location) : NULL;
}

static DynoOnceReply *
make_record (DynoRequest *request,
             Change      *change,
             guint        status,
             GBytes      *body)
{
  gboolean is_secret = (request->match->route->flags & DYNO_ROUTE_SECRET_REPLY) != 0;
  DynoOnceReply *reply = dyno_once_reply_new (status);
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  memcpy (reply->fingerprint, change->once->fingerprint, DYNO_SHA256_SIZE);
  g_free (g_steal_pointer (&reply->headers));
  reply->headers = write_headers (request);
  reply->resource_id = find_resource (request);
  if (text != NULL && !is_secret && size <= MAX_BODY)
    reply->body = g_strndup (text, size);

  return reply;
}

void
dyno_idempotency_keep (DynoRequest *request,
                       guint        status,
                       GBytes      *body)
{
  Change *change = dyno_request_get_data (request, DATA_KEY);

  if (change == NULL || !change->is_first || change->is_taken || status < 200 || status > 299)
    return;

  change->is_taken = TRUE;
  change->owner->store->keep_async (change->owner->data, change->once,
                                    make_record (request, change, status, body), kept_cb,
                                    dyno_request_ref (request));
}

DynoOnce *
dyno_request_take_once (DynoRequest   *request,
                        DynoOnceShape  shape)
{
  Change *change = dyno_request_get_data (request, DATA_KEY);

  if (change == NULL)
    return NULL;

  change->is_taken = TRUE;
  change->once->shape = shape;

  return change->once;
}
