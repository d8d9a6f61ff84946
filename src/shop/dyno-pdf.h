/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As much of PDF (ISO 32000-1, 7.3 and 7.5) as it takes to hang files into a
 * document that cairo wrote, and to find them again: values, and objects by the
 * classic cross-reference tables back to the first. No stream is read here. The
 * bytes come from outside: nothing is read beyond them, and what is malformed is
 * simply not found. Pure, any thread. */

/* A piece of the file, of which it borrows. NULL text: nothing. */
typedef struct
{
  const char *text;
  gsize       length;
} DynoPdfSpan;

typedef struct _DynoPdf DynoPdf;

/* The key of our own in the trailer. */
#define DYNO_PDF_SUM "DynoAI_SHA256"

/* Follows the last startxref. NULL for what is no document of that kind. */
DynoPdf    *dyno_pdf_open      (GBytes      *bytes);
void        dyno_pdf_free      (DynoPdf     *self);

/* Where the newest table stands, and how many objects there are. */
gsize       dyno_pdf_table     (DynoPdf     *self);
guint       dyno_pdf_size      (DynoPdf     *self);
DynoPdfSpan dyno_pdf_trailer   (DynoPdf     *self);

/* From the object's value to the end of the file; nothing for one that is not there. */
DynoPdfSpan dyno_pdf_object    (DynoPdf     *self,
                                guint        number);
/* What the value stands for: itself, or the value of the object that it names. */
DynoPdfSpan dyno_pdf_resolve   (DynoPdf     *self,
                                DynoPdfSpan  value);

/* The first value of a span, without what follows it. */
DynoPdfSpan dyno_pdf_value     (DynoPdfSpan  span);
/* The value of a key of a dictionary; `key` without its slash. */
DynoPdfSpan dyno_pdf_member    (DynoPdfSpan  dictionary,
                                const char  *key);
/* An element of an array. */
DynoPdfSpan dyno_pdf_element   (DynoPdfSpan  array,
                                guint        index);
/* "12 0 R" → 12; 0 for anything else. */
guint       dyno_pdf_reference (DynoPdfSpan  value);
/* −1 for what is no whole number from 0 on. */
gint64      dyno_pdf_integer   (DynoPdfSpan  value);
gboolean    dyno_pdf_is_name   (DynoPdfSpan  value,
                                const char  *name);
/* The bytes of "(text)" or "<hex>". (transfer full) (nullable) */
GBytes     *dyno_pdf_string    (DynoPdfSpan  value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPdf, dyno_pdf_free)

G_END_DECLS
