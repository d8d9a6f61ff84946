/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-body.h"
#include "dyno-error.h"
#include "dyno-field.h"

static const DynoField engine_fields[] = {
  { "cylinders", DYNO_INTEGER (1, 16), DYNO_REQUIRED, "How many" },
  { "cams", DYNO_TEXT (0, 40), DYNO_NULLABLE, "Which" },
  { NULL }
};
static const DynoSchema engine_schema = { "Engine", "An engine", engine_fields };

static const DynoField fields[] = {
  { "label", DYNO_TEXT (1, 5), DYNO_REQUIRED, "A name" },
  { "notes", DYNO_NOTE (0, 100), 0, "Lines" },
  { "year", DYNO_INTEGER (1885, 2100), 0, "Model year" },
  { "weight_kg", DYNO_NUMBER (0, 1000), DYNO_NULLABLE, "Mass" },
  { "starred", DYNO_BOOLEAN, 0, "Marked" },
  { "fuel", DYNO_WORD ("petrol|e85"), 0, "Fuel" },
  { "id", DYNO_ID ("veh"), 0, "Id" },
  { "at", DYNO_TIME, 0, "Time" },
  { "sha256", DYNO_HASH, 0, "Sum" },
  { "email", DYNO_EMAIL, 0, "Mail" },
  { "tags", DYNO_ARRAY (3, DYNO_TEXT (1, 4)), 0, "Tags" },
  { "engine", DYNO_OBJECT (&engine_schema), 0, "Engine" },
  { "cells", DYNO_ARRAY (2, DYNO_ARRAY_OF (1, 2, DYNO_NUMBER (-1, 1))), 0, "Grid" },
  { "limits", DYNO_MAP (2, DYNO_NUMBER (0, 9)), 0, "Limits by a/b name" },
  { "anything", DYNO_ANY, 0, "Whatever" },
  { NULL }
};

static const DynoRoute route = { .method = DYNO_POST, .path = "/", .body = fields };

/* "pointer code" of all flaws, between semicolons. */
static char *
judge (const char    *text,
       DynoDirection  direction)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJson) json = dyno_json_parse (text, -1, &error);
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(DynoJson) written = NULL;
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *list = NULL;
  GString *said = g_string_new (NULL);

  g_assert_no_error (error);
  dyno_fields_check (fields, direction, json, "", flaws);
  dyno_flaws_write (flaws, w);
  list = dyno_json_writer_finish (w);
  written = dyno_json_parse (list, -1, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < dyno_json_n_elements (written); i++)
    g_string_append_printf (said, "%s%s %s", i > 0 ? "; " : "",
                            dyno_json_get_string (dyno_json_element (written, i), "pointer"),
                            dyno_json_get_string (dyno_json_element (written, i), "code"));

  return g_string_free (said, FALSE);
}

static void
test_coming_in (void)
{
  static const struct { const char *text; const char *flaws; } cases[] = {
    { "{\"label\":\"Glide\"}", "" },
    { "{}", "/label required" },
    { "[]", " type" },
    { "{\"label\":null}", "/label type" },
    { "{\"label\":\"\"}", "/label length" },
    { "{\"label\":\"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xe2\x82\xac\"}", "" },
    { "{\"label\":\"123456\"}", "/label length" },
    { "{\"label\":\"a\\nb\"}", "/label characters" },
    { "{\"label\":\"a\\tb\"}", "" },
    { "{\"label\":\"a\\u0085b\"}", "/label characters" },
    { "{\"label\":\"a\\u007fb\"}", "/label characters" },
    { "{\"label\":\"a\",\"notes\":\"x\\ny\\tz\"}", "" },
    { "{\"label\":\"a\",\"notes\":\"x\\ry\"}", "/notes characters" },
    { "{\"label\":\"a\",\"year\":1884}", "/year range" },
    { "{\"label\":\"a\",\"year\":2008.5}", "/year type" },
    { "{\"label\":\"a\",\"year\":\"2008\"}", "/year type" },
    { "{\"label\":\"a\",\"year\":2008.0}", "" },
    { "{\"label\":\"a\",\"weight_kg\":null}", "" },
    { "{\"label\":\"a\",\"weight_kg\":-0.1}", "/weight_kg range" },
    { "{\"label\":\"a\",\"starred\":\"false\"}", "/starred type" },
    { "{\"label\":\"a\",\"starred\":0}", "/starred type" },
    { "{\"label\":\"a\",\"starred\":false}", "" },
    { "{\"label\":\"a\",\"fuel\":\"diesel\"}", "/fuel choice" },
    { "{\"label\":\"a\",\"fuel\":\"petrol|e85\"}", "/fuel choice" },
    { "{\"label\":\"a\",\"fuel\":\"e85\"}", "" },
    { "{\"label\":\"a\",\"id\":\"veh_5tR4eW3qA2sD1fG0hJ9k\"}", "" },
    { "{\"label\":\"a\",\"id\":\"run_5tR4eW3qA2sD1fG0hJ9k\"}", "/id format" },
    { "{\"label\":\"a\",\"id\":\"veh_5tR4eW3qA2sD1fG0hJ9\"}", "/id format" },
    { "{\"label\":\"a\",\"at\":\"2026-11-20T07:30:00.123Z\"}", "" },
    { "{\"label\":\"a\",\"at\":\"yesterday\"}", "/at format" },
    { "{\"label\":\"a\",\"sha256\":\"6FD0\"}", "/sha256 format" },
    { "{\"label\":\"a\",\"email\":\"ana@shop.example\"}", "" },
    { "{\"label\":\"a\",\"email\":\"ana@@shop\"}", "/email format" },
    { "{\"label\":\"a\",\"email\":\"shop@\"}", "/email format" },
    { "{\"label\":\"a\",\"tags\":[\"x\",\"toolong\",5]}", "/tags/1 length; /tags/2 type" },
    { "{\"label\":\"a\",\"tags\":[\"1\",\"2\",\"3\",\"4\"]}", "/tags length" },
    { "{\"label\":\"a\",\"engine\":{}}", "/engine/cylinders required" },
    { "{\"label\":\"a\",\"engine\":{\"cylinders\":2,\"cams\":null}}", "" },
    { "{\"label\":\"a\",\"engine\":{\"cylinders\":2,\"x\":1}}", "/engine/x unknown" },
    { "{\"label\":\"a\",\"cells\":[[0],[0.5,2]]}", "/cells/1/1 range" },
    { "{\"label\":\"a\",\"cells\":[[]]}", "/cells/0 length" },
    { "{\"label\":\"a\",\"limits\":{\"a/b~c\":10}}", "/limits/a~1b~0c range" },
    { "{\"label\":\"a\",\"anything\":{\"x\":[null]}}", "" },
    { "{\"label\":\"a\",\"lable\":1,\"a/b\":2}", "/lable unknown; /a~1b unknown" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *flaws = judge (cases[i].text, DYNO_COMING_IN);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (flaws, ==, cases[i].flaws);
    }
}

/* Going out all must be there, what the table does not name must not. */
static void
test_going_out (void)
{
  static const DynoField reply[] = {
    { "id", DYNO_ID ("veh"), 0, "Id" },
    { "vin", DYNO_ANY_TEXT, DYNO_NULLABLE, "Number" },
    { "note", DYNO_ANY_TEXT, DYNO_OPTIONAL, "Note" },
    { NULL }
  };
  static const struct { const char *text; guint n; } cases[] = {
    { "{\"id\":\"veh_5tR4eW3qA2sD1fG0hJ9k\",\"vin\":null}", 0 },
    { "{\"id\":\"veh_5tR4eW3qA2sD1fG0hJ9k\",\"vin\":\"a\\u0001b\",\"note\":\"x\"}", 0 },
    { "{\"id\":\"veh_5tR4eW3qA2sD1fG0hJ9k\"}", 1 },
    { "{\"id\":null,\"vin\":null}", 1 },
    { "{\"id\":\"veh_5tR4eW3qA2sD1fG0hJ9k\",\"vin\":null,\"secret\":1}", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoJson) json = dyno_json_parse (cases[i].text, -1, NULL);
      g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

      dyno_fields_check (reply, DYNO_GOING_OUT, json, "", flaws);
      g_assert_cmpuint (dyno_flaws_count (flaws), ==, cases[i].n);
    }
}

static const DynoType number = DYNO_NUMBER (0, 10);
static const DynoType truth = DYNO_BOOLEAN;
static const DynoType words = DYNO_ARRAY_OF (1, 2, DYNO_WORD ("a|b"));

static void
test_text (void)
{
  static const struct { const DynoType *type; const char *text; guint n; } cases[] = {
    { &number, "10", 0 },   { &number, "1e1", 0 },   { &number, "11", 1 },  { &number, "", 1 },
    { &number, "0x5", 1 },  { &number, "5 ", 1 },    { &number, "nan", 1 }, { &number, "1e999", 1 },
    { &number, "inf", 1 },  { &truth, "true", 0 },   { &truth, "false", 0 }, { &truth, "1", 1 },
    { &truth, "True", 1 },  { &words, "a", 0 },      { &words, "a,b", 0 },  { &words, "a,b,a", 1 },
    { &words, "a,c", 1 },   { &words, "", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

      dyno_type_check_text (cases[i].type, cases[i].text, "?x", flaws);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpuint (dyno_flaws_count (flaws), ==, cases[i].n);
    }
}

/* Twenty are told, all are counted. */
static void
test_many_flaws (void)
{
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  g_autofree char *first = NULL;
  g_autoptr(DynoJson) list = NULL;

  for (guint i = 0; i < 30; i++)
    dyno_flaws_add (flaws, "/a", "type", "Number %u", i);
  dyno_flaws_write (flaws, w);
  text = dyno_json_writer_finish (w);
  list = dyno_json_parse (text, -1, NULL);
  first = dyno_flaws_first (flaws);

  g_assert_cmpuint (dyno_flaws_count (flaws), ==, 30);
  g_assert_cmpuint (dyno_json_n_elements (list), ==, 20);
  g_assert_cmpstr (first, ==, "/a: Number 0");
}

/* Decomposed text arrives composed, escaped or not; numbers and order stay. */
static void
test_nfc (void)
{
  static const char text[] = "{\"label\":\"a\xcc\x88\",\"tags\":[\"e\\u0301\"],\"weight_kg\":0.1}";
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoJson) body = dyno_body_parse (&route, bytes, flaws, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dyno_flaws_count (flaws), ==, 0);
  g_assert_cmpstr (dyno_json_get_string (body, "label"), ==, "\xc3\xa4");
  g_assert_cmpstr (dyno_json_string (dyno_json_element (dyno_json_member (body, "tags"), 0)), ==,
                   "\xc3\xa9");
  g_assert_cmpfloat (dyno_json_get_number (body, "weight_kg", 0), ==, 0.1);
}

static void
test_bad_json (void)
{
  static const char *const bad[] = { "", "{", "{\"label\":\"a\",\"label\":\"b\"}", "{\"year\":1e999}",
                                     "{\"year\":12345678901234567890}", "{\"label\":\"a\"} x",
                                     "{\"label\":\"a\\u0000b\"}", "\xef\xbb\xbf{}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (bad[i], strlen (bad[i]));
      g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();
      g_autoptr(GError) error = NULL;

      g_assert_null (dyno_body_parse (&route, bytes, flaws, &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_cmpstr (dyno_error_get_reason (error), ==, "BAD_REQUEST");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/field/coming-in", test_coming_in);
  g_test_add_func ("/server/field/going-out", test_going_out);
  g_test_add_func ("/server/field/text", test_text);
  g_test_add_func ("/server/field/many-flaws", test_many_flaws);
  g_test_add_func ("/server/field/nfc", test_nfc);
  g_test_add_func ("/server/field/bad-json", test_bad_json);

  return g_test_run ();
}
