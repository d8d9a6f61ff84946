/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows of text whose columns stand below each other, two blanks between. */

typedef struct _DynoListing DynoListing;

/* Names of the columns, ended by NULL. A name that begins with '>' stands at the
 * right, for numbers. All names empty: no head is printed. */
DynoListing *dyno_listing_new    (const char *const *columns);
void         dyno_listing_free   (DynoListing       *self);

/* The next cell, from left to right and row by row. NULL and "" are empty. */
void         dyno_listing_add    (DynoListing       *self,
                                  const char        *text);
/* (transfer full) */
void         dyno_listing_take   (DynoListing       *self,
                                  char              *text);
void         dyno_listing_add_f  (DynoListing       *self,
                                  const char        *format,
                                  ...) G_GNUC_PRINTF (2, 3);
guint        dyno_listing_n_rows (const DynoListing *self);

/* Lines with an end of line each. A column in which nothing stands is left out.
 * The last column is folded where a line would be longer than `width` (0: never).
 * (transfer full) */
char        *dyno_listing_format (const DynoListing *self,
                                  guint              width);
/* On standard output, as wide as the terminal. */
void         dyno_listing_print  (const DynoListing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoListing, dyno_listing_free)

G_END_DECLS
