/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-test.h"
#include "dyno-upload.h"

static guint
count_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_kept (void)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autoptr(GError) error = NULL;
  DynoUpload *upload = dyno_upload_new (folder, &error);
  g_autofree char *read = NULL;
  g_autofree char *sum = dyno_crypt_sha256_hex ("rpm,map\n1,2\n", 12);
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  g_assert_true (dyno_upload_append (upload, "rpm,map\n", 8, &error));
  g_assert_true (dyno_upload_append (upload, "1,2\n", 4, &error));
  dyno_upload_close (upload);

  g_assert_cmpuint (dyno_upload_get_size (upload), ==, 12);
  g_assert_cmpstr (dyno_upload_get_sha256 (upload), ==, sum);
  g_assert_cmpuint (count_files (folder), ==, 0);
  path = g_strdup (dyno_upload_get_path (upload));
  read = dyno_test_read (path, NULL);
  g_assert_cmpstr (read, ==, "rpm,map\n1,2\n");

  dyno_upload_ref (upload);
  dyno_upload_unref (upload);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  dyno_upload_unref (upload);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  dyno_test_remove_folder (folder);
}

static void
test_no_folder (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_upload_new ("/nowhere/at/all", &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_null (strstr (error->message, "nowhere"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/upload/kept", test_kept);
  g_test_add_func ("/server/upload/no-folder", test_no_folder);

  return g_test_run ();
}
