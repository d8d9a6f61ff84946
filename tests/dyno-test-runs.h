/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* Runs in a shop's run book without waiting for pulls: logs are written and imported
 * the way of a person's. */

/* A pull from 2,000 to 5,800 rpm at 20 Hz on a warm day, torque with its peak at
 * 3,400 rpm, mixture front and rear with a target. `peak_nm` is the
 * torque there. (transfer full) the text of a CSV file. */
char    *dyno_test_runs_pull_text  (double       peak_nm);
/* Every cell of the 11x9 table held for some seconds: the front asks for
 * `front_pct` percent of fuel, the rear for `rear_pct`. (transfer full) */
char    *dyno_test_runs_cells_text (double       front_pct,
                                    double       rear_pct);

/* Writes it into the folder. (transfer full) its path. */
char    *dyno_test_runs_write      (const char  *folder,
                                    const char  *name,
                                    const char  *text);

/* Imports the file of that path; fails the test if that fails. `vehicle`, `tags`
 * (',' between) and `notes` may be NULL. (transfer full) */
DynoRun *dyno_test_runs_import     (DynoShop    *shop,
                                    const char  *path,
                                    const char  *vehicle,
                                    const char  *tags,
                                    const char  *notes);
/* `n` pulls with torque from 120 N·m on, one more each. */
void     dyno_test_runs_fill       (DynoShop    *shop,
                                    const char  *folder,
                                    guint        n);

/* One run as it is now; fails the test where there is none. (transfer full) */
DynoRun *dyno_test_runs_get        (DynoShop    *shop,
                                    const char  *run_id);
/* Changes a run as another person would. */
void     dyno_test_runs_edit       (DynoShop      *shop,
                                    DynoRun       *run,
                                    DynoRunFields  fields);

G_END_DECLS
