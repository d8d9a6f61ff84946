/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-runs.h"

#include <math.h>

#define RATE_HZ 20
#define PULL_S 8
#define HOLD_S 3
#define TARGET 13.0

static void
append (GString *text,
        double   value,
        int      decimals)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *format = g_strdup_printf ("%%.%df", decimals);

  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, ',');
  g_string_append (text, g_ascii_formatd (number, sizeof number, format, value));
}

static GString *
begin (void)
{
  return g_string_new ("Time (s),Engine RPM,Engine Torque (Nm),MAP kPa,TPS (%),AFR Front,AFR Rear,"
                       "AFR Cmd F,AFR Cmd R,ECT (degC),Barometric Pressure (kPa),"
                       "Temperature 1 (degC),Humidity (%)\n");
}

static void
append_rest (GString *text,
             double   map_kpa,
             double   tps,
             double   front,
             double   rear)
{
  append (text, map_kpa, 1);
  append (text, tps, 1);
  append (text, front, 2);
  append (text, rear, 2);
  append (text, TARGET, 2);
  append (text, TARGET, 2);
  append (text, 95, 0);
  append (text, 96, 2);
  append (text, 28, 1);
  append (text, 40, 0);
  g_string_append_c (text, '\n');
}

char *
dyno_test_runs_pull_text (double peak_nm)
{
  GString *text = begin ();

  for (int i = 0; i <= PULL_S * RATE_HZ; i++)
    {
      double rpm = 2000 + 3800.0 * i / (PULL_S * RATE_HZ);
      double wave = sin (rpm / 300);

      append (text, (double) i / RATE_HZ, 3);
      append (text, rpm, 1);
      append (text, peak_nm - 22 * pow ((rpm - 3400) / 2000, 2) + 0.4 * sin (i * 1.7), 2);
      append_rest (text, 97 + 0.5 * (i % 3), 99.5 + 0.25 * (i % 3), TARGET + 0.35 * wave,
                   TARGET - 0.2 + 0.3 * wave);
    }

  return g_string_free (text, FALSE);
}

/* One step of the table: half a second to get there, then held with a little noise. */
static void
append_step (GString *text,
             int     *row,
             double   rpm,
             double   map_kpa,
             double   front,
             double   rear)
{
  for (int i = 0; i < HOLD_S * RATE_HZ; i++, (*row)++)
    {
      append (text, (double) *row / RATE_HZ, 3);
      append (text, rpm + 6 * sin (i * 0.9), 1);
      append (text, 80, 1);
      append_rest (text, map_kpa + 0.2 * sin (i * 0.7), map_kpa, front + 0.02 * sin (i * 1.3),
                   rear + 0.02 * cos (i * 1.1));
    }
}

char *
dyno_test_runs_cells_text (double front_pct,
                           double rear_pct)
{
  GString *text = begin ();
  int row = 0;

  for (int r = 0; r <= 10; r++)
    {
      for (int l = 0; l <= 8; l++)
        append_step (text, &row, 1500 + 500 * r, 20 + 10 * l,
                     TARGET * (1 + front_pct * (l - 4) / 400.0),
                     TARGET * (1 + rear_pct * (l - 4) / 400.0));
    }

  return g_string_free (text, FALSE);
}

char *
dyno_test_runs_write (const char *folder,
                      const char *name,
                      const char *text)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return path;
}

DynoRun *
dyno_test_runs_import (DynoShop   *shop,
                       const char *path,
                       const char *vehicle,
                       const char *tags,
                       const char *notes)
{
  DynoAwait *await = dyno_await_new ();
  DynoImportRequest *request = dyno_import_request_new (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) outcome = NULL;

  request->vehicle = g_strdup (vehicle);
  request->tags = tags != NULL ? g_strsplit (tags, ",", -1) : NULL;
  request->notes = g_strdup (notes);
  dyno_import_job_async (shop, request, NULL, NULL, dyno_await_cb, await);
  outcome = dyno_import_job_finish (dyno_await_wait (await), &error);
  dyno_await_free (await);
  g_assert_no_error (error);

  return g_steal_pointer (&outcome->run);
}

void
dyno_test_runs_fill (DynoShop   *shop,
                     const char *folder,
                     guint       n)
{
  static const char *const vehicles[] = { "FXDLS Rosa", "Road Glide", NULL };

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = dyno_test_runs_pull_text (120 + i);
      g_autofree char *name = g_strdup_printf ("Pull %u.csv", i + 1);
      g_autofree char *path = dyno_test_runs_write (folder, name, text);
      g_autoptr(DynoRun) run =
          dyno_test_runs_import (shop, path, vehicles[i % G_N_ELEMENTS (vehicles)],
                                 i % 4 == 0 ? "stage2" : NULL, NULL);

      g_assert_cmpint (run->number, >, 0);
    }
}

DynoRun *
dyno_test_runs_get (DynoShop   *shop,
                    const char *run_id)
{
  DynoAwait *await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = NULL;

  dyno_runbook_get_async (shop, run_id, NULL, dyno_await_cb, await);
  detail = dyno_runbook_get_finish (dyno_await_wait (await), &error);
  dyno_await_free (await);
  g_assert_no_error (error);

  return g_steal_pointer (&detail->run);
}

void
dyno_test_runs_edit (DynoShop      *shop,
                     DynoRun       *run,
                     DynoRunFields  fields)
{
  DynoAwait *await = dyno_await_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) now = NULL;

  dyno_runbook_edit_async (shop, run, fields, NULL, dyno_await_cb, await);
  now = dyno_runbook_edit_finish (dyno_await_wait (await), &error);
  dyno_await_free (await);
  g_assert_no_error (error);
  g_assert_nonnull (now);
}
