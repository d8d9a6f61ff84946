/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A picture as PNG, SVG or PDF. Cairo writes none of the words that belong to
 * a file of ours, so they are put in afterwards: chunks of a PNG, <title> and
 * <desc> of an SVG. */

#include "config.h"

#include "dyno-picture.h"

#include "dyno-crypt.h"
#include "dyno-error.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <string.h>

#define PNG_WIDTH 1600
#define PNG_HEIGHT 900
#define PNG_SCALE 2
#define PAGE_WIDTH_PT (297 / 25.4 * 72)
#define PAGE_HEIGHT_PT (167 / 25.4 * 72)

/* Signature and IHDR: what stands before the first chunk of ours. */
#define PNG_HEAD_SIZE 33

static cairo_status_t
append_cb (void                *closure,
           const unsigned char *data,
           unsigned int         length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

static void
append_big_endian (GByteArray *bytes,
                   guint32     value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (bytes, (const guint8 *) &big, sizeof big);
}

/* tEXt for ASCII, iTXt for the rest. */
static void
append_text_chunk (GByteArray *bytes,
                   const char *keyword,
                   const char *text)
{
  static const guint8 plain_and_no_language[] = { 0, 0, 0, 0 };
  gboolean is_ascii = g_str_is_ascii (text);
  g_autoptr(GByteArray) chunk = g_byte_array_new ();

  if (*text == '\0')
    return;

  g_byte_array_append (chunk, (const guint8 *) (is_ascii ? "tEXt" : "iTXt"), 4);
  g_byte_array_append (chunk, (const guint8 *) keyword, (guint) strlen (keyword) + 1);
  if (!is_ascii)
    g_byte_array_append (chunk, plain_and_no_language, sizeof plain_and_no_language);
  g_byte_array_append (chunk, (const guint8 *) text, (guint) strlen (text));

  append_big_endian (bytes, chunk->len - 4);
  g_byte_array_append (bytes, chunk->data, chunk->len);
  append_big_endian (bytes, dyno_crypt_crc32 (0, chunk->data, chunk->len));
}

static GByteArray *
add_png_words (const DynoPicture *picture,
               GByteArray        *png)
{
  GByteArray *bytes = g_byte_array_sized_new (png->len + 1024);

  g_byte_array_append (bytes, png->data, PNG_HEAD_SIZE);
  append_text_chunk (bytes, "Title", dyno_picture_title (picture));
  append_text_chunk (bytes, "Description", dyno_picture_text (picture));
  append_text_chunk (bytes, "Software", "DynoAI " DYNO_VERSION);
  g_byte_array_append (bytes, png->data + PNG_HEAD_SIZE, png->len - PNG_HEAD_SIZE);

  return bytes;
}

static GByteArray *
add_svg_words (const DynoPicture *picture,
               GByteArray        *svg)
{
  g_autofree char *words = g_markup_printf_escaped ("\n<title>%s</title>\n<desc>%s</desc>",
                                                    dyno_picture_title (picture),
                                                    dyno_picture_text (picture));
  const char *file = (const char *) svg->data;
  const char *root = g_strstr_len (file, svg->len, "<svg");
  const char *end = root != NULL ? memchr (root, '>', svg->len - (gsize) (root - file)) : NULL;
  GByteArray *bytes = g_byte_array_sized_new (svg->len + 1024);
  gsize head = end != NULL ? (gsize) (end + 1 - file) : 0;

  g_byte_array_append (bytes, svg->data, (guint) head);
  if (head > 0)
    g_byte_array_append (bytes, (const guint8 *) words, (guint) strlen (words));
  g_byte_array_append (bytes, svg->data + head, svg->len - (guint) head);

  return bytes;
}

static cairo_surface_t *
make_surface (const DynoPicture *picture,
              DynoPictureKind    kind,
              GByteArray        *bytes)
{
  cairo_surface_t *surface;

  if (kind == DYNO_PICTURE_PNG)
    {
      surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, PNG_WIDTH * PNG_SCALE,
                                            PNG_HEIGHT * PNG_SCALE);
      cairo_surface_set_device_scale (surface, PNG_SCALE, PNG_SCALE);
      return surface;
    }
  if (kind == DYNO_PICTURE_SVG)
    {
      surface = cairo_svg_surface_create_for_stream (append_cb, bytes, PAGE_WIDTH_PT,
                                                     PAGE_HEIGHT_PT);
      cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PT);
      return surface;
    }

  surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, PAGE_WIDTH_PT, PAGE_HEIGHT_PT);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, dyno_picture_title (picture));
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, dyno_picture_text (picture));
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "DynoAI " DYNO_VERSION);

  return surface;
}

GBytes *
dyno_picture_write (const DynoPicture  *self,
                    DynoPictureKind     kind,
                    GError            **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = make_surface (self, kind, bytes);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  if (kind == DYNO_PICTURE_PNG)
    dyno_picture_draw (self, cr, PNG_WIDTH, PNG_HEIGHT);
  else
    dyno_picture_draw (self, cr, PAGE_WIDTH_PT, PAGE_HEIGHT_PT);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (kind == DYNO_PICTURE_PNG && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  if (status != CAIRO_STATUS_SUCCESS)
    {
      dyno_error_set (error, DYNO_ERROR_INTERNAL, NULL, "The picture could not be drawn: %s.",
                      cairo_status_to_string (status));
      return NULL;
    }

  if (kind == DYNO_PICTURE_PNG)
    return g_byte_array_free_to_bytes (add_png_words (self, bytes));
  if (kind == DYNO_PICTURE_SVG)
    return g_byte_array_free_to_bytes (add_svg_words (self, bytes));

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
