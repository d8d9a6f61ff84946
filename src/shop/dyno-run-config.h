/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-config.h"
#include "dyno-preflight.h"

G_BEGIN_DECLS

/* The settings under which a run was made, as JSON that is kept with it: every key
 * of capture, dyno and ui.correction, the last preflight, and why it was armed all
 * the same. `override` may be NULL; `preflight` (nullable) is taken over.
 * (transfer full) */
char *dyno_run_config (DynoConfig    *config,
                       const char    *override,
                       DynoPreflight *preflight);

G_END_DECLS
