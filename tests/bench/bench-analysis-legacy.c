/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Speed of the legacy engine on the text of a log of 15 columns: reading, all
 * arithmetic, all files (analysis.md 8). */

#include "config.h"

#include "dyno-bench.h"
#include "dyno-legacy-files.h"
#include "dyno-noise.h"

#define ROWS 100000
#define TIMES 9
#define HEADER "rpm,map_kpa,torque,ve_f,ve_r,spark_f,spark_r,afr_cmd_f,afr_cmd_r,afr_meas_f," \
  "afr_meas_r,iat,knock,vbatt,tps\n"

/* A number from `low` up, with two decimals. */
static void
append (GString   *text,
        DynoNoise *noise,
        double     low,
        double     spread)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double value = low + spread * dyno_noise_uniform (noise);

  g_string_append (text, g_ascii_formatd (number, sizeof number, "%.2f", value));
  g_string_append_c (text, ',');
}

static GString *
make_log (void)
{
  static const double columns[][2] = {
    { 1500, 5000 }, { 30, 70 }, { 60, 80 },   { 80, 40 },    { 80, 40 },  { 20, 15 },   { 20, 15 },
    { 12.5, 2 },    { 12.5, 2 }, { 12, 3 },   { 12, 3 },     { 70, 40 },  { 0, 1 },     { 13.5, 1 },
    { 20, 70 },
  };
  GString *text = g_string_new (HEADER);
  DynoNoise noise;

  dyno_noise_init (&noise, 1, 0);
  for (guint row = 0; row < ROWS; row++)
    {
      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        append (text, &noise, columns[c][0], columns[c][1]);
      text->str[text->len - 1] = '\n';
    }

  return text;
}

static double
run_once (const GString *log)
{
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  gint64 begin = dyno_bench_thread_us ();
  g_autofree DynoLegacyResult *result
    = dyno_legacy_run (log->str, log->len, options, NULL, NULL, NULL);
  g_autoptr(GPtrArray) files = dyno_legacy_files (result);

  g_assert_cmpuint (files->len, >, 0);

  return (double) (dyno_bench_thread_us () - begin) / 1000;
}

int
main (void)
{
  g_autoptr(GString) log = make_log ();
  double ms[TIMES];
  double median;

  dyno_bench_begin ("analysis-legacy");
  for (guint i = 0; i < TIMES; i++)
    ms[i] = run_once (log);
  median = dyno_bench_quantile (ms, TIMES, 0.5);
  dyno_bench_figure ("run_100k", median, "ms");
  dyno_bench_figure ("rate", ROWS / median / 1000, "Mrows/s");
  dyno_bench_figure ("bytes", (double) log->len / median / 1000, "MB/s");

  return 0;
}
