/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <cairo-pdf.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "dyno-attach.h"
#include "dyno-error.h"
#include "dyno-test.h"

#define TIME_MS G_GINT64_CONSTANT (1767261600000)

static cairo_status_t
append_cb (void                *closure,
           const unsigned char *data,
           unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

static GBytes *
draw_document (gboolean has_outline)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, 200, 100);
  cairo_t *cr;

  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, "Prüfblatt");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, "2026-01-01T10:00:00Z");
  cr = cairo_create (surface);
  cairo_move_to (cr, 20, 40);
  cairo_show_text (cr, "A sheet");
  if (has_outline)
    cairo_pdf_surface_add_outline (surface, CAIRO_PDF_OUTLINE_ROOT, "Page one", "page=1", 0);
  cairo_show_page (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return g_byte_array_free_to_bytes (bytes);
}

static GBytes *
noise (gsize length)
{
  guint8 *bytes = g_malloc (length);
  GRand *rand = g_rand_new_with_seed (7);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_rand_int_range (rand, 0, 256);
  g_rand_free (rand);

  return g_bytes_new_take (bytes, length);
}

/* A run and its table behind the document. */
static GBytes *
attach_two (GBytes *pdf,
            GBytes *run,
            GBytes *table)
{
  const DynoAttachment files[] = {
    { "run_b.dynorun", "The run", DYNO_ATTACH_SOURCE, run },
    { "run_(a)\\1.csv", "Die Werte", DYNO_ATTACH_DATA, table },
  };
  g_autoptr(GError) error = NULL;
  GBytes *bytes = dyno_attach_add (pdf, "de", files, G_N_ELEMENTS (files), TIME_MS, &error);

  g_assert_no_error (error);

  return bytes;
}

static void
test_round_trip (gconstpointer has_outline)
{
  g_autoptr(GBytes) pdf = draw_document (GPOINTER_TO_INT (has_outline));
  g_autoptr(GBytes) run = noise (100000);
  g_autoptr(GBytes) table = g_bytes_new_static ("Time (s),RPM\r\n0,1000\r\n", 22);
  g_autoptr(GBytes) sheet = attach_two (pdf, run, table);
  g_autoptr(GBytes) again = attach_two (pdf, run, table);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got_run = dyno_attach_take (sheet, DYNO_ATTACH_SOURCE, 1 << 20, &error);
  g_autoptr(GBytes) got_table = dyno_attach_take (sheet, DYNO_ATTACH_DATA, 1 << 20, NULL);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (sheet, again));
  g_assert_nonnull (got_run);
  g_assert_true (g_bytes_equal (got_run, run));
  g_assert_true (g_bytes_equal (got_table, table));
  g_assert_cmpint (memcmp (g_bytes_get_data (sheet, NULL), g_bytes_get_data (pdf, NULL),
                           g_bytes_get_size (pdf)), ==, 0);
}

static void
test_empty_file (void)
{
  g_autoptr(GBytes) pdf = draw_document (FALSE);
  g_autoptr(GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr(GBytes) sheet = attach_two (pdf, nothing, nothing);
  g_autoptr(GBytes) got = dyno_attach_take (sheet, DYNO_ATTACH_SOURCE, 10, NULL);

  g_assert_nonnull (got);
  g_assert_cmpuint (g_bytes_get_size (got), ==, 0);
}

static void
test_too_large (void)
{
  g_autoptr(GBytes) pdf = draw_document (FALSE);
  g_autoptr(GBytes) run = noise (5000);
  g_autoptr(GBytes) sheet = attach_two (pdf, run, run);
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_attach_take (sheet, DYNO_ATTACH_SOURCE, 4999, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_TOO_LARGE);
}

static gboolean
contains (GBytes     *bytes,
          const char *text)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i + strlen (text) <= length; i++)
    {
      if (memcmp (data + i, text, strlen (text)) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
test_nothing_attached (void)
{
  g_autoptr(GBytes) pdf = draw_document (TRUE);
  g_autoptr(GBytes) sheet = dyno_attach_add (pdf, "en", NULL, 0, TIME_MS, NULL);
  g_autoptr(GBytes) text = g_bytes_new_static ("%PDF-1.4 startxref", 18);
  GBytes *const documents[] = { pdf, sheet, text };

  g_assert_true (contains (sheet, "/Lang (en)"));
  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (dyno_attach_take (documents[i], DYNO_ATTACH_SOURCE, 100, &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      g_assert_cmpstr (dyno_error_get_reason (error), ==, "import_format_unsupported");
    }
}

static void
test_no_document (void)
{
  g_autoptr(GBytes) text = g_bytes_new_static ("a letter", 8);
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_attach_add (text, "en", NULL, 0, TIME_MS, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INTERNAL);
}

/* Every byte, one after the other: never another run, and always found. */
static void
test_flipped_bytes (void)
{
  g_autoptr(GBytes) pdf = draw_document (FALSE);
  g_autoptr(GBytes) run = noise (300);
  g_autoptr(GBytes) sheet = attach_two (pdf, run, run);
  gsize length;
  const guint8 *data = g_bytes_get_data (sheet, &length);

  g_assert_true (dyno_attach_verify (sheet, NULL));
  for (gsize i = 0; i < length; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      g_autoptr(GBytes) damaged = NULL;
      g_autoptr(GBytes) got = NULL;

      copy[i] ^= 0x15;
      damaged = g_bytes_new_take (g_steal_pointer (&copy), length);
      got = dyno_attach_take (damaged, DYNO_ATTACH_SOURCE, 1 << 20, NULL);
      g_assert_true (got == NULL || g_bytes_equal (got, run));
      g_assert_false (dyno_attach_verify (damaged, NULL));
    }
}

/* Cut anywhere: refused, no crash. */
static void
test_cut (void)
{
  g_autoptr(GBytes) pdf = draw_document (FALSE);
  g_autoptr(GBytes) run = noise (300);
  g_autoptr(GBytes) sheet = attach_two (pdf, run, run);

  for (gsize n = 0; n + 8 < g_bytes_get_size (sheet); n += 3)
    {
      g_autoptr(GBytes) cut = g_bytes_new_from_bytes (sheet, 0, n);
      g_autoptr(GBytes) got = dyno_attach_take (cut, DYNO_ATTACH_SOURCE, 1 << 20, NULL);

      g_assert_null (got);
    }
}

/* A reader that is not ours lists and gives back both. */
static void
test_other_reader (void)
{
  g_autoptr(GBytes) pdf = draw_document (TRUE);
  g_autoptr(GBytes) run = noise (50000);
  g_autoptr(GBytes) table = g_bytes_new_static ("Time (s)\r\n", 10);
  g_autoptr(GBytes) sheet = attach_two (pdf, run, table);
  g_autofree char *detach = g_find_program_in_path ("pdfdetach");
  g_autofree char *folder = g_dir_make_tmp ("dyno-attach-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "sheet.pdf", NULL);
  g_autofree char *out = g_build_filename (folder, "run", NULL);
  g_autofree char *listing = NULL;
  g_autofree char *got = NULL;
  gsize length;

  if (detach == NULL)
    {
      g_test_skip ("pdfdetach (poppler-utils) is not installed");
      return;
    }
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (sheet, NULL),
                                      (gssize) g_bytes_get_size (sheet), NULL));
  {
    const char *list[] = { detach, "-list", path, NULL };
    const char *save[] = { detach, "-save", "2", "-o", out, path, NULL };

    g_assert_true (g_spawn_sync (NULL, (char **) list, NULL, G_SPAWN_DEFAULT, NULL, NULL, &listing,
                                 NULL, NULL, NULL));
    g_assert_true (g_spawn_sync (NULL, (char **) save, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                                 NULL, NULL, NULL));
  }
  g_assert_nonnull (strstr (listing, "2 embedded files"));
  g_assert_nonnull (strstr (listing, "run_(a)\\1.csv"));
  g_assert_true (g_file_get_contents (out, &got, &length, NULL));
  g_assert_cmpmem (got, length, g_bytes_get_data (run, NULL), g_bytes_get_size (run));
  g_unlink (out);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/shop/attach/round-trip", GINT_TO_POINTER (FALSE), test_round_trip);
  g_test_add_data_func ("/shop/attach/round-trip-with-bookmarks", GINT_TO_POINTER (TRUE),
                        test_round_trip);
  g_test_add_func ("/shop/attach/empty-file", test_empty_file);
  g_test_add_func ("/shop/attach/too-large", test_too_large);
  g_test_add_func ("/shop/attach/nothing-attached", test_nothing_attached);
  g_test_add_func ("/shop/attach/no-document", test_no_document);
  g_test_add_func ("/shop/attach/flipped-bytes", test_flipped_bytes);
  g_test_add_func ("/shop/attach/cut", test_cut);
  g_test_add_func ("/shop/attach/other-reader", test_other_reader);

  return g_test_run ();
}
