/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-test-ctl.h"

/* Analyses that are made for a base table: its axes, and what they make of it. The lean
 * log asks for +10 % at 3000/80, of which 7 are allowed. */

#define FRONT "RPM,60,80,100\n2000,80.0,82.5,84.0\n3000,85.0,90.0,92.5\n"
#define REAR "RPM,60,80,100\n2000,79.0,81.0,83.0\n3000,84.0,88.0,91.0\n"

typedef struct
{
  DynoTestCtl *ctl;
  char        *log;
  char        *front; /* "front=PATH" */
  char        *rear;
  char        *out;
} Fixture;

static char *
write_file (Fixture    *f,
            const char *name,
            const char *text)
{
  char *path = g_build_filename (f->ctl->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

static char *
write_side (Fixture    *f,
            const char *side,
            const char *text)
{
  g_autofree char *name = g_strconcat (side, ".csv", NULL);
  g_autofree char *path = write_file (f, name, text);

  return g_strdup_printf ("%s=%s", side, path);
}

static void
set_up (Fixture      *f,
        gconstpointer unused)
{
  f->ctl = dyno_test_ctl_new ();
  f->log = dyno_test_ctl_write_log (f->ctl, "lean.csv", 14.3, 400);
  f->front = write_side (f, "front", FRONT);
  f->rear = write_side (f, "rear", REAR);
  f->out = g_build_filename (f->ctl->folder, "out", NULL);
}

static void
tear_down (Fixture      *f,
           gconstpointer unused)
{
  dyno_test_ctl_free (f->ctl);
  g_free (f->log);
  g_free (f->front);
  g_free (f->rear);
  g_free (f->out);
}

static void
assert_file (const Fixture *f,
             const char    *name,
             const char    *wanted)
{
  g_autofree char *path = g_build_filename (f->out, name, NULL);
  g_autofree char *text = NULL;

  if (wanted == NULL)
    {
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      return;
    }
  text = dyno_test_read (path, NULL);
  g_assert_cmpstr (text, ==, wanted);
}

static DynoJson *
read_manifest (const Fixture *f)
{
  g_autofree char *path = g_build_filename (f->out, "manifest.json", NULL);
  g_autofree char *text = dyno_test_read (path, NULL);
  DynoJson *manifest = dyno_json_parse (text, -1, NULL);

  g_assert_nonnull (manifest);

  return manifest;
}

/* (transfer full) the fingerprint */
static char *
analyse_with (Fixture    *f,
              const char *front,
              const char *rear)
{
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (f->ctl, "analyze", f->log, "--base", front, "--out", f->out,
                         rear != NULL ? "--base" : NULL, rear, NULL);
  g_autoptr(DynoJson) manifest = NULL;

  dyno_test_end_assert (end, 0);
  manifest = read_manifest (f);

  return g_strdup (dyno_json_get_string (manifest, "fingerprint"));
}

/* 90 · 1.07 = 96.3, 88 · 1.07 = 94.16; what has no data keeps the base. */
static void
test_pair (Fixture      *f,
           gconstpointer unused)
{
  g_autofree char *fingerprint = analyse_with (f, f->front, f->rear);
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;
  g_autoptr(DynoJson) manifest = read_manifest (f);
  g_autofree char *sum = g_strdup (dyno_json_get_string (dyno_json_member (manifest, "base_table"),
                                                         "sha256"));
  g_autoptr(DynoJson) later = NULL;

  assert_file (f, "ve_updated_front.csv",
               "RPM,60,80,100\r\n2000,80.0,82.5,84.0\r\n3000,85.0,96.3,92.5\r\n");
  assert_file (f, "ve_updated_rear.csv",
               "RPM,60,80,100\r\n2000,79.0,81.0,83.0\r\n3000,84.0,94.2,91.0\r\n");
  assert_file (f, "paste_ve_front.txt", "80.0\t82.5\t84.0\n85.0\t96.3\t92.5");
  assert_file (f, "paste_ve_rear.txt", "79.0\t81.0\t83.0\n84.0\t94.2\t91.0");
  g_assert_cmpuint (strlen (sum), ==, 64);

  /* Other spaces are the same table, another number is another one. */
  g_free (f->front);
  f->front = write_side (f, "front", "\"RPM\",60,80,100\n2000,80,82.5,84\n3000,85,90,92.5\n");
  again = analyse_with (f, f->front, f->rear);
  later = read_manifest (f);
  g_assert_cmpstr (dyno_json_get_string (dyno_json_member (later, "base_table"), "sha256"), ==,
                   sum);
  g_free (f->front);
  f->front = write_side (f, "front", "RPM,60,80,100\n2000,80,82.5,84\n3000,85,91,92.5\n");
  other = analyse_with (f, f->front, f->rear);
  g_assert_cmpstr (other, !=, fingerprint);
}

/* A table of both cylinders stands for each; a blank cell is not pasted as anything. */
static void
test_one_table (Fixture      *f,
                gconstpointer unused)
{
  g_autofree char *path = write_file (f, "both.csv", "RPM,60,80\n2000,,82.50\n3000,85.00,90.00\n");
  g_autofree char *done = analyse_with (f, path, NULL);

  g_assert_nonnull (done);
  assert_file (f, "ve_updated_front.csv", "RPM,60,80\r\n2000,,82.50\r\n3000,85.00,96.30\r\n");
  assert_file (f, "ve_updated_rear.csv", "RPM,60,80\r\n2000,,82.50\r\n3000,85.00,96.30\r\n");
  assert_file (f, "paste_ve_front.txt", NULL);
}

/* Only one cylinder's table: nothing is said of the other. */
static void
test_front_only (Fixture      *f,
                 gconstpointer unused)
{
  g_autofree char *done = analyse_with (f, f->front, NULL);

  g_assert_nonnull (done);
  assert_file (f, "paste_ve_front.txt", "80.0\t82.5\t84.0\n85.0\t96.3\t92.5");
  assert_file (f, "ve_updated_rear.csv", NULL);
  assert_file (f, "paste_ve_rear.txt", NULL);
}

/* A stored tune gives the same numbers and the same sum as the files it was made of,
 * and what was analysed on it is not stale for a preview. */
static void
test_stored (Fixture      *f,
             gconstpointer unused)
{
  g_autofree char *of_files = analyse_with (f, f->front, f->rear);
  g_autofree char *of_tune = NULL;
  g_autoptr(DynoTestEnd) import
    = dyno_test_ctl_run (f->ctl, "--json", "tables", "import", f->front, f->rear, NULL);
  g_autoptr(DynoTestEnd) preview = NULL;
  g_autoptr(DynoJson) tables = NULL;
  g_autoptr(DynoJson) answer = NULL;
  const char *table;

  dyno_test_end_assert (import, 0);
  tables = dyno_test_end_json (import);
  table = dyno_json_get_string (dyno_json_element (dyno_json_member (tables, "tables"), 0), "id");
  of_tune = analyse_with (f, table, NULL);
  g_assert_cmpstr (of_tune, ==, of_files);
  assert_file (f, "paste_ve_rear.txt", "79.0\t81.0\t83.0\n84.0\t94.2\t91.0");

  preview = dyno_test_ctl_run (f->ctl, "--json", "preview", "--base", table, "--corrections",
                               f->out, NULL);
  dyno_test_end_assert (preview, 0);
  answer = dyno_test_end_json (preview);
  g_assert_cmpuint (dyno_json_n_elements (dyno_json_member (answer, "blocked")), ==, 0);
}

static void
assert_refused (Fixture    *f,
                const char *base,
                const char *grid,
                const char *code)
{
  g_autofree char *said = g_strdup_printf ("\"code\":\"%s\"", code);
  g_autoptr(DynoTestEnd) end
    = dyno_test_ctl_run (f->ctl, "--json", "analyze", f->log, "--base", base, "--out", f->out,
                         "--grid", grid, NULL);

  dyno_test_end_assert (end, 3);
  dyno_test_end_assert_body (end, NULL);
  g_assert_nonnull (strstr (end->err, said));
}

/* A grid beside the base's, and tables that are none by pressure. */
static void
test_refusals (Fixture      *f,
               gconstpointer unused)
{
  g_autofree char *broken = write_file (f, "broken.csv", "RPM,60,80\n2000,80,x\n");
  g_autoptr(DynoJson) manifest = NULL;

  assert_refused (f, f->front, "11x9", "GRID_MISMATCH");
  manifest = read_manifest (f);
  g_assert_cmpstr (dyno_json_get_string (manifest, "status"), ==, "error");
  g_assert_cmpstr (dyno_json_get_string (manifest, "stage"), ==, "bin");
  assert_refused (f, broken, "auto", "BAD_TABLE");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/ctl/base/pair", test_pair);
  ADD ("/ctl/base/one-table", test_one_table);
  ADD ("/ctl/base/front-only", test_front_only);
  ADD ("/ctl/base/stored", test_stored);
  ADD ("/ctl/base/refusals", test_refusals);

  return g_test_run ();
}
