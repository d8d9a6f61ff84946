/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test.h"

#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

char *
dyno_test_make_folder (void)
{
  g_autoptr(GError) error = NULL;
  char *path = g_dir_make_tmp ("dyno-test-XXXXXX", &error);

  g_assert_no_error (error);

  return path;
}

void
dyno_test_remove_folder (const char *path)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  if (folder == NULL)
    {
      g_unlink (path);
      return;
    }

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        dyno_test_remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

char *
dyno_test_shared_file (const char *name)
{
  const char *root = g_getenv ("DYNO_SHARED_DATA");
  g_autofree char *path = g_build_filename (root != NULL ? root : ".", name, NULL);
  g_autofree char *message = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);

  message = g_strdup_printf ("the shared data has no %s here", name);
  g_test_skip (message);

  return NULL;
}

DynoJson *
dyno_test_shared_json (const char *name)
{
  g_autofree char *path = dyno_test_shared_file (name);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  DynoJson *json;

  if (path == NULL)
    return NULL;

  text = dyno_test_read (path, NULL);
  json = dyno_json_parse_limited (text, -1, &dyno_json_limits_own, &error);
  g_assert_no_error (error);

  return json;
}

char *
dyno_test_read (const char *path,
                gsize      *length)
{
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, length, &error);
  g_assert_no_error (error);

  return text;
}

void
dyno_test_assert_near (const char *file,
                       int         line,
                       const char *function,
                       const char *what,
                       double      a,
                       double      b,
                       double      tolerance)
{
  g_autofree char *message = NULL;

  if (isnan (a) && isnan (b))
    return;
  if (a == b || fabs (a - b) <= tolerance * fmax (1, fabs (b)))
    return;

  message = g_strdup_printf ("%s: %.17g, not %.17g within %g", what, a, b, tolerance);
  g_assertion_message (G_LOG_DOMAIN, file, line, function, message);
}

static gboolean
wake_up_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

void
dyno_test_wait_for (gboolean (*is_done) (gpointer),
                    gpointer data,
                    int      seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint timer = g_timeout_add (5, wake_up_cb, NULL);

  while (!is_done (data) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  g_assert_true (is_done (data));
}

double
dyno_test_planted (const GPtrArray *truth,
                   double           rpm,
                   double           map_kpa,
                   const char      *cylinder)
{
  for (guint i = 0; i < truth->len; i++)
    {
      const DynoJson *line = g_ptr_array_index (truth, i);

      if (g_strcmp0 (dyno_json_get_string (line, "event"), "cell") == 0
          && dyno_json_get_number (line, "rpm", 0) == rpm
          && dyno_json_get_number (line, "map_kpa", 0) == map_kpa)
        return dyno_json_get_number (line, cylinder, NAN);
    }

  return NAN;
}

void
dyno_test_say (const char *format,
               ...)
{
  va_list args;
  char line[100];
  int size;

  va_start (args, format);
  size = g_vsnprintf (line, sizeof line, format, args);
  va_end (args);
  if (write (STDOUT_FILENO, line, (size_t) size) != size)
    _exit (2);
}
