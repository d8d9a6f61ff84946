/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The sheet for the customer. Takes the options of dyno-subject.h, too. */

extern const GOptionEntry dyno_verb_report_entries[];

gboolean dyno_verb_report (DynoCtl  *ctl,
                           int      *status,
                           GError  **error);

G_END_DECLS
