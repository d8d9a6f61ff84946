/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plot-text.h"

#include <pango/pangocairo.h>

static const cairo_user_data_key_t collector_key;

void
dyno_plot_text_collect (cairo_t *cr,
                        GString *svg)
{
  cairo_set_user_data (cr, &collector_key, svg, NULL);
}

PangoLayout *
dyno_plot_text_layout (cairo_t *cr)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);

  pango_context_set_language (pango_layout_get_context (layout),
                              pango_language_from_string ("en"));
  pango_layout_context_changed (layout);

  return layout;
}

static void
set_text (PangoLayout *layout,
          const char  *text,
          double       size)
{
  g_autoptr(PangoFontDescription) font = pango_font_description_from_string ("Cantarell, Sans");

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
}

double
dyno_plot_text_width (PangoLayout *layout,
                      const char  *text,
                      double       size)
{
  int width;

  set_text (layout, text, size);
  pango_layout_get_size (layout, &width, NULL);

  return (double) width / PANGO_SCALE;
}

static const char *
anchor_of (double align)
{
  return align < 0.25 ? "start" : align > 0.75 ? "end" : "middle";
}

static void
add_number (GString    *svg,
            const char *name,
            double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.2f", value);
  g_string_append_printf (svg, " %s=\"%s\"", name, text);
}

static void
add_fill (GString *svg,
          cairo_t *cr)
{
  double red = 0;
  double green = 0;
  double blue = 0;
  double alpha = 1;

  cairo_pattern_get_rgba (cairo_get_source (cr), &red, &green, &blue, &alpha);
  g_string_append_printf (svg, " fill=\"rgb(%d,%d,%d)\"", (int) (red * 255 + 0.5),
                          (int) (green * 255 + 0.5), (int) (blue * 255 + 0.5));
}

/* `baseline` is its place. */
static void
collect (GString    *svg,
         cairo_t    *cr,
         const char *text,
         double      size,
         double      x,
         double      baseline,
         double      align)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  cairo_user_to_device (cr, &x, &baseline);
  g_string_append (svg, "<text font-family=\"Cantarell, sans-serif\"");
  add_number (svg, "font-size", size);
  add_number (svg, "x", x);
  add_number (svg, "y", baseline);
  g_string_append_printf (svg, " text-anchor=\"%s\"", anchor_of (align));
  add_fill (svg, cr);
  g_string_append_printf (svg, ">%s</text>\n", escaped);
}

double
dyno_plot_text (cairo_t     *cr,
                PangoLayout *layout,
                const char  *text,
                double       size,
                double       x,
                double       y,
                double       align)
{
  GString *svg = cairo_get_user_data (cr, &collector_key);
  int width;
  int height;
  double top;

  set_text (layout, text, size);
  pango_layout_get_size (layout, &width, &height);
  top = y - 0.5 * height / PANGO_SCALE;
  if (svg != NULL)
    {
      collect (svg, cr, text, size, x,
               top + (double) pango_layout_get_baseline (layout) / PANGO_SCALE, align);
    }
  else
    {
      cairo_move_to (cr, x - align * width / PANGO_SCALE, top);
      pango_cairo_show_layout (cr, layout);
    }

  return (double) width / PANGO_SCALE;
}
