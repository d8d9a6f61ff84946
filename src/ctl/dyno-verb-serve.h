/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The service without a window, until a signal ends it. */

extern const GOptionEntry dyno_verb_serve_entries[];

gboolean dyno_verb_serve (DynoCtl *ctl, int *status, GError **error);

G_END_DECLS
