/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-preflight.h"

G_BEGIN_DECLS

/* What the files of the judging share: what was seen, and the answer in the making. */

#define DYNO_JUDGE_TURNS_KMH 8.0 /* the drum turns */

typedef struct
{
  const DynoPreflightView *view;   /* (borrowed) */
  DynoPreflight           *answer; /* (borrowed) */
} DynoJudge;

/* The verdict of a check; `fix` may be NULL. A second one overrules the first. */
void     dyno_judge_say         (DynoJudge           *judge,
                                 DynoPreflightKind    kind,
                                 DynoPreflightStatus  status,
                                 const char          *fix,
                                 const char          *format,
                                 ...) G_GNUC_PRINTF (5, 6);
/* The numbers behind it; `name_2` may be NULL. */
void     dyno_judge_show        (DynoJudge           *judge,
                                 DynoPreflightKind    kind,
                                 const char          *name,
                                 double               value,
                                 const char          *name_2,
                                 double               value_2);

guint    dyno_judge_count       (GArray *const       *arrays,
                                 DynoChannel          canonical);
gboolean dyno_judge_drum_turned (const DynoJudge     *judge);
gboolean dyno_judge_engine_ran  (const DynoJudge     *judge);

/* Power, torque and gear ratio. */
void     dyno_judge_laws        (DynoJudge           *judge);

G_END_DECLS
