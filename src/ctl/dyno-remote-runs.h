/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-remote.h"
#include "dyno-runbook.h"

G_BEGIN_DECLS

/* The run book and the vehicles of the process that holds the data folder. Runs are
 * documents of the API. All (transfer full). */

/* By id, or by its number in the run book. NOT_FOUND. */
DynoJson  *dyno_remote_runs_get     (DynoCtl            *ctl,
                                     const char         *run,
                                     GError            **error);
/* `words` (nullable) as people search; from 0: any time. (element-type DynoJson) */
GPtrArray *dyno_remote_runs_list    (DynoCtl            *ctl,
                                     const char         *words,
                                     const char         *vehicle_id,
                                     gint64              from_ms,
                                     guint               limit,
                                     GError            **error);
/* Notes or tags of `edit`, which has id and revision as they were shown. */
DynoJson  *dyno_remote_runs_edit    (DynoCtl            *ctl,
                                     const DynoRun      *edit,
                                     DynoRunFields       fields,
                                     GError            **error);
gboolean   dyno_remote_runs_delete  (DynoCtl            *ctl,
                                     const char *const  *ids,
                                     GError            **error);
gboolean   dyno_remote_runs_restore (DynoCtl            *ctl,
                                     const char *const  *ids,
                                     GError            **error);

/* The id of a vehicle that is known by id or label; with `may_make` an unknown label
 * makes one. NOT_FOUND. */
char      *dyno_remote_find_vehicle (DynoCtl            *ctl,
                                     const char         *vehicle,
                                     gboolean            may_make,
                                     GError            **error);

G_END_DECLS
