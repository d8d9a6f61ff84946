/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-summary.h"

#include <math.h>
#include <string.h>

#include "dyno-export-cell.h"

#define COLUMNS 78
#define INDENT 13   /* of what stands beside a label */
#define SURE 0.9    /* an assumption as sure as this is not said again */
#define WORST_CELLS 5

/* Lines */

/* Words after each other; what goes on in a next line begins under the first. */
static void
add_words (GString    *text,
           const char *words,
           guint       indent,
           guint       at)
{
  g_auto(GStrv) list = g_strsplit_set (words, " \n\t", -1);
  gboolean is_first = TRUE;

  for (guint i = 0; list[i] != NULL; i++)
    {
      guint width = (guint) g_utf8_strlen (list[i], -1);

      if (*list[i] == '\0')
        continue;
      if (!is_first && at + 1 + width > COLUMNS)
        {
          g_string_append_printf (text, "\n%*s", (int) indent, "");
          at = indent;
        }
      else if (!is_first)
        {
          g_string_append_c (text, ' ');
          at++;
        }
      g_string_append (text, list[i]);
      at += width;
      is_first = FALSE;
    }
  g_string_append_c (text, '\n');
}

static void
add_line (GString    *text,
          const char *label,
          const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append_printf (text, "%-*s", INDENT, label);
  add_words (text, value, INDENT, INDENT);
}

static void
add_title (GString    *text,
           const char *title)
{
  g_string_append_printf (text, "\n%s\n", title);
}

static void
add_item (GString    *text,
          const char *words)
{
  g_string_append (text, "  ");
  add_words (text, words, 4, 2);
}

static void
add_number (GString    *text,
            double      value,
            int         decimals,
            const char *unit)
{
  if (!isfinite (value))
    {
      g_string_append (text, "—");
      return;
    }
  dyno_export_add_number (text, value, decimals, '.');
  if (*unit != '\0')
    g_string_append_printf (text, " %s", unit);
}

/* Head */

static void
add_head (GString           *text,
          const DynoDossier *dossier)
{
  const DynoRun *run = dossier->run;
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (run->started_ms / 1000);
  g_autofree char *date
    = run->started_ms > 0 ? g_date_time_format (start, "%Y-%m-%d %H:%M:%S UTC") : NULL;
  g_autofree char *vehicle
    = dossier->vehicle != NULL
        ? g_strjoin (" ", dossier->vehicle->label, dossier->vehicle->make != NULL
                                                     ? dossier->vehicle->make : "",
                     dossier->vehicle->model != NULL ? dossier->vehicle->model : "", NULL)
        : NULL;

  g_string_append (text, "DYNO RUN\n");
  add_line (text, "Run", run->id);
  add_line (text, "Title", run->title);
  add_line (text, "Date", date != NULL ? date : "not known");
  add_line (text, "Vehicle", vehicle);
  add_line (text, "Customer", dossier->customer != NULL ? dossier->customer->name : NULL);
  add_line (text, "Dyno", run->provider);
  add_line (text, "Notes", run->notes);
}

/* Conditions and correction */

static void
add_conditions (GString              *text,
                const DynoCorrection *correction)
{
  const DynoWeather *weather = &correction->weather;
  g_autoptr(GString) line = g_string_new (NULL);

  if (!isfinite (weather->pressure_hpa) && !isfinite (weather->temperature_c))
    return;
  add_number (line, weather->pressure_hpa / 10, 2, "kPa");
  g_string_append (line, " · ");
  add_number (line, weather->temperature_c, 1, "°C");
  g_string_append (line, " · ");
  add_number (line, weather->humidity_pct, 0, "% humidity");
  g_string_append_printf (line, " (%s)", dyno_weather_source_name (weather->source));
  add_line (text, "Conditions", line->str);
}

static void
add_correction (GString              *text,
                const DynoCorrection *correction)
{
  const DynoStandardInfo *standard = dyno_standard_info (correction->standard);
  g_autoptr(GString) line = g_string_new (standard->title);

  if (correction->standard != DYNO_STANDARD_NONE)
    {
      g_string_append (line, ", factor ");
      add_number (line, correction->factor, 4, "");
      g_string_append_printf (line, "; %s", standard->formula);
    }
  add_line (text, "Correction", line->str);
}

/* Figures */

static void
add_figure (GString      *text,
            const char   *label,
            double        value_si,
            DynoQuantity  quantity,
            double        rpm)
{
  const DynoUnit *us = dyno_unit_shown (DYNO_UNITS_US, quantity);
  const DynoUnit *si = dyno_unit_si (quantity);
  g_autoptr(GString) line = g_string_new (NULL);

  if (!isfinite (value_si))
    return;
  add_number (line, value_si, 1, si->symbol);
  g_string_append (line, " = ");
  add_number (line, dyno_unit_from_si (us, value_si), 1, us->symbol);
  if (isfinite (rpm))
    {
      g_string_append (line, " at ");
      add_number (line, rpm, 0, "rpm");
    }
  add_line (text, label, line->str);
}

static double
mean_of (const double *values,
         gsize         n)
{
  double sum = 0;
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (isfinite (values[i]))
        {
          sum += values[i];
          count++;
        }
    }

  return count > 0 ? sum / (double) count : NAN;
}

static void
add_figures (GString         *text,
             const DynoPower *power)
{
  const DynoCurve *curve = power->curve;
  g_autofree char *title = NULL;

  if (curve->n == 0)
    {
      add_title (text, "POWER");
      add_item (text, "No pull was found in this run.");
      return;
    }
  title = g_strdup_printf ("PEAKS (smoothing %u)", curve->level);
  add_title (text, title);
  add_figure (text, "Power", power->peak_power.value, DYNO_QUANTITY_POWER,
              curve->is_over_speed ? NAN : power->peak_power.x);
  add_figure (text, "Torque", power->peak_torque.value, DYNO_QUANTITY_TORQUE, power->peak_torque.x);
  g_free (title);
  title = g_strdup_printf ("AVERAGES %.0f to %.0f %s", curve->x[0], curve->x[curve->n - 1],
                           curve->is_over_speed ? "km/h" : "rpm");
  add_title (text, title);
  add_figure (text, "Power", mean_of (curve->power_kw, curve->n), DYNO_QUANTITY_POWER, NAN);
  add_figure (text, "Torque", mean_of (curve->torque_nm, curve->n), DYNO_QUANTITY_TORQUE, NAN);
}

/* Mixture in the pull */

static void
add_mixture_of (GString           *text,
                const DynoDossier *dossier,
                const DynoPower   *power,
                DynoChannel        channel)
{
  const DynoColumn *column = dyno_samples_find (dossier->samples, channel);
  g_autoptr(GString) line = g_string_new (NULL);
  double low = INFINITY;
  double high = -INFINITY;
  double sum = 0;
  gsize n = 0;

  for (gsize i = power->first_row; column != NULL && i <= power->last_row; i++)
    {
      double afr = dyno_column_afr (column, i, dossier->options.stoich);

      if (!isfinite (afr))
        continue;
      low = fmin (low, afr);
      high = fmax (high, afr);
      sum += afr;
      n++;
    }
  if (n == 0)
    return;
  add_number (line, low, 2, "");
  g_string_append (line, " min, ");
  add_number (line, sum / (double) n, 2, "");
  g_string_append (line, " mean, ");
  add_number (line, high, 2, "");
  g_string_append (line, " max");
  add_line (text, dyno_channel_info (channel)->name, line->str);
}

static void
add_mixture (GString           *text,
             const DynoDossier *dossier,
             const DynoPower   *power)
{
  gsize before;

  if (power->trim != DYNO_TRIM_OK)
    return;
  before = text->len;
  add_title (text, "MIXTURE IN THE PULL (AFR)");
  for (guint i = DYNO_CHANNEL_MIX_F; i <= DYNO_CHANNEL_TARGET; i++)
    add_mixture_of (text, dossier, power, (DynoChannel) i);
  if (g_str_has_suffix (text->str, "(AFR)\n"))
    g_string_truncate (text, before);
}

/* Fuel table */

static int
worst_cell (const DynoExportGrid *grid,
            double                below)
{
  int worst = -1;

  for (guint i = 0; i < grid->n_rpm * grid->n_columns; i++)
    {
      double size = fabs (grid->values[i]);

      if (size < below && (worst < 0 || size > fabs (grid->values[worst])))
        worst = (int) i;
    }

  return worst;
}

static void
add_worst (GString              *text,
           const DynoExportGrid *grid)
{
  g_autoptr(GString) line = g_string_new (NULL);
  double below = INFINITY;

  for (guint k = 0; k < WORST_CELLS; k++)
    {
      int i = worst_cell (grid, below);

      if (i < 0 || !(fabs (grid->values[i]) > 0))
        break;
      below = fabs (grid->values[i]);
      g_string_append (line, line->len > 0 ? ", " : "");
      g_string_append_printf (line, "%.0f rpm/%.0f kPa ", grid->rpm[(guint) i / grid->n_columns],
                              grid->columns[(guint) i % grid->n_columns]);
      g_string_append (line, grid->values[i] > 0 ? "+" : "");
      add_number (line, grid->values[i], 1, "%");
    }
  add_line (text, "Worst cells", line->str);
}

static void
add_table (GString                *text,
           const DynoExportTables *tables)
{
  static const char *const sides[] = { "Front", "Rear" };
  DynoExportGrid grid;

  if (tables == NULL || !dyno_export_tables_grid (tables, DYNO_EXPORT_COMBINED, &grid))
    return;
  add_title (text, "FUEL TABLE (VE)");
  for (guint side = 0; side < G_N_ELEMENTS (sides); side++)
    {
      DynoExportGrid one;
      guint n = 0;

      if (!dyno_export_tables_grid (tables, (DynoExportSide) side, &one))
        continue;
      for (guint i = 0; i < one.n_rpm * one.n_columns; i++)
        n += !isnan (one.values[i]);
      {
        g_autofree char *line = g_strdup_printf ("%u of %u cells covered", n,
                                                 one.n_rpm * one.n_columns);

        add_line (text, sides[side], line);
      }
    }
  add_worst (text, &grid);
}

/* What is to be known of the source */

static void
add_warnings (GString         *text,
              const DynoJson  *report,
              const DynoPower *power)
{
  const DynoJson *found = dyno_json_member (report, "warnings");
  gsize before = text->len;
  gsize empty;

  add_title (text, "WARNINGS");
  empty = text->len;
  for (guint i = 0; i < dyno_json_n_elements (found); i++)
    add_item (text, dyno_json_get_string (dyno_json_element (found, i), "text"));
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->warnings >> i & 1) != 0)
        add_item (text, dyno_power_warning_sentence (i));
    }
  for (guint i = 0; i < DYNO_N_CORRECTION_WARNINGS; i++)
    {
      if ((power->correction.warnings >> i & 1) != 0)
        add_item (text, dyno_correction_sentence (i));
    }
  if (text->len == empty)
    g_string_truncate (text, before);
}

static void
add_assumptions (GString        *text,
                 const DynoJson *report)
{
  const DynoJson *found = dyno_json_member (report, "assumptions");
  gsize before = text->len;
  gsize empty;

  add_title (text, "ASSUMPTIONS");
  empty = text->len;
  for (guint i = 0; i < dyno_json_n_elements (found); i++)
    {
      const DynoJson *assumption = dyno_json_element (found, i);
      double confidence = dyno_json_get_number (assumption, "confidence", NAN);
      g_autofree char *words = NULL;

      if (!(confidence < SURE))
        continue;
      words = g_strdup_printf ("%s (%.0f %% sure)", dyno_json_get_string (assumption, "text"),
                               confidence * 100);
      add_item (text, words);
    }
  if (text->len == empty)
    g_string_truncate (text, before);
}

static void
add_source (GString           *text,
            const DynoDossier *dossier)
{
  g_autofree char *dialect = dyno_dossier_dialect (dossier);

  add_title (text, "SOURCE");
  add_line (text, "File", dossier->source_name);
  add_line (text, "Kind", dialect);
  add_line (text, "SHA-256", dossier->source_sha256);
  add_line (text, "Written by", "DynoAI " DYNO_VERSION);
}

char *
dyno_export_summary (DynoDossier            *dossier,
                     const DynoExportTables *tables)
{
  const DynoPower *power = dyno_dossier_power (dossier)->power;
  const char *json = dossier->run->report;
  g_autoptr(DynoJson) report
    = json != NULL ? dyno_json_parse_limited (json, -1, &dyno_json_limits_own, NULL) : NULL;
  GString *text = g_string_new (NULL);

  add_head (text, dossier);
  add_conditions (text, &power->correction);
  add_correction (text, &power->correction);
  add_figures (text, power);
  add_mixture (text, dossier, power);
  add_table (text, tables);
  add_warnings (text, report, power);
  add_assumptions (text, report);
  add_source (text, dossier);

  return g_string_free (text, FALSE);
}
