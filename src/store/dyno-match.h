/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-store-search.h"

G_BEGIN_DECLS

/* Words of people as an FTS5 expression. Raw text would be a syntax error
 * (street-glide, what's up?) or a command (NEAR, a column's name): every piece
 * between blanks is quoted, so that it can only be a phrase, and may be the
 * beginning of a word. Pieces without a letter, digit or sign are no words. */

/* (transfer full) (nullable) NULL where the query has no words. */
char *dyno_match_of_query (const DynoRunQuery *query);

/* The tags as a JSON array. (transfer full) (nullable) */
char *dyno_match_tags     (char              **tags);

G_END_DECLS
