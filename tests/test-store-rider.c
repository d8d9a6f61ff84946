/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-store.h"

#include <string.h>

static DynoReplyRecord *
make_reply (const char *key)
{
  DynoReplyRecord *reply = g_new0 (DynoReplyRecord, 1);

  reply->principal = g_strdup ("usr_1");
  reply->method = g_strdup ("POST");
  reply->route = g_strdup ("/tables/{id}/apply");
  reply->key = g_strdup (key);
  memset (reply->fingerprint, 7, sizeof reply->fingerprint);
  reply->status = 200;
  reply->headers = g_strdup ("{\"etag\":\"1\"}");
  reply->body = g_bytes_new_static ("{}", 2);

  return reply;
}

static DynoAuditRecord *
make_row (const char *event)
{
  DynoAuditRecord *record = g_new0 (DynoAuditRecord, 1);

  record->event = g_strdup (event);
  record->actor = g_strdup ("usr_1");
  record->actor_kind = g_strdup ("user");
  record->action = g_strdup ("change");
  record->is_success = TRUE;

  return record;
}

static DynoRider *
make_rider (const char *key)
{
  DynoRider *rider = dyno_rider_new (NULL);

  dyno_rider_add_audit (rider, make_row ("settings.changed"));
  if (key != NULL)
    dyno_rider_set_reply (rider, make_reply (key), NULL, NULL, NULL);

  return rider;
}

static DynoReplyRecord *
get_reply (DynoTestStore *f,
           const char    *key)
{
  return dyno_test_verb (f, get_reply, NULL, "usr_1", "POST", "/tables/{id}/apply", key);
}

static guint
count_rows (DynoTestStore *f)
{
  DynoAuditQuery *query = g_new0 (DynoAuditQuery, 1);
  g_autoptr(GPtrArray) rows = NULL;

  query->success = -1;
  query->limit = 100;
  rows = dyno_test_verb (f, list_audit, NULL, query);

  return rows->len;
}

static guint
count_settings (DynoTestStore *f)
{
  g_autoptr(GPtrArray) settings = dyno_test_verb0 (f, list_settings, NULL);

  return settings->len;
}

static gboolean
set_setting (DynoTestStore  *f,
             const char     *name,
             GError        **error)
{
  const char *const names[] = { name };
  const char *const values[] = { "true" };

  return dyno_test_verb (f, set_settings, error, 1, names, values);
}

/* Row and reply come with the write, once, and only with that one. */
static void
test_rides_once (DynoTestStore *f,
                 gconstpointer  unused)
{
  g_autoptr(DynoReplyRecord) reply = NULL;

  dyno_store_carry (f->store, make_rider ("k1"));
  g_assert_cmpuint (count_rows (f), ==, 0); /* a read takes nothing along */
  g_assert_true (set_setting (f, "a", NULL));
  g_assert_true (set_setting (f, "b", NULL));
  g_assert_cmpuint (count_rows (f), ==, 1);
  g_assert_cmpuint (count_settings (f), ==, 2);
  reply = get_reply (f, "k1");
  g_assert_cmpint (reply->status, ==, 200);
  g_assert_cmpstr (reply->headers, ==, "{\"etag\":\"1\"}");
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), "{}", 2);
  g_assert_cmpint (reply->fingerprint[31], ==, 7);
  g_assert_cmpint (reply->created_ms, ==, DYNO_TEST_STORE_BEGIN_MS);
}

/* A write that fails leaves neither row nor reply; a rider that fails, no write. */
static void
test_together_or_not_at_all (DynoTestStore *f,
                             gconstpointer  unused)
{
  const char *const runs[] = { "run_nobody", NULL };
  g_autoptr(GError) missing = NULL;
  g_autoptr(GError) replayed = NULL;

  dyno_store_carry (f->store, make_rider ("k1"));
  g_assert_false (dyno_test_verb (f, trash_runs, &missing, runs));
  g_assert_error (missing, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_cmpuint (count_rows (f), ==, 0);
  g_assert_null (get_reply (f, "k1"));

  dyno_store_carry (f->store, make_rider ("k1"));
  g_assert_true (set_setting (f, "a", NULL));
  dyno_store_carry (f->store, make_rider ("k1"));
  g_assert_false (set_setting (f, "b", &replayed));
  g_assert_error (replayed, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (replayed), ==, "replayed");
  g_assert_cmpuint (count_settings (f), ==, 1);
  g_assert_cmpuint (count_rows (f), ==, 1);
}

static void
fill_cb (DynoReplyRecord *reply,
         gconstpointer    answer,
         gint64           now_ms,
         gpointer         data)
{
  g_autofree char *text = g_strdup_printf ("%s %d", (const char *) data, answer != NULL);

  g_bytes_unref (reply->body);
  reply->body = g_bytes_new (text, strlen (text));
  reply->resource_id = g_strdup_printf ("%" G_GINT64_FORMAT, now_ms);
}

static void
test_reply_from_the_answer (DynoTestStore *f,
                            gconstpointer  unused)
{
  DynoRider *rider = dyno_rider_new (NULL);
  g_autoptr(DynoReplyRecord) reply = NULL;

  dyno_rider_set_reply (rider, make_reply ("k1"), fill_cb, g_strdup ("made"), g_free);
  dyno_store_carry (f->store, rider);
  g_assert_true (set_setting (f, "a", NULL));
  reply = get_reply (f, "k1");
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), "made 1",
                   6);
  g_assert_cmpstr (reply->resource_id, ==, "1789000000000");
}

static void
keep_body (DynoTestStore *f,
           const char    *key,
           gsize          size)
{
  DynoRider *rider = dyno_rider_new (NULL);
  DynoReplyRecord *reply = make_reply (key);

  g_clear_pointer (&reply->body, g_bytes_unref);
  if (size > 0)
    reply->body = g_bytes_new_take (g_malloc0 (size), size);
  dyno_rider_set_reply (rider, reply, NULL, NULL, NULL);
  g_assert_true (dyno_test_verb (f, send_rider, NULL, rider));
}

/* A body that is too long, or secret, is not kept; that it was done, is. */
static void
test_bodies (DynoTestStore *f,
             gconstpointer  unused)
{
  g_autoptr(DynoReplyRecord) secret = NULL;
  g_autoptr(DynoReplyRecord) largest = NULL;
  g_autoptr(DynoReplyRecord) long_one = NULL;

  keep_body (f, "secret", 0);
  keep_body (f, "largest", DYNO_REPLY_MOST_BYTES);
  keep_body (f, "long", DYNO_REPLY_MOST_BYTES + 1);
  secret = get_reply (f, "secret");
  largest = get_reply (f, "largest");
  long_one = get_reply (f, "long");
  g_assert_null (secret->body);
  g_assert_nonnull (largest->body);
  g_assert_null (long_one->body);
}

/* Another principal, method, route or key is another request. */
static void
test_scopes (DynoTestStore *f,
             gconstpointer  unused)
{
  keep_body (f, "k1", 2);
  g_assert_null (dyno_test_verb (f, get_reply, NULL, "usr_2", "POST", "/tables/{id}/apply", "k1"));
  g_assert_null (dyno_test_verb (f, get_reply, NULL, "usr_1", "PUT", "/tables/{id}/apply", "k1"));
  g_assert_null (dyno_test_verb (f, get_reply, NULL, "usr_1", "POST", "/tables", "k1"));
  g_assert_null (dyno_test_verb (f, get_reply, NULL, "usr_1", "POST", "/tables/{id}/apply", "K1"));
}

/* After a day the same key is a new request. */
static void
test_age (DynoTestStore *f,
          gconstpointer  unused)
{
  g_autoptr(DynoReplyRecord) reply = NULL;

  keep_body (f, "k1", 2);
  dyno_clock_advance (f->clock, DYNO_REPLY_KEPT_MS * 1000 - 1000);
  reply = get_reply (f, "k1");
  g_assert_nonnull (reply);
  dyno_clock_advance (f->clock, 1000);
  g_assert_null (get_reply (f, "k1"));
  keep_body (f, "k1", 3);
  dyno_clock_advance (f->clock, DYNO_REPLY_KEPT_MS * 1000);
  g_assert_true (dyno_test_verb0 (f, purge_replies, NULL));
  g_assert_null (get_reply (f, "k1"));
}

static GPtrArray *
make_usage (const char *subject,
            gint64      day,
            gint64      used)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_day_usage_free);
  DynoDayUsage *usage = g_new0 (DynoDayUsage, 1);

  usage->subject = g_strdup (subject);
  usage->day = day;
  usage->used = used;
  g_ptr_array_add (all, usage);

  return all;
}

static gint64
used (DynoTestStore *f,
      const char    *subject,
      gint64         day)
{
  g_autoptr(GPtrArray) all = dyno_test_verb (f, list_day_usage, NULL, day);

  for (guint i = 0; i < all->len; i++)
    {
      const DynoDayUsage *usage = g_ptr_array_index (all, i);

      g_assert_cmpint (usage->day, ==, day);
      if (g_str_equal (usage->subject, subject))
        return usage->used;
    }

  return -1;
}

/* A count never falls, and old days are forgotten. */
static void
test_day_usage (DynoTestStore *f,
                gconstpointer  unused)
{
  g_assert_true (dyno_test_verb (f, set_day_usage, NULL, make_usage ("usr_1", 20000, 5), 0));
  g_assert_true (dyno_test_verb (f, set_day_usage, NULL, make_usage ("usr_1", 20000, 9), 0));
  g_assert_true (dyno_test_verb (f, set_day_usage, NULL, make_usage ("usr_1", 20000, 7), 0));
  g_assert_true (dyno_test_verb (f, set_day_usage, NULL, make_usage ("key_1", 20001, 1), 20000));
  g_assert_cmpint (used (f, "usr_1", 20000), ==, 9);
  g_assert_cmpint (used (f, "key_1", 20001), ==, 1);
  g_assert_cmpint (used (f, "key_1", 20000), ==, -1);
  g_assert_true (dyno_test_verb (f, set_day_usage, NULL, make_usage ("key_1", 20001, 2), 20001));
  g_assert_cmpint (used (f, "usr_1", 20000), ==, -1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_STORE_ADD ("/rider/once", test_rides_once);
  DYNO_TEST_STORE_ADD ("/rider/together", test_together_or_not_at_all);
  DYNO_TEST_STORE_ADD ("/rider/reply-from-answer", test_reply_from_the_answer);
  DYNO_TEST_STORE_ADD ("/replies/bodies", test_bodies);
  DYNO_TEST_STORE_ADD ("/replies/scopes", test_scopes);
  DYNO_TEST_STORE_ADD ("/replies/age", test_age);
  DYNO_TEST_STORE_ADD ("/day-usage", test_day_usage);

  return g_test_run ();
}
