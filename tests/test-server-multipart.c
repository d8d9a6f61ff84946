/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-error.h"
#include "dyno-multipart.h"

#define TYPE "multipart/form-data; boundary=xX"
#define PART(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART  "Content-Disposition: form-data; name=\"file\"; " \
                   "filename=\"p \xc3\xa9.csv\"\r\nContent-Type: text/csv\r\n\r\n"

static gboolean
append_cb (const guint8  *bytes,
           gsize          size,
           gpointer       data,
           GError       **error)
{
  g_string_append_len (data, (const char *) bytes, (gssize) size);

  return TRUE;
}

/* Fed in pieces of `step` bytes. */
static DynoMultipart *
read_form (const char  *body,
           gsize        step,
           GString     *file,
           GError     **error)
{
  DynoMultipart *form = dyno_multipart_new (TYPE, append_cb, file, error);
  gsize length = strlen (body);

  g_assert_nonnull (form);
  for (gsize at = 0; at < length; at += step)
    {
      if (!dyno_multipart_feed (form, (const guint8 *) body + at, MIN (step, length - at), error))
        return form;
    }
  dyno_multipart_close (form, error);

  return form;
}

/* Cut anywhere, a form reads the same. */
static void
test_pieces (void)
{
  static const char body[] =
    "preamble\r\n--xX\r\n" PART ("clamp") "7\r\n--xX\r\n" FILE_PART
    "rpm,map\r\n--xY\r\n\r\n--x\r\n1,2\r\n--xX\r\n" PART ("note") "\r\n--xX--\r\nepilogue";

  for (gsize step = 1; step <= sizeof body; step++)
    {
      g_autoptr(GString) file = g_string_new (NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoMultipart) form = read_form (body, step, file, &error);
      GHashTable *fields = dyno_multipart_get_fields (form);

      g_assert_no_error (error);
      g_assert_cmpstr (file->str, ==, "rpm,map\r\n--xY\r\n\r\n--x\r\n1,2");
      g_assert_cmpuint (g_hash_table_size (fields), ==, 2);
      g_assert_cmpstr (g_hash_table_lookup (fields, "clamp"), ==, "7");
      g_assert_cmpstr (g_hash_table_lookup (fields, "note"), ==, "");
      g_assert_cmpstr (dyno_multipart_get_file_name (form), ==, "p \xc3\xa9.csv");
    }
}

static void
test_bad_types (void)
{
  static const char *const bad[] = {
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"",
    "multipart/form-data; boundary=\"a\tb\"",
    "multipart/form-data; boundary=012345678901234567890123456789012345678901234567890123456789"
    "01234567890",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (dyno_multipart_new (bad[i], append_cb, NULL, &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
    }
}

static void
test_bad_forms (void)
{
  g_autofree char *long_field = g_strnfill (1025, 'a');
  g_autofree char *long_head = g_strnfill (5000, 'a');
  g_autofree char *too_long = g_strconcat ("--xX\r\n" PART ("a"), long_field, "\r\n--xX--", NULL);
  g_autofree char *too_much = g_strconcat ("--xX\r\nX: ", long_head, NULL);
  const struct { const char *body; DynoErrorCode code; } cases[] = {
    { "", DYNO_ERROR_INVALID },
    { "--xX--", DYNO_ERROR_INVALID },
    { "--xX\r\n" PART ("a") "1\r\n--xX--", DYNO_ERROR_INVALID },
    { "--xX\r\n" FILE_PART "1", DYNO_ERROR_INVALID },
    { "--xX\r\n" FILE_PART "1\r\n--xX\r\n", DYNO_ERROR_INVALID },
    { "--xX\r\n" FILE_PART "1\r\n--xXx", DYNO_ERROR_INVALID },
    { "--xX\r\n" FILE_PART "1\r\n--xX\r\n" FILE_PART "2\r\n--xX--", DYNO_ERROR_INVALID },
    { "--xX\r\n" PART ("a") "1\r\n--xX\r\n" PART ("a") "2\r\n--xX--", DYNO_ERROR_INVALID },
    { "--xX\r\n\r\n1\r\n--xX--", DYNO_ERROR_INVALID },
    { "--xX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--xX--",
      DYNO_ERROR_INVALID },
    { "--xX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xX--", DYNO_ERROR_INVALID },
    { "--xX\r\nContent-Type: multipart/mixed\r\n" PART ("a") "1\r\n--xX--", DYNO_ERROR_INVALID },
    { "--xX\r\n" PART ("a") "\xff\r\n--xX--", DYNO_ERROR_INVALID },
    { too_long, DYNO_ERROR_TOO_LARGE },
    { too_much, DYNO_ERROR_TOO_LARGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) file = g_string_new (NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoMultipart) form = read_form (cases[i].body, 7, file, &error);

      g_test_message ("%.60s", cases[i].body);
      g_assert_error (error, DYNO_ERROR, (int) cases[i].code);
    }
}

static void
test_many_parts (void)
{
  g_autoptr(GString) body = g_string_new ("--xX\r\n" FILE_PART "1");
  g_autoptr(GString) file = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoMultipart) form = NULL;

  for (guint i = 0; i < 16; i++)
    g_string_append_printf (body, "\r\n--xX\r\n" PART ("f%u") "1", i);
  form = read_form (body->str, 100, file, &error);

  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_TOO_LARGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/multipart/pieces", test_pieces);
  g_test_add_func ("/server/multipart/bad-types", test_bad_types);
  g_test_add_func ("/server/multipart/bad-forms", test_bad_forms);
  g_test_add_func ("/server/multipart/many-parts", test_many_parts);

  return g_test_run ();
}
