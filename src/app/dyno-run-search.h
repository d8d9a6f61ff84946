/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-clock.h"
#include "dyno-runbook.h"

G_BEGIN_DECLS

/* The field that searches for runs, with the common terms in a menu. A term that
 * nobody knows is underlined and explained below.
 *
 * Actions: search.term (s) and search.since (i, days) put a term into the field or
 * take it out. Signals: changed, a moment after the last key; activated (Enter), by
 * then `changed` was said. */

#define DYNO_TYPE_RUN_SEARCH (dyno_run_search_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunSearch, dyno_run_search, DYNO, RUN_SEARCH, GtkWidget)

/* For the dates; (borrowed), outlives the widget. */
void        dyno_run_search_set_clock  (DynoRunSearch *self,
                                        DynoClock     *clock);
const char *dyno_run_search_get_text   (DynoRunSearch *self);
/* At once. */
void        dyno_run_search_set_text   (DynoRunSearch *self,
                                        const char    *text);
/* Adds what stands in the field. */
void        dyno_run_search_fill       (DynoRunSearch *self,
                                        DynoRunQuery  *query);
/* The sentence below the field; NULL: all terms are known. */
const char *dyno_run_search_get_help   (DynoRunSearch *self);

G_END_DECLS
