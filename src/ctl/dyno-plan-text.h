/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-planner-book.h"

G_BEGIN_DECLS

/* The planner's view of a vehicle as a person reads it: what is covered, what lacks,
 * what to run next and what was left out. (transfer full) */
char *dyno_plan_text (const DynoPlannerView *view);

G_END_DECLS
