/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-restore.h"
#include "dyno-scratch.h"

G_BEGIN_DECLS

/* Puts what stands ready in `scratch` into the place of the data: from its first rename
 * on there is no way back. `kept` (a name inside the data folder) gets what was there. */
gboolean dyno_restore_commit (const char         *data_dir,
                              const DynoScratch  *scratch,
                              const char         *kept,
                              GError            **error);

G_END_DECLS
