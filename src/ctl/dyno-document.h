/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"

G_BEGIN_DECLS

/* Answers as documents: what was done here and what another process answered are printed
 * by the same code. */

typedef void (*DynoDocumentShape) (DynoJsonWriter *w,
                                   gconstpointer   record);

/* Frees the writer. (transfer full) */
DynoJson *dyno_document_finish      (DynoJsonWriter    *w);
/* One record. (transfer full) */
DynoJson *dyno_document_of          (gconstpointer      record,
                                     DynoDocumentShape  shape);
/* (transfer full) (element-type DynoJson) */
GPtrArray *dyno_document_all        (GPtrArray         *records,
                                     DynoDocumentShape  shape);

/* The members of an object into the one that is being written; not the one of the name
 * `but` (nullable). */
void      dyno_document_add_members (DynoJsonWriter    *w,
                                     const DynoJson    *object,
                                     const char        *but);
/* {"<name>":[…]} on standard output. (element-type DynoJson) */
void      dyno_document_print_list  (const char        *name,
                                     GPtrArray         *documents);

/* Members for people. (transfer full) A time is "—" where there is none. */
char     *dyno_document_time        (const DynoJson    *object,
                                     const char        *name);
/* Of an array of texts, with `between`. */
char     *dyno_document_words       (const DynoJson    *object,
                                     const char        *name,
                                     const char        *between);

G_END_DECLS
