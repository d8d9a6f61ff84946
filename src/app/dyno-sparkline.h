/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A curve the size of a word: at most 120 values, evenly apart, between their
 * least and greatest; NaN is a gap. It is an image with a label ("requests, last
 * 24 hours") and a description ("1 204, most 96 at 14:00"). */

#define DYNO_TYPE_SPARKLINE (dyno_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (DynoSparkline, dyno_sparkline, DYNO, SPARKLINE, GtkWidget)

#define DYNO_SPARKLINE_MAX_VALUES 120

GtkWidget *dyno_sparkline_new        (void);
/* Copies; of more than 120 the last. */
void       dyno_sparkline_set_values (DynoSparkline *self,
                                      gsize          n,
                                      const double  *values);
void       dyno_sparkline_set_text   (DynoSparkline *self,
                                      const char    *label,
                                      const char    *description);

G_END_DECLS
