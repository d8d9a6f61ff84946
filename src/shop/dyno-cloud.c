/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-cloud.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-http-service.h"
#include "dyno-metrics.h"
#include "dyno-round.h"
#include "dyno-shop-private.h"

#define LOOK_MS 1000
#define TIMEOUT_MS 60000
#define MAX_LIST_BYTES (4 * 1024 * 1024)
#define MAX_LOG_BYTES (64 * 1024 * 1024)
#define BACK_US (30 * 24 * 3600 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  DynoHttpService *service;   /* (owned) */
  char            *head;      /* (owned) (nullable) "Bearer …" */
  GHashTable      *done;      /* (owned) ids that were imported and reported */
  gint64           polled_us; /* monotonic; 0: not yet */
} Cloud;

static void
cloud_free (gpointer data)
{
  Cloud *self = data;

  dyno_http_service_unref (self->service);
  g_hash_table_unref (self->done);
  g_free (self->head);
  g_free (self);
}

/* `path` begins with a slash. NULL with `error` also for a status that is no 2xx. */
static DynoHttpReply *
ask (const DynoErrand *errand,
     Cloud            *self,
     const char       *method,
     const char       *path,
     gsize             max_bytes,
     GError          **error)
{
  g_autofree char *base = dyno_config_dup (errand->shop->config, "jetstream.url");
  g_autofree char *url = NULL;
  const char *const headers[] = { "Authorization", self->head, NULL };
  DynoHttpRequest request = { .method = method,
                              .headers = self->head != NULL ? headers : NULL,
                              .timeout_ms = TIMEOUT_MS,
                              .max_bytes = max_bytes };
  g_autoptr(DynoHttpReply) reply = NULL;

  if (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';
  url = g_strconcat (base, "/api/v1/runs", path, NULL);
  request.url = url;
  dyno_http_service_send_async (self->service, &request, TRUE, errand->cancellable, dyno_await_cb,
                                errand->await);
  reply = dyno_http_service_send_finish (dyno_await_wait (errand->await), error);
  if (reply == NULL || (reply->status >= 200 && reply->status < 300))
    return g_steal_pointer (&reply);

  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "jetstream",
                  "Jetstream answered with status %u. Check its address and key.", reply->status);

  return NULL;
}

/* It becomes a part of a path. */
static gboolean
is_good_id (const char *id)
{
  gsize n = id != NULL ? strlen (id) : 0;

  return n > 0 && n <= 128 && *id != '.'
         && strspn (id, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-") == n;
}

static const char *
find_id (const DynoJson *run)
{
  static const char *const names[] = { "id", "job_id", "run_id" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *id = dyno_json_get_string (run, names[i]);

      if (is_good_id (id))
        return id;
    }

  return NULL;
}

/* A file of its own below the data folder, for the import to read. (transfer full) */
static char *
write_log (const DynoErrand *errand,
           const char       *id,
           GBytes           *bytes,
           GError          **error)
{
  g_autofree char *name = g_strconcat ("jetstream-", id, NULL);
  char *path = g_build_filename (errand->shop->folders->data, name, NULL);

  if (g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL),
                                (gssize) g_bytes_get_size (bytes), G_FILE_SET_CONTENTS_CONSISTENT,
                                0600, error))
    return path;
  g_free (path);

  return NULL;
}

static gboolean
import (const DynoErrand  *errand,
        const char        *path,
        GError           **error)
{
  DynoImportRequest *request = dyno_import_request_new (path);
  g_autoptr(DynoImportOutcome) outcome = NULL;
  g_autoptr(GError) cause = NULL;

  request->source = DYNO_SOURCE_JETSTREAM;
  dyno_import_job_async (errand->shop, request, NULL, errand->cancellable, dyno_await_cb,
                         errand->await);
  outcome = dyno_import_job_finish (dyno_await_wait (errand->await), &cause);
  if (outcome != NULL || g_error_matches (cause, DYNO_ERROR, DYNO_ERROR_CONFLICT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}

static gboolean
take_run (const DynoErrand  *errand,
          Cloud             *self,
          const char        *id,
          GError           **error)
{
  g_autofree char *download = g_strdup_printf ("/%s/download", id);
  g_autofree char *processed = g_strdup_printf ("/%s/processed", id);
  g_autoptr(DynoHttpReply) log = ask (errand, self, "GET", download, MAX_LOG_BYTES, error);
  g_autoptr(DynoHttpReply) told = NULL;
  g_autofree char *path = NULL;
  gboolean is_in;

  if (log == NULL || (path = write_log (errand, id, log->body, error)) == NULL)
    return FALSE;
  is_in = import (errand, path, error);
  g_unlink (path);
  if (!is_in)
    return FALSE;
  told = ask (errand, self, "POST", processed, MAX_LIST_BYTES, error);

  return told != NULL;
}

static void
take_new_run (const DynoErrand *errand,
              Cloud            *self,
              const DynoJson   *run)
{
  const char *id = find_id (run);
  g_autoptr(GError) error = NULL;
  gboolean is_good;

  if (id == NULL || dyno_json_get_boolean (run, "processed", TRUE)
      || g_hash_table_contains (self->done, id)
      || g_cancellable_is_cancelled (errand->cancellable))
    return;

  is_good = take_run (errand, self, id, &error);
  if (is_good)
    g_hash_table_add (self->done, g_strdup (id));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("A run of Jetstream was not taken, it is tried again: %s", error->message);
  dyno_metrics_add (DYNO_METRIC_JETSTREAM_RUNS, 1, is_good ? "imported" : "failed", NULL);
}

static gboolean
take_list (const DynoErrand  *errand,
           Cloud             *self,
           GBytes            *body,
           GError           **error)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr(DynoJson) json = dyno_json_parse (text, (gssize) length, error);
  const DynoJson *runs = dyno_json_member (json, "runs");

  if (json == NULL)
    return FALSE;
  if (runs == NULL)
    runs = dyno_json_member (json, "jobs");
  if (dyno_json_type (runs) != DYNO_JSON_ARRAY)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "jetstream",
                      "Jetstream answered with something that is no list of runs.");
      return FALSE;
    }
  for (guint i = 0; i < dyno_json_n_elements (runs); i++)
    take_new_run (errand, self, dyno_json_element (runs, i));

  return TRUE;
}

static gboolean
is_due (const DynoErrand *errand,
        Cloud            *self)
{
  DynoShop *shop = errand->shop;
  gint64 now_us = dyno_clock_monotonic_us (shop->clock);
  gint64 every_us = dyno_config_get_integer (shop->config, "jetstream.poll_s") * G_USEC_PER_SEC;
  g_autofree char *url = dyno_config_dup (shop->config, "jetstream.url");

  if (!dyno_config_get_boolean (shop->config, "jetstream.enabled") || *url == '\0'
      || (self->polled_us != 0 && now_us - self->polled_us < every_us))
    return FALSE;
  self->polled_us = now_us;

  return TRUE;
}

/* One that was said meanwhile. */
static void
take_key (DynoShop *shop,
          Cloud    *self)
{
  g_autofree char *key = dyno_config_dup (shop->config, "jetstream.key");

  if (*key == '\0')
    return;
  g_free (self->head);
  self->head = g_strconcat ("Bearer ", key, NULL);
}

static gpointer
poll (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  Cloud *self = data;
  g_autofree char *since = NULL;
  g_autofree char *path = NULL;
  g_autoptr(DynoHttpReply) list = NULL;

  if (!is_due (errand, self))
    return DYNO_OPERATION_DONE;

  take_key (errand->shop, self);
  since = dyno_clock_format_utc (dyno_clock_real_us (errand->shop->clock) - BACK_US);
  path = g_strconcat ("?since=", since, NULL);
  list = ask (errand, self, "GET", path, MAX_LIST_BYTES, error);
  if (list == NULL || !take_list (errand, self, list->body, error))
    return NULL;

  return DYNO_OPERATION_DONE;
}

static const DynoOperation poll_operation = { "jetstream", poll, NULL, TRUE };

void
dyno_cloud_begin (DynoShop     *shop,
                  GMainContext *context,
                  const char   *key)
{
  Cloud *self = g_new0 (Cloud, 1);
  DynoRound *round;

  self->service = dyno_http_service_new (shop->breakers, "jetstream", shop->clock);
  self->head = key != NULL ? g_strconcat ("Bearer ", key, NULL) : NULL;
  self->done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  round = dyno_round_begin (shop, context, &poll_operation, LOOK_MS, self, cloud_free);
  dyno_round_end (g_atomic_pointer_exchange (&shop->cloud, round));
}

void
dyno_cloud_end (DynoShop *shop)
{
  dyno_round_end (g_atomic_pointer_exchange (&shop->cloud, NULL));
}
