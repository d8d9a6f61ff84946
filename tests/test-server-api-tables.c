/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dyno-api.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"

/* Tables over the wire: in and out as they came, and changed only as somebody saw them. */

#define VE "RPM,80,95,105\n2500,80.0,80.0,80.0\n3500,80.0,80.0,80.0\n4500,80.0,80.0,80.0\n"
#define HOLES "RPM,80,95,105\n2500,80.0,,80.0\n3500,80.0,80.0,80.0\n4500,80.0,80.0,80.0\n"
#define SMALL "RPM,80,95\n2500,80.0,80.0\n3500,80.0,80.0\n"

static const DynoRouteTable *const tables[] = { &dyno_api_analyses, &dyno_api_jobs,
                                                &dyno_api_run_changes, &dyno_api_table_changes,
                                                &dyno_api_tables_in_out, NULL };

#define GET(api, target) dyno_test_api_ask (api, "GET", target, NULL, "X-Test-Role", "tuner", NULL)

static void
assert_refused (DynoTestReply *reply,
                guint          status,
                const char    *code)
{
  g_assert_cmpstr (dyno_test_reply_code (reply), ==, code);
  g_assert_cmpuint (reply->status, ==, status);
}

static DynoTestReply *
import (DynoTestApi *api,
        const char  *query,
        const char  *media,
        const char  *body)
{
  g_autofree char *target = g_strconcat ("/api/v1/tables", query, NULL);

  return dyno_test_api_ask (api, "POST", target, body, "X-Test-Role", "tuner", "Content-Type",
                            media, NULL);
}

/* The id of the only table of a CSV. (transfer full) */
static char *
keep_table (DynoTestApi *api,
            const char  *query,
            const char  *csv)
{
  g_autoptr(DynoTestReply) reply = import (api, query, "text/csv", csv);

  g_assert_cmpuint (reply->status, ==, 201);

  return g_strdup (dyno_json_get_string (
    dyno_json_element (dyno_json_member (reply->json, "tables"), 0), "id"));
}

static char *
tag_of (DynoTestApi *api,
        const char  *id)
{
  g_autofree char *target = g_strconcat ("/api/v1/tables/", id, NULL);
  g_autoptr(DynoTestReply) reply = GET (api, target);

  g_assert_cmpuint (reply->status, ==, 200);

  return g_strdup (dyno_test_reply_header (reply, "ETag"));
}

static gint64
version_of (DynoTestApi *api,
            const char  *id)
{
  g_autofree char *target = g_strconcat ("/api/v1/tables/", id, NULL);
  g_autoptr(DynoTestReply) reply = GET (api, target);

  return dyno_json_get_integer (reply->json, "version", 0);
}

/* A pull that was analysed: the id of the analysis. (transfer full) */
static char *
analyse (DynoTestApi *api,
         const char  *run_id,
         const char  *afr)
{
  /* The simulated engine is right; it is asked for another mixture. */
  g_autofree char *body
    = g_strdup_printf ("{\"run_ids\":[\"%s\"],\"options\":{\"target\":\"table\",\"target_table\":"
                       "{\"kpa\":[20,110],\"afr\":[%s,%s]}}}", run_id, afr, afr);
  g_autoptr(DynoTestReply) begun
    = dyno_test_api_ask (api, "POST", "/api/v1/analyses", body, "X-Test-Role", "tuner", NULL);
  g_autofree char *target = NULL;
  g_autofree char *state = g_strdup ("");

  g_assert_cmpuint (begun->status, ==, 202);
  target = g_strconcat ("/api/v1/jobs/", dyno_json_get_string (begun->json, "job_id"), NULL);
  while (!g_str_equal (state, "succeeded"))
    {
      g_autoptr(DynoTestReply) job = GET (api, target);

      g_free (state);
      state = g_strdup (dyno_json_get_string (job->json, "state"));
      g_assert_cmpstr (state, !=, "failed");
      g_usleep (5000);
    }

  return g_strdup (dyno_json_get_string (begun->json, "analysis_id"));
}

static DynoTestReply *
preview (DynoTestApi *api,
         const char  *id,
         const char  *analysis_id,
         const char  *more)
{
  g_autofree char *target = g_strdup_printf ("/api/v1/tables/%s/preview", id);
  g_autofree char *body = g_strdup_printf ("{\"analysis_id\":\"%s\"%s}", analysis_id, more);

  return dyno_test_api_ask (api, "POST", target, body, "X-Test-Role", "tuner", NULL);
}

static char *
apply_body (const char *analysis_id,
            const char *preview_sha256,
            const char *more)
{
  return g_strdup_printf ("{\"analysis_id\":\"%s\",\"preview_sha256\":\"%s\"%s}", analysis_id,
                          preview_sha256, more);
}

static DynoTestReply *
change (DynoTestApi *api,
        const char  *id,
        const char  *verb,
        const char  *body,
        const char  *tag,
        const char  *key)
{
  g_autofree char *target = g_strdup_printf ("/api/v1/tables/%s/%s", id, verb);

  return dyno_test_api_ask (api, "POST", target, body, "X-Test-Role", "tuner", "Idempotency-Key",
                            key, tag != NULL ? "If-Match" : NULL, tag, NULL);
}

/* A table, an analysis, and the preview of one on the other. */
typedef struct
{
  DynoTestApi   *api;
  char          *run_id;
  char          *id;
  char          *analysis_id;
  DynoTestReply *shown;
} Bench;

static void
bench_set_up (Bench        *b,
              DynoTestShop *f)
{
  g_autoptr(DynoSamples) pull = dyno_test_pull_samples (0, NULL);

  b->run_id = dyno_test_shop_keep (f, "Pull", pull);
  b->api = dyno_test_api_start (tables, f->shop);
  b->id = keep_table (b->api, "?name=Tune", VE);
  b->analysis_id = analyse (b->api, b->run_id, "12.5");
  b->shown = preview (b->api, b->id, b->analysis_id, "");
  g_assert_cmpuint (b->shown->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (b->shown->json, "cells_changed", 0), >, 0);
}

static void
bench_clear (Bench *b)
{
  dyno_test_reply_free (b->shown);
  dyno_test_api_free (b->api);
  g_free (b->run_id);
  g_free (b->id);
  g_free (b->analysis_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static const char *
sum_of (const Bench *b)
{
  return dyno_json_get_string (b->shown->json, "preview_sha256");
}

/* In and out */

static void
test_import_and_export (DynoTestShop *f,
                        gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autofree char *id = keep_table (api, "?kind=ve-map&cylinder=front&name=Base", VE);
  g_autofree char *target = g_strconcat ("/api/v1/tables/", id, NULL);
  g_autofree char *csv = g_strconcat (target, "/export?format=csv", NULL);
  g_autofree char *pvv = g_strconcat (target, "/export?format=pvv", NULL);
  g_autofree char *text = g_strconcat (target, "/export?format=tunelab", NULL);
  g_autoptr(DynoTestReply) one = GET (api, target);
  g_autoptr(DynoTestReply) list = GET (api, "/api/v1/tables?kind=ve&cylinder=front");
  g_autoptr(DynoTestReply) none = GET (api, "/api/v1/tables?cylinder=rear");
  g_autoptr(DynoTestReply) out = GET (api, csv);
  g_autoptr(DynoTestReply) tune = GET (api, pvv);
  g_autoptr(DynoTestReply) paste = GET (api, text);

  g_assert_cmpstr (dyno_json_get_string (one->json, "cylinder"), ==, "front");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (one->json, "cells")), ==, 3);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (list->json, "items")), ==, 1);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (none->json, "items")), ==, 0);
  g_assert_cmpstr (out->body, ==, VE);
  g_assert_nonnull (strstr (dyno_test_reply_header (out, "Content-Disposition"), "attachment"));
  g_assert_cmpuint (tune->status, ==, 400);
  g_assert_true (g_str_has_prefix (paste->body, "80.0\t80.0\t80.0\n"));
}

/* JSON as it went out comes in again. */
static void
test_json (DynoTestShop *f,
           gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autofree char *id = keep_table (api, "?cylinder=rear", HOLES);
  g_autofree char *target = g_strconcat ("/api/v1/tables/", id, NULL);
  g_autoptr(DynoTestReply) out = GET (api, target);
  g_autoptr(DynoTestReply) in = import (api, "", "application/json", out->body);
  const DynoJson *first = dyno_json_element (dyno_json_member (in->json, "tables"), 0);
  g_autofree char *again = NULL;
  g_autoptr(DynoTestReply) same = NULL;

  g_assert_cmpuint (in->status, ==, 201);
  g_assert_cmpstr (dyno_json_get_string (first, "cylinder"), ==, "rear");
  g_assert_cmpstr (dyno_json_get_string (first, "content_sha256"), ==,
                   dyno_json_get_string (out->json, "content_sha256"));
  again = g_strconcat ("/api/v1/tables/", dyno_json_get_string (first, "id"), NULL);
  same = GET (api, again);
  /* Case 15: a blank cell is null in JSON, empty in CSV. */
  g_assert_cmpint (dyno_json_type (dyno_json_element (
                     dyno_json_element (dyno_json_member (same->json, "cells"), 0), 1)),
                   ==, DYNO_JSON_NULL);
}

static void
test_bad_imports (DynoTestShop *f,
                  gconstpointer unused)
{
  static const char *const bodies[] = { "RPM,1,2\nx,y,z\n", "{\"axes\":{}}", "{\"tables\":[]}",
                                        "<PVV><Item name=\"VE\"></PVV>" };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autoptr(DynoTestReply) viewer
    = dyno_test_api_ask (api, "POST", "/api/v1/tables", VE, "X-Test-Role", "viewer",
                         "Content-Type", "text/csv", NULL);
  g_autoptr(DynoTestReply) nobody
    = import (api, "?vehicle_id=veh_00000000000000000000", "text/csv", VE);
  g_autoptr(DynoTestReply) unknown = GET (api, "/api/v1/tables/tbl_00000000000000000000");
  g_autoptr(DynoTestReply) malformed = GET (api, "/api/v1/tables/1");

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(DynoTestReply) reply = import (api, "", "application/octet-stream", bodies[i]);

      assert_refused (reply, 422, "BAD_TABLE");
      g_assert_null (strstr (reply->body, "/proc/"));
    }
  assert_refused (viewer, 403, "AUTHORIZATION_ERROR");
  assert_refused (nobody, 404, "NOT_FOUND");
  assert_refused (unknown, 404, "NOT_FOUND");
  assert_refused (malformed, 404, "NOT_FOUND");
}

static void
test_incomplete (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autofree char *id = keep_table (api, "", HOLES);
  g_autofree char *target = g_strdup_printf ("/api/v1/tables/%s/export?format=text", id);
  g_autoptr(DynoTestReply) reply = GET (api, target);

  assert_refused (reply, 409, "INCOMPLETE_TABLE");
}

static void
test_delete (DynoTestShop *f,
             gconstpointer unused)
{
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autofree char *id = keep_table (api, "", VE);
  g_autofree char *target = g_strconcat ("/api/v1/tables/", id, NULL);
  g_autofree char *tag = tag_of (api, id);
  g_autofree char *stale = g_strdup_printf ("\"%s-9\"", id);
  g_autoptr(DynoTestReply) old = dyno_test_api_ask (api, "DELETE", target, NULL, "X-Test-Role",
                                                    "tuner", "If-Match", tag, "X-Test-Stale", "1",
                                                    NULL);
  g_autoptr(DynoTestReply) other = dyno_test_api_ask (api, "DELETE", target, NULL, "X-Test-Role",
                                                      "tuner", "If-Match", stale, NULL);
  g_autoptr(DynoTestReply) gone = dyno_test_api_ask (api, "DELETE", target, NULL, "X-Test-Role",
                                                     "tuner", "If-Match", tag, NULL);
  g_autoptr(DynoTestReply) after = GET (api, target);
  g_autoptr(DynoTestReply) list = GET (api, "/api/v1/tables");

  assert_refused (old, 403, "REAUTH_REQUIRED");
  assert_refused (other, 412, "PRECONDITION_FAILED");
  g_assert_cmpuint (gone->status, ==, 204);
  assert_refused (after, 404, "NOT_FOUND");
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (list->json, "items")), ==, 0);
}

/* Changes */

/* Examples 8 and 9, history, versions and diff (case 4), and back to the byte. */
static void
test_apply_and_back (DynoTestShop *f,
                     gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autofree char *tag = NULL;
  g_autofree char *body = NULL;
  g_autofree char *new_tag = NULL;
  g_autofree char *back = NULL;
  g_autofree char *history = NULL;
  g_autofree char *first = NULL;
  g_autofree char *diff = NULL;
  g_autofree char *csv = NULL;
  g_autoptr(DynoTestReply) applied = NULL;
  g_autoptr(DynoTestReply) restored = NULL;
  g_autoptr(DynoTestReply) changes = NULL;
  g_autoptr(DynoTestReply) version = NULL;
  g_autoptr(DynoTestReply) differs = NULL;
  g_autoptr(DynoTestReply) out = NULL;

  bench_set_up (&b, f);
  tag = tag_of (b.api, b.id);
  body = apply_body (b.analysis_id, sum_of (&b), ",\"comment\":\"2nd pass\"");
  applied = change (b.api, b.id, "apply", body, tag, "k1");
  g_assert_cmpuint (applied->status, ==, 200);
  new_tag = g_strdup_printf ("\"%s-2\"", b.id);
  g_assert_cmpstr (dyno_test_reply_header (applied, "ETag"), ==, new_tag);
  g_assert_cmpstr (dyno_json_get_string (applied->json, "sha256_after"), ==,
                   dyno_json_get_string (b.shown->json, "sha256_after"));
  g_assert_cmpstr (dyno_json_get_string (applied->json, "applied_by"), ==,
                   "usr_0aZ9bY8cX7dW6eV5fU4g");

  history = g_strdup_printf ("/api/v1/tables/%s/history", b.id);
  changes = GET (b.api, history);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (changes->json, "items")), ==, 2);
  first = g_strdup_printf ("/api/v1/tables/%s/versions/1", b.id);
  version = GET (b.api, first);
  g_assert_cmpint (dyno_json_get_integer (version->json, "version", 0), ==, 1);
  diff = g_strdup_printf ("/api/v1/tables/%s/diff?from=1&to=2", b.id);
  differs = GET (b.api, diff);
  g_assert_cmpint (dyno_json_get_integer (differs->json, "changed", 0), ==,
                   dyno_json_get_integer (applied->json, "cells_changed", -1));

  back = g_strdup_printf ("{\"change_id\":\"%s\"}",
                          dyno_json_get_string (applied->json, "change_id"));
  restored = change (b.api, b.id, "rollback", back, new_tag, "k2");
  g_assert_cmpuint (restored->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (restored->json, "version", 0), ==, 3);
  csv = g_strdup_printf ("/api/v1/tables/%s/export?format=csv", b.id);
  out = GET (b.api, csv);
  g_assert_cmpstr (out->body, ==, VE);
}

/* Cases 33 and 34: one key is one change; an older preview is none. */
static void
test_once (DynoTestShop *f,
           gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autofree char *tag = NULL;
  g_autofree char *new_tag = NULL;
  g_autofree char *body = NULL;
  g_autofree char *older = NULL;
  g_autofree char *other = NULL;
  g_autofree char *bare = NULL;
  g_autoptr(DynoTestReply) old = NULL;
  g_autoptr(DynoTestReply) first = NULL;
  g_autoptr(DynoTestReply) again = NULL;
  g_autoptr(DynoTestReply) reused = NULL;
  g_autoptr(DynoTestReply) twice = NULL;
  g_autoptr(DynoTestReply) keyless = NULL;
  g_autoptr(DynoTestReply) changes = NULL;

  bench_set_up (&b, f);
  tag = tag_of (b.api, b.id);
  body = apply_body (b.analysis_id, sum_of (&b), "");
  older = apply_body (b.analysis_id,
                      "0000000000000000000000000000000000000000000000000000000000000000", "");
  old = change (b.api, b.id, "apply", older, tag, "old");
  assert_refused (old, 409, "PREVIEW_CHANGED");
  first = change (b.api, b.id, "apply", body, tag, "k");
  again = change (b.api, b.id, "apply", body, tag, "k");
  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_cmpstr (again->body, ==, first->body);
  g_assert_cmpstr (dyno_test_reply_header (again, "Idempotent-Replayed"), ==, "true");
  reused = change (b.api, b.id, "apply", older, tag, "k");
  assert_refused (reused, 422, "IDEMPOTENCY_KEY_REUSED");

  new_tag = tag_of (b.api, b.id);
  g_clear_pointer (&b.shown, dyno_test_reply_free);
  b.shown = preview (b.api, b.id, b.analysis_id, "");
  other = apply_body (b.analysis_id, sum_of (&b), "");
  twice = change (b.api, b.id, "apply", other, new_tag, "l");
  assert_refused (twice, 409, "ALREADY_APPLIED");
  bare = g_strdup_printf ("/api/v1/tables/%s/apply", b.id);
  keyless = dyno_test_api_ask (b.api, "POST", bare, body, "X-Test-Role", "tuner", "If-Match",
                               new_tag, NULL);
  assert_refused (keyless, 400, "IDEMPOTENCY_KEY_REQUIRED");
  g_assert_cmpint (version_of (b.api, b.id), ==, 2);
}

/* Case 35. */
static void
test_if_match (DynoTestShop *f,
               gconstpointer unused)
{
  static const char *const verbs[] = { "apply", "rollback", "merge" };
  g_auto(Bench) b = { NULL };
  g_autofree char *stale = NULL;
  g_autofree char *bodies[3] = { NULL };

  bench_set_up (&b, f);
  stale = g_strdup_printf ("\"%s-7\"", b.id);
  bodies[0] = apply_body (b.analysis_id, sum_of (&b), "");
  bodies[1] = g_strdup ("{\"change_id\":\"chg_00000000000000000000\"}");
  bodies[2] = g_strdup_printf ("{\"base_version\":1,\"theirs_id\":\"%s\"}", b.id);
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autoptr(DynoTestReply) missing = change (b.api, b.id, verbs[i], bodies[i], NULL, "a");
      g_autoptr(DynoTestReply) any = change (b.api, b.id, verbs[i], bodies[i], "*", "b");
      g_autoptr(DynoTestReply) old = change (b.api, b.id, verbs[i], bodies[i], stale, "c");

      assert_refused (missing, 428, "PRECONDITION_REQUIRED");
      g_assert_cmpuint (any->status, ==, 400);
      if (i == 1)
        assert_refused (old, 404, "NOT_FOUND");
      else
        assert_refused (old, 412, "PRECONDITION_FAILED");
    }
  g_assert_cmpint (version_of (b.api, b.id), ==, 1);
}

/* Case 3. */
static void
test_malformed (DynoTestShop *f,
                gconstpointer unused)
{
  static const char *const bodies[] = { "", "{", "[]", "{\"analysis_id\":1}", "{\"x\":1}" };
  g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, f->shop);
  g_autofree char *id = keep_table (api, "", VE);
  g_autofree char *tag = tag_of (api, id);

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(DynoTestReply) apply = change (api, id, "apply", bodies[i], tag, "k");
      g_autoptr(DynoTestReply) back = change (api, id, "rollback", bodies[i], tag, "k");
      g_autoptr(DynoTestReply) old = dyno_test_api_ask (api, "POST", "/api/apply", bodies[i],
                                                        "X-Test-Role", "tuner", NULL);

      g_assert_cmpuint (apply->status, ==, 400);
      g_assert_cmpuint (back->status, ==, 400);
      g_assert_cmpuint (old->status, ==, 400);
    }
}

/* Case 2: nothing is written onto a pair of two sizes, and both are named. */
static void
test_grid_mismatch (DynoTestShop *f,
                    gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autofree char *front = NULL;
  g_autofree char *rear = NULL;
  g_autofree char *more = NULL;
  g_autofree char *body = NULL;
  g_autofree char *tag = NULL;
  g_autoptr(DynoTestReply) shown = NULL;
  g_autoptr(DynoTestReply) applied = NULL;
  const char *message;

  bench_set_up (&b, f);
  front = keep_table (b.api, "?cylinder=front", VE);
  rear = keep_table (b.api, "?cylinder=rear", SMALL);
  more = g_strdup_printf (",\"table_ids\":[\"%s\",\"%s\"]", front, rear);
  shown = preview (b.api, front, b.analysis_id, more);
  assert_refused (shown, 422, "GRID_MISMATCH");
  message = dyno_json_get_string (dyno_json_member (shown->json, "error"), "message");
  g_assert_true (g_regex_match_simple ("\\(\\d+ × \\d+\\).*\\(\\d+ × \\d+\\)", message, 0, 0));
  tag = tag_of (b.api, front);
  body = apply_body (b.analysis_id, sum_of (&b), more);
  applied = change (b.api, front, "apply", body, tag, "k");
  assert_refused (applied, 422, "GRID_MISMATCH");
  g_assert_cmpint (version_of (b.api, front), ==, 1);
  g_assert_cmpint (version_of (b.api, rear), ==, 1);
}

/* A correction that nobody believes forbids the whole change, and is named. */
static void
test_blocked (DynoTestShop *f,
              gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autofree char *analysis_id = NULL;
  g_autofree char *body = NULL;
  g_autofree char *tag = NULL;
  g_autoptr(DynoTestReply) shown = NULL;
  g_autoptr(DynoTestReply) applied = NULL;
  const DynoJson *blocked;

  bench_set_up (&b, f);
  analysis_id = analyse (b.api, b.run_id, "9");
  shown = preview (b.api, b.id, analysis_id, "");
  g_assert_cmpuint (shown->status, ==, 200);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (shown->json, "blocked")), >, 0);
  tag = tag_of (b.api, b.id);
  body = apply_body (analysis_id, dyno_json_get_string (shown->json, "preview_sha256"), "");
  applied = change (b.api, b.id, "apply", body, tag, "k");
  assert_refused (applied, 422, "CHANGE_BLOCKED");
  blocked = dyno_json_member (dyno_json_member (dyno_json_member (applied->json, "error"),
                                                "details"), "blocked");
  g_assert_cmpuint (dyno_json_n_elements (blocked), >, 0);
  g_assert_cmpint (version_of (b.api, b.id), ==, 1);
}

/* Both tables or none, whichever of them is named. */
static void
test_pair (DynoTestShop *f,
           gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autofree char *front = NULL;
  g_autofree char *rear = NULL;
  g_autofree char *more = NULL;
  g_autofree char *tag = NULL;
  g_autofree char *body = NULL;
  g_autoptr(DynoTestReply) shown = NULL;
  g_autoptr(DynoTestReply) applied = NULL;

  bench_set_up (&b, f);
  front = keep_table (b.api, "?cylinder=front", VE);
  rear = keep_table (b.api, "?cylinder=rear", VE);
  more = g_strdup_printf (",\"table_ids\":[\"%s\",\"%s\"]", front, rear);
  shown = preview (b.api, rear, b.analysis_id, more);
  g_assert_cmpuint (shown->status, ==, 200);
  g_assert_cmpstr (dyno_json_get_string (shown->json, "table_id"), ==, rear);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (shown->json, "tables")), ==, 2);
  tag = tag_of (b.api, rear);
  body = apply_body (b.analysis_id, dyno_json_get_string (shown->json, "preview_sha256"), more);
  applied = change (b.api, rear, "apply", body, tag, "k");
  g_assert_cmpuint (applied->status, ==, 200);
  g_assert_cmpint (version_of (b.api, front) + version_of (b.api, rear), ==,
                   2 + (gint64) dyno_json_n_elements (dyno_json_member (applied->json, "tables")));
}

static void
test_merge (DynoTestShop *f,
            gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autofree char *theirs = NULL;
  g_autofree char *tag = NULL;
  g_autofree char *body = NULL;
  g_autofree char *dry = NULL;
  g_autofree char *open = NULL;
  g_autofree char *wet = NULL;
  g_autoptr(DynoTestReply) applied = NULL;
  g_autoptr(DynoTestReply) told = NULL;
  g_autoptr(DynoTestReply) refused = NULL;
  g_autoptr(DynoTestReply) merged = NULL;

  bench_set_up (&b, f);
  tag = tag_of (b.api, b.id);
  body = apply_body (b.analysis_id, sum_of (&b), "");
  applied = change (b.api, b.id, "apply", body, tag, "k");
  g_assert_cmpuint (applied->status, ==, 200);
  theirs = keep_table (b.api, "", "RPM,80,95,105\n2500,70.0,70.0,70.0\n3500,70.0,70.0,70.0\n"
                                  "4500,70.0,70.0,70.0\n");
  g_free (tag);
  tag = tag_of (b.api, b.id);
  dry = g_strdup_printf ("{\"base_version\":1,\"theirs_id\":\"%s\"}", theirs);
  open = g_strdup_printf ("{\"base_version\":1,\"theirs_id\":\"%s\",\"dry_run\":false}", theirs);
  wet = g_strdup_printf ("{\"base_version\":1,\"theirs_id\":\"%s\",\"dry_run\":false,"
                         "\"prefer\":\"ours\"}", theirs);
  told = change (b.api, b.id, "merge", dry, tag, "d");
  g_assert_cmpuint (told->status, ==, 200);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (told->json, "conflicts")), >, 0);
  refused = change (b.api, b.id, "merge", open, tag, "o");
  assert_refused (refused, 409, "CONFLICT");
  g_assert_cmpint (version_of (b.api, b.id), ==, 2);
  merged = change (b.api, b.id, "merge", wet, tag, "w");
  g_assert_cmpuint (merged->status, ==, 200);
  g_assert_cmpint (dyno_json_get_integer (merged->json, "version", 0), ==, 3);
}

/* The first releases' way: by the run. */
static void
test_by_run (DynoTestShop *f,
             gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autofree char *body = NULL;
  g_autofree char *bare = NULL;
  g_autoptr(DynoTestReply) early = NULL;
  g_autoptr(DynoTestReply) applied = NULL;
  g_autoptr(DynoTestReply) twice = NULL;
  g_autoptr(DynoTestReply) back = NULL;
  g_autoptr(DynoTestReply) nothing = NULL;
  g_autoptr(DynoTestReply) homeless = NULL;

  bench_set_up (&b, f);
  body = g_strdup_printf ("{\"run_id\":\"%s\",\"table_id\":\"%s\"}", b.run_id, b.id);
  bare = g_strdup_printf ("{\"run_id\":\"%s\"}", b.run_id);
#define POST(target, text) \
  dyno_test_api_ask (b.api, "POST", target, text, "X-Test-Role", "tuner", NULL)
  early = POST ("/api/rollback", body);
  assert_refused (early, 400, "VALIDATION_ERROR");
  applied = POST ("/api/apply", body);
  g_assert_cmpuint (applied->status, ==, 200);
  g_assert_true (dyno_json_get_boolean (applied->json, "success", FALSE));
  twice = POST ("/api/apply", body);
  assert_refused (twice, 409, "ALREADY_APPLIED");
  back = POST ("/api/rollback", body);
  g_assert_cmpuint (back->status, ==, 200);
  nothing = POST ("/api/rollback", bare);
  assert_refused (nothing, 400, "VALIDATION_ERROR");
  homeless = POST ("/api/apply", bare);
  g_assert_cmpuint (homeless->status, ==, 409);
#undef POST
  g_assert_cmpint (version_of (b.api, b.id), ==, 3);
}

/* Case 33: a service that is killed while it applies has done it once or not at all, and
 * the same request, sent again, makes it once. */

/* The service as a process of its own: says its port, and serves until it is killed. */
static void G_GNUC_NORETURN
serve_until_killed (const char *folder)
{
  DynoTestShop f = { NULL };
  DynoTestApi *api;

  dyno_test_shop_prepare (&f, g_strdup (folder));
  dyno_test_shop_open (&f, DYNO_SHOP_NO_CAPTURE);
  api = dyno_test_api_start (tables, f.shop);
  g_print ("%u\n", dyno_test_api_get_port (api));
  fflush (stdout);
  for (;;)
    pause ();
}

/* Sends the request and does not wait for its answer. (transfer full) */
static GSocketConnection *
send_apply (guint       port,
            const char *id,
            const char *tag,
            const char *key,
            const char *body)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strdup_printf (
    "POST /api/v1/tables/%s/apply HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nX-Test-Role: tuner\r\n"
    "If-Match: %s\r\nIdempotency-Key: %s\r\nContent-Type: application/json\r\n"
    "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", id, port, tag, key, strlen (body), body);
  GSocketConnection *connection
    = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) port, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (
    g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text), NULL, NULL,
    NULL));

  return connection;
}

static void
kill_while_applying (DynoTestShop *f,
                     const Bench  *b,
                     const char   *tag,
                     const char   *key,
                     const char   *body,
                     guint         delay_us)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  char *argv[] = { program, (char *) "--server", f->folder, NULL };
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  char line[16] = "";
  int from_child;
  GPid pid;

  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                            &from_child, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (from_child, line, sizeof line - 1), >, 0);
  connection = send_apply ((guint) g_ascii_strtoull (line, NULL, 10), b->id, tag, key, body);
  g_usleep (delay_us);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  close (from_child);
}

static void
test_killed (DynoTestShop *f,
             gconstpointer unused)
{
  g_auto(Bench) b = { NULL };
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  bench_set_up (&b, f);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *tag = tag_of (b.api, b.id);
      g_autofree char *key = g_strdup_printf ("killed-%u", i);
      gint64 before = version_of (b.api, b.id);
      g_autofree char *body = apply_body (b.analysis_id, sum_of (&b), "");
      g_autofree char *back = g_strdup_printf ("{\"run_id\":\"%s\",\"table_id\":\"%s\"}",
                                               b.run_id, b.id);
      g_autoptr(DynoTestReply) again = NULL;
      g_autoptr(DynoTestReply) undone = NULL;

      dyno_test_api_free (b.api);
      dyno_test_shop_close (f);
      kill_while_applying (f, &b, tag, key, body, (guint) g_rand_int_range (rand, 0, 60000));
      dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
      b.api = dyno_test_api_start (tables, f->shop);
      g_assert_cmpint (version_of (b.api, b.id), <=, before + 1);
      /* 409: it was done, and its answer was lost with the process. */
      again = change (b.api, b.id, "apply", body, tag, key);
      g_assert_true (again->status == 200 || again->status == 409);
      g_assert_cmpint (version_of (b.api, b.id), ==, before + 1);
      undone = dyno_test_api_ask (b.api, "POST", "/api/rollback", back, "X-Test-Role", "tuner",
                                  NULL);
      g_assert_cmpuint (undone->status, ==, 200);
    }
}

#define ADD(path, test) DYNO_TEST_SHOP_ADD_QUIET ("/server/api-tables/" path, test)

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--server"))
    serve_until_killed (argv[2]);
  g_test_init (&argc, &argv, NULL);

  ADD ("import-and-export", test_import_and_export);
  ADD ("json", test_json);
  ADD ("bad-imports", test_bad_imports);
  ADD ("incomplete", test_incomplete);
  ADD ("delete", test_delete);
  ADD ("apply-and-back", test_apply_and_back);
  ADD ("once", test_once);
  ADD ("if-match", test_if_match);
  ADD ("malformed", test_malformed);
  ADD ("grid-mismatch", test_grid_mismatch);
  ADD ("blocked", test_blocked);
  ADD ("pair", test_pair);
  ADD ("merge", test_merge);
  ADD ("by-run", test_by_run);
  ADD ("killed", test_killed);

  return g_test_run ();
}
