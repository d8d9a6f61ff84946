/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* With DYNO_TEST_KEEP naming a folder, the sheets stay there to be looked at. */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "dyno-sheet.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

static DynoPullPower *
make_power (void)
{
  g_autoptr(DynoSamples) samples = dyno_test_pull_samples (0, NULL);
  DynoPowerOptions options;

  dyno_power_options_init (&options);

  return dyno_pull_power_make (samples, &options, NULL);
}

static DynoSheetRun *
add_run (DynoSheet  *sheet,
         const char *name)
{
  g_autoptr(DynoPullPower) power = make_power ();
  DynoSheetRun *run = dyno_sheet_add_run (sheet, name, "run_0123456789abcdefghij", power);

  run->date = g_strdup ("2026-03-01 10:15");
  run->sha256 = g_strdup ("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");

  return run;
}

static DynoSheet *
make_sheet (void)
{
  DynoSheet *sheet = dyno_sheet_new ();

  sheet->time_ms = G_GINT64_CONSTANT (1772360100000);
  sheet->shop = g_strdup ("Müller & Söhne Tuning");
  sheet->address = g_strdup ("Am Ring 7, 53520 Nürburg");
  sheet->customer = g_strdup ("Renée O'Hara");
  sheet->vehicle = g_strdup ("FXDLS Rosa 2016");
  sheet->notes = g_strdup ("Jet 190, cold day.");
  add_run (sheet, "Run 14");

  return sheet;
}

static void
keep (const char *name,
      GBytes     *pdf)
{
  const char *folder = g_getenv ("DYNO_TEST_KEEP");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL)
    g_file_set_contents (path, g_bytes_get_data (pdf, NULL), (gssize) g_bytes_get_size (pdf), NULL);
}

/* The words of a document by a reader that is not ours; NULL where it is not installed:
 * then the test has been skipped. */
static char *
words_of (GBytes *pdf)
{
  g_autofree char *program = g_find_program_in_path ("pdftotext");
  g_autofree char *folder = g_dir_make_tmp ("dyno-sheet-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "sheet.pdf", NULL);
  const char *words[] = { program, "-layout", "-enc", "UTF-8", path, "-", NULL };
  char *text = NULL;

  if (program == NULL)
    {
      g_test_skip ("pdftotext (poppler-utils) is not installed");
      g_rmdir (folder);
      return NULL;
    }
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (pdf, NULL),
                                      (gssize) g_bytes_get_size (pdf), NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text,
                               NULL, NULL, NULL));
  g_unlink (path);
  g_rmdir (folder);

  return text;
}

static void
assert_says (const char *text,
             const char *what)
{
  if (strstr (text, what) == NULL)
    g_error ("“%s” is not in:\n%s", what, text);
}

static void
test_words (void)
{
  g_autoptr(DynoSheet) sheet = make_sheet ();
  g_autoptr(GBytes) pdf = NULL;
  g_autofree char *text = NULL;
  guint n_pages;

  pdf = dyno_sheet_draw (sheet, &n_pages, NULL);
  g_assert_nonnull (pdf);
  g_assert_cmpuint (n_pages, ==, 1);
  keep ("sheet.pdf", pdf);
  text = words_of (pdf);
  if (text == NULL)
    return;

  assert_says (text, "Müller & Söhne Tuning");
  assert_says (text, "Renée O'Hara");
  assert_says (text, "FXDLS Rosa 2016");
  assert_says (text, "Run 14");
  assert_says (text, "SAE (as Dynojet prints it), factor ");
  assert_says (text, "Smoothing level 2 (±50 rpm)");
  assert_says (text, "SHA-256 of its source 0123456789abcdef\n");
  assert_says (text, "Page 1 of 1");
  assert_says (text, "Jet 190, cold day.");
  g_assert_null (strstr (text, "SIMULATOR"));
  g_assert_null (strstr (text, "nan"));
}

/* The figure of the sheet is that of the curve, in the reader's units. */
static void
test_figures (void)
{
  g_autoptr(DynoSheet) sheet = make_sheet ();
  const DynoSheetRun *run = g_ptr_array_index (sheet->runs, 0);
  g_autoptr(GBytes) pdf = NULL;
  g_autofree char *text = NULL;
  g_autofree char *peak = NULL;

  sheet->units = DYNO_UNITS_US;
  pdf = dyno_sheet_draw (sheet, NULL, NULL);
  text = words_of (pdf);
  if (text == NULL)
    return;
  peak = g_strdup_printf ("%.1f hp", run->power->power->peak_power.value * 1000 / DYNO_W_PER_HP);
  assert_says (text, peak);
  assert_says (text, "lbf·ft");
  assert_says (text, "inHg");
}

static void
test_same_bytes (void)
{
  g_autoptr(DynoSheet) one = make_sheet ();
  g_autoptr(DynoSheet) two = make_sheet ();
  g_autoptr(GBytes) a = dyno_sheet_draw (one, NULL, NULL);
  g_autoptr(GBytes) b = dyno_sheet_draw (two, NULL, NULL);

  g_assert_true (g_bytes_equal (a, b));
}

static void
test_simulated (void)
{
  g_autoptr(DynoSheet) sheet = make_sheet ();
  g_autoptr(GBytes) pdf = NULL;
  g_autofree char *text = NULL;

  ((DynoSheetRun *) g_ptr_array_index (sheet->runs, 0))->is_simulated = TRUE;
  pdf = dyno_sheet_draw (sheet, NULL, NULL);
  keep ("simulated.pdf", pdf);
  text = words_of (pdf);
  if (text != NULL)
    assert_says (text, "Simulated: no engine made this power.");
}

static void
test_baseline (void)
{
  g_autoptr(DynoSheet) sheet = make_sheet ();
  g_autoptr(GBytes) pdf = NULL;
  g_autofree char *text = NULL;
  guint n_pages;

  add_run (sheet, "Run 12");
  sheet->baseline = 1;
  pdf = dyno_sheet_draw (sheet, &n_pages, NULL);
  g_assert_cmpuint (n_pages, ==, 1);
  text = words_of (pdf);
  if (text == NULL)
    return;
  assert_says (text, "Run 12 (baseline)");
  assert_says (text, "Over the baseline");
  assert_says (text, "0.0 kW");
}

/* A run in which nothing was pulled still gives a sheet that says so. */
static void
test_no_pull (void)
{
  g_autoptr(DynoSheet) sheet = dyno_sheet_new ();
  g_autoptr(DynoSamples) samples = dyno_samples_builder_finish (dyno_samples_builder_new (0));
  g_autoptr(DynoPullPower) power = NULL;
  g_autoptr(GBytes) pdf = NULL;
  g_autofree char *text = NULL;
  DynoPowerOptions options;

  dyno_power_options_init (&options);
  power = dyno_pull_power_make (samples, &options, NULL);
  dyno_sheet_add_run (sheet, "Run 3", "run_0123456789abcdefghij", power)->date = g_strdup ("");
  pdf = dyno_sheet_draw (sheet, NULL, NULL);
  g_assert_nonnull (pdf);
  keep ("no-pull.pdf", pdf);
  text = words_of (pdf);
  if (text == NULL)
    return;
  assert_says (text, "There is no pull in this run");
  g_assert_null (strstr (text, "nan"));
}

static void
add_grids (DynoSheet *sheet)
{
  static const char *const titles[] = { "VE correction, front, %", "Hits, front", "VE before, front" };
  DynoGridShape shape;

  g_assert_true (dyno_grid_shape_named (&shape, "11x9"));
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      guint n = dyno_grid_shape_cells (&shape);
      double *values = g_new (double, n);

      for (guint cell = 0; cell < n; cell++)
        values[cell] = cell % 7 == 0 ? NAN : i == 1 ? cell * 4.0 : cell * 0.14 - 7;
      dyno_sheet_add_grid (sheet, titles[i], (DynoSheetGridKind) ((i + 1) % 3), i == 1 ? 0 : 2,
                           &shape, values);
    }
}

static void
test_full (void)
{
  g_autoptr(DynoSheet) sheet = make_sheet ();
  g_autoptr(GBytes) pdf = NULL;
  g_autofree char *text = NULL;
  guint n_pages;

  sheet->form = DYNO_SHEET_FULL;
  sheet->size = DYNO_PAPER_LETTER;
  add_grids (sheet);
  g_ptr_array_add (sheet->findings, g_strdup ("One cell stands out."));
  pdf = dyno_sheet_draw (sheet, &n_pages, NULL);
  g_assert_cmpuint (n_pages, >, 1);
  keep ("full.pdf", pdf);
  text = words_of (pdf);
  if (text == NULL)
    return;
  assert_says (text, "VE correction, front, %");
  assert_says (text, "One cell stands out.");
  assert_says (text, "Customer, date");
  g_assert_null (strstr (text, "nan"));
}

/* Twenty runs and a text that no page holds: all of it is there, on more pages. */
static void
test_much (void)
{
  g_autoptr(DynoSheet) sheet = make_sheet ();
  g_autoptr(GString) notes = g_string_new (NULL);
  g_autoptr(GBytes) pdf = NULL;
  g_autofree char *text = NULL;
  guint n_pages;

  for (guint i = 1; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("Run %u", 100 + i);
      DynoSheetRun *run = add_run (sheet, name);
      g_autofree char *warning = g_strdup_printf ("Warning number %u.", i);

      run->stored_as = g_strdup ("std-j607");
      g_ptr_array_add (sheet->warnings, g_steal_pointer (&warning));
    }
  for (guint i = 0; i < 120; i++)
    g_string_append_printf (notes, "Sentence %u of a long note. ", i);
  g_free (sheet->notes);
  sheet->notes = g_string_free (g_steal_pointer (&notes), FALSE);
  pdf = dyno_sheet_draw (sheet, &n_pages, NULL);
  keep ("much.pdf", pdf);
  g_assert_cmpuint (n_pages, >, 1);
  text = words_of (pdf);
  if (text == NULL)
    return;
  assert_says (text, "Run 119");
  assert_says (text, "Warning number 19.");
  assert_says (text, "119 of a long note");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shop/sheet/words", test_words);
  g_test_add_func ("/shop/sheet/figures", test_figures);
  g_test_add_func ("/shop/sheet/same-bytes", test_same_bytes);
  g_test_add_func ("/shop/sheet/simulated", test_simulated);
  g_test_add_func ("/shop/sheet/baseline", test_baseline);
  g_test_add_func ("/shop/sheet/no-pull", test_no_pull);
  g_test_add_func ("/shop/sheet/full", test_full);
  g_test_add_func ("/shop/sheet/much", test_much);

  return g_test_run ();
}
