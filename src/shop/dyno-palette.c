/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-palette.h"

#include <math.h>

#define N_OWN_TRACES 12
#define N_CLASSES 11 /* rich 5 … 0 … lean 5 */
#define N_HITS 6

/* Rows: light, dark. */
static const guint32 traces[2][N_OWN_TRACES] = {
  { 0x0072B2, 0xD55E00, 0x6C0B04, 0x202E7A, 0x9B3A4F, 0x9E4BFF,
    0x2925D5, 0x868BE3, 0x1F600C, 0x2CA470, 0xC61583, 0x6325A5 },
  { 0x56B4E9, 0xF28E2B, 0x7E55F0, 0xA0FAB3, 0xD33949, 0xA45B9F,
    0xEAEB2B, 0x3ADFD7, 0x5C8CDA, 0xA8D578, 0xFC6183, 0xB5820C },
};

static const char *const letters[DYNO_N_TRACES] = {
  "A", "B", "C", "D", "E", "F", "G", "H", "I", "J",
  "K", "L", "A′", "B′", "C′", "D′", "E′", "F′", "G′", "H′",
};

static const guint32 diverging[2][N_CLASSES] = {
  { 0x0A3270, 0x225FA5, 0x3E8FDD, 0x7FB2E6, 0xBAD3ED, 0xF4F4F2,
    0xF3CFB4, 0xEFAA74, 0xE8821E, 0xB0570D, 0x7A2E00 },
  { 0xB4DAFF, 0x73AAE8, 0x2E7AD0, 0x37649B, 0x3A4E68, 0x383838,
    0x654835, 0x94572B, 0xC4640A, 0xE29454, 0xFFC48A },
};

static const guint32 hits[2][N_HITS] = {
  { 0xF1EEF6, 0xCAC2DA, 0xA498BF, 0x806EA3, 0x5E4687, 0x3F1D6B },
  { 0x2E2A36, 0x4E485A, 0x716880, 0x958BA8, 0xBBAFD3, 0xE3D4FF },
};

static const guint32 statuses[2][DYNO_N_STATUSES] = {
  { 0x136C2E, 0x8A5A00, 0xA50E1F, 0xA50E1F, 0x6B6B6B },
  { 0x7BD88F, 0xF8C24A, 0xFF8A80, 0xFF8A80, 0xA8A8A8 },
};

static const guint32 grounds[DYNO_N_LOOKS] = { 0xFFFFFF, 0x1E1E1E, 0xFFFFFF, 0x000000 };
static const guint32 inks[DYNO_N_LOOKS] = { 0x1E1E1E, 0xF6F5F4, 0x000000, 0xFFFFFF };
static const guint32 dims[DYNO_N_LOOKS] = { 0x5E5C64, 0xB0AFAC, 0x3D3846, 0xDEDDDA };
static const guint32 hatches[2] = { 0x767676, 0x8C8C8C };

static DynoColour
colour_from_rgb (guint32 rgb)
{
  return (DynoColour) {
    .red = (float) (rgb >> 16 & 0xFF) / 255.0f,
    .green = (float) (rgb >> 8 & 0xFF) / 255.0f,
    .blue = (float) (rgb & 0xFF) / 255.0f,
    .alpha = 1.0f,
  };
}

gboolean
dyno_look_is_dark (DynoLook look)
{
  return look == DYNO_LOOK_DARK || look == DYNO_LOOK_HIGH_CONTRAST_DARK;
}

gboolean
dyno_look_is_high_contrast (DynoLook look)
{
  return look == DYNO_LOOK_HIGH_CONTRAST || look == DYNO_LOOK_HIGH_CONTRAST_DARK;
}

DynoColour
dyno_palette_ground (DynoLook look)
{
  g_return_val_if_fail (look < DYNO_N_LOOKS, colour_from_rgb (0));

  return colour_from_rgb (grounds[look]);
}

DynoColour
dyno_palette_ink (DynoLook look)
{
  g_return_val_if_fail (look < DYNO_N_LOOKS, colour_from_rgb (0));

  return colour_from_rgb (inks[look]);
}

DynoColour
dyno_palette_dim (DynoLook look)
{
  g_return_val_if_fail (look < DYNO_N_LOOKS, colour_from_rgb (0));

  return colour_from_rgb (dims[look]);
}

DynoColour
dyno_palette_grid (DynoLook look)
{
  double alpha = dyno_look_is_high_contrast (look) ? 0.4 : 0.14;

  return dyno_palette_fade (dyno_palette_ink (look), alpha);
}

DynoColour
dyno_palette_hatch (DynoLook look)
{
  return colour_from_rgb (hatches[dyno_look_is_dark (look)]);
}

DynoColour
dyno_palette_status (DynoLook   look,
                     DynoStatus status)
{
  g_return_val_if_fail (status < DYNO_N_STATUSES, colour_from_rgb (0));

  /* A stale number is text, and text in high contrast has 7 at least. */
  if (status == DYNO_STATUS_OFF && dyno_look_is_high_contrast (look))
    return dyno_palette_dim (look);

  return colour_from_rgb (statuses[dyno_look_is_dark (look)][status]);
}

DynoColour
dyno_palette_trace (DynoLook look,
                    guint    index)
{
  return colour_from_rgb (traces[dyno_look_is_dark (look)][index % DYNO_N_TRACES % N_OWN_TRACES]);
}

const char *
dyno_palette_letter (guint index)
{
  return letters[index % DYNO_N_TRACES];
}

gboolean
dyno_palette_is_marked (guint index)
{
  return index % DYNO_N_TRACES >= N_OWN_TRACES;
}

int
dyno_palette_class (double value,
                    double range)
{
  int distance;

  g_return_val_if_fail (range > 0, 0);

  if (isnan (value))
    return DYNO_CLASS_NO_DATA;

  distance = (int) fmin (5, floor (fabs (value) * N_CLASSES / (2 * range) + 0.5));

  return value < 0 ? -distance : distance;
}

gboolean
dyno_palette_is_beyond (double value,
                        double range)
{
  return fabs (value) > range;
}

DynoColour
dyno_palette_diverging (DynoLook look,
                        int      class_index)
{
  if (class_index == DYNO_CLASS_NO_DATA)
    return dyno_palette_ground (look);

  g_return_val_if_fail (class_index >= -5 && class_index <= 5, colour_from_rgb (0));

  return colour_from_rgb (diverging[dyno_look_is_dark (look)][class_index + 5]);
}

int
dyno_palette_hits_class (guint64 n_hits)
{
  static const guint64 floors[N_HITS] = { 1, 3, 10, 30, 100, 300 };
  int class_index = DYNO_CLASS_NO_DATA;

  for (int i = 0; i < N_HITS; i++)
    {
      if (n_hits >= floors[i])
        class_index = i;
    }

  return class_index;
}

DynoColour
dyno_palette_hits (DynoLook look,
                   int      class_index)
{
  if (class_index == DYNO_CLASS_NO_DATA)
    return dyno_palette_ground (look);

  g_return_val_if_fail (class_index >= 0 && class_index < N_HITS, colour_from_rgb (0));

  return colour_from_rgb (hits[dyno_look_is_dark (look)][class_index]);
}

static double
linear_light (float part)
{
  return part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4);
}

static double
luminance (DynoColour colour)
{
  return 0.2126 * linear_light (colour.red) + 0.7152 * linear_light (colour.green)
         + 0.0722 * linear_light (colour.blue);
}

double
dyno_palette_contrast (DynoColour a,
                       DynoColour b)
{
  double x = luminance (a) + 0.05;
  double y = luminance (b) + 0.05;

  return x > y ? x / y : y / x;
}

DynoColour
dyno_palette_ink_on (DynoColour ground)
{
  DynoColour black = colour_from_rgb (0x000000);
  DynoColour white = colour_from_rgb (0xFFFFFF);

  return dyno_palette_contrast (black, ground) >= dyno_palette_contrast (white, ground) ? black
                                                                                        : white;
}

DynoColour
dyno_palette_fade (DynoColour colour,
                   double     alpha)
{
  colour.alpha *= (float) alpha;

  return colour;
}
