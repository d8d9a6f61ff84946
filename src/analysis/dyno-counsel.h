/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-advise.h"
#include "dyno-outlook.h"
#include "dyno-spark.h"

G_BEGIN_DECLS

/* All of analysis.md 4 for one VE result: what knock asks of the spark, what the
 * advisers found, what to run next. Immutable once made, any thread; it does not need
 * the result any more. */
typedef struct
{
  DynoSpark   *spark;   /* (owned) */
  DynoAdvices *advices; /* (owned) */
  DynoOutlook *outlook; /* (owned) */
} DynoCounsel;

/* Fails with CANCELLED only. (transfer full) */
DynoCounsel *dyno_counsel_take (const DynoVeResult  *result,
                                const DynoProgress  *progress,
                                DynoAnalysisError  **error);
void         dyno_counsel_free (DynoCounsel         *self);

/* All advice in the order of the chapter. (transfer container) of DynoAdvice */
GPtrArray   *dyno_counsel_list (const DynoCounsel   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCounsel, dyno_counsel_free)

G_END_DECLS
