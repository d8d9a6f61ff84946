/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The colours of the program: screen, picture, paper. sRGB, not premultiplied,
 * each part 0…1; the layout is that of GdkRGBA. Pure, any thread.
 *
 * Which distances and contrasts hold is said in ui.md 1.1 and 1.2 and proved by
 * tests/test-shop-palette.c. A colour never carries a meaning alone. */

typedef struct
{
  float red;
  float green;
  float blue;
  float alpha;
} DynoColour;

typedef enum
{
  DYNO_LOOK_LIGHT,
  DYNO_LOOK_DARK,
  DYNO_LOOK_HIGH_CONTRAST,
  DYNO_LOOK_HIGH_CONTRAST_DARK,
  DYNO_N_LOOKS
} DynoLook;

typedef enum
{
  DYNO_STATUS_OK,
  DYNO_STATUS_WARN,
  DYNO_STATUS_FAULT,
  DYNO_STATUS_RECORD,
  DYNO_STATUS_OFF, /* stale too */
  DYNO_N_STATUSES
} DynoStatus;

gboolean    dyno_look_is_dark          (DynoLook    look);
gboolean    dyno_look_is_high_contrast (DynoLook    look);

DynoColour  dyno_palette_ground        (DynoLook    look); /* of a plot */
DynoColour  dyno_palette_ink           (DynoLook    look); /* text on it, ≥ 7 */
DynoColour  dyno_palette_dim           (DynoLook    look); /* lesser text on it, ≥ 4.5 */
DynoColour  dyno_palette_grid          (DynoLook    look); /* lines of the grid, translucent */
DynoColour  dyno_palette_hatch         (DynoLook    look); /* 45°, 1 px each 6 px: no data */
DynoColour  dyno_palette_status        (DynoLook    look,
                                        DynoStatus  status); /* text and icon, ≥ 4.5 */

/* Traces: index 0…11 is A…L; 12…19 has the colours of A…H, the letters A′…H′
 * and a marker each 60 px. Above 19 it begins again. */
#define DYNO_N_TRACES 20
DynoColour  dyno_palette_trace         (DynoLook    look,
                                        guint       index);
const char *dyno_palette_letter        (guint       index);
gboolean    dyno_palette_is_marked     (guint       index);

/* The diverging scale. `value` is a mixture error or a VE correction: positive
 * is lean (add fuel, orange), negative rich (remove fuel, blue); `range` is R, in
 * the unit of the value. Classes are −5…+5, the nearest, none between. */
#define DYNO_CLASS_NO_DATA G_MININT

int         dyno_palette_class         (double      value,
                                        double      range);
/* Beyond ±R: the corner triangle. FALSE for NaN. */
gboolean    dyno_palette_is_beyond     (double      value,
                                        double      range);
/* The ground for DYNO_CLASS_NO_DATA, which is drawn hatched. */
DynoColour  dyno_palette_diverging     (DynoLook    look,
                                        int         class_index);

/* Hits: class 0…5 for 1–2, 3–9, 10–29, 30–99, 100–299, ≥ 300; no hit, no data. */
int         dyno_palette_hits_class    (guint64     n_hits);
DynoColour  dyno_palette_hits          (DynoLook    look,
                                        int         class_index);

/* Black or white, whichever has more contrast on `ground`. */
DynoColour  dyno_palette_ink_on        (DynoColour  ground);

/* WCAG 2 contrast of two opaque colours, 1…21. */
double      dyno_palette_contrast      (DynoColour  a,
                                        DynoColour  b);
/* The same colour, more or less of it. */
DynoColour  dyno_palette_fade          (DynoColour  colour,
                                        double      alpha);

G_END_DECLS
