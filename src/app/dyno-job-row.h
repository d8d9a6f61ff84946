/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

#include "dyno-clock.h"

G_BEGIN_DECLS

/* A job in a list: title, how far it is, Cancel. The bar shows done of total as
 * the work itself counts them; without a total there is no bar but a spinner and
 * a count. What is left in time is said after 10 % and 3 s, not before.
 *
 * Signal `cancel`: at once when asked; the row then says "cancelling" until its
 * owner tells the end. */

#define DYNO_TYPE_JOB_ROW (dyno_job_row_get_type ())
G_DECLARE_FINAL_TYPE (DynoJobRow, dyno_job_row, DYNO, JOB_ROW, GtkListBoxRow)

typedef enum
{
  DYNO_JOB_ROW_RUNNING,
  DYNO_JOB_ROW_CANCELLING,
  DYNO_JOB_ROW_DONE,
  DYNO_JOB_ROW_FAILED,
} DynoJobRowState;

/* `clock` NULL: the machine's. */
GtkWidget      *dyno_job_row_new          (const char      *title,
                                           DynoClock       *clock);
/* `what` names what is counted, "rows", "bytes"; total 0: not known. */
void            dyno_job_row_set_progress (DynoJobRow      *self,
                                           guint64          done,
                                           guint64          total,
                                           const char      *what);
/* `sentence` says what came of it; NULL: a word. */
void            dyno_job_row_end          (DynoJobRow      *self,
                                           gboolean         has_failed,
                                           const char      *sentence);
DynoJobRowState dyno_job_row_get_state    (DynoJobRow      *self);
const char     *dyno_job_row_get_detail   (DynoJobRow      *self);
gboolean        dyno_job_row_has_bar      (DynoJobRow      *self);

G_END_DECLS
