/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The verbs that look after what is kept: the run book, the database, the
 * settings, the plan of a vehicle, the proof that nothing was changed. */

extern const GOptionEntry dyno_verb_runs_entries[];
extern const GOptionEntry dyno_verb_db_entries[];
extern const GOptionEntry dyno_verb_config_entries[];
extern const GOptionEntry dyno_verb_plan_entries[];
extern const GOptionEntry dyno_verb_verify_entries[];

gboolean dyno_verb_runs   (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_db     (DynoCtl *ctl, int *status, GError **error);
/* backup, by the process that holds the data folder. */
gboolean dyno_verb_db_backup_there (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_config (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_plan   (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_verify (DynoCtl *ctl, int *status, GError **error);

G_END_DECLS
