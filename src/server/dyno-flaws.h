/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"

G_BEGIN_DECLS

/* What is wrong with a request, field by field, for `details.fields` of the error
 * body. Holds the first 20; more are counted. One thread. */

typedef struct _DynoFlaws DynoFlaws;

DynoFlaws  *dyno_flaws_new   (void);
void        dyno_flaws_free  (DynoFlaws      *self);

/* `pointer` is RFC 6901 ("/tags/3") or "?name" for the query. `code` is a word:
 * required, unknown, type, range, length, characters, choice, format, twice. The
 * message is a sentence. */
void        dyno_flaws_add   (DynoFlaws      *self,
                              const char     *pointer,
                              const char     *code,
                              const char     *format,
                              ...) G_GNUC_PRINTF (4, 5);

guint       dyno_flaws_count (DynoFlaws      *self);
/* "/tags/3: A text of 1 to 32 characters is wanted." The first of them; NULL without. */
char       *dyno_flaws_first (DynoFlaws      *self);
/* [{"pointer","code","message"}] */
void        dyno_flaws_write (DynoFlaws      *self,
                              DynoJsonWriter *w);

/* `parent`/`name` with ~ and / of the name escaped (RFC 6901, 3). (transfer full) */
char       *dyno_flaws_below (const char     *parent,
                              const char     *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFlaws, dyno_flaws_free)

G_END_DECLS
