/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-planner-book.h"

G_BEGIN_DECLS

/* GET /planner/{vehicle_id} (service.md 2.6): {vehicle, coverage{cells, covered, weak,
 * pct, grade, runs, rpm[], map_kpa[], hits[][], last_seen[][]}, gaps[], next_tests[],
 * dropped[], constraints}. Ranges are [from, to]; a cell that was never reached has
 * null in last_seen. */
void dyno_shape_plan (DynoJsonWriter        *w,
                      const DynoPlannerView *view);

/* The array of "next_tests" as a value of its own. */
void dyno_shape_next_tests (DynoJsonWriter        *w,
                            const DynoPlan        *plan);

/* A value of its own, as it stands in "constraints": {min_rpm, …, environment}. */
void dyno_shape_plan_constraints (DynoJsonWriter            *w,
                                  const DynoPlanConstraints *constraints);

G_END_DECLS
