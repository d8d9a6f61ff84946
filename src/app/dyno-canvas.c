/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-canvas.h"

#include <string.h>

struct _DynoCanvas
{
  cairo_surface_t *pages[2]; /* (owned) (nullable) */
  guint            shown;    /* index */
  int              width;    /* px of the widget */
  int              height;
  int              scale;
};

DynoCanvas *
dyno_canvas_new (void)
{
  return g_new0 (DynoCanvas, 1);
}

static void
drop_pages (DynoCanvas *self)
{
  g_clear_pointer (&self->pages[0], cairo_surface_destroy);
  g_clear_pointer (&self->pages[1], cairo_surface_destroy);
}

void
dyno_canvas_free (DynoCanvas *self)
{
  if (self == NULL)
    return;

  drop_pages (self);
  g_free (self);
}

gboolean
dyno_canvas_resize (DynoCanvas *self,
                    int         width,
                    int         height,
                    int         scale)
{
  if (self->pages[0] != NULL && self->width == width && self->height == height
      && self->scale == scale)
    return FALSE;

  drop_pages (self);
  self->width = width;
  self->height = height;
  self->scale = scale;
  for (int i = 0; i < 2; i++)
    self->pages[i] =
        cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);

  return TRUE;
}

/* Row by row; a quarter of what cairo takes for it. */
static void
copy_shifted (cairo_surface_t *from,
              cairo_surface_t *to,
              int              shift)
{
  int width = cairo_image_surface_get_width (to);
  int height = cairo_image_surface_get_height (to);
  int stride = cairo_image_surface_get_stride (to);
  gsize n_kept = (gsize) MAX (width - ABS (shift), 0) * 4;
  gsize n_clear = (gsize) width * 4 - n_kept;
  const guint8 *source = cairo_image_surface_get_data (from);
  guint8 *target = cairo_image_surface_get_data (to);

  for (int y = 0; y < height; y++, source += stride, target += stride)
    {
      if (shift >= 0)
        {
          memcpy (target, source + ((gsize) width * 4 - n_kept), n_kept);
          memset (target + n_kept, 0, n_clear);
        }
      else
        {
          memset (target, 0, n_clear);
          memcpy (target + n_clear, source, n_kept);
        }
    }
}

cairo_t *
dyno_canvas_begin (DynoCanvas *self,
                   int         shift)
{
  cairo_surface_t *from = self->pages[self->shown];
  cairo_surface_t *to;
  cairo_t *cr;

  self->shown = 1 - self->shown;
  to = self->pages[self->shown];
  cairo_surface_flush (from);
  cairo_surface_flush (to);
  copy_shifted (from, to, shift);
  cairo_surface_mark_dirty (to);
  cr = cairo_create (to);
  cairo_scale (cr, self->scale, self->scale);

  return cr;
}

/* A plain surface as a source would be copied whole as soon as its page is drawn
 * on again, in case somebody still shows it. A raster source hands out the page
 * itself; two pages are what makes that right. */

static cairo_surface_t *
acquire_cb (cairo_pattern_t             *pattern,
            void                        *page,
            cairo_surface_t             *target,
            const cairo_rectangle_int_t *extents)
{
  return cairo_surface_reference (page);
}

static void
release_cb (cairo_pattern_t *pattern,
            void            *page,
            cairo_surface_t *surface)
{
  cairo_surface_destroy (surface);
}

static cairo_status_t
copy_cb (cairo_pattern_t       *pattern,
         void                  *page,
         const cairo_pattern_t *other)
{
  cairo_surface_reference (page);

  return CAIRO_STATUS_SUCCESS;
}

static void
finish_cb (cairo_pattern_t *pattern,
           void            *page)
{
  cairo_surface_destroy (page);
}

void
dyno_canvas_append (DynoCanvas  *self,
                    GtkSnapshot *snapshot)
{
  cairo_surface_t *page = self->pages[self->shown];
  graphene_rect_t bounds =
      GRAPHENE_RECT_INIT (0, 0, (float) self->width, (float) self->height);
  cairo_pattern_t *pattern =
      cairo_pattern_create_raster_source (cairo_surface_reference (page),
                                          CAIRO_CONTENT_COLOR_ALPHA,
                                          cairo_image_surface_get_width (page),
                                          cairo_image_surface_get_height (page));
  cairo_matrix_t matrix;
  cairo_t *cr;

  cairo_raster_source_pattern_set_acquire (pattern, acquire_cb, release_cb);
  cairo_raster_source_pattern_set_copy (pattern, copy_cb);
  cairo_raster_source_pattern_set_finish (pattern, finish_cb);
  cairo_matrix_init_scale (&matrix, self->scale, self->scale);
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);

  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_set_source (cr, pattern);
  cairo_rectangle (cr, 0, 0, self->width, self->height);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_pattern_destroy (pattern);
}
