/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-statement.h"
#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* What other families need of the run book, inside their own verbs. */

/* The number of a run, or 0 with NOT_FOUND. */
gint64   dyno_run_rows_find         (DynoTurn          *turn,
                                     const char        *run_id,
                                     GError           **error);

/* A new row with all that stands in `run`; answers its number, or 0. */
gint64   dyno_run_rows_insert       (DynoTurn          *turn,
                                     const DynoRun     *run,
                                     const char        *run_id,
                                     GError           **error);

/* Writes the machine's fields. */
gboolean dyno_run_rows_save         (DynoTurn          *turn,
                                     gint64             number,
                                     const DynoRun     *run,
                                     GError           **error);

/* The whole run as it is now (transfer full). */
DynoRun *dyno_run_rows_get          (DynoTurn          *turn,
                                     const char        *run_id,
                                     GError           **error);

/* A run of a row with the columns of a list, and those of the long texts. */
gpointer dyno_run_rows_make         (DynoStatement     *row);
gpointer dyno_run_rows_make_whole   (DynoStatement     *row);

/* Makes the text that is searched agree with the run's rows. */
gboolean dyno_run_rows_refresh_text (DynoTurn          *turn,
                                     gint64             number,
                                     GError           **error);

/* Puts these in the place of all tags; `tags` may be NULL. */
gboolean dyno_run_rows_set_tags     (DynoTurn          *turn,
                                     gint64             number,
                                     const char *const *tags,
                                     GError           **error);

gboolean dyno_run_rows_add_note     (DynoTurn          *turn,
                                     gint64             number,
                                     const char        *text,
                                     GError           **error);
/* `marks` (nullable) has DynoRunMark elements. */
gboolean dyno_run_rows_add_marks    (DynoTurn          *turn,
                                     gint64             number,
                                     GPtrArray         *marks,
                                     GError           **error);

G_END_DECLS
