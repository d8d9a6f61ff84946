/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-runbook.h"

G_BEGIN_DECLS

/* A run in a list. It stays the same object while the run changes. Main thread.
 *
 * Signal `changed`: something that a row shows is another. */

#define DYNO_TYPE_RUN_ITEM (dyno_run_item_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunItem, dyno_run_item, DYNO, RUN_ITEM, GObject)

/* Takes over. */
DynoRunItem   *dyno_run_item_new            (DynoRun     *run);
const DynoRun *dyno_run_item_get_run        (DynoRunItem *self);
const char    *dyno_run_item_get_id         (DynoRunItem *self);
/* Takes over the same run as it is now; one that is older is dropped. */
void           dyno_run_item_set_run        (DynoRunItem *self,
                                             DynoRun     *run);

/* The day of its start in the local calendar, counted from the year 1. */
guint32        dyno_run_item_get_day        (DynoRunItem *self);
/* It is the first of its day in a list by date. */
gboolean       dyno_run_item_get_begins_day (DynoRunItem *self);
void           dyno_run_item_set_begins_day (DynoRunItem *self,
                                             gboolean     begins_day);
/* Says `changed`: the reader's units are others. */
void           dyno_run_item_touch          (DynoRunItem *self);

G_END_DECLS
