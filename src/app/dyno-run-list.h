/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-run-item.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* The runs that a query finds, in its order: a list model of DynoRunItem that keeps
 * up with the run book. Main thread.
 *
 * Runs come in pages, the first one small so that something is seen at once. When a
 * run changes only that run is read again; when one comes, the list is, and what
 * was in it stays the same object at the same place.
 *
 * Signal `state-changed`: state, error or one of the counts is another. */

#define DYNO_TYPE_RUN_LIST (dyno_run_list_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunList, dyno_run_list, DYNO, RUN_LIST, GObject)

typedef enum
{
  DYNO_RUN_LIST_LOADING, /* nothing of this query is there yet */
  DYNO_RUN_LIST_READY,   /* more may still come: n_items < n_found */
  DYNO_RUN_LIST_FAILED,
} DynoRunListState;

DynoRunList      *dyno_run_list_new       (DynoShop            *shop);

/* Copied; its limit and cursor are not looked at. Reads anew. */
void              dyno_run_list_set_query (DynoRunList         *self,
                                           const DynoRunQuery  *query);
void              dyno_run_list_reload    (DynoRunList         *self);

DynoRunListState  dyno_run_list_get_state (DynoRunList         *self);
const GError     *dyno_run_list_get_error (DynoRunList         *self); /* (nullable) */
gint64            dyno_run_list_get_n_found (DynoRunList       *self);
gint64            dyno_run_list_get_n_all   (DynoRunList       *self); /* outside the trash */

/* By id; GTK_INVALID_LIST_POSITION where it is not in the list. */
guint             dyno_run_list_find      (DynoRunList         *self,
                                           const char          *run_id);
/* The run as an edit answered it (transfer full). */
void              dyno_run_list_take_run  (DynoRunList         *self,
                                           DynoRun             *run);
/* All rows say `changed`. */
void              dyno_run_list_touch     (DynoRunList         *self);

G_END_DECLS
