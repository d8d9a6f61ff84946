/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-idempotency.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-reply.h"
#include "dyno-request-private.h"

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
  guint8           sum[32];  /* of the body */
  char            *name;     /* (owned) of the change, in `running` */
  gboolean         is_first; /* it is this one that runs */
  gboolean         is_told;  /* its reply is kept, or was */
  guint            status;   /* of the reply, while it is being kept */
  const char      *media;    /* (nullable) interned */
  GBytes          *body;     /* (owned) (nullable) */
  DynoHandler      go;
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
  g_clear_pointer (&change->body, g_bytes_unref);
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
take_sum (DynoRequest *request,
          guint8       sum[DYNO_SHA256_SIZE])
{
  gsize size = 0;
  const void *data = request->bytes != NULL ? g_bytes_get_data (request->bytes, &size) : NULL;

  if (request->upload != NULL)
    {
      data = dyno_upload_get_sha256 (request->upload);
      size = strlen (data);
    }
  dyno_crypt_sha256 (data != NULL ? data : "", size, sum);
}

static Change *
change_new (DynoIdempotency *self,
            DynoRequest     *request,
            const char      *key)
{
  Change *change = g_new0 (Change, 1);
  const char *path = dyno_request_get_path (request);

  take_sum (request, change->sum);
  change->owner = self;
  change->name = g_strjoin ("\n", dyno_principal_id (request->principal), request->method, path,
                            key, NULL);
  /* The path, not the template: the same key on two tables names two changes. */
  dyno_asker_set_once (dyno_request_get_asker (request), request->method, path, key, change->sum);

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

/* A secret is not told twice, and a reply that was lost is not made up. */
static void
refuse_again (DynoRequest           *request,
              const DynoReplyRecord *kept)
{
  DynoProblem problem = { .code = "CONFLICT",
                          .message = "This was done before, and its answer cannot be repeated." };
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
replay (DynoRequest           *request,
        const DynoReplyRecord *kept)
{
  if (kept->status == 0 || (kept->body == NULL && kept->status != 204))
    {
      refuse_again (request, kept);
      return;
    }

  put_headers (request, kept->headers != NULL ? kept->headers : "{}");
  dyno_reply_send (request, (guint) kept->status, "application/json", kept->body);
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
  g_autoptr(DynoReplyRecord) kept = store->find_finish (change->owner->data, result, &error);

  change->is_told = kept != NULL;
  if (kept != NULL && memcmp (kept->fingerprint, change->sum, sizeof change->sum) != 0)
    dyno_reply_refuse (request, "IDEMPOTENCY_KEY_REUSED");
  else if (kept != NULL)
    replay (request, kept);
  else if (!g_error_matches (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    dyno_reply_error (request, error);
  else if (!dyno_request_is_over (request))
    change->go (request);
}

void
dyno_idempotency_begin (DynoIdempotency *self,
                        DynoRequest     *request,
                        const char      *key,
                        DynoHandler      go)
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
  self->store->find_async (self->data, dyno_request_get_asker (request), found_cb,
                           dyno_request_ref (request));
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DynoRequest) request = user_data;
  Change *change = dyno_request_get_data (request, DATA_KEY);
  g_autoptr(GError) error = NULL;

  if (!change->owner->store->complete_finish (change->owner->data, result, &error))
    g_message ("The reply %s could not be kept: %s", request->correlation, error->message);
  dyno_reply_send (request, change->status, change->media, change->body);
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

/* NULL for a body that is not told twice. */
static GBytes *
choose_body (DynoRequest *request,
             GBytes      *body)
{
  gboolean is_secret = (request->match->route->flags & DYNO_ROUTE_SECRET_REPLY) != 0;

  return is_secret || body == NULL || g_bytes_get_size (body) > DYNO_REPLY_MOST_BYTES ? NULL : body;
}

gboolean
dyno_idempotency_keep (DynoRequest *request,
                       guint        status,
                       const char  *media,
                       GBytes      *body)
{
  Change *change = dyno_request_get_data (request, DATA_KEY);
  g_autofree char *headers = NULL;

  if (change == NULL || !change->is_first || change->is_told || status < 200 || status > 299)
    return FALSE;

  change->is_told = TRUE;
  change->status = status;
  change->media = g_intern_string (media);
  change->body = body != NULL ? g_bytes_ref (body) : NULL;
  headers = write_headers (request);
  change->owner->store->complete_async (change->owner->data, dyno_request_get_asker (request),
                                        (int) status, headers, choose_body (request, body), kept_cb,
                                        dyno_request_ref (request));

  return TRUE;
}

/* The shop as the place of marks. */

static void
find_async (gpointer             data,
            const DynoAsker     *asker,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  dyno_once_find_async (data, asker, NULL, callback, user_data);
}

static DynoReplyRecord *
find_finish (gpointer       data,
             GAsyncResult  *result,
             GError       **error)
{
  return dyno_once_find_finish (result, error);
}

static void
complete_async (gpointer             data,
                const DynoAsker     *asker,
                int                  status,
                const char          *headers,
                GBytes              *body,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  dyno_once_complete_async (data, asker, status, headers, body, NULL, callback, user_data);
}

static gboolean
complete_finish (gpointer       data,
                 GAsyncResult  *result,
                 GError       **error)
{
  return dyno_once_complete_finish (result, error);
}

const DynoIdempotencyStore dyno_idempotency_in_shop = { find_async, find_finish, complete_async,
                                                        complete_finish };
