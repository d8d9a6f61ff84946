/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-field.h"

G_BEGIN_DECLS

/* What stands behind the '?' of a target: known names, once each, at most 32, decoded
 * once, texts in NFC. Any thread. */

/* Name to text. `fields` and `more` are the tables that may name them (nullable, both).
 * What is wrong is added to `flaws` with the pointer "?name". `query` (nullable) as it was
 * sent. (transfer full) */
GHashTable *dyno_query_parse (const char      *query,
                              const DynoField *fields,
                              const DynoField *more,
                              DynoFlaws       *flaws);

/* The fields of a form, which are other words for names of the query: adds them to
 * `values`. Texts in UTF-8. */
void        dyno_query_add_form (GHashTable      *values,
                                 GHashTable      *form,
                                 const DynoField *fields,
                                 DynoFlaws       *flaws);

G_END_DECLS
