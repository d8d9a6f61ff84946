/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-paper.h"

#include "dyno-plot-text.h"
#include "dyno-plot.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define MARGIN (15 * DYNO_PT_PER_MM)
#define LEADING 2.0 /* between the rows of a table */

static const struct
{
  double width;
  double height;
} sizes[DYNO_N_PAPER_SIZES] = {
  [DYNO_PAPER_A4] = { 210 * DYNO_PT_PER_MM, 297 * DYNO_PT_PER_MM },
  [DYNO_PAPER_LETTER] = { 612, 792 },
};

static const struct
{
  double      size;
  PangoWeight weight;
  gboolean    is_dim;
} faces[DYNO_N_FACES] = {
  [DYNO_FACE_BODY] = { 9, PANGO_WEIGHT_NORMAL, FALSE },
  [DYNO_FACE_SMALL] = { 7.5, PANGO_WEIGHT_NORMAL, TRUE },
  [DYNO_FACE_CELL] = { 7, PANGO_WEIGHT_NORMAL, FALSE },
  [DYNO_FACE_BOLD] = { 9, PANGO_WEIGHT_BOLD, FALSE },
  [DYNO_FACE_HEAD] = { 10.5, PANGO_WEIGHT_BOLD, FALSE },
  [DYNO_FACE_TITLE] = { 16, PANGO_WEIGHT_BOLD, FALSE },
};

static cairo_status_t
append_cb (void                *closure,
           const unsigned char *data,
           unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

/* 1.4, so that the table of objects is one that files can be hung behind. */
static cairo_surface_t *
make_document (GByteArray    *bytes,
               DynoPaperSize  size,
               const char    *title,
               const char    *subject,
               gint64         time_ms)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_cb, bytes,
                                                                  sizes[size].width,
                                                                  sizes[size].height);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (time_ms / 1000);
  g_autofree char *stamp = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_4);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, subject);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "DynoAI " DYNO_VERSION);
  if (stamp != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, stamp);

  return surface;
}

DynoPaper *
dyno_paper_new (DynoPaperSize  size,
                const char    *title,
                const char    *subject,
                gint64         time_ms)
{
  DynoPaper *self = g_new0 (DynoPaper, 1);

  if (title != NULL)
    {
      self->bytes = g_byte_array_new ();
      self->surface = make_document (self->bytes, size, title, subject, time_ms);
    }
  else
    self->surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  self->cr = cairo_create (self->surface);
  self->left = MARGIN;
  self->right = sizes[size].width - MARGIN;
  self->top = MARGIN;
  self->bottom = sizes[size].height - MARGIN;
  self->y = self->top;
  self->page = 1;

  return self;
}

void
dyno_paper_set_foot (DynoPaper     *self,
                     double         height,
                     DynoPaperFoot  foot,
                     gpointer       user_data)
{
  self->bottom -= height;
  self->foot = foot;
  self->foot_data = user_data;
}

static void
end_page (DynoPaper *self)
{
  if (self->foot != NULL)
    self->foot (self, self->page, self->bottom, self->foot_data);
  cairo_show_page (self->cr);
}

GBytes *
dyno_paper_finish (DynoPaper *self)
{
  GBytes *bytes;

  end_page (self);
  cairo_surface_finish (self->surface);
  bytes = self->bytes != NULL ? g_byte_array_free_to_bytes (g_steal_pointer (&self->bytes)) : NULL;
  dyno_paper_free (self);

  return bytes;
}

void
dyno_paper_free (DynoPaper *self)
{
  cairo_destroy (self->cr);
  cairo_surface_destroy (self->surface);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_free (self);
}

double
dyno_paper_width (const DynoPaper *self)
{
  return self->right - self->left;
}

void
dyno_paper_need (DynoPaper *self,
                 double     height)
{
  if (self->y + height <= self->bottom || self->y <= self->top)
    return;

  end_page (self);
  self->page++;
  self->y = self->top;
}

void
dyno_paper_bookmark (DynoPaper  *self,
                     const char *title)
{
  g_autofree char *place = g_strdup_printf ("page=%u", self->page);

  if (self->bytes != NULL)
    cairo_pdf_surface_add_outline (self->surface, CAIRO_PDF_OUTLINE_ROOT, title, place, 0);
}

static PangoLayout *
lay_out (DynoPaper    *self,
         DynoFontFace  face,
         const char   *text,
         double        width,
         double        align)
{
  PangoLayout *layout = dyno_plot_text_layout (self->cr);
  g_autoptr(PangoFontDescription) font = pango_font_description_from_string ("Cantarell, Sans");

  pango_font_description_set_absolute_size (font, faces[face].size * PANGO_SCALE);
  pango_font_description_set_weight (font, faces[face].weight);
  pango_layout_set_font_description (layout, font);
  if (width >= 0)
    {
      pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
    }
  pango_layout_set_alignment (layout, align > 0.75   ? PANGO_ALIGN_RIGHT
                                      : align > 0.25 ? PANGO_ALIGN_CENTER
                                                     : PANGO_ALIGN_LEFT);
  pango_layout_set_text (layout, text, -1);

  return layout;
}

static double
layout_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);

  return (double) height / PANGO_SCALE;
}

/* In the colour of the context. */
static double
put_layout (DynoPaper    *self,
            DynoFontFace  face,
            const char   *text,
            double        x,
            double        y,
            double        width,
            double        align)
{
  g_autoptr(PangoLayout) layout = lay_out (self, face, text, width, align);
  int line_width;

  pango_layout_get_size (layout, &line_width, NULL);
  if (width < 0)
    x -= align * line_width / PANGO_SCALE;
  cairo_move_to (self->cr, x, y);
  pango_cairo_show_layout (self->cr, layout);

  return layout_height (layout);
}

static void
set_ink (DynoPaper    *self,
         DynoFontFace  face)
{
  dyno_plot_set_colour (self->cr, faces[face].is_dim ? dyno_palette_dim (DYNO_LOOK_LIGHT)
                                                     : dyno_palette_ink (DYNO_LOOK_LIGHT));
}

double
dyno_paper_put (DynoPaper    *self,
                DynoFontFace  face,
                const char   *text,
                double        x,
                double        y,
                double        width,
                double        align)
{
  set_ink (self, face);

  return put_layout (self, face, text, x, y, width, align);
}

double
dyno_paper_put_on (DynoPaper    *self,
                   DynoColour    ground,
                   DynoFontFace  face,
                   const char   *text,
                   double        x,
                   double        y,
                   double        width,
                   double        align)
{
  dyno_plot_set_colour (self->cr, dyno_palette_ink_on (ground));

  return put_layout (self, face, text, x, y, width, align);
}

double
dyno_paper_height (DynoPaper    *self,
                   DynoFontFace  face,
                   const char   *text,
                   double        width)
{
  g_autoptr(PangoLayout) layout = lay_out (self, face, text, width, 0);

  return layout_height (layout);
}

void
dyno_paper_text (DynoPaper    *self,
                 DynoFontFace  face,
                 const char   *text)
{
  g_autoptr(PangoLayout) layout = lay_out (self, face, text, dyno_paper_width (self), 0);

  for (int i = 0; i < pango_layout_get_line_count (layout); i++)
    {
      PangoLayoutLine *line = pango_layout_get_line_readonly (layout, i);
      PangoRectangle box;

      pango_layout_line_get_extents (line, NULL, &box);
      dyno_paper_need (self, (double) box.height / PANGO_SCALE);
      set_ink (self, face);
      cairo_move_to (self->cr, self->left, self->y - (double) box.y / PANGO_SCALE);
      pango_cairo_show_layout_line (self->cr, line);
      self->y += (double) box.height / PANGO_SCALE;
    }
  self->y += LEADING;
}

void
dyno_paper_head (DynoPaper  *self,
                 const char *text)
{
  dyno_paper_need (self, 4 * faces[DYNO_FACE_HEAD].size);
  self->y += 6;
  self->y += dyno_paper_put (self, DYNO_FACE_HEAD, text, self->left, self->y, -1, 0) + LEADING;
}

void
dyno_paper_rule (DynoPaper  *self,
                 DynoColour  colour,
                 double      width)
{
  dyno_plot_set_colour (self->cr, colour);
  cairo_rectangle (self->cr, self->left, self->y, dyno_paper_width (self), width);
  cairo_fill (self->cr);
  self->y += width + LEADING;
}

/* The ground of a box and the bar at its left. */
static void
draw_box (DynoPaper  *self,
          DynoColour  bar,
          double      height)
{
  cairo_rectangle (self->cr, self->left, self->y, dyno_paper_width (self), height);
  dyno_plot_set_colour (self->cr, dyno_palette_fade (bar, 0.08f));
  cairo_fill (self->cr);
  cairo_rectangle (self->cr, self->left, self->y, 3, height);
  dyno_plot_set_colour (self->cr, bar);
  cairo_fill (self->cr);
}

/* As many lines from `first` on as this page holds, at least one; the answer is the
 * line after them. */
static guint
put_box (DynoPaper  *self,
         DynoColour  bar,
         const char *head,
         GPtrArray  *lines,
         guint       first)
{
  double inner = dyno_paper_width (self) - 16;
  double height = 8 + dyno_paper_height (self, DYNO_FACE_BOLD, head, inner);
  guint end = first;
  double y;

  for (; end < lines->len; end++)
    {
      double line = dyno_paper_height (self, DYNO_FACE_BODY, g_ptr_array_index (lines, end), inner);

      if (end > first && self->y + height + line > self->bottom)
        break;
      height += line;
    }
  draw_box (self, bar, height);
  y = self->y + 4;
  y += dyno_paper_put (self, DYNO_FACE_BOLD, head, self->left + 10, y, inner, 0);
  for (guint i = first; i < end; i++)
    y += dyno_paper_put (self, DYNO_FACE_BODY, g_ptr_array_index (lines, i), self->left + 10, y,
                         inner, 0);
  self->y += height + 2 * LEADING;

  return end;
}

static double
box_height (DynoPaper  *self,
            const char *head,
            GPtrArray  *lines)
{
  double inner = dyno_paper_width (self) - 16;
  double height = 8 + dyno_paper_height (self, DYNO_FACE_BOLD, head, inner);

  for (guint i = 0; i < lines->len; i++)
    height += dyno_paper_height (self, DYNO_FACE_BODY, g_ptr_array_index (lines, i), inner);

  return height;
}

void
dyno_paper_box (DynoPaper  *self,
                DynoColour  bar,
                const char *head,
                GPtrArray  *lines)
{
  guint next = 0;

  /* What does not fit here but on the next page is kept together. */
  if (box_height (self, head, lines) < self->bottom - self->top)
    dyno_paper_need (self, box_height (self, head, lines));
  while (next < lines->len)
    {
      next = put_box (self, bar, head, lines, next);
      if (next < lines->len)
        dyno_paper_need (self, self->bottom);
    }
}

/* Table. */

/* One row at y; the answer is its height. */
static double
put_row (DynoPaper         *self,
         DynoFontFace       face,
         const char *const *columns,
         const char *const *texts,
         const double      *widths,
         guint              n)
{
  double x = self->left;
  double tallest = 0;

  for (guint i = 0; i < n; i++)
    {
      double width = widths[i] * dyno_paper_width (self);
      gboolean is_number = columns[i][0] == '>';

      if (texts[i] != NULL)
        tallest = MAX (tallest, dyno_paper_put (self, face, texts[i], x, self->y, width - 6,
                                                is_number ? 1 : 0));
      x += width;
    }

  return tallest;
}

static double
row_height (DynoPaper         *self,
            const char *const *texts,
            const double      *widths,
            guint              n)
{
  double tallest = 0;

  for (guint i = 0; i < n; i++)
    {
      if (texts[i] != NULL)
        tallest = MAX (tallest, dyno_paper_height (self, DYNO_FACE_BODY, texts[i],
                                                   widths[i] * dyno_paper_width (self) - 6));
    }

  return tallest;
}

static void
put_table_head (DynoPaper         *self,
                const char *const *columns,
                const double      *widths,
                guint              n)
{
  g_autofree const char **names = g_new (const char *, n);

  for (guint i = 0; i < n; i++)
    names[i] = columns[i][0] == '>' ? columns[i] + 1 : columns[i];
  self->y += put_row (self, DYNO_FACE_SMALL, columns, names, widths, n) + 1;
  dyno_paper_rule (self, dyno_palette_grid (DYNO_LOOK_LIGHT), 0.75);
}

void
dyno_paper_table (DynoPaper         *self,
                  const char *const *columns,
                  const double      *widths,
                  guint              n_columns,
                  GPtrArray         *cells)
{
  dyno_paper_need (self, 3 * 13);
  put_table_head (self, columns, widths, n_columns);
  for (guint i = 0; i + n_columns <= cells->len; i += n_columns)
    {
      const char *const *row = (const char *const *) &cells->pdata[i];
      double height = row_height (self, row, widths, n_columns);

      if (self->y + height > self->bottom)
        {
          dyno_paper_need (self, height);
          put_table_head (self, columns, widths, n_columns);
        }
      self->y += put_row (self, DYNO_FACE_BODY, columns, row, widths, n_columns) + LEADING;
    }
  self->y += LEADING;
}
