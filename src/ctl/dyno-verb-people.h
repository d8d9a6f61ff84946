/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The verbs about who may come in, and who did what. Each does its work here, or asks
 * the process that holds the data folder (dyno-remote.h). */

extern const GOptionEntry dyno_verb_audit_entries[];
extern const GOptionEntry dyno_verb_key_entries[];
extern const GOptionEntry dyno_verb_user_entries[];

gboolean dyno_verb_audit (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_key   (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_user  (DynoCtl *ctl, int *status, GError **error);

G_END_DECLS
