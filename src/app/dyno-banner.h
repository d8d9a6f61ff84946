/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What lasts (ui.md 2): the gravest message with one button that mends it, "+2"
 * for the others, each of which is there until its cause ends. */

#define DYNO_TYPE_BANNER (dyno_banner_get_type ())
G_DECLARE_FINAL_TYPE (DynoBanner, dyno_banner, DYNO, BANNER, GtkWidget)

/* Gravest first. */
typedef enum
{
  DYNO_CAUSE_STORE,
  DYNO_CAUSE_DISK,
  DYNO_CAUSE_KEYRING,
  DYNO_CAUSE_LINK,
  DYNO_CAUSE_INCOMPLETE, /* a recording that was cut short */
  DYNO_CAUSE_EXPIRY,     /* of a certificate or key */
  DYNO_CAUSE_HANDS_FREE,
  DYNO_CAUSE_SIMULATOR,
  DYNO_N_CAUSES
} DynoCause;

GtkWidget  *dyno_banner_new    (void);
/* `button` and `action` (of the window or application) may be NULL together. */
void        dyno_banner_set    (DynoBanner *self,
                                DynoCause   cause,
                                const char *sentence,
                                const char *button,
                                const char *action);
void        dyno_banner_end    (DynoBanner *self,
                                DynoCause   cause);
/* The sentence that is shown, NULL without one; how many others there are. */
const char *dyno_banner_get_sentence (DynoBanner *self);
guint       dyno_banner_get_n_others (DynoBanner *self);

G_END_DECLS
