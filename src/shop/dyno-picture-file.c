/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Cairo writes none of the words that belong to a file of ours, so they are put in
 * afterwards: chunks of a PNG, <title>, <desc> and the text of an SVG. */

#include "config.h"

#include "dyno-picture-file.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-plot-text.h"

#define PNG_WIDTH 1600
#define PNG_HEIGHT 900
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
add_png_words (const DynoPictureFile *self,
               GByteArray            *png)
{
  GByteArray *bytes = g_byte_array_sized_new (png->len + 1024);

  g_byte_array_append (bytes, png->data, PNG_HEAD_SIZE);
  append_text_chunk (bytes, "Title", self->title);
  append_text_chunk (bytes, "Description", self->text);
  append_text_chunk (bytes, "Software", "DynoAI " DYNO_VERSION);
  append_text_chunk (bytes, "Run", self->run_id != NULL ? self->run_id : "");
  g_byte_array_append (bytes, png->data + PNG_HEAD_SIZE, png->len - PNG_HEAD_SIZE);

  return bytes;
}

static void
append (GByteArray *bytes,
        const char *text,
        gsize       length)
{
  g_byte_array_append (bytes, (const guint8 *) text, (guint) length);
}

/* Cairo numbers its surfaces through the life of the program: here they begin at 1, so
 * that the same drawing is the same file. */
static GByteArray *
renumber (GByteArray *svg)
{
  static const char word[] = "surface";
  g_autoptr(GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GByteArray *bytes = g_byte_array_sized_new (svg->len);
  const char *at = (const char *) svg->data;
  const char *end = at + svg->len;
  const char *found;

  while ((found = g_strstr_len (at, end - at, word)) != NULL)
    {
      const char *digits = found + strlen (word);
      gsize n = 0;
      g_autofree char *number = NULL;
      g_autofree char *own = NULL;

      while (digits + n < end && g_ascii_isdigit (digits[n]))
        n++;
      append (bytes, at, (gsize) (digits - at));
      at = digits + n;
      if (n == 0)
        continue;
      number = g_strndup (digits, n);
      if (!g_hash_table_contains (numbers, number))
        g_hash_table_insert (numbers, g_strdup (number),
                             GUINT_TO_POINTER (g_hash_table_size (numbers) + 1));
      own = g_strdup_printf ("%u", GPOINTER_TO_UINT (g_hash_table_lookup (numbers, number)));
      append (bytes, own, strlen (own));
    }
  append (bytes, at, (gsize) (end - at));

  return bytes;
}

/* Title and description behind the root's tag, the text before its end. */
static GByteArray *
add_svg_words (const DynoPictureFile *self,
               GByteArray            *svg,
               const GString         *texts)
{
  static const char end_tag[] = "</svg>";
  g_autofree char *words
    = g_markup_printf_escaped ("\n<title>%s</title>\n<desc>%s</desc>\n"
                               "<metadata>%s DynoAI " DYNO_VERSION "</metadata>",
                               self->title, self->text, self->run_id != NULL ? self->run_id : "");
  const char *file = (const char *) svg->data;
  const char *root = g_strstr_len (file, svg->len, "<svg");
  const char *head = root != NULL ? memchr (root, '>', svg->len - (gsize) (root - file)) : NULL;
  const char *tail = g_strrstr_len (file, svg->len, end_tag);
  GByteArray *bytes = g_byte_array_sized_new (svg->len + (guint) texts->len + 1024);

  g_assert (head != NULL && tail != NULL && head < tail);
  append (bytes, file, (gsize) (head + 1 - file));
  append (bytes, words, strlen (words));
  append (bytes, head + 1, (gsize) (tail - head - 1));
  append (bytes, texts->str, texts->len);
  append (bytes, tail, svg->len - (gsize) (tail - file));

  return bytes;
}

static cairo_surface_t *
make_pdf (const DynoPictureFile *self,
          GByteArray            *bytes)
{
  cairo_surface_t *surface
    = cairo_pdf_surface_create_for_stream (append_cb, bytes, PAGE_WIDTH_PT, PAGE_HEIGHT_PT);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, self->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, self->text);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "DynoAI " DYNO_VERSION);
  if (self->run_id != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_KEYWORDS, self->run_id);
  if (self->date_ms > 0)
    {
      g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (self->date_ms / 1000);
      g_autofree char *text = g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ");

      cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, text);
    }

  return surface;
}

static cairo_surface_t *
make_surface (const DynoPictureFile *self,
              DynoPictureKind        kind,
              GByteArray            *bytes)
{
  cairo_surface_t *surface;

  if (kind == DYNO_PICTURE_PDF)
    return make_pdf (self, bytes);
  if (kind == DYNO_PICTURE_SVG)
    {
      surface = cairo_svg_surface_create_for_stream (append_cb, bytes, PAGE_WIDTH_PT,
                                                     PAGE_HEIGHT_PT);
      cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PT);
      return surface;
    }

  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (PNG_WIDTH * self->scale),
                                        (int) (PNG_HEIGHT * self->scale));
  cairo_surface_set_device_scale (surface, self->scale, self->scale);

  return surface;
}

static cairo_status_t
draw (const DynoPictureFile *self,
      DynoPictureKind        kind,
      cairo_surface_t       *surface,
      GString               *texts)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  if (kind == DYNO_PICTURE_SVG)
    dyno_plot_text_collect (cr, texts);
  if (kind == DYNO_PICTURE_PNG)
    self->draw (self->data, cr, PNG_WIDTH, PNG_HEIGHT);
  else
    self->draw (self->data, cr, PAGE_WIDTH_PT, PAGE_HEIGHT_PT);
  status = cairo_status (cr);
  cairo_destroy (cr);

  return status;
}

static GByteArray *
add_words (const DynoPictureFile *self,
           DynoPictureKind        kind,
           GByteArray            *bytes,
           const GString         *texts)
{
  if (kind == DYNO_PICTURE_PNG)
    return add_png_words (self, bytes);
  if (kind == DYNO_PICTURE_SVG)
    {
      g_autoptr(GByteArray) numbered = renumber (bytes);

      return add_svg_words (self, numbered, texts);
    }

  return g_byte_array_ref (bytes);
}

GBytes *
dyno_picture_file_write (const DynoPictureFile  *self,
                         DynoPictureKind         kind,
                         GError                **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GString) texts = g_string_new (NULL);
  cairo_surface_t *surface = make_surface (self, kind, bytes);
  cairo_status_t status = draw (self, kind, surface, texts);

  if (kind == DYNO_PICTURE_PNG && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (add_words (self, kind, bytes, texts));
  dyno_error_set (error, DYNO_ERROR_INTERNAL, NULL, "The picture could not be drawn: %s.",
                  cairo_status_to_string (status));

  return NULL;
}

static void
draw_picture_cb (gconstpointer  data,
                 cairo_t       *cr,
                 double         width,
                 double         height)
{
  dyno_picture_draw (data, cr, width, height);
}

GBytes *
dyno_picture_write (const DynoPicture  *self,
                    DynoPictureKind     kind,
                    GError            **error)
{
  DynoPictureFile file = { .title = dyno_picture_title (self),
                           .text = dyno_picture_text (self),
                           .scale = 2,
                           .draw = draw_picture_cb,
                           .data = self };

  return dyno_picture_file_write (&file, kind, error);
}
