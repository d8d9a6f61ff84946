/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-match.h"
#include "dyno-test-store.h"
#include "dyno-test.h"

static DynoRunPage *
list (DynoTestStore      *f,
      const DynoRunQuery *query)
{
  g_autoptr(GError) error = NULL;
  DynoRunPage *page = dyno_test_verb (f, list_runs, &error, query);

  g_assert_no_error (error);
  g_assert_cmpint (page->n_found, >=, page->runs->len);

  return page;
}

/* Numbers of the runs found, "3 1". */
static char *
numbers (const DynoRunPage *page)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < page->runs->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            ((DynoRun *) page->runs->pdata[i])->number);

  return g_string_free (text, FALSE);
}

static void
assert_found (DynoTestStore      *f,
              const DynoRunQuery *query,
              const char         *expected)
{
  g_autoptr(DynoRunPage) page = list (f, query);
  g_autofree char *found = numbers (page);

  g_assert_cmpstr (found, ==, expected);
}

static void
assert_typed (DynoTestStore *f,
              const char    *text,
              const char    *expected)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *shown = g_utf8_make_valid (text, -1);

  g_test_message ("%s", shown);
  dyno_run_query_parse (query, text, unknown);
  g_assert_cmpuint (unknown->len, ==, 0);
  query->sort = DYNO_SORT_NUMBER_UP;
  assert_found (f, query, expected);
}

static void
keep (DynoTestStore *f,
      DynoRun       *run)
{
  dyno_run_free (dyno_test_keep_run (f, run));
}

static char *
make_vehicle (DynoTestStore *f,
              const char    *label,
              const char    *customer)
{
  g_autoptr(GError) error = NULL;
  DynoCustomer *owner = g_new0 (DynoCustomer, 1);
  DynoVehicle *vehicle = g_new0 (DynoVehicle, 1);
  g_autoptr(DynoCustomer) kept_owner = NULL;
  g_autoptr(DynoVehicle) kept = NULL;

  owner->name = g_strdup (customer);
  kept_owner = dyno_test_verb (f, put_customer, &error, owner);
  g_assert_no_error (error);
  vehicle->label = g_strdup (label);
  vehicle->make = g_strdup ("Harley-Davidson");
  vehicle->customer_id = g_strdup (kept_owner->id);
  kept = dyno_test_verb (f, put_vehicle, &error, vehicle);
  g_assert_no_error (error);

  return g_strdup (kept->id);
}

/* Five runs that differ in all that can be asked for. */
static void
fill (DynoTestStore *f)
{
  g_autofree char *rosa = make_vehicle (f, "FXDLS Rosa", "Jürgen Müller");
  g_autofree char *blue = make_vehicle (f, "Street-Glide \"Blue\"", "O'Neill & Sons");
  static const struct
  {
    const char   *title;
    const char   *notes;
    const char   *tags;
    int           vehicle; /* 0 none, 1 Rosa, 2 Blue */
    DynoRunStatus status;
    DynoRunSource source;
    double        power_kw;
    double        afr;
    const char   *day;
  } rows[] = {
    { "Baseline", "stock pipes", "stage1", 1, DYNO_RUN_COMPLETE, DYNO_SOURCE_CAPTURE, 70, 14.1,
      "2026-01-10T12:00:00Z" },
    { "Stage two", "leaner at 4000 \xf0\x9f\x94\xa5", "stage2,dyno day", 1, DYNO_RUN_COMPLETE,
      DYNO_SOURCE_UPLOAD, 86.4, 12.9, "2026-03-14T12:00:00Z" },
    { "What's up?", "NEAR( the limit", "Stage2", 2, DYNO_RUN_INTERRUPTED, DYNO_SOURCE_CAPTURE, NAN,
      NAN, "2026-03-14T13:00:00Z" },
    { "\"quoted\" -minus ^caret", "title:notes AND OR NOT", "a:b", 2, DYNO_RUN_ERROR,
      DYNO_SOURCE_WATCH, 60, 13.2, "2026-05-01T12:00:00Z" },
    { "", "", "", 0, DYNO_RUN_COMPLETE, DYNO_SOURCE_SIMULATOR, 120, 13.0, "2025-12-31T12:00:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DynoRun *run = dyno_test_make_run (rows[i].title);

      run->notes = g_strdup (rows[i].notes);
      run->tags = g_strsplit (rows[i].tags, ",", -1);
      run->vehicle_id = rows[i].vehicle == 0 ? NULL : g_strdup (rows[i].vehicle == 1 ? rosa : blue);
      run->status = rows[i].status;
      run->source = rows[i].source;
      run->peaks.power_kw = rows[i].power_kw;
      run->peaks.mean_afr = rows[i].afr;
      run->is_starred = i == 1;
      g_assert_true (dyno_clock_parse_utc (rows[i].day, &run->started_ms));
      run->started_ms /= 1000;
      keep (f, run);
    }
}

static void
test_words (DynoTestStore *f,
            gconstpointer  unused)
{
  fill (f);
  assert_typed (f, "", "1 2 3 4 5");
  assert_typed (f, "   ", "1 2 3 4 5");
  assert_typed (f, "stock", "1");
  assert_typed (f, "STOCK PIPES", "1");
  assert_typed (f, "sto", "1");
  assert_typed (f, "tock", "");
  assert_typed (f, "rosa", "1 2");
  assert_typed (f, "rosa leaner", "2");
  assert_typed (f, "muller", "1 2");
  assert_typed (f, "M\xc3\xbcller", "1 2");
  assert_typed (f, "harley", "1 2 3 4");
  assert_typed (f, "dyno day", "2");
  assert_typed (f, "nothing-like-this", "");
}

/* What would be a syntax error or a command for FTS5. */
static void
test_hostile_words (DynoTestStore *f,
                    gconstpointer  unused)
{
  fill (f);
  assert_typed (f, "street-glide", "3 4");
  assert_typed (f, "glide-street", "");
  assert_typed (f, "what's up?", "3");
  assert_typed (f, "NEAR(", "3");
  assert_typed (f, "NEAR( limit", "3");
  assert_typed (f, "AND", "4");
  assert_typed (f, "OR NOT AND", "4");
  assert_typed (f, "-minus", "4");
  assert_typed (f, "^caret", "4");
  assert_typed (f, "*", "1 2 3 4 5");
  assert_typed (f, "(", "1 2 3 4 5");
  assert_typed (f, ")(*&^%$#@!", "1 2 3 4 5");
  assert_typed (f, "o'neill", "3 4");
  assert_typed (f, "'; DROP TABLE runs; --", "");
  assert_typed (f, "{title notes} up", "");
  assert_typed (f, "up*", "3");
  assert_typed (f, "stock + pipes", "1");
  assert_typed (f, "\xf0\x9f\x94\xa5", "2");
  assert_typed (f, "\xf0\x9f\x8f\x8d\xef\xb8\x8f", "");
  assert_typed (f, "\xff\xfe stock", "");
  assert_typed (f, "\xe2\x80\x94 stock", "1");
}

/* Whatever the bytes: an expression that SQLite understands. */
static void
test_any_bytes (DynoTestStore *f,
                gconstpointer  unused)
{
  static const char odd[] = " \"'*():^-+{}ANDORNEAR,.<>=:tagis";

  fill (f);
  for (int round = 0; round < 500; round++)
    {
      char text[200];
      gsize n = (gsize) g_test_rand_int_range (0, sizeof text);
      g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
      g_autoptr(DynoRunPage) page = NULL;

      for (gsize i = 0; i < n; i++)
        text[i] = round % 2 == 0 ? (char) g_test_rand_int_range (1, 256)
                                 : odd[g_test_rand_int_range (0, sizeof odd - 1)];
      text[MIN (n, sizeof text - 1)] = '\0';
      dyno_run_query_parse (query, text, NULL);
      page = list (f, query);
    }
}

static void
test_quoted_match (void)
{
  static const struct
  {
    const char *text;
    const char *vehicle;
    const char *match;
  } cases[] = {
    { NULL, NULL, NULL },
    { "?!", NULL, NULL },
    { "a", NULL, "(\"a\"*)" },
    { "a \"b", NULL, "(\"a\"* \"\"\"b\"*)" },
    { NULL, "x", "vehicle : (\"x\"*)" },
    { "a", "x y", "(\"a\"*) AND vehicle : (\"x\"* \"y\"*)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DynoRunQuery query = { .text = (char *) cases[i].text,
                             .vehicle_text = (char *) cases[i].vehicle };
      g_autofree char *match = dyno_match_of_query (&query);

      g_assert_cmpstr (match, ==, cases[i].match);
    }
}

static void
test_terms (DynoTestStore *f,
            gconstpointer  unused)
{
  fill (f);
  assert_typed (f, "tag:stage2", "2 3");
  assert_typed (f, "tag:STAGE2 tag:\"dyno day\"", "2");
  assert_typed (f, "tag:a:b", "4");
  assert_typed (f, "tag:stage", "");
  assert_typed (f, "vehicle:rosa", "1 2");
  assert_typed (f, "vehicle:street-glide customer:oneill", "");
  assert_typed (f, "customer:o'neill", "3 4");
  assert_typed (f, "vehicle:stock", "");
  assert_typed (f, "source:capture", "1 3");
  assert_typed (f, "source:capture source:watch", "1 3 4");
  assert_typed (f, "state:error", "4");
  assert_typed (f, "state:incomplete", "3");
  assert_typed (f, "is:incomplete", "3");
  assert_typed (f, "is:star", "2");
  assert_typed (f, ">80kW", "2 5");
  assert_typed (f, ">80kW <100kw", "2");
  assert_typed (f, ">93hp", "1 2 5");
  assert_typed (f, "<13.0afr", "2 5");
  assert_typed (f, ">13.1AFR", "1 4");
  assert_typed (f, "after:2026-03-14", "2 3 4");
  assert_typed (f, "before:2026-03-14", "1 5");
  assert_typed (f, "after:2026-03 before:2026-05", "2 3");
  assert_typed (f, "before:2026", "5");
  assert_typed (f, "rosa tag:stage2 >80kW leaner", "2");
}

static void
test_unknown_terms (void)
{
  static const char *const terms[] = {
    "colour:red", "state:done",         "source:", "after:yesterday", "after:2026-13",
    ">80",        "<afr",               ">80mph",  "is:nice",         "before:2026-01-01-01",
    "tag:",       "after:-2026-01-01", "http://x", ">1e9kW",
  };

  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
      g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
      DynoRunQuery nothing = { 0 };

      g_test_message ("%s", terms[i]);
      dyno_run_query_parse (query, terms[i], unknown);
      g_assert_cmpuint (unknown->len, ==, 1);
      g_assert_cmpstr (unknown->pdata[0], ==, terms[i]);
      g_assert_cmpmem (query, sizeof *query, &nothing, sizeof nothing);
    }
}

static void
test_filters (DynoTestStore *f,
              gconstpointer  unused)
{
  g_autoptr(GPtrArray) vehicles = NULL;
  g_autoptr(GPtrArray) customers = NULL;
  DynoRunQuery query = { .sort = DYNO_SORT_NUMBER_UP };

  fill (f);
  vehicles = dyno_test_verb (f, list_vehicles, NULL, NULL);
  customers = dyno_test_verb0 (f, list_customers, NULL);
  query.vehicle_id = ((DynoVehicle *) vehicles->pdata[0])->id;
  assert_found (f, &query, "1 2");
  query.vehicle_id = NULL;
  query.customer_id = ((DynoCustomer *) customers->pdata[1])->id;
  assert_found (f, &query, "3 4");
  query.customer_id = NULL;
  query.statuses = 1u << DYNO_RUN_COMPLETE | 1u << DYNO_RUN_ERROR;
  query.min_power_kw = 65;
  query.max_power_kw = 90;
  assert_found (f, &query, "1 2");
}

static void
test_orders (DynoTestStore *f,
             gconstpointer  unused)
{
  static const char *const expected[DYNO_N_SORTS] = {
    [DYNO_SORT_NEWEST] = "4 3 2 1 5",     [DYNO_SORT_OLDEST] = "5 1 2 3 4",
    [DYNO_SORT_POWER_DOWN] = "5 2 1 4 3", [DYNO_SORT_POWER_UP] = "4 1 2 5 3",
    [DYNO_SORT_NUMBER_DOWN] = "5 4 3 2 1", [DYNO_SORT_NUMBER_UP] = "1 2 3 4 5",
    [DYNO_SORT_VEHICLE_UP] = "5 1 2 3 4", [DYNO_SORT_VEHICLE_DOWN] = "4 3 2 1 5",
  };

  fill (f);
  for (int sort = 0; sort < DYNO_N_SORTS; sort++)
    {
      DynoRunQuery query = { .sort = (DynoRunSort) sort };
      g_autoptr(DynoRunQuery) paged = dyno_run_query_new ();
      g_autoptr(GString) found = g_string_new (NULL);

      assert_found (f, &query, expected[sort]);

      /* The same, a run a page. */
      paged->sort = (DynoRunSort) sort;
      paged->limit = 1;
      for (int i = 0; i < 5; i++)
        {
          g_autoptr(DynoRunPage) page = list (f, paged);
          g_autofree char *number = numbers (page);

          g_assert_cmpint (page->n_found, ==, 5);
          g_assert_cmpint (page->cursor != NULL, ==, i < 4);
          g_string_append_printf (found, "%s%s", i > 0 ? " " : "", number);
          g_free (paged->cursor);
          paged->cursor = g_steal_pointer (&page->cursor);
        }
      g_assert_cmpstr (found->str, ==, expected[sort]);
    }
}

static void
test_trash (DynoTestStore *f,
            gconstpointer  unused)
{
  DynoRunQuery query = { .sort = DYNO_SORT_NUMBER_UP };
  g_autoptr(DynoRunPage) all = NULL;
  g_autoptr(DynoRunPage) rest = NULL;
  const char *ids[2] = { NULL, NULL };

  fill (f);
  all = list (f, &query);
  g_assert_cmpint (all->n_all, ==, 5);
  ids[0] = ((DynoRun *) all->runs->pdata[1])->id;
  g_assert_true (dyno_test_verb (f, trash_runs, NULL, ids));
  assert_found (f, &query, "1 3 4 5");
  query.trash = DYNO_TRASH_INCLUDED;
  assert_found (f, &query, "1 2 3 4 5");
  query.trash = DYNO_TRASH_ONLY;
  assert_found (f, &query, "2");
  rest = list (f, &query);
  g_assert_cmpint (rest->n_all, ==, 4);
  g_assert_cmpint (rest->n_found, ==, 1);
}

/* Runs come and go between the pages: what stayed comes once, in its order. */
static void
test_cursor_is_stable (DynoTestStore *f,
                       gconstpointer  unused)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(GString) found = g_string_new (NULL);
  const char *gone[2] = { NULL, NULL };

  for (int i = 0; i < 30; i++)
    {
      DynoRun *run = dyno_test_make_run ("x");

      run->started_ms = 1000 + i / 3;
      keep (f, run);
    }
  query->limit = 7;
  do
    {
      g_autoptr(DynoRunPage) page = list (f, query);
      g_autofree char *number = numbers (page);

      g_string_append_printf (found, "%s%s", found->len > 0 ? " " : "", number);
      g_free (query->cursor);
      query->cursor = g_steal_pointer (&page->cursor);

      /* A newer one, and the cursor's own run goes. */
      keep (f, dyno_test_make_run ("new"));
      gone[0] = ((DynoRun *) page->runs->pdata[page->runs->len - 1])->id;
      g_assert_true (dyno_test_verb (f, trash_runs, NULL, gone));
    }
  while (query->cursor != NULL);

  g_assert_cmpstr (found->str, ==,
                   "30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 15 14 13 12 11 10"
                   " 9 8 7 6 5 4 3 2 1");
}

static void
test_bad_cursors (DynoTestStore *f,
                  gconstpointer  unused)
{
  static const char *const bad[] = { "", "x", "====", "MTox", "MToyOjM6NA", "\xff\xff", "....",
                                     "MTpmZmZmZmZmZmZmZmZmZmZmOjE6MQ" };
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(DynoRunPage) page = NULL;
  g_autoptr(GError) error = NULL;

  fill (f);
  query->limit = 2;
  page = list (f, query);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      query->cursor = g_strdup (bad[i]);
      g_assert_null (dyno_test_verb (f, list_runs, &error, query));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_clear_error (&error);
      g_clear_pointer (&query->cursor, g_free);
    }

  /* A good one, of another question. */
  query->cursor = g_strdup (page->cursor);
  query->is_starred = TRUE;
  g_assert_null (dyno_test_verb (f, list_runs, &error, query));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "cursor");
  g_clear_error (&error);
  query->is_starred = FALSE;
  query->sort = DYNO_SORT_OLDEST;
  g_assert_null (dyno_test_verb (f, list_runs, &error, query));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
}

/* The words of a run are those of now: of its vehicle, its customer, its files. */
static void
test_words_follow (DynoTestStore *f,
                   gconstpointer  unused)
{
  g_autofree char *id = make_vehicle (f, "Old name", "Smith");
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_file_free);
  g_autofree char *sum = dyno_crypt_sha256_hex ("x", 1);
  g_autoptr(DynoVehicle) vehicle = NULL;
  g_autoptr(DynoCustomer) customer = NULL;
  g_autoptr(DynoRun) kept = NULL;
  g_autoptr(GPtrArray) paths = NULL;
  DynoRun *run = dyno_test_make_run ("pull");
  const char *ids[2] = { NULL, NULL };

  run->vehicle_id = g_strdup (id);
  kept = dyno_test_keep_run (f, run);
  assert_typed (f, "old smith", "1");

  vehicle = dyno_test_verb (f, get_vehicle, NULL, id);
  customer = dyno_test_verb (f, get_customer, NULL, vehicle->customer_id);
  g_free (vehicle->label);
  vehicle->label = g_strdup ("New name");
  dyno_vehicle_free (dyno_test_verb (f, put_vehicle, NULL, g_steal_pointer (&vehicle)));
  g_free (customer->name);
  customer->name = g_strdup ("Jones");
  dyno_customer_free (dyno_test_verb (f, put_customer, NULL, g_steal_pointer (&customer)));
  assert_typed (f, "old", "");
  assert_typed (f, "smith", "");
  assert_typed (f, "new jones", "1");

  g_ptr_array_add (files, dyno_run_file_new ("sound", "x", "knock-3.wav", 1, sum));
  g_assert_true (dyno_test_verb (f, add_run_files, NULL, kept->id, files));
  assert_typed (f, "knock-3", "1");

  ids[0] = kept->id;
  paths = dyno_test_verb (f, purge_runs, NULL, ids, 0);
  g_assert_nonnull (paths);
  assert_typed (f, "knock-3", "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/match", test_quoted_match);
  g_test_add_func ("/search/unknown", test_unknown_terms);
  DYNO_TEST_STORE_ADD ("/search/words", test_words);
  DYNO_TEST_STORE_ADD ("/search/hostile", test_hostile_words);
  DYNO_TEST_STORE_ADD ("/search/any-bytes", test_any_bytes);
  DYNO_TEST_STORE_ADD ("/search/terms", test_terms);
  DYNO_TEST_STORE_ADD ("/search/filters", test_filters);
  DYNO_TEST_STORE_ADD ("/search/orders", test_orders);
  DYNO_TEST_STORE_ADD ("/search/trash", test_trash);
  DYNO_TEST_STORE_ADD ("/search/cursor/stable", test_cursor_is_stable);
  DYNO_TEST_STORE_ADD ("/search/cursor/bad", test_bad_cursors);
  DYNO_TEST_STORE_ADD ("/search/follows", test_words_follow);

  return g_test_run ();
}
