/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-export-chart.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-export-cell.h"

#define PLOT_HEIGHT 600 /* px that ticks of an axis are chosen for */
#define MARGIN 0.02      /* of the range, so that no line lies on the frame */
#define MOST_POINTS 7200 /* of a curve: two for each dot that a page has */

/* Words */

char *
dyno_export_chart_name (const DynoDossier *dossier)
{
  const DynoRun *run = dossier->run;
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (run->started_ms / 1000);
  g_autofree char *date
    = run->started_ms > 0 ? g_date_time_format (start, "%Y-%m-%d ") : g_strdup ("");
  const char *title = run->title != NULL && *run->title != '\0' ? run->title : run->id;

  return g_strconcat (date, title, NULL);
}

char *
dyno_export_chart_origin (const DynoDossier *dossier)
{
  const char *sum = dossier->source_sha256;

  return g_strdup_printf ("%s · DynoAI " DYNO_VERSION "%s%.16s", dossier->run->id,
                          sum != NULL ? " · source " : "", sum != NULL ? sum : "");
}

/* A channel */

static const DynoExportColumn *
find_column (GPtrArray  *columns,
             const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const DynoExportColumn *column = g_ptr_array_index (columns, i);

      if (g_str_equal (column->name, name) || g_str_equal (column->column->name, name))
        return column;
    }

  return NULL;
}

static void
fail_channel (GPtrArray   *columns,
              const char  *name,
              GError     **error)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((const DynoExportColumn *) columns->pdata[i])->name);
  dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "export_channel",
                  "This run has no channel “%s”. It has: %s.", name, names->str);
}

/* A line on its way to the page: with more readings than dots, the least and the
 * greatest of each box of time, so that no spike is lost. */
typedef struct
{
  GArray *x;     /* (owned) of double */
  GArray *y;     /* (owned) of double */
  double  box_s; /* 0: every reading is a point */
  double  from;  /* of the box in hand, NaN: none */
  double  low;
  double  high;
} Line;

static void
put_point (Line   *line,
           double  x,
           double  y)
{
  g_array_append_val (line->x, x);
  g_array_append_val (line->y, y);
}

static void
close_box (Line *line)
{
  if (isnan (line->from))
    return;
  put_point (line, line->from, line->low);
  if (line->high > line->low)
    put_point (line, line->from, line->high);
  line->from = NAN;
}

static void
add_reading (Line   *line,
             double  t,
             double  value)
{
  if (!(t - line->from < line->box_s))
    {
      close_box (line);
      line->from = t;
      line->low = value;
      line->high = value;
    }
  line->low = fmin (line->low, value);
  line->high = fmax (line->high, value);
}

/* A gap lifts the pen. */
static void
fill_line (Line                   *line,
           const DynoExportColumn *column,
           const DynoSamples      *samples)
{
  gsize n = dyno_samples_n_rows (samples);
  const double *time_s = dyno_samples_time (samples);
  double gap_s = dyno_samples_gap_s (samples);
  double last = NAN;

  line->box_s = n > MOST_POINTS ? dyno_samples_duration (samples) / (MOST_POINTS / 2) : 0;
  line->from = NAN;
  for (gsize i = 0; i < n; i++)
    {
      double value = dyno_export_column_value (column, i);

      if (isnan (value))
        continue;
      if (time_s[i] - last > gap_s)
        {
          close_box (line);
          put_point (line, time_s[i], NAN);
        }
      add_reading (line, time_s[i], value);
      last = time_s[i];
    }
  close_box (line);
}

static void
find_ends (const GArray *y,
           double       *min,
           double       *max)
{
  *min = INFINITY;
  *max = -INFINITY;
  for (guint i = 0; i < y->len; i++)
    {
      *min = fmin (*min, g_array_index (y, double, i));
      *max = fmax (*max, g_array_index (y, double, i));
    }
}

/* What a person calls it: the channel, or the column of the log. */
static const char *
title_of (const DynoExportColumn *column)
{
  return column->column->channel != DYNO_CHANNEL_NONE
           ? dyno_channel_info (column->column->channel)->title : column->name;
}

static void
set_channel_axes (DynoPicture            *picture,
                  const DynoExportColumn *column,
                  const DynoSamples      *samples,
                  const GArray           *y)
{
  g_autofree char *label = g_strdup_printf ("%s%s%s", title_of (column),
                                            *column->unit != '\0' ? ", " : "", column->unit);
  double margin;
  double min;
  double max;

  find_ends (y, &min, &max);
  dyno_plot_widen (&min, &max);
  /* What is never below nought gets no axis below it. */
  margin = (max - min) * MARGIN;
  min = min >= 0 ? fmax (min - margin, 0) : min - margin;
  max = max <= 0 ? fmin (max + margin, 0) : max + margin;
  dyno_plot_round (&min, &max, PLOT_HEIGHT);
  dyno_picture_set_x (picture, dyno_samples_has_time (samples) ? "Time, s" : "Row",
                      dyno_samples_has_time (samples), 0, dyno_samples_duration (samples));
  dyno_picture_set_y (picture, 0, DYNO_SIDE_LEFT, label, min, max);
}

static void
set_channel_words (DynoPicture            *picture,
                   const DynoDossier      *dossier,
                   const DynoExportColumn *column,
                   const GArray           *y)
{
  g_autofree char *origin = dyno_export_chart_origin (dossier);
  g_autofree char *caption = g_strdup_printf ("As recorded, not smoothed · %s", origin);
  g_autoptr(GString) text = g_string_new (title_of (column));
  double min;
  double max;

  find_ends (y, &min, &max);
  g_string_append (text, " over time, from ");
  dyno_export_add_number (text, min, column->decimals, '.');
  g_string_append (text, " to ");
  dyno_export_add_number (text, max, column->decimals, '.');
  g_string_append_printf (text, " %s.", column->unit);
  dyno_picture_set_caption (picture, caption);
  dyno_picture_set_text (picture, text->str);
}

DynoPicture *
dyno_export_channel_chart (DynoDossier      *dossier,
                           const char       *channel,
                           DynoExportUnits   units,
                           GError          **error)
{
  g_autoptr(GPtrArray) columns = dyno_export_columns_new (dossier->samples, units);
  const DynoExportColumn *column = find_column (columns, channel);
  g_autofree char *name = dyno_export_chart_name (dossier);
  g_autofree char *title = NULL;
  Line line;
  DynoPicture *picture;
  guint n;

  if (column == NULL)
    {
      fail_channel (columns, channel, error);
      return NULL;
    }
  title = g_strdup_printf ("%s, %s", title_of (column), name);
  picture = dyno_picture_new (DYNO_LOOK_LIGHT, title);
  line = (Line) { .x = g_array_new (FALSE, FALSE, sizeof (double)),
                  .y = g_array_new (FALSE, FALSE, sizeof (double)) };
  fill_line (&line, column, dossier->samples);
  n = line.x->len;
  dyno_picture_add_pane (picture, "", 1);
  set_channel_axes (picture, column, dossier->samples, line.y);
  set_channel_words (picture, dossier, column, line.y);
  dyno_picture_take_curve (picture, 0, DYNO_SIDE_LEFT, DYNO_LAYER_LINE, DYNO_DASH_SOLID, 0, name,
                           n, (double *) g_array_free (line.x, FALSE),
                           (double *) g_array_free (line.y, FALSE), NULL);

  return picture;
}
