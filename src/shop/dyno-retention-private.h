/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-config.h"
#include "dyno-operation.h"
#include "dyno-retention.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* Everything, in the background. */
void dyno_retention_begin         (DynoShop            *shop);

/* Rows that are let go by their age, and exports. */
gboolean dyno_retention_rows      (const DynoErrand    *errand,
                                   gboolean             is_dry,
                                   DynoRetentionReport *report,
                                   GError             **error);

/* The journals of runs alone, by age and size. `report` (nullable) is added to.
 * Blocking. */
void dyno_retention_trim_journals (DynoStore           *store,
                                   DynoConfig          *config,
                                   DynoClock           *clock,
                                   const char          *data_dir,
                                   DynoAwait           *await,
                                   gboolean             is_dry,
                                   DynoRetentionReport *report);

G_END_DECLS
