/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-planner.h"

G_BEGIN_DECLS

/* The steps that a plan can have, as they are offered before constraints. */

typedef enum
{
  DYNO_RECIPE_GAP_PULL, /* name, goal and box come from the gap */
  DYNO_RECIPE_BASELINE,
  DYNO_RECIPE_CONSISTENCY,
  DYNO_RECIPE_TIP_IN,
  DYNO_RECIPE_IDLE,
  DYNO_RECIPE_CRUISE,
  DYNO_RECIPE_TIP_OUT,
  DYNO_RECIPE_HEAT_SOAK,
  DYNO_RECIPE_TRANSIENT, /* settles a suspicion, as the next two */
  DYNO_RECIPE_KNOCK,
  DYNO_RECIPE_THERMAL,
  DYNO_RECIPE_VOLUME,
  DYNO_N_RECIPES
} DynoRecipeId;

typedef struct
{
  const char          *name;
  const char          *goal;
  DynoTestType         type;
  DynoPlanEnvironment  where;      /* BOTH: on either */
  gboolean             has_box;
  double               rpm[2];
  double               map_kpa[2];
  const char          *how;
  const char          *channels[8];
  const char          *success;
  const char          *risk;
  guint                priority;
  guint                n_pulls;
} DynoRecipe;

const DynoRecipe *dyno_plan_recipe (DynoRecipeId id);

G_END_DECLS
