/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-job-book.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-shop-private.h"

#define MOST_JOBS 1000

void
dyno_job_card_free (DynoJobCard *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->kind);
  g_free (self->title);
  g_free (self->owner);
  g_free (self->stage);
  g_free (self->subject);
  g_free (self->error);
  g_free (self->input);
  g_free (self);
}

gboolean
dyno_job_card_has_ended (const DynoJobCard *self)
{
  return self->state != DYNO_JOB_RECORD_QUEUED && self->state != DYNO_JOB_RECORD_RUNNING;
}

static double
share_of (double   done,
          double   total,
          gboolean is_done)
{
  if (is_done)
    return 1;

  return total > 0 ? CLAMP (done / total, 0, 1) : NAN;
}

/* From the list */

static DynoJobCard *
card_of_info (const DynoJobInfo *info)
{
  static const DynoJobRecordState states[] = {
    [DYNO_JOB_RUNNING] = DYNO_JOB_RECORD_RUNNING,
    [DYNO_JOB_SUCCEEDED] = DYNO_JOB_RECORD_SUCCEEDED,
    [DYNO_JOB_FAILED] = DYNO_JOB_RECORD_FAILED,
    [DYNO_JOB_CANCELLED] = DYNO_JOB_RECORD_CANCELLED,
  };
  gboolean has_failed = info->state == DYNO_JOB_FAILED;
  DynoJobCard *card = g_new0 (DynoJobCard, 1);

  card->id = g_strdup (info->id);
  card->kind = g_strdup (info->kind);
  card->title = g_strdup (info->title);
  card->owner = g_strdup (info->owner);
  card->state = states[info->state];
  card->progress = share_of (info->done, info->total, info->state == DYNO_JOB_SUCCEEDED);
  card->stage = info->state == DYNO_JOB_RUNNING ? g_strdup (info->message) : NULL;
  card->subject = g_strdup (info->subject);
  card->error = has_failed ? g_strdup (info->message) : NULL;
  card->created_ms = info->started_us / 1000;
  card->started_ms = card->created_ms;
  card->finished_ms = info->ended_us / 1000;

  return card;
}

DynoJobCard *
dyno_job_book_peek (DynoShop   *shop,
                    const char *id)
{
  g_autoptr(DynoJobInfo) info = dyno_jobs_get (shop->jobs, id);

  return info != NULL ? card_of_info (info) : NULL;
}

/* From the store */

char *
dyno_job_book_write_input (const char *owner,
                           const char *input)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "owner", owner);
  dyno_json_writer_name (w, "input");
  if (input != NULL)
    dyno_json_writer_raw (w, input);
  else
    dyno_json_writer_null (w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static void
read_input (DynoJobCard *card,
            const char  *text)
{
  g_autoptr(DynoJson) json
    = text != NULL ? dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL) : NULL;
  const DynoJson *input = dyno_json_member (json, "input");
  DynoJsonWriter *w;

  card->owner = g_strdup (dyno_json_get_string (json, "owner"));
  if (dyno_json_type (input) != DYNO_JSON_OBJECT)
    return;
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_value (w, input);
  card->input = dyno_json_writer_finish (w);
}

static DynoJobCard *
card_of_record (const DynoJobRecord *record)
{
  DynoJobCard *card = g_new0 (DynoJobCard, 1);

  card->id = g_strdup (record->id);
  card->kind = g_strdup (record->kind);
  card->title = g_strdup (record->error == NULL ? record->message : record->kind);
  read_input (card, record->input);
  card->state = record->state;
  card->progress
    = share_of (record->done, record->total, record->state == DYNO_JOB_RECORD_SUCCEEDED);
  card->subject = g_strdup (record->subject);
  card->error = g_strdup (record->error);
  card->created_ms = record->created_ms;
  card->started_ms = record->started_ms;
  card->finished_ms = record->finished_ms;

  return card;
}

static gboolean
is_his (const DynoJobCard *card,
        const char        *owner)
{
  return owner == NULL || g_strcmp0 (card->owner, owner) == 0;
}

static void
add_card (GPtrArray   *cards,
          DynoJobCard *card,
          const char  *owner)
{
  if (is_his (card, owner))
    g_ptr_array_add (cards, card);
  else
    dyno_job_card_free (card);
}

/* The list of all */

/* Ids that are in the list, too, stand there as they are now. */
static void
add_listed (DynoShop   *shop,
            const char *owner,
            GPtrArray  *cards,
            GHashTable *ids)
{
  g_autoptr(GPtrArray) infos = dyno_jobs_list (shop->jobs);

  for (guint i = 0; i < infos->len; i++)
    {
      const DynoJobInfo *info = g_ptr_array_index (infos, i);

      g_hash_table_add (ids, g_strdup (info->id));
      add_card (cards, card_of_info (info), owner);
    }
}

static gboolean
add_kept (const DynoErrand *errand,
          const char       *owner,
          GPtrArray        *cards,
          GHashTable       *ids,
          GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) records = NULL;

  dyno_store_list_jobs_async (store, 0, MOST_JOBS, errand->cancellable, dyno_await_cb,
                              errand->await);
  records = dyno_store_list_jobs_finish (store, dyno_await_wait (errand->await), error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const DynoJobRecord *record = g_ptr_array_index (records, i);

      if (!g_hash_table_contains (ids, record->id))
        add_card (cards, card_of_record (record), owner);
    }

  return records != NULL;
}

static int
compare_newest (gconstpointer a,
                gconstpointer b)
{
  const DynoJobCard *first = *(DynoJobCard *const *) a;
  const DynoJobCard *second = *(DynoJobCard *const *) b;

  if (first->created_ms != second->created_ms)
    return first->created_ms > second->created_ms ? -1 : 1;

  return g_strcmp0 (first->id, second->id);
}

static gpointer
list (const DynoErrand *errand,
      gpointer          data,
      GError          **error)
{
  g_autoptr(GPtrArray) cards
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_job_card_free);
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_listed (errand->shop, data, cards, ids);
  if (!add_kept (errand, data, cards, ids, error))
    return NULL;
  g_ptr_array_sort (cards, compare_newest);

  return g_steal_pointer (&cards);
}

static const DynoOperation list_operation = { "job-list", list,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_job_book_list_async (DynoShop            *shop,
                          const char          *owner,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &list_operation, g_strdup (owner), g_free, cancellable, callback,
                        user_data);
}

GPtrArray *
dyno_job_book_list_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &list_operation, error);
}

/* One */

typedef struct
{
  char *id;    /* (owned) */
  char *owner; /* (owned) (nullable) */
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->id);
  g_free (wanted->owner);
  g_free (wanted);
}

static DynoJobCard *
load (const DynoErrand *errand,
      const char       *id,
      GError          **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(DynoJobRecord) record = NULL;

  dyno_store_get_job_async (store, id, errand->cancellable, dyno_await_cb, errand->await);
  record = dyno_store_get_job_finish (store, dyno_await_wait (errand->await), error);

  return record != NULL ? card_of_record (record) : NULL;
}

static gpointer
get (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  const Wanted *wanted = data;
  g_autoptr(DynoJobCard) card = dyno_job_book_peek (errand->shop, wanted->id);

  if (card == NULL)
    card = load (errand, wanted->id, error);
  if (card == NULL || is_his (card, wanted->owner))
    return g_steal_pointer (&card);

  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL, "There is no job %s.", wanted->id);

  return NULL;
}

static const DynoOperation get_operation = { "job-get", get, (GDestroyNotify) dyno_job_card_free,
                                             TRUE };

void
dyno_job_book_get_async (DynoShop            *shop,
                         const char          *id,
                         const char          *owner,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->id = g_strdup (id);
  wanted->owner = g_strdup (owner);
  dyno_operation_start (shop, &get_operation, wanted, wanted_free, cancellable, callback,
                        user_data);
}

DynoJobCard *
dyno_job_book_get_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &get_operation, error);
}
