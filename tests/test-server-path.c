/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-path.h"
#include "dyno-query.h"

static void
test_good (void)
{
  static const struct { const char *target; const char *segments; const char *query; } cases[] = {
    { "/", "", NULL },
    { "/api/v1/runs", "api|v1|runs", NULL },
    { "/api/v1/runs?limit=1&q=a%2fb", "api|v1|runs", "limit=1&q=a%2fb" },
    { "/m/", "m|", NULL },
    { "/a?", "a", "" },
    { "/a?b?c/../d", "a", "b?c/../d" },
    { "/caf%C3%A9/%25", "caf\xc3\xa9|%", NULL },
    { "/a%2Eb/...", "a.b|...", NULL },
    { "/a+b", "a+b", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoPath) path = dyno_path_new (cases[i].target, &error);
      g_autofree char *joined = NULL;

      g_assert_no_error (error);
      joined = g_strjoinv ("|", path->segments);
      g_assert_cmpuint (path->n_segments, ==, g_strv_length (path->segments));
      g_assert_cmpstr (joined, ==, cases[i].segments);
      g_assert_cmpstr (path->query, ==, cases[i].query);
    }
}

/* Vector 47 of service.md 1.4 and its kin. */
static void
test_hostile (void)
{
  static const char *const bad[] = {
    "/a/%2e%2e/b", "/a/%2E./b", "/a/../b", "/a/./b", "/.", "/..", "/%2e", "/a%2fb", "/a%2Fb",
    "/a%5cb", "/a\\b", "/a%00", "/a%ff", "/a%C3", "//", "//a", "/a//b", "/a//", "/a%", "/a%2",
    "/a%zz", "/a%0a", "/a%7f", "/a%C2%85", "a", "", "?a",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (dyno_path_new (bad[i], &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_cmpstr (dyno_error_get_reason (error), ==, "BAD_REQUEST");
    }
}

/* Once: what is encoded twice stays encoded once. */
static void
test_decoded_once (void)
{
  g_autoptr(DynoPath) path = dyno_path_new ("/%252e%252e", NULL);

  g_assert_cmpstr (path->segments[0], ==, "%2e%2e");
}

static const DynoField fields[] = {
  { "q", DYNO_TEXT (1, 20), 0, "Words" },
  { "n", DYNO_INTEGER (1, 9), DYNO_REQUIRED, "A number" },
  { NULL }
};
static const DynoField more[] = {
  { "limit", DYNO_INTEGER (1, 200), 0, "How many" },
  { NULL }
};

static char *
first_flaw (const char *query)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(GHashTable) values = dyno_query_parse (query, fields, more, flaws);

  return dyno_flaws_first (flaws);
}

static void
test_query (void)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(GHashTable) values = dyno_query_parse ("q=a%20b+c%2526&n=3&&limit=7", fields, more,
                                                   flaws);
  g_autoptr(GHashTable) composed = dyno_query_parse ("n=1&q=a%CC%88", fields, NULL, flaws);

  g_assert_cmpuint (dyno_flaws_count (flaws), ==, 0);
  g_assert_cmpstr (g_hash_table_lookup (values, "q"), ==, "a b c%26");
  g_assert_cmpstr (g_hash_table_lookup (values, "n"), ==, "3");
  g_assert_cmpstr (g_hash_table_lookup (values, "limit"), ==, "7");
  g_assert_cmpstr (g_hash_table_lookup (composed, "q"), ==, "\xc3\xa4");
}

static void
test_bad_query (void)
{
  static const struct { const char *query; const char *pointer; } cases[] = {
    { NULL, "?n:" },        { "n", "?n:" },          { "n=1&n=1", "?n:" },  { "n=0", "?n:" },
    { "n=1&x=2", "?x:" },   { "n=1&q=", "?q:" },     { "n=1&q=%ff", "?:" }, { "n=1&q=%00", "?:" },
    { "n=1&q=%0a", "?q:" }, { "n=1&limit=0", "?limit:" }, { "n=1&q=%4", "?:" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *flaw = first_flaw (cases[i].query);

      g_test_message ("%s", cases[i].query);
      g_assert_nonnull (flaw);
      g_assert_true (g_str_has_prefix (flaw, cases[i].pointer));
    }
}

static void
test_many_names (void)
{
  g_autoptr(GString) query = g_string_new ("n=1");
  g_autofree char *flaw = NULL;

  for (guint i = 0; i < 40; i++)
    g_string_append (query, "&x=1");
  flaw = first_flaw (query->str);
  g_assert_nonnull (flaw);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/path/good", test_good);
  g_test_add_func ("/server/path/hostile", test_hostile);
  g_test_add_func ("/server/path/decoded-once", test_decoded_once);
  g_test_add_func ("/server/path/query", test_query);
  g_test_add_func ("/server/path/bad-query", test_bad_query);
  g_test_add_func ("/server/path/many-names", test_many_names);

  return g_test_run ();
}
