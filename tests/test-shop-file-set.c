/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "dyno-error.h"
#include "dyno-file-set.h"
#include "dyno-test.h"

/* Files that are written together: all of them or none. */

typedef struct
{
  char *folder; /* (owned) */
  char *one;    /* (owned) */
  char *two;    /* (owned) */
} Fixture;

static void
fixture_set_up (Fixture       *f,
                gconstpointer  unused)
{
  f->folder = dyno_test_make_folder ();
  f->one = g_build_filename (f->folder, "one.csv", NULL);
  f->two = g_build_filename (f->folder, "two.csv", NULL);
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  unused)
{
  dyno_test_remove_folder (f->folder);
  g_free (f->folder);
  g_free (f->one);
  g_free (f->two);
}

static void
put_text (const char *path,
          const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_text (const char *path,
             const char *wanted)
{
  g_autofree char *text = dyno_test_read (path, NULL);

  g_assert_cmpstr (text, ==, wanted);
}

static void
assert_n_files (const Fixture *f,
                guint          wanted)
{
  g_autoptr(GDir) dir = g_dir_open (f->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, wanted);
}

static gboolean
write_pair (const Fixture *f,
            const char    *two,
            GError       **error)
{
  g_autoptr(DynoFileSet) set = dyno_file_set_new ();
  g_autoptr(GBytes) first = g_bytes_new_static ("front", 5);
  g_autoptr(GBytes) second = g_bytes_new_static ("rear", 4);

  dyno_file_set_add (set, f->one, first);
  dyno_file_set_add (set, two, second);

  return dyno_file_set_write (set, error);
}

static void
assert_refused (const Fixture *f,
                const char    *two)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (write_pair (f, two, &error));
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, two));
}

static void
test_both (Fixture       *f,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  put_text (f->two, "old");
  g_assert_true (write_pair (f, f->two, &error));
  g_assert_no_error (error);
  assert_text (f->one, "front");
  assert_text (f->two, "rear");
  assert_n_files (f, 2);
}

/* The second one cannot even be written aside. */
static void
test_no_folder (Fixture       *f,
                gconstpointer  unused)
{
  g_autofree char *nowhere = g_build_filename (f->folder, "nowhere", "two.csv", NULL);

  put_text (f->one, "old");
  assert_refused (f, nowhere);
  assert_text (f->one, "old");
  assert_n_files (f, 1);
}

/* The second one is refused when the first is in its place already. */
static void
test_put_back (Fixture       *f,
               gconstpointer  unused)
{
  g_assert_cmpint (g_mkdir (f->two, 0700), ==, 0);
  assert_refused (f, f->two);
  g_assert_false (g_file_test (f->one, G_FILE_TEST_EXISTS));
  assert_n_files (f, 1);

  put_text (f->one, "old");
  assert_refused (f, f->two);
  assert_text (f->one, "old");
  g_assert_true (g_file_test (f->two, G_FILE_TEST_IS_DIR));
  assert_n_files (f, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/shop/file-set/both", Fixture, NULL, fixture_set_up, test_both, fixture_tear_down);
  g_test_add ("/shop/file-set/no-folder", Fixture, NULL, fixture_set_up, test_no_folder,
              fixture_tear_down);
  g_test_add ("/shop/file-set/put-back", Fixture, NULL, fixture_set_up, test_put_back,
              fixture_tear_down);

  return g_test_run ();
}
