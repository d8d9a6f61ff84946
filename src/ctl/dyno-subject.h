/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-import-job.h"

G_BEGIN_DECLS

/* RUN|FILE of a command line. A run is named by its id or by its number; what is
 * there as a file is that file, whatever its name looks like. */

gboolean           dyno_subject_is_file    (const char         *word);

/* The options that say how a log is read: for every verb that takes one. A verb whose
 * own --rate says something else leaves the first of them out. */
extern const GOptionEntry dyno_subject_log_entries[];
#define dyno_subject_log_entries_without_rate (dyno_subject_log_entries + 1)

/* Of those options and a path. FALSE for one that cannot be. (transfer full) */
DynoImportRequest *dyno_subject_request    (const char         *path,
                                            GError            **error);

/* The samples of a log or a journal, without a store. Opens the shop so. */
DynoImportOutcome *dyno_subject_read_file  (DynoCtl            *ctl,
                                            const char         *path,
                                            GError            **error);
/* The shop as these words (ended by NULL) need it: files alone need no store. */
DynoShop          *dyno_subject_open       (DynoCtl            *ctl,
                                            char              **words,
                                            GError            **error);
/* The shop with its store, for runs. */
DynoShop          *dyno_subject_open_runs  (DynoCtl            *ctl,
                                            GError            **error);

G_END_DECLS
