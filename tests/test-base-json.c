/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-test.h"

#include <math.h>

static void
test_refused (void)
{
  static const char *const bad[] = {
    "",        " ",         "{",       "[1,]",       "{\"a\":1,}",       "{'a':1}",
    "01",      "-",         "1.",      "1e",         "1e999",            "12345678901234567890",
    "nul",     "true false", "[1 2]",  "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"a\nb\"",
    "\"\\x\"", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\xEF\xBB\xBF{}", "\"\xff\"",
    "NaN",     "Infinity",  "[1]x",    "{\"a\"}",    "\"\\u0000\"",      "+1", ".5",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoJson) json = dyno_json_parse (bad[i], -1, &error);

      g_assert_null (json);
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_cmpstr (dyno_error_get_reason (error), ==, "json");
    }
}

static void
test_depth (void)
{
  g_autoptr(GString) deep = g_string_new (NULL);
  g_autoptr(DynoJson) json = NULL;

  for (int i = 0; i < 200000; i++)
    g_string_append_c (deep, '[');
  json = dyno_json_parse (deep->str, (gssize) deep->len, NULL);
  g_assert_null (json);
}

static void
test_read (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJson) json = dyno_json_parse (
      "{\"n\":-1.5e2,\"i\":9007199254740992,\"s\":\"a\\u00e9\\ud83d\\ude00\",\"b\":true,"
      "\"l\":[1,null,\"x\"],\"o\":{}}",
      -1, &error);
  const DynoJson *list;
  g_autoptr(GPtrArray) names = NULL;

  g_assert_no_error (error);
  dyno_assert_near (dyno_json_get_number (json, "n", 0), -150, 0);
  g_assert_cmpint (dyno_json_get_integer (json, "i", 0), ==, 9007199254740992);
  g_assert_cmpint (dyno_json_get_integer (json, "n", 7), ==, -150);
  g_assert_cmpstr (dyno_json_get_string (json, "s"), ==, "aé😀");
  g_assert_true (dyno_json_get_boolean (json, "b", FALSE));
  g_assert_null (dyno_json_get_string (json, "b"));
  list = dyno_json_member (json, "l");
  g_assert_cmpuint (dyno_json_n_elements (list), ==, 3);
  g_assert_cmpint (dyno_json_type (dyno_json_element (list, 1)), ==, DYNO_JSON_NULL);
  g_assert_null (dyno_json_element (list, 3));
  g_assert_null (dyno_json_member (NULL, "x"));
  names = dyno_json_names (json);
  g_assert_cmpuint (names->len, ==, 6);
  g_assert_cmpstr (g_ptr_array_index (names, 2), ==, "s");
}

static void
test_write (void)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autoptr(DynoJson) back = NULL;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_number (w, "large", 22222222222222222.22);
  dyno_json_writer_add_number (w, "tenth", 0.1);
  dyno_json_writer_add_number (w, "third", 1.0 / 3);
  dyno_json_writer_add_number (w, "minus_zero", -0.0);
  dyno_json_writer_add_number (w, "missing", NAN);
  dyno_json_writer_add_rounded (w, "rounded", 2.675, 2);
  dyno_json_writer_name (w, "list");
  dyno_json_writer_begin_array (w);
  dyno_json_writer_integer (w, -3);
  dyno_json_writer_boolean (w, TRUE);
  dyno_json_writer_string (w, "a\"b\\\n\x01");
  dyno_json_writer_string (w, NULL);
  dyno_json_writer_begin_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);

  g_assert_cmpstr (text, ==,
                   "{\"large\":22222222222222224.0,\"tenth\":0.1,\"third\":0.3333333333333333,\"minus_zero\":0,\"missing\":null,"
                   "\"rounded\":2.67,\"list\":[-3,true,\"a\\\"b\\\\\\n\\u0001\",null,[]]}");
  back = dyno_json_parse (text, -1, NULL);
  g_assert_nonnull (back);
  g_assert_true (dyno_json_get_number (back, "third", 0) == 1.0 / 3);
}

static void
test_integers (void)
{
  static const gint64 values[]
    = { 0, 7, 10, -1, -10, 9007199254740992, G_MAXINT64, G_MININT64, G_MININT64 + 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);
      g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, values[i]);
      g_autofree char *text = NULL;

      dyno_json_writer_integer (w, values[i]);
      text = dyno_json_writer_finish (w);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_write_pretty_value (void)
{
  g_autoptr(DynoJson) json = dyno_json_parse ("{\"b\":[1,{}],\"a\":\"x\"}", -1, NULL);
  DynoJsonWriter *w = dyno_json_writer_new (TRUE);
  g_autofree char *text = NULL;

  dyno_json_writer_value (w, json);
  text = dyno_json_writer_finish (w);
  g_assert_cmpstr (text, ==, "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": \"x\"\n}");
}

static void
test_numbers_round_trip (void)
{
  for (int i = 0; i < 100000; i++)
    {
      union
      {
        guint64 bits;
        double  value;
      } u;
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      u.bits = ((guint64) g_test_rand_int () << 32) ^ (guint32) g_test_rand_int ();
      if (!isfinite (u.value) || u.value == 0)
        continue;
      dyno_json_format_number (u.value, text);
      g_assert_true (g_ascii_strtod (text, NULL) == u.value);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/refused", test_refused);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/read", test_read);
  g_test_add_func ("/json/write", test_write);
  g_test_add_func ("/json/integers", test_integers);
  g_test_add_func ("/json/write-pretty-value", test_write_pretty_value);
  g_test_add_func ("/json/numbers-round-trip", test_numbers_round_trip);

  return g_test_run ();
}
