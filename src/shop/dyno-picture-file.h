/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <cairo.h>

#include "dyno-picture.h"

G_BEGIN_DECLS

/* Any drawing as PNG, SVG or PDF, with the words that belong to a file of ours: title
 * and description, the run and the version (formats.md C.6). Same drawing, same bytes.
 * Any thread. */

#define DYNO_PICTURE_MOST_SCALE 4

typedef struct
{
  const char    *title;  /* (borrowed) */
  const char    *text;   /* (borrowed) what it shows, in a sentence; "" for none */
  const char    *run_id; /* (borrowed) (nullable) */
  gint64         date_ms; /* UTC, of a PDF; 0: now */
  guint          scale;  /* of a PNG, 1…4: times 1600 × 900 */
  void         (*draw) (gconstpointer  data,
                        cairo_t       *cr,
                        double         width,
                        double         height);
  gconstpointer  data;   /* (borrowed) */
} DynoPictureFile;

/* INTERNAL for want of memory. (transfer full) */
GBytes *dyno_picture_file_write (const DynoPictureFile  *self,
                                 DynoPictureKind         kind,
                                 GError                **error);

G_END_DECLS
