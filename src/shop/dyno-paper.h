/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <cairo.h>

#include "dyno-palette.h"

G_BEGIN_DECLS

/* Paper to write on from top to bottom: A4 or Letter, margins of 15 mm, a foot, in the
 * light palette. All measures in pt; `paper->y` is where the next thing goes. What
 * does not fit begins a new page. The pages go to one PDF, or nowhere, to count them.
 * One thread at a time. */

#define DYNO_PT_PER_MM (72 / 25.4)

typedef enum
{
  DYNO_PAPER_A4,
  DYNO_PAPER_LETTER,
  DYNO_N_PAPER_SIZES
} DynoPaperSize;

typedef struct _DynoPaper DynoPaper;

/* Draws the foot of a page: from `y` down to the margin. */
typedef void (*DynoPaperFoot) (DynoPaper *paper,
                               guint      page,
                               double     y,
                               gpointer   user_data);

struct _DynoPaper
{
  cairo_surface_t *surface; /* (owned) */
  cairo_t         *cr;      /* (owned) */
  GByteArray      *bytes;   /* (owned) (nullable) NULL: nowhere */
  double           left;
  double           right;
  double           top;
  double           bottom;  /* above the foot */
  double           y;
  guint            page;    /* from 1 on */
  DynoPaperFoot    foot;
  gpointer         foot_data; /* (borrowed) */
};

typedef enum
{
  DYNO_FACE_BODY,  /* 9 pt */
  DYNO_FACE_SMALL, /* 7.5 pt, dim */
  DYNO_FACE_CELL,  /* 7 pt */
  DYNO_FACE_BOLD,  /* 9 pt */
  DYNO_FACE_HEAD,  /* 10.5 pt bold */
  DYNO_FACE_TITLE, /* 16 pt bold */
  DYNO_N_FACES
} DynoFontFace;

/* `title` NULL: nothing is written anywhere, it is only counted. */
DynoPaper *dyno_paper_new     (DynoPaperSize   size,
                               const char     *title,
                               const char     *subject,
                               gint64          time_ms);
void       dyno_paper_set_foot (DynoPaper     *self,
                               double          height,
                               DynoPaperFoot   foot,
                               gpointer        user_data);
/* The last foot, and the document's bytes: NULL where it went nowhere. Frees. */
GBytes    *dyno_paper_finish  (DynoPaper      *self);
void       dyno_paper_free    (DynoPaper      *self);

double     dyno_paper_width   (const DynoPaper *self);
/* A new page where `height` is not left on this one. */
void       dyno_paper_need    (DynoPaper      *self,
                               double          height);
/* A name for the document's list of contents. */
void       dyno_paper_bookmark (DynoPaper     *self,
                               const char     *title);

/* Text in a column; the answer is its height, nothing moves. `width` < 0: one line.
 * `align` 0 left, 0.5 middle, 1 right of the column. */
double     dyno_paper_put     (DynoPaper      *self,
                               DynoFontFace    face,
                               const char     *text,
                               double          x,
                               double          y,
                               double          width,
                               double          align);
/* The same on that ground, in black or white. */
double     dyno_paper_put_on  (DynoPaper      *self,
                               DynoColour      ground,
                               DynoFontFace    face,
                               const char     *text,
                               double          x,
                               double          y,
                               double          width,
                               double          align);
double     dyno_paper_height  (DynoPaper      *self,
                               DynoFontFace    face,
                               const char     *text,
                               double          width);
/* A paragraph over the whole width, on as many pages as it takes; moves y. */
void       dyno_paper_text    (DynoPaper      *self,
                               DynoFontFace    face,
                               const char     *text);
/* A heading that stays with what follows it. */
void       dyno_paper_head    (DynoPaper      *self,
                               const char     *text);
/* A line from margin to margin; moves y. */
void       dyno_paper_rule    (DynoPaper      *self,
                               DynoColour      colour,
                               double          width);
/* Paragraphs in a box with a bar of that colour at its left; moves y. */
void       dyno_paper_box     (DynoPaper      *self,
                               DynoColour      bar,
                               const char     *head,
                               GPtrArray      *lines); /* of char * */

/* A table: `widths` are shares of the paper's width. Columns whose name begins with
 * ">" are right-aligned. `cells` row by row, NULL: empty. Moves y; the head is said
 * again on each page. */
void       dyno_paper_table   (DynoPaper         *self,
                               const char *const *columns,
                               const double      *widths,
                               guint              n_columns,
                               GPtrArray         *cells);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPaper, dyno_paper_free)

G_END_DECLS
