/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plot.h"

#include <math.h>

#define MIN_TICK_PX 60
#define MARKER_PX 60
#define POINT_RADIUS 2.5

/* Cairo's stroker slows down with the length of a path; a long opaque solid one
 * goes in pieces that overlap by a segment. */
#define STROKE_POINTS 96

double
dyno_plot_place (const DynoPlotScale *scale,
                 double               value)
{
  return scale->from + (value - scale->min) / (scale->max - scale->min) * (scale->to - scale->from);
}

double
dyno_plot_value (const DynoPlotScale *scale,
                 double               place)
{
  return scale->min + (place - scale->from) / (scale->to - scale->from) * (scale->max - scale->min);
}

void
dyno_plot_widen (double *min,
                 double *max)
{
  double middle;
  double half;

  if (!isfinite (*min) || !isfinite (*max))
    {
      *min = isfinite (*min) ? *min : isfinite (*max) ? *max : 0;
      *max = isfinite (*max) ? *max : *min;
    }
  if (*min > *max)
    {
      double swap = *min;

      *min = *max;
      *max = swap;
    }

  middle = *min / 2 + *max / 2;
  if (*max - *min > fmax (fabs (middle) * 1e-9, 1e-12))
    return;

  half = fmax (fabs (middle) * 0.05, 0.5);
  *min = middle - half;
  *max = middle + half;
}

/* The smallest 1, 2 or 5 × 10ⁿ that is not below `least`. */
static double
decimal_step (double least)
{
  double power = pow (10, floor (log10 (least)));
  double digit = least / power;

  if (digit <= 1)
    return power;
  if (digit <= 2)
    return 2 * power;
  if (digit <= 5)
    return 5 * power;

  return 10 * power;
}

static double
time_step (double least)
{
  static const double steps[] = { 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600 };

  if (least <= 5)
    return decimal_step (least);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (least <= steps[i])
        return steps[i];
    }

  return 3600 * decimal_step (least / 3600);
}

DynoPlotTicks
dyno_plot_ticks (double   min,
                 double   max,
                 double   length,
                 gboolean is_time)
{
  DynoPlotTicks ticks = { 0, 1, 0 };
  double least;
  double last;

  if (!(max > min) || !(length > 0) || !isfinite (max - min))
    return ticks;

  least = (max - min) * MIN_TICK_PX / length;
  ticks.step = is_time ? time_step (least) : decimal_step (least);
  /* A tick that rounding puts a hair outside belongs to the axis. */
  last = floor (max / ticks.step + 1e-9);
  ticks.first = (gint64) ceil (min / ticks.step - 1e-9);
  ticks.n = (guint) CLAMP (last - (double) ticks.first + 1, 0, DYNO_PLOT_MAX_TICKS);

  return ticks;
}

double
dyno_plot_tick (const DynoPlotTicks *ticks,
                guint                index)
{
  return (double) (ticks->first + index) * ticks->step;
}

static int
decimals_of_step (double step)
{
  return (int) CLAMP (-floor (log10 (step) + 1e-9), 0, 9);
}

/* "1:40", "−2:05:00" */
static char *
format_clock (double seconds)
{
  gint64 whole = (gint64) llround (fabs (seconds));
  const char *sign = seconds < 0 ? "−" : "";

  if (whole >= 3600)
    return g_strdup_printf ("%s%" G_GINT64_FORMAT ":%02d:%02d", sign, whole / 3600,
                            (int) (whole / 60 % 60), (int) (whole % 60));

  return g_strdup_printf ("%s%d:%02d", sign, (int) (whole / 60), (int) (whole % 60));
}

/* Groups of three before the point, from five digits on, with U+2009. */
static char *
format_grouped (double value,
                int    decimals)
{
  char format[8];
  char digits[64];
  GString *text = g_string_new (value < 0 ? "−" : "");
  gsize n_whole;

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (digits, sizeof digits, format, fabs (value));
  for (n_whole = 0; g_ascii_isdigit (digits[n_whole]); n_whole++)
    ;
  for (gsize i = 0; i < n_whole; i++)
    {
      if (i > 0 && n_whole >= 5 && (n_whole - i) % 3 == 0)
        g_string_append (text, "\xe2\x80\x89");
      g_string_append_c (text, digits[i]);
    }
  g_string_append (text, digits + n_whole);

  return g_string_free (text, FALSE);
}

char *
dyno_plot_tick_text (const DynoPlotTicks *ticks,
                     guint                index,
                     gboolean             is_time)
{
  double value = dyno_plot_tick (ticks, index);

  if (value == 0)
    return g_strdup ("0");
  if (is_time && ticks->step >= 1 && fabs (value) >= 60)
    return format_clock (value);

  return format_grouped (value, decimals_of_step (ticks->step));
}

void
dyno_plot_round (double *min,
                 double *max,
                 double  length)
{
  DynoPlotTicks ticks;

  dyno_plot_widen (min, max);
  ticks = dyno_plot_ticks (*min, *max, fmax (length, 2 * MIN_TICK_PX), FALSE);
  *min = floor (*min / ticks.step + 1e-9) * ticks.step;
  *max = ceil (*max / ticks.step - 1e-9) * ticks.step;
}

DynoPlotStyle
dyno_plot_style (DynoLook      look,
                 DynoLayerKind kind,
                 guint         trace,
                 DynoDash      dash,
                 double        width)
{
  DynoPlotStyle style = {
    .colour = dyno_palette_trace (look, trace),
    .width = width,
    .dash = dash,
    .is_marked = dyno_palette_is_marked (trace),
  };

  if (kind == DYNO_LAYER_RAW)
    {
      style.width = 1;
      style.is_marked = FALSE;
      if (dyno_look_is_high_contrast (look))
        style.dash = DYNO_DASH_DOTS;
      else
        style.colour.alpha = 0.35f;
    }
  if (kind == DYNO_LAYER_BAND)
    style.colour.alpha = dyno_look_is_high_contrast (look) ? 0.35f : 0.18f;

  return style;
}

void
dyno_plot_set_colour (cairo_t    *cr,
                      DynoColour  colour)
{
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, colour.alpha);
}

/* On and off, in px. */
static void
dash_lengths (const DynoPlotStyle *style,
              double               lengths[2])
{
  static const double dashes[DYNO_N_DASHES][2] = {
    { 0, 0 }, { 6, 3 }, { 2, 2 }, { 1, 3 }, { 1, 2 },
  };
  double scale = fmax (style->width, 1);

  lengths[0] = dashes[style->dash][0] * scale;
  lengths[1] = dashes[style->dash][1] * scale;
}

double
dyno_plot_period (const DynoPlotStyle *style)
{
  double lengths[2];

  dash_lengths (style, lengths);

  return lengths[0] + lengths[1];
}

static void
set_stroke (cairo_t             *cr,
            const DynoPlotStyle *style)
{
  double lengths[2];

  dash_lengths (style, lengths);
  dyno_plot_set_colour (cr, style->colour);
  cairo_set_line_width (cr, style->width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_dash (cr, lengths, style->dash != DYNO_DASH_SOLID ? 2 : 0, style->phase);
}

/* A vector file keeps whole paths, and pieces that overlap show through. */
static gboolean
may_break_path (cairo_t             *cr,
                const DynoPlotStyle *style)
{
  cairo_surface_type_t type = cairo_surface_get_type (cairo_get_target (cr));

  return (type == CAIRO_SURFACE_TYPE_IMAGE || type == CAIRO_SURFACE_TYPE_RECORDING)
         && style->dash == DYNO_DASH_SOLID && style->colour.alpha == 1;
}

static void
draw_disc (cairo_t *cr,
           double   x,
           double   y,
           double   radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
}

static void
draw_markers (cairo_t             *cr,
              const DynoPlotStyle *style,
              const DynoPlotPoint *points,
              gsize                n)
{
  for (gsize i = 1; i < n; i++)
    {
      double at = floor ((points[i].x - style->anchor) / MARKER_PX) * MARKER_PX
                  + style->anchor;
      double part = (at - points[i - 1].x) / (points[i].x - points[i - 1].x);

      if (at > points[i - 1].x && !isnan (points[i].y) && !isnan (points[i - 1].y))
        draw_disc (cr, at, points[i - 1].y + part * (points[i].y - points[i - 1].y),
                   2 * style->width);
    }
  cairo_fill (cr);
}

/* Strokes what is traced. After a gap the dashes begin anew. */
static void
end_stroke (cairo_t             *cr,
            const DynoPlotStyle *style)
{
  DynoPlotStyle next = *style;

  cairo_stroke (cr);
  next.phase = 0;
  if (style->phase != 0)
    set_stroke (cr, &next);
}

void
dyno_plot_curve (cairo_t             *cr,
                 const DynoPlotStyle *style,
                 const DynoPlotPoint *points,
                 gsize                n)
{
  gboolean may_break = may_break_path (cr, style);
  gboolean is_down = FALSE;
  guint n_path = 0;

  set_stroke (cr, style);
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (points[i].y))
        {
          if (is_down && style->phase != 0)
            end_stroke (cr, style);
          is_down = FALSE;
          continue;
        }
      if (!is_down)
        {
          cairo_move_to (cr, points[i].x, points[i].y);
          /* A lone reading is a dot, not nothing. */
          if (i + 1 == n || isnan (points[i + 1].y))
            cairo_rel_line_to (cr, 1, 0);
        }
      else
        cairo_line_to (cr, points[i].x, points[i].y);
      if (may_break && is_down && ++n_path == STROKE_POINTS)
        {
          cairo_stroke (cr);
          cairo_move_to (cr, points[i - 1].x, points[i - 1].y);
          cairo_line_to (cr, points[i].x, points[i].y);
          n_path = 0;
        }
      is_down = TRUE;
    }
  cairo_stroke (cr);
  if (style->is_marked)
    draw_markers (cr, style, points, n);
}

void
dyno_plot_band (cairo_t             *cr,
                const DynoPlotStyle *style,
                const DynoPlotPoint *low,
                const DynoPlotPoint *high,
                gsize                n)
{
  gsize begin = 0;

  dyno_plot_set_colour (cr, style->colour);
  while (begin < n)
    {
      gsize end;

      for (; begin < n && (isnan (low[begin].y) || isnan (high[begin].y)); begin++)
        ;
      for (end = begin; end < n && !isnan (low[end].y) && !isnan (high[end].y); end++)
        cairo_line_to (cr, low[end].x, low[end].y);
      for (gsize i = end; i-- > begin;)
        cairo_line_to (cr, high[i].x, high[i].y);
      cairo_close_path (cr);
      cairo_fill (cr);
      begin = end;
    }
}

/* The least distance between two neighbours, so that bars do not touch. */
static double
bar_width (const DynoPlotPoint *points,
           gsize                n)
{
  double least = INFINITY;

  for (gsize i = 1; i < n; i++)
    {
      double step = points[i].x - points[i - 1].x;

      if (step > 0)
        least = fmin (least, step);
    }

  return isfinite (least) ? CLAMP (least * 0.8, 1, 40) : 8;
}

void
dyno_plot_bars (cairo_t             *cr,
                const DynoPlotStyle *style,
                const DynoPlotPoint *points,
                gsize                n,
                double               base)
{
  double width = bar_width (points, n);

  dyno_plot_set_colour (cr, style->colour);
  for (gsize i = 0; i < n; i++)
    {
      if (!isnan (points[i].y))
        cairo_rectangle (cr, points[i].x - width / 2, points[i].y, width, base - points[i].y);
    }
  cairo_fill (cr);
}

void
dyno_plot_points (cairo_t             *cr,
                  const DynoPlotStyle *style,
                  const DynoPlotPoint *points,
                  gsize                n)
{
  dyno_plot_set_colour (cr, style->colour);
  for (gsize i = 0; i < n; i++)
    {
      if (!isnan (points[i].y))
        draw_disc (cr, points[i].x, points[i].y, POINT_RADIUS * style->width / 2);
    }
  cairo_fill (cr);
}

void
dyno_plot_hatch (cairo_t *cr,
                 DynoLook look,
                 double   x,
                 double   y,
                 double   width,
                 double   height)
{
  /* √2 · 6: lines at 45° whose distance is 6. */
  const double step = 6 * G_SQRT2;

  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  dyno_plot_set_colour (cr, dyno_palette_ground (look));
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  dyno_plot_set_colour (cr, dyno_palette_hatch (look));
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, NULL, 0, 0);
  for (double at = floor ((x + y) / step) * step; at <= x + y + width + height; at += step)
    {
      cairo_move_to (cr, at - y, y);
      cairo_line_to (cr, at - y - height, y + height);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}
