/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Readouts whose digits have one size: the largest that fits in all of them.
 * Each member offers what fits for itself, by the widest value of its range, so
 * that the size never follows the value. Members are not kept alive. Main
 * thread. Signal `changed`: the common size is another. */

#define DYNO_TYPE_DIGIT_GROUP (dyno_digit_group_get_type ())
G_DECLARE_FINAL_TYPE (DynoDigitGroup, dyno_digit_group, DYNO, DIGIT_GROUP, GObject)

DynoDigitGroup *dyno_digit_group_new      (void);
void            dyno_digit_group_offer    (DynoDigitGroup *self,
                                           gpointer        member,
                                           double          size); /* px */
void            dyno_digit_group_withdraw (DynoDigitGroup *self,
                                           gpointer        member);
double          dyno_digit_group_get_size (DynoDigitGroup *self); /* px; 0 without members */

/* The font size in px at which `text` fits into width × height. */
double          dyno_digit_size           (GtkWidget      *widget,
                                           const char     *text,
                                           double          width,
                                           double          height);

G_END_DECLS
