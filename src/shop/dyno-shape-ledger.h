/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse-ledger.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* {"cylinder","run","row","t_s","delay_ms","rpm","map_kpa","afr","target_afr","reason",
 * "sentence","cell":{"rpm","map_kpa"},"factor"}: runs and rows from 1, engine state when
 * the mixture was made; null for what is missing, for the cell of a row that counts for
 * none, and for its factor. */
void dyno_shape_sample (DynoJsonWriter       *w,
                        const DynoVeResult   *result,
                        const DynoVeSample   *sample);

/* {"total","offset","samples":[…]} */
void dyno_shape_ledger (DynoJsonWriter       *w,
                        const DynoAnalyse    *analyse,
                        const DynoLedgerPage *page);

G_END_DECLS
