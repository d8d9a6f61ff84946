/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-config.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* After the program ended in the middle of a run: the packet journal is the truth.
 * What the store lacks is derived from it, the run is closed as interrupted; a
 * journal whose run the store never heard of becomes that run. Each step can be cut
 * again and is done over the next time. Blocking; before the capture starts. */
void dyno_recover_runs (DynoStore  *store,
                        DynoConfig *config,
                        const char *data_dir,
                        DynoAwait  *await);

G_END_DECLS
