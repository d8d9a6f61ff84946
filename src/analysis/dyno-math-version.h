/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analysis-error.h"

G_BEGIN_DECLS

/* Versions of the per-sample mathematics. One is active per analysis and is
 * written into every artefact, so that an old result can be made again. */

typedef enum
{
  DYNO_MATH_2_0_0, /* the ratio measured / target */
  DYNO_MATH_1_0_0, /* linear: 7 % per AFR; kept for comparison with old results */
  DYNO_MATH_LEGACY_CLI_1_2, /* inverted; a whole engine of its own: dyno-legacy.h */
  DYNO_N_MATH_VERSIONS
} DynoMathVersion;

/* "2.0.0" */
const char *dyno_math_version_name    (DynoMathVersion      version);
/* FALSE with BAD_OPTION naming what there is. */
gboolean    dyno_math_version_find    (const char          *name,
                                       DynoMathVersion     *version,
                                       DynoAnalysisError  **error);
/* FALSE for the inverted one: nothing made with it may reach a table. */
gboolean    dyno_math_version_is_applicable (DynoMathVersion version);
/* What to say beside results of this version; NULL for the current one. */
const char *dyno_math_version_warning (DynoMathVersion      version);

G_END_DECLS
