/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* With DYNO_TEST_KEEP naming a folder, the pictures stay there to be looked at. */

#include "config.h"

#include "dyno-picture.h"
#include "dyno-test.h"

#include "dyno-crypt.h"

#include <math.h>
#include <string.h>

#define TITLE "FXDLS “Rosa” & friends <run 14>"
#define TEXT "A Run 14: peak 86.4 kW at 5480 rpm."
#define N 181

static double *
make (double (*func) (double))
{
  double *values = g_new (double, N);

  for (int i = 0; i < N; i++)
    values[i] = func (1500 + i * 25);

  return values;
}

static double
rpm_of (double rpm)
{
  return rpm;
}

static double
power_of (double rpm)
{
  return rpm > 3000 && rpm < 3200 ? NAN : 86.4 - pow ((rpm - 5480) / 450, 2);
}

static double
torque_of (double rpm)
{
  return power_of (rpm) * 9549.3 / rpm;
}

static double
mixture_of (double rpm)
{
  return 13 + 0.4 * sin (rpm / 300);
}

static double
low_of (double rpm)
{
  return 12.7;
}

static double
high_of (double rpm)
{
  return 13.3;
}

static DynoPicture *
make_picture (DynoLook look)
{
  DynoPicture *picture = dyno_picture_new (look, TITLE);
  guint power;
  guint mixture;

  dyno_picture_set_text (picture, TEXT);
  dyno_picture_set_caption (picture, "SAE J1349 1990, CF 1.021 · smoothing 2 (±120 rpm)");
  dyno_picture_set_x (picture, "Engine speed, rpm", FALSE, 1500, 6000);
  power = dyno_picture_add_pane (picture, "Power and torque", 3);
  dyno_picture_set_y (picture, power, DYNO_SIDE_LEFT, "Power, kW", 0, 100);
  dyno_picture_set_y (picture, power, DYNO_SIDE_RIGHT, "Torque, N·m", 0, 250);
  dyno_picture_take_curve (picture, power, DYNO_SIDE_LEFT, DYNO_LAYER_LINE, DYNO_DASH_SOLID, 0,
                           "Run 14, 14 Mar 2026, power", N, make (rpm_of), make (power_of), NULL);
  dyno_picture_take_curve (picture, power, DYNO_SIDE_RIGHT, DYNO_LAYER_LINE, DYNO_DASH_TORQUE, 0,
                           "torque", N, make (rpm_of), make (torque_of), NULL);
  mixture = dyno_picture_add_pane (picture, "Mixture", 1);
  dyno_picture_set_y (picture, mixture, DYNO_SIDE_LEFT, "AFR", 12, 15);
  dyno_picture_take_curve (picture, mixture, DYNO_SIDE_LEFT, DYNO_LAYER_BAND, DYNO_DASH_SOLID, 0,
                           NULL, N, make (rpm_of), make (low_of), make (high_of));
  dyno_picture_take_curve (picture, mixture, DYNO_SIDE_LEFT, DYNO_LAYER_LINE, DYNO_DASH_SOLID, 1,
                           "AFR", N, make (rpm_of), make (mixture_of), NULL);

  return picture;
}

static GBytes *
write_picture (DynoPictureKind  kind,
               DynoLook         look,
               const char      *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPicture) picture = make_picture (look);
  GBytes *bytes = dyno_picture_write (picture, kind, &error);

  g_assert_no_error (error);
  if (g_getenv ("DYNO_TEST_KEEP") != NULL)
    {
      g_autofree char *path = g_build_filename (g_getenv ("DYNO_TEST_KEEP"), name, NULL);

      g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                           NULL);
    }

  return bytes;
}

static guint32
read_big_endian (const guint8 *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

/* Walks the chunks, checks each sum, counts those of `type`. */
static guint
count_chunks (GBytes     *png,
              const char *type,
              const char *keyword)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (png, &size);
  guint n = 0;

  for (gsize at = 8; at < size;)
    {
      guint32 length = read_big_endian (data + at);

      g_assert_cmpuint (at + 12 + length, <=, size);
      g_assert_cmpuint (dyno_crypt_crc32 (0, data + at + 4, length + 4), ==,
                        read_big_endian (data + at + 8 + length));
      if (memcmp (data + at + 4, type, 4) == 0
          && g_strcmp0 ((const char *) data + at + 8, keyword) == 0)
        n++;
      at += 12 + length;
    }

  return n;
}

typedef struct
{
  const guint8 *data;
  gsize         left;
} Source;

static cairo_status_t
read_cb (void          *closure,
         unsigned char *data,
         unsigned int   length)
{
  Source *source = closure;

  if (length > source->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, source->data, length);
  source->data += length;
  source->left -= length;

  return CAIRO_STATUS_SUCCESS;
}

/* Pixels of that colour in the picture. */
static guint
count_pixels (cairo_surface_t *surface,
              DynoColour       colour)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint32 wanted = (guint32) lroundf (colour.red * 255) << 16
                   | (guint32) lroundf (colour.green * 255) << 8
                   | (guint32) lroundf (colour.blue * 255);
  guint n = 0;

  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
      n += (*(const guint32 *) (gconstpointer) (data + y * stride + 4 * x) & 0xFFFFFF) == wanted;

  return n;
}

static void
test_png (void)
{
  for (DynoLook look = 0; look < DYNO_N_LOOKS; look++)
    {
      g_autofree char *name = g_strdup_printf ("picture-%d.png", look);
      g_autoptr(GBytes) png = write_picture (DYNO_PICTURE_PNG, look, name);
      Source source = { g_bytes_get_data (png, NULL), g_bytes_get_size (png) };
      cairo_surface_t *surface;

      g_assert_cmpuint (count_chunks (png, "IHDR", ""), <=, 1);
      g_assert_cmpuint (count_chunks (png, "iTXt", "Title"), ==, 1);
      g_assert_cmpuint (count_chunks (png, "tEXt", "Description"), ==, 1);
      g_assert_cmpuint (count_chunks (png, "tEXt", "Software"), ==, 1);

      surface = cairo_image_surface_create_from_png_stream (read_cb, &source);
      g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
      g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 3200);
      g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 1800);
      g_assert_cmpuint (count_pixels (surface, dyno_palette_ground (look)), >, 3000000);
      g_assert_cmpuint (count_pixels (surface, dyno_palette_trace (look, 0)), >, 5000);
      g_assert_cmpuint (count_pixels (surface, dyno_palette_trace (look, 1)), >, 3000);
      cairo_surface_destroy (surface);
    }
}

typedef struct
{
  GString *title;
  GString *text;
} Words;

static void
text_cb (GMarkupParseContext  *context,
         const char           *text,
         gsize                 length,
         gpointer              data,
         GError              **error)
{
  Words *words = data;

  if (g_str_equal (g_markup_parse_context_get_element (context), "title"))
    g_string_append_len (words->title, text, (gssize) length);
  if (g_str_equal (g_markup_parse_context_get_element (context), "desc"))
    g_string_append_len (words->text, text, (gssize) length);
}

static void
test_svg (void)
{
  static const GMarkupParser parser = { .text = text_cb };
  Words words = { g_string_new (NULL), g_string_new (NULL) };
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) svg = write_picture (DYNO_PICTURE_SVG, DYNO_LOOK_LIGHT, "picture.svg");
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &words, NULL);
  gboolean is_whole = g_markup_parse_context_parse (context, g_bytes_get_data (svg, NULL),
                                                    (gssize) g_bytes_get_size (svg), &error)
                      && g_markup_parse_context_end_parse (context, &error);

  g_assert_no_error (error);
  g_assert_true (is_whole);
  g_assert_cmpstr (words.title->str, ==, TITLE);
  g_assert_cmpstr (words.text->str, ==, TEXT);
  g_string_free (words.title, TRUE);
  g_string_free (words.text, TRUE);
}

static void
test_pdf (void)
{
  g_autoptr(GBytes) pdf = write_picture (DYNO_PICTURE_PDF, DYNO_LOOK_LIGHT, "picture.pdf");
  const char *data = g_bytes_get_data (pdf, NULL);
  gsize size = g_bytes_get_size (pdf);

  g_assert_cmpmem (data, 5, "%PDF-", 5);
  g_assert_nonnull (g_strstr_len (data + size - 10, 10, "%%EOF"));
  g_assert_nonnull (memmem (data, size, "/FontFile", 9));
}

static void
test_empty (void)
{
  for (DynoPictureKind kind = 0; kind < DYNO_N_PICTURE_KINDS; kind++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(DynoPicture) picture = dyno_picture_new (DYNO_LOOK_LIGHT, NULL);
      g_autoptr(GBytes) bare = dyno_picture_write (picture, kind, &error);
      g_autoptr(GBytes) pane = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (bare);
      dyno_picture_add_pane (picture, NULL, 1);
      dyno_picture_set_y (picture, 0, DYNO_SIDE_RIGHT, "x", NAN, NAN);
      dyno_picture_take_curve (picture, 0, DYNO_SIDE_RIGHT, DYNO_LAYER_LINE, DYNO_DASH_SOLID, 0,
                               "nothing", 0, NULL, NULL, NULL);
      pane = dyno_picture_write (picture, kind, &error);
      g_assert_no_error (error);
      g_assert_nonnull (pane);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/png", test_png);
  g_test_add_func ("/picture/svg", test_svg);
  g_test_add_func ("/picture/pdf", test_pdf);
  g_test_add_func ("/picture/empty", test_empty);

  return g_test_run ();
}
