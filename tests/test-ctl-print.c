/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-grid-file.h"
#include "dyno-listing.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-test.h"

#include <gio/gio.h>
#include <math.h>

/* What is printed, without a program around it. */

static void
assert_wrapped (const char *text,
                guint       width,
                guint       indent,
                const char *wanted)
{
  g_autofree char *wrapped = dyno_print_wrap (text, width, indent);

  g_assert_cmpstr (wrapped, ==, wanted);
}

static void
test_wrap (void)
{
  assert_wrapped ("", 10, 2, "");
  assert_wrapped ("one two three", 0, 2, "one two three");
  assert_wrapped ("one two three", 13, 2, "one two three");
  assert_wrapped ("one two three", 12, 2, "one two\n  three");
  assert_wrapped ("one two three four", 9, 2, "one two\n  three\n  four");
  assert_wrapped ("one two\nthree four\n", 7, 0, "one two\nthree\nfour\n");
  /* A word that is too long stays whole, and what stands before a line stays. */
  assert_wrapped ("abcdefghijkl mn", 5, 1, "abcdefghijkl\n mn");
  assert_wrapped ("  abcdefghijkl", 5, 1, "  abcdefghijkl");
  /* Widths are of letters, not of bytes; wide ones count twice. */
  assert_wrapped ("äöü äöü", 7, 0, "äöü äöü");
  assert_wrapped ("漢字 漢字", 8, 0, "漢字\n漢字");
}

static void
assert_number (double      value,
               int         decimals,
               const char *wanted)
{
  g_autofree char *text = dyno_print_number (value, decimals);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_numbers (void)
{
  g_autofree char *seconds = dyno_print_duration (59.9);
  g_autofree char *minute = dyno_print_duration (59.96);
  g_autofree char *hour = dyno_print_duration (7261);
  g_autofree char *never = dyno_print_duration (NAN);
  g_autofree char *bytes = dyno_print_bytes (999);
  g_autofree char *megabytes = dyno_print_bytes (12345678);
  g_autofree char *power = dyno_print_quantity (78.505, DYNO_QUANTITY_POWER, DYNO_UNITS_METRIC);
  g_autofree char *horses = dyno_print_quantity (78.505, DYNO_QUANTITY_POWER, DYNO_UNITS_US);

  assert_number (1.25, 1, "1.2");
  assert_number (-0.04, 1, "0.0");
  assert_number (-0.06, 1, "-0.1");
  assert_number (NAN, 1, "—");
  g_assert_cmpstr (seconds, ==, "59.9 s");
  g_assert_cmpstr (minute, ==, "1 min 00 s");
  g_assert_cmpstr (hour, ==, "2 h 01 min");
  g_assert_cmpstr (never, ==, "—");
  g_assert_cmpstr (bytes, ==, "999 bytes");
  g_assert_cmpstr (megabytes, ==, "12.3 MB");
  g_assert_cmpstr (power, ==, "78.5 kW");
  g_assert_cmpstr (horses, ==, "105.3 hp");
}

/* A name on the wire must not steer the terminal that shows it. */
static void
test_clean (void)
{
  g_autofree char *escape = dyno_print_clean ("a\033[2Jb");
  g_autofree char *turned = dyno_print_clean ("a\u202eb");
  g_autofree char *broken = dyno_print_clean ("a\xff" "b");
  g_autofree char *lines = dyno_print_clean ("a\nb");

  g_assert_cmpstr (escape, ==, "a\uFFFD[2Jb");
  g_assert_cmpstr (turned, ==, "a\uFFFDb");
  g_assert_cmpstr (broken, ==, "a\uFFFDb");
  g_assert_cmpstr (lines, ==, "a\nb");
}

static void
test_listing (void)
{
  static const char *const columns[] = { "name", ">n", "nothing", "says", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *whole = NULL;
  g_autofree char *narrow = NULL;

  dyno_listing_add (listing, "rpm");
  dyno_listing_add (listing, "7");
  dyno_listing_add (listing, NULL);
  dyno_listing_add (listing, "the speed of the engine");
  dyno_listing_add (listing, "wide");
  dyno_listing_add (listing, "1234");
  dyno_listing_add (listing, "");
  dyno_listing_add (listing, "");
  whole = dyno_listing_format (listing, 0);
  narrow = dyno_listing_format (listing, 32);
  g_assert_cmpstr (whole, ==,
                   "name     n  says\n"
                   "rpm      7  the speed of the engine\n"
                   "wide  1234\n");
  g_assert_cmpstr (narrow, ==,
                   "name     n  says\n"
                   "rpm      7  the speed of the\n"
                   "            engine\n"
                   "wide  1234\n");
}

static void
test_progress (void)
{
  g_autofree char *unknown = dyno_progress_bar_line ("Reading", NULL, NAN, 1, 80);
  g_autofree char *begun = dyno_progress_bar_line ("a.csv", "load", 0.05, 10, 80);
  g_autofree char *half = dyno_progress_bar_line ("a.csv", NULL, 0.5, 10, 80);
  g_autofree char *cut = dyno_progress_bar_line ("a.csv", NULL, 0.5, 10, 12);

  g_assert_cmpstr (unknown, ==, "Reading");
  g_assert_cmpstr (begun, ==, "a.csv: load  [#.......................]   5 %");
  g_assert_cmpstr (half, ==, "a.csv  [############............]  50 %, 10.0 s left");
  g_assert_cmpstr (cut, ==, "a.csv  [###");
}

/* The table of cli.md. */
static void
test_exit_statuses (void)
{
  static const int statuses[DYNO_N_ERRORS] = {
    [DYNO_ERROR_INVALID] = 3,     [DYNO_ERROR_NOT_FOUND] = 4, [DYNO_ERROR_CONFLICT] = 5,
    [DYNO_ERROR_DENIED] = 6,      [DYNO_ERROR_LIMITED] = 7,   [DYNO_ERROR_UNAVAILABLE] = 7,
    [DYNO_ERROR_CORRUPT] = 1,     [DYNO_ERROR_TOO_LARGE] = 3, [DYNO_ERROR_TIMED_OUT] = 7,
    [DYNO_ERROR_INTERNAL] = 1,
  };
  g_autoptr(GError) cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no");
  g_autoptr(GError) usage = NULL;

  for (int i = 0; i < DYNO_N_ERRORS; i++)
    {
      g_autoptr(GError) error = NULL;

      dyno_error_set (&error, (DynoErrorCode) i, NULL, "x");
      g_assert_cmpint (dyno_failure_exit_status (error), ==, statuses[i]);
    }
  dyno_failure_set_usage (&usage, "x");
  g_assert_cmpint (dyno_failure_exit_status (usage), ==, 2);
  g_assert_cmpint (dyno_failure_exit_status (cancelled), ==, 130);
  g_assert_cmpint (dyno_failure_exit_status (NULL), ==, 0);
}

static DynoGrid *
read_grid (const char  *text,
           GError     **error)
{
  g_autofree char *folder = dyno_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "grid.csv", NULL);
  DynoGrid *grid;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  grid = dyno_grid_file_read (path, NULL, error);
  dyno_test_remove_folder (folder);

  return grid;
}

static void
test_grid (void)
{
  static const char *const good[] = {
    "RPM,30,60\n1000,1.5,2\n2000,,-3\n",
    "\xEF\xBB\xBFRPM,30,60\r\n1000,'1.5,2\r\n\r\n# text\r\n2000,,-3\r\n",
    "RPM;30;60\n1000;1,5;2\n2000;;-3\n",
    "RPM\t30\t60\n1000\t1.5\t2\n2000\t\t-3",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoGrid) grid = read_grid (good[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (dyno_grid_shape_cells (&grid->shape), ==, 4);
      dyno_assert_near (grid->shape.rpm.at[1], 2000, 0);
      dyno_assert_near (grid->shape.load.at[1], 60, 0);
      dyno_assert_near (grid->values[0], 1.5, 0);
      dyno_assert_near (grid->values[2], NAN, 0);
      dyno_assert_near (grid->values[3], -3, 0);
    }
}

static void
test_grid_refusals (void)
{
  static const char *const bad[][2] = {
    { "", "is empty (0 bytes)" },
    { "\n", "line 1: A grid begins with a line of RPM" },
    { "RPM,30,60\n", "line 1: A grid begins with a line of RPM" },
    { "RPM,30,60\n1000,1,2\n2000,1\n", "line 3: 2 cells where the head has 3." },
    { "RPM,30,60\n1000,1,x\n2000,1,2\n", "line 2: “x” is no number." },
    { "RPM,30,60\n1000,1,nan\n2000,1,2\n", "line 2: “nan” is no number." },
    { "RPM,30,\n1000,1,2\n2000,1,2\n", "line 1: A column has no name" },
    { "RPM,30,60\n,1,2\n2000,1,2\n", "line 2: A row has no engine speed." },
    { "RPM,60,30\n1000,1,2\n2000,1,2\n", "line 1:" },
    { "RPM,30,60\n1000,1,2\n1000,1,2\n", "line 2:" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_grid (bad[i][0], &error));
      g_assert_error (error, DYNO_ERROR, DYNO_ERROR_INVALID);
      if (strstr (error->message, bad[i][1]) == NULL)
        g_error ("%s: not in “%s”", bad[i][1], error->message);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/print/wrap", test_wrap);
  g_test_add_func ("/ctl/print/numbers", test_numbers);
  g_test_add_func ("/ctl/print/clean", test_clean);
  g_test_add_func ("/ctl/print/listing", test_listing);
  g_test_add_func ("/ctl/print/progress", test_progress);
  g_test_add_func ("/ctl/failure/exit-statuses", test_exit_statuses);
  g_test_add_func ("/ctl/grid-file/good", test_grid);
  g_test_add_func ("/ctl/grid-file/refusals", test_grid_refusals);

  return g_test_run ();
}
