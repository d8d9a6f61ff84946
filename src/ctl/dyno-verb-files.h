/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The verbs that work on logs and runs. Each also takes the options of
 * dyno-subject.h. */

extern const GOptionEntry dyno_verb_import_entries[];
extern const GOptionEntry dyno_verb_power_entries[];
extern const GOptionEntry dyno_verb_compare_entries[];
extern const GOptionEntry dyno_verb_analyze_entries[];
extern const GOptionEntry dyno_verb_export_entries[];
extern const GOptionEntry dyno_verb_virtual_tune_entries[];

gboolean dyno_verb_import       (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_power        (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_compare      (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_analyze      (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_export       (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_virtual_tune (DynoCtl *ctl, int *status, GError **error);

G_END_DECLS
