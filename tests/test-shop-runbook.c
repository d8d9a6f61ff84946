/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

/* The run book: found, looked at, changed by two people, thrown away and taken
 * back. */

static DynoRunPage *
list (DynoTestShop       *f,
      const DynoRunQuery *query)
{
  g_autoptr(GError) error = NULL;
  DynoRunPage *page = dyno_test_ask (f, dyno_runbook_list, &error, query);

  g_assert_no_error (error);

  return page;
}

static DynoRunDetail *
get (DynoTestShop *f,
     const char   *run)
{
  g_autoptr(GError) error = NULL;
  DynoRunDetail *detail = dyno_test_ask (f, dyno_runbook_get, &error, run);

  g_assert_no_error (error);

  return detail;
}

/* An edit of one field; `error` may be wanted. */
static DynoRun *
edit (DynoTestShop  *f,
      const char    *run_id,
      gint64         revision,
      const char    *notes,
      GError       **error)
{
  DynoRun *run = dyno_run_new ();

  run->id = g_strdup (run_id);
  run->revision = revision;
  run->notes = g_strdup (notes);

  return dyno_test_ask (f, dyno_runbook_edit, error, run, DYNO_RUN_NOTES);
}

static guint
count_found (DynoTestShop *f,
             const char   *words)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(DynoRunPage) page = NULL;

  dyno_run_query_parse (query, words, NULL);
  page = list (f, query);

  return page->runs->len;
}

static void
test_find (DynoTestShop *f,
           gconstpointer unused)
{
  g_autofree char *first = dyno_test_shop_keep (f, "Street Glide baseline", NULL);
  g_autofree char *second = dyno_test_shop_keep (f, "Street Glide after \"tune\"", NULL);
  g_autoptr(DynoRunPage) all = list (f, NULL);
  g_autoptr(DynoRunDetail) by_number = get (f, "2");
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) none = NULL;

  g_assert_cmpuint (all->runs->len, ==, 2);
  g_assert_cmpstr (by_number->run->id, ==, second);
  g_assert_cmpuint (count_found (f, "glide"), ==, 2);
  g_assert_cmpuint (count_found (f, "base"), ==, 1);
  g_assert_cmpuint (count_found (f, "\"tune\" (' OR"), ==, 0);
  g_assert_cmpuint (count_found (f, "softail"), ==, 0);
  g_assert_null (dyno_test_ask (f, dyno_runbook_get, &error, "3"));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_null (dyno_test_ask (f, dyno_runbook_get, &none, "run_00000000000000000000"));
  g_assert_error (none, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* Who saw an older state does not overwrite a newer one. */
static void
test_notes (DynoTestShop *f,
            gconstpointer unused)
{
  g_autofree char *id = dyno_test_shop_keep (f, "Notes", NULL);
  g_autoptr(DynoRunDetail) seen = get (f, id);
  g_autoptr(DynoRun) first = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) stale = NULL;
  g_autoptr(GPtrArray) notes = NULL;

  first = edit (f, id, seen->run->revision, "Knock at 3500?", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->notes, ==, "Knock at 3500?");
  g_assert_cmpint (first->revision, >, seen->run->revision);
  g_assert_null (edit (f, id, seen->run->revision, "All fine", &stale));
  g_assert_error (stale, DYNO_ERROR, DYNO_ERROR_CONFLICT);
  g_assert_cmpstr (dyno_error_get_reason (stale), ==, "stale");
  g_assert_cmpuint (count_found (f, "knock"), ==, 1);
  notes = dyno_test_ask (f, dyno_runbook_notes, &error, id);
  g_assert_no_error (error);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_cmpstr (((DynoRunNote *) notes->pdata[0])->text, ==, "Knock at 3500?");
}

static void
test_tags (DynoTestShop *f,
           gconstpointer unused)
{
  g_autofree char *id = dyno_test_shop_keep (f, "Tags", NULL);
  DynoRun *run = dyno_run_new ();
  g_autoptr(DynoRun) edited = NULL;
  g_autoptr(GPtrArray) tags = NULL;
  g_autoptr(GError) error = NULL;

  run->id = g_strdup (id);
  run->tags = g_strsplit ("stage 2|Customer", "|", -1);
  run->is_starred = TRUE;
  edited = dyno_test_ask (f, dyno_runbook_edit, &error, run, DYNO_RUN_TAGS | DYNO_RUN_STAR);
  g_assert_no_error (error);
  g_assert_true (edited->is_starred);
  g_assert_cmpuint (g_strv_length (edited->tags), ==, 2);
  tags = dyno_test_ask0 (f, dyno_runbook_tags, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tags->len, ==, 2);
  g_assert_cmpuint (count_found (f, "tag:\"STAGE 2\""), ==, 1);
  g_assert_cmpuint (count_found (f, "is:star"), ==, 1);
  g_assert_cmpuint (count_found (f, "tag:other"), ==, 0);
}

static void
test_delete_and_undo (DynoTestShop *f,
                      gconstpointer unused)
{
  g_autofree char *kept = dyno_test_shop_keep (f, "Kept", NULL);
  g_autofree char *gone = dyno_test_shop_keep (f, "Gone", NULL);
  const char *one[] = { gone, NULL };
  const char *with_unknown[] = { kept, "run_00000000000000000000", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autoptr(DynoRunPage) before = NULL;
  g_autoptr(DynoRunPage) after = NULL;
  g_autoptr(DynoRunDetail) in_trash = NULL;

  g_assert_true (dyno_test_ask (f, dyno_runbook_delete, &error, one));
  before = list (f, NULL);
  g_assert_cmpuint (before->runs->len, ==, 1);
  in_trash = get (f, gone);
  g_assert_cmpint (in_trash->run->deleted_ms, >, 0);

  /* All or none. */
  g_assert_false (dyno_test_ask (f, dyno_runbook_delete, &unknown, with_unknown));
  g_assert_error (unknown, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
  g_assert_true (dyno_test_ask (f, dyno_runbook_restore, &error, one));
  g_assert_no_error (error);
  after = list (f, NULL);
  g_assert_cmpuint (after->runs->len, ==, 2);
  g_assert_true (dyno_test_ask (f, dyno_runbook_purge, &error, one));
  g_assert_null (dyno_test_ask (f, dyno_runbook_get, &error, gone));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND);
}

/* Another trim, other peaks; and back. */
static void
test_trim (DynoTestShop *f,
           gconstpointer unused)
{
  DynoBikeFigures made;
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, &made);
  g_autofree char *id = dyno_test_shop_keep (f, "Trim", samples);
  DynoRun *bad = dyno_run_new ();
  DynoRun *cut = dyno_run_new ();
  DynoRun *whole = dyno_run_new ();
  g_autoptr(GError) invalid = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) trimmed = NULL;
  g_autoptr(DynoRun) back = NULL;

  bad->id = g_strdup (id);
  bad->trim_start_s = 4;
  bad->trim_end_s = 3;
  g_assert_null (dyno_test_ask (f, dyno_runbook_edit, &invalid, bad, DYNO_RUN_TRIM));
  g_assert_error (invalid, DYNO_ERROR, DYNO_ERROR_INVALID);

  /* The first half second of the pull: no peak yet. */
  cut->id = g_strdup (id);
  cut->trim_start_s = 2;
  cut->trim_end_s = 3.5;
  trimmed = dyno_test_ask (f, dyno_runbook_edit, &error, cut, DYNO_RUN_TRIM);
  g_assert_no_error (error);
  g_assert_cmpfloat (trimmed->peaks.power_kw, <, 0.9 * made.peak_power_corr_kw);

  whole->id = g_strdup (id);
  whole->trim_start_s = NAN;
  whole->trim_end_s = NAN;
  back = dyno_test_ask (f, dyno_runbook_edit, &error, whole, DYNO_RUN_TRIM);
  g_assert_no_error (error);
  dyno_assert_near (back->peaks.power_kw / made.peak_power_corr_kw, 1, 0.02);
}

/* What a face gets of a run's samples: all, or a part. */
static void
test_load (DynoTestShop *f,
           gconstpointer unused)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  g_autofree char *id = dyno_test_shop_keep (f, "Load", samples);
  DynoLoad part = { .canonical = 1 << DYNO_CHANNEL_RPM, .from_s = 1, .to_s = 2 };
  g_autoptr(DynoSamples) all = NULL;
  g_autoptr(DynoSamples) some = NULL;
  g_autoptr(GError) error = NULL;

  all = dyno_test_ask (f, dyno_runbook_load, &error, id, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_rows (all), ==, dyno_samples_n_rows (samples));
  g_assert_cmpuint (dyno_samples_n_columns (all), ==, dyno_samples_n_columns (samples));
  some = dyno_test_ask (f, dyno_runbook_load, &error, id, &part);
  g_assert_no_error (error);
  g_assert_cmpuint (dyno_samples_n_columns (some), ==, 1);
  g_assert_cmpuint (dyno_samples_n_rows (some), ==, 21);
}

static void
heard_cb (DynoTopic   topic,
          const char *subject,
          const char *detail,
          gpointer    heard)
{
  g_string_append_printf (heard, "%s %s\n", subject, detail);
}

static gboolean
has_heard (gpointer heard)
{
  return ((GString *) heard)->len > 0;
}

/* Everyone who looks at the book hears of a change. */
static void
test_told (DynoTestShop *f,
           gconstpointer unused)
{
  g_autofree char *id = dyno_test_shop_keep (f, "Told", NULL);
  g_autofree char *wanted = g_strdup_printf ("%s changed\n", id);
  g_autoptr(GString) heard = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) edited = NULL;
  DynoBus *bus = dyno_shop_get_bus (f->shop);
  guint subscriber = dyno_bus_subscribe (bus, DYNO_TOPIC_RUN, NULL, heard_cb, heard, NULL);

  edited = edit (f, id, 0, "Heard?", &error);
  g_assert_no_error (error);
  dyno_test_wait_for (has_heard, heard, 20);
  g_assert_cmpstr (heard->str, ==, wanted);
  dyno_bus_unsubscribe (bus, subscriber);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/runbook/find", test_find);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/runbook/notes", test_notes);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/runbook/tags", test_tags);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/runbook/delete-and-undo", test_delete_and_undo);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/runbook/trim", test_trim);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/runbook/load", test_load);
  DYNO_TEST_SHOP_ADD_QUIET ("/shop/runbook/told", test_told);

  return g_test_run ();
}
