/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The terms of a search for runs as text: what one means that nobody knows, and how
 * one comes into a search or leaves it. All (transfer full). */

/* What to write instead of a term that dyno_run_query_parse () did not know. */
char          *dyno_run_terms_help      (const char        *term);

/* Is the term, as a piece of its own, in the text? */
gboolean       dyno_run_terms_has       (const char        *text,
                                         const char        *term);
/* The text with the term, or without it where it was there. A term of the same key
 * ("after:") gives way. */
char          *dyno_run_terms_toggle    (const char        *text,
                                         const char        *term);
/* "after:2026-03-14" for the day `days` before `now_ms`. */
char          *dyno_run_terms_since     (gint64             now_ms,
                                         int                days);

/* Underlines the unknown terms (element-type utf8) where they stand in the text. */
PangoAttrList *dyno_run_terms_underline (const char        *text,
                                         GPtrArray         *unknown);

G_END_DECLS
