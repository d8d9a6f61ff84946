/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-logo.h"

#include "dyno-error.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define DOTS_PER_PT (300 / 72.0)

static GBytes *
read_file (const char  *path,
           GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr(GBytes) bytes = NULL;

  if (stream != NULL)
    bytes = g_input_stream_read_bytes (G_INPUT_STREAM (stream), DYNO_LOGO_MAX_BYTES + 1, NULL, NULL);
  if (bytes == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_NOT_FOUND, NULL,
                      "The logo “%s” cannot be read. Choose it again in the settings.", path);
      return NULL;
    }
  if (g_bytes_get_size (bytes) > DYNO_LOGO_MAX_BYTES)
    {
      dyno_error_set (error, DYNO_ERROR_TOO_LARGE, NULL,
                      "The logo “%s” is larger than 2 MiB. Choose a smaller picture.", path);
      return NULL;
    }

  return g_steal_pointer (&bytes);
}

/* Of one pixel, as cairo wants it: native order, premultiplied. */
static guint32
premultiply (const guint8 *p,
             gboolean      has_alpha)
{
  guint a = has_alpha ? p[3] : 255;

  return a << 24 | (p[0] * a + 127) / 255 << 16 | (p[1] * a + 127) / 255 << 8
         | (p[2] * a + 127) / 255;
}

static cairo_surface_t *
to_surface (GdkPixbuf *pixbuf)
{
  int width = gdk_pixbuf_get_width (pixbuf);
  int height = gdk_pixbuf_get_height (pixbuf);
  int n = gdk_pixbuf_get_n_channels (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guint8 *out = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++)
    {
      for (int x = 0; x < width; x++)
        {
          guint32 pixel = premultiply (pixels + y * gdk_pixbuf_get_rowstride (pixbuf) + x * n,
                                       gdk_pixbuf_get_has_alpha (pixbuf));

          memcpy (out + y * stride + x * 4, &pixel, sizeof pixel);
        }
    }
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, DOTS_PER_PT, DOTS_PER_PT);

  return surface;
}

cairo_surface_t *
dyno_logo_load (const char  *path,
                double       width_pt,
                double       height_pt,
                GError     **error)
{
  g_autoptr(GBytes) bytes = read_file (path, error);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GdkPixbuf) pixbuf = NULL;

  if (bytes == NULL)
    return NULL;
  stream = g_memory_input_stream_new_from_bytes (bytes);
  pixbuf = gdk_pixbuf_new_from_stream_at_scale (stream, (int) (width_pt * DOTS_PER_PT),
                                                (int) (height_pt * DOTS_PER_PT), TRUE, NULL, NULL);
  if (pixbuf == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL,
                      "The logo “%s” is no picture that can be read. Choose a PNG, JPEG or SVG.",
                      path);
      return NULL;
    }

  return to_surface (pixbuf);
}
