/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-planner.h"

#include "dyno-plan-steps.h"

#define SURE 0.7
#define FEW_WOT_ROWS 100
#define FEW_CRUISE_ROWS 200
#define FEW_SOAK_ROWS 50
#define FEW_ROWS 500
#define PULL_BEGIN_RPM 1500
#define PULL_MARGIN_RPM 500
#define CELL_RPM 500
#define CELL_KPA 10
#define MAP_CELLS 200     /* of a table, for the expected gain */
#define BEST_CELLS_MIN 50 /* cells a minute that score 1 */
#define FIRST_PRIORITY_FACTOR 1.3

static const DynoPlanGap regions[] = {
  { "High load, midrange", { 2500, 4500 }, { 80, 100 }, DYNO_IMPACT_HIGH, DYNO_GAP_HIGH_MAP, 0, 0 },
  { "Torque peak", { 4000, 5500 }, { 85, 100 }, DYNO_IMPACT_HIGH, DYNO_GAP_HIGH_MAP, 0, 0 },
  { "High load, low speed", { 2000, 3000 }, { 80, 100 }, DYNO_IMPACT_HIGH, DYNO_GAP_HIGH_MAP, 0,
    0 },
  { "Idle", { 800, 1500 }, { 20, 40 }, DYNO_IMPACT_MEDIUM, DYNO_GAP_IDLE_LOW, 0, 0 },
  { "Low load", { 1500, 2500 }, { 30, 50 }, DYNO_IMPACT_MEDIUM, DYNO_GAP_IDLE_LOW, 0, 0 },
  { "Tip-in, low", { 2000, 3500 }, { 50, 70 }, DYNO_IMPACT_HIGH, DYNO_GAP_TIP_IN, 0, 0 },
  { "Tip-in, middle", { 3000, 4500 }, { 60, 85 }, DYNO_IMPACT_HIGH, DYNO_GAP_TIP_IN, 0, 0 },
  { "Part-throttle cruise", { 2500, 4000 }, { 45, 65 }, DYNO_IMPACT_MEDIUM, DYNO_GAP_GENERAL, 0,
    0 },
};

/* By DynoTestType. */
static const struct
{
  const char *name;
  double      cells; /* reached, of those in the box */
  double      minutes;
} test_types[DYNO_N_TEST_TYPES] = {
  { "wot_pull", 1.5, 2 }, { "steady_state_sweep", 1.2, 5 }, { "transient_rolloff", 1, 3 },
  { "idle_hold", 0.5, 1 }, { "general", 1, 3 },
};

static const char *const environments[DYNO_N_PLAN_ENVIRONMENTS] = { "both", "inertia_dyno",
                                                                    "street" };

const char *
dyno_plan_environment_name (DynoPlanEnvironment environment)
{
  g_return_val_if_fail (environment < DYNO_N_PLAN_ENVIRONMENTS, NULL);

  return environments[environment];
}

gboolean
dyno_plan_environment_find (const char          *name,
                            DynoPlanEnvironment *environment)
{
  for (guint i = 0; i < DYNO_N_PLAN_ENVIRONMENTS; i++)
    {
      if (g_strcmp0 (name, environments[i]) != 0)
        continue;
      *environment = i;
      return TRUE;
    }

  return FALSE;
}

const char *
dyno_gap_type_name (DynoGapType type)
{
  static const char *const names[DYNO_N_GAP_TYPES] = { "high_map", "idle_low", "tip_in",
                                                       "general" };

  g_return_val_if_fail (type < DYNO_N_GAP_TYPES, NULL);

  return names[type];
}

const char *
dyno_impact_name (DynoImpact impact)
{
  g_return_val_if_fail (impact < DYNO_N_IMPACTS, NULL);

  return impact == DYNO_IMPACT_HIGH ? "high" : "medium";
}

const char *
dyno_test_type_name (DynoTestType type)
{
  g_return_val_if_fail (type < DYNO_N_TEST_TYPES, NULL);

  return test_types[type].name;
}

/* Constraints */

void
dyno_plan_constraints_init (DynoPlanConstraints *self)
{
  *self = (DynoPlanConstraints){ .min_rpm = 1000,
                                 .max_rpm = 7000,
                                 .min_map_kpa = 20,
                                 .max_map_kpa = 100,
                                 .max_pulls = 8,
                                 .environment = DYNO_PLAN_BOTH };
}

static gboolean
check_range (const char         *name,
             double              low,
             double              high,
             double              most,
             DynoAnalysisError **error)
{
  if (low >= 0 && high <= most && low < high)
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                           "min_%s %g and max_%s %g are no range: the smaller first, both within "
                           "0 to %g.", name, low, name, high, most);

  return FALSE;
}

gboolean
dyno_plan_constraints_check (const DynoPlanConstraints *self,
                             DynoAnalysisError        **error)
{
  if (!check_range ("rpm", self->min_rpm, self->max_rpm, 20000, error)
      || !check_range ("map_kpa", self->min_map_kpa, self->max_map_kpa, 400, error))
    return FALSE;
  if (self->max_pulls <= 100)
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                           "max_pulls %u is too many: at most 100.", self->max_pulls);

  return FALSE;
}

/* Gaps */

static gboolean
is_within (double       value,
           const double range[2])
{
  return value >= range[0] && value <= range[1];
}

static void
count_cells (DynoPlanGap         *gap,
             const DynoPlanFacts *facts)
{
  const DynoAxis *load = &facts->shape->load;

  for (guint i = 0; i < dyno_grid_shape_cells (facts->shape); i++)
    {
      if (!is_within (facts->shape->rpm.at[i / load->n], gap->rpm)
          || !is_within (load->at[i % load->n], gap->map_kpa))
        continue;
      gap->n_cells++;
      gap->n_empty += facts->hits[i] < DYNO_PLAN_EMPTY_HITS;
    }
}

static int
compare_gaps (gconstpointer a,
              gconstpointer b)
{
  const DynoPlanGap *left = a;
  const DynoPlanGap *right = b;

  if (left->impact != right->impact)
    return left->impact < right->impact ? -1 : 1;

  return (left->n_empty < right->n_empty) - (left->n_empty > right->n_empty);
}

static void
find_gaps (DynoPlan            *self,
           const DynoPlanFacts *facts)
{
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      DynoPlanGap gap = regions[i];

      count_cells (&gap, facts);
      if (gap.n_empty > 0)
        g_array_append_val (self->gaps, gap);
    }
  g_array_sort (self->gaps, compare_gaps);
}

static gboolean
has_gap (const DynoPlan *self,
         DynoGapType     type)
{
  for (guint i = 0; i < self->gaps->len; i++)
    {
      if (g_array_index (self->gaps, DynoPlanGap, i).type == type)
        return TRUE;
    }

  return FALSE;
}

/* Steps */

static void
step_free (gpointer data)
{
  DynoPlanStep *step = data;

  g_free (step->name);
  g_free (step->goal);
  g_free (step);
}

static void
drop_free (gpointer data)
{
  DynoPlanDrop *drop = data;

  g_free (drop->name);
  g_free (drop->reason);
  g_free (drop);
}

static DynoPlanStep *
step_new (const DynoRecipe *recipe)
{
  DynoPlanStep *step = g_new0 (DynoPlanStep, 1);

  step->name = g_strdup (recipe->name);
  step->goal = g_strdup (recipe->goal);
  step->how = recipe->how;
  step->channels = recipe->channels;
  step->success = recipe->success;
  step->risk = recipe->risk;
  step->type = recipe->type;
  step->has_box = recipe->has_box;
  memcpy (step->rpm, recipe->rpm, sizeof step->rpm);
  memcpy (step->map_kpa, recipe->map_kpa, sizeof step->map_kpa);
  step->priority = recipe->priority;
  step->n_pulls = recipe->n_pulls;
  step->minutes = test_types[recipe->type].minutes;

  return step;
}

/* The plan in the making. */
typedef struct
{
  DynoPlan                  *plan;
  const DynoPlanFacts       *facts;
  const DynoPlanConstraints *constraints;
} Planning;

/* `step` is taken over. */
static void
drop_step (DynoPlan     *plan,
           DynoPlanStep *step,
           char         *reason)
{
  DynoPlanDrop *drop = g_new0 (DynoPlanDrop, 1);

  drop->name = g_steal_pointer (&step->name);
  drop->reason = reason;
  g_ptr_array_add (plan->dropped, drop);
  step_free (step);
}

static gboolean
is_there (const DynoPlan     *plan,
          const DynoPlanStep *step)
{
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const DynoPlanStep *other = g_ptr_array_index (plan->steps, i);

      if (g_str_equal (other->name, step->name))
        return TRUE;
    }

  return FALSE;
}

static gboolean
cut (double   range[2],
     double   low,
     double   high,
     gboolean *is_cut)
{
  *is_cut |= range[0] < low || range[1] > high;
  range[0] = MAX (range[0], low);
  range[1] = MIN (range[1], high);

  return range[0] < range[1];
}

static void
rate_step (DynoPlanStep        *step,
           const DynoPlanFacts *facts)
{
  int rows = MAX (1, (int) (step->rpm[1] - step->rpm[0]) / CELL_RPM);
  int columns = MAX (1, (int) (step->map_kpa[1] - step->map_kpa[0]) / CELL_KPA);
  double cells = step->has_box ? rows * columns * test_types[step->type].cells : 0;

  step->gain_pct = MAX (0, MIN (cells / MAP_CELLS * 100, 100 - facts->coverage_pct));
  step->score = MIN (cells / step->minutes / BEST_CELLS_MIN, 1);
  if (step->priority == 1)
    step->score = MIN (step->score * FIRST_PRIORITY_FACTOR, 1);
}

/* `step` is taken over. */
static void
offer_step (Planning           *planning,
            DynoPlanStep       *step,
            DynoPlanEnvironment where)
{
  const DynoPlanConstraints *c = planning->constraints;

  if (where != DYNO_PLAN_BOTH && c->environment != DYNO_PLAN_BOTH && where != c->environment)
    {
      step_free (step);
      return;
    }
  if (is_there (planning->plan, step))
    {
      step_free (step);
      return;
    }
  if (step->has_box
      && !(cut (step->rpm, c->min_rpm, c->max_rpm, &step->is_cut)
           && cut (step->map_kpa, c->min_map_kpa, c->max_map_kpa, &step->is_cut)))
    {
      drop_step (planning->plan, step,
                 g_strdup_printf ("It lies outside %g to %g rpm or %g to %g kPa.", c->min_rpm,
                                  c->max_rpm, c->min_map_kpa, c->max_map_kpa));
      return;
    }
  rate_step (step, planning->facts);
  g_ptr_array_add (planning->plan->steps, step);
}

static void
offer (Planning    *planning,
       DynoRecipeId id)
{
  const DynoRecipe *recipe = dyno_plan_recipe (id);

  offer_step (planning, step_new (recipe), recipe->where);
}

/* Tall enough to keep the pull slow, short enough for the drum. */
static void
choose_gears (DynoPlanStep *step,
              double        high_rpm)
{
  step->gears[0] = high_rpm <= 4000 ? 3 : high_rpm <= 5500 ? 4 : 5;
  step->gears[1] = step->gears[0] + 1;
}

static void
offer_gap_pull (Planning          *planning,
                const DynoPlanGap *gap)
{
  const DynoRecipe *recipe = dyno_plan_recipe (DYNO_RECIPE_GAP_PULL);
  DynoPlanStep *step = step_new (recipe);

  step->name = g_strdup_printf ("Inertia pull %.0f–%.0f rpm", gap->rpm[0], gap->rpm[1]);
  step->goal = g_strdup_printf ("High-load data from %.0f to %.0f rpm.", gap->rpm[0],
                                gap->rpm[1]);
  step->rpm[0] = MAX (PULL_BEGIN_RPM, gap->rpm[0] - PULL_MARGIN_RPM);
  step->rpm[1] = gap->rpm[1] + PULL_MARGIN_RPM;
  choose_gears (step, gap->rpm[1]);
  offer_step (planning, step, recipe->where);
}

static void
plan_dyno (Planning *planning)
{
  const GArray *gaps = planning->plan->gaps;

  for (guint i = 0; i < gaps->len; i++)
    {
      if (g_array_index (gaps, DynoPlanGap, i).type == DYNO_GAP_HIGH_MAP)
        offer_gap_pull (planning, &g_array_index (gaps, DynoPlanGap, i));
    }
  if (planning->facts->has_modes && planning->facts->rows[DYNO_MODE_WOT] < FEW_WOT_ROWS)
    offer (planning, DYNO_RECIPE_BASELINE);
  offer (planning, DYNO_RECIPE_CONSISTENCY);
}

static void
plan_street (Planning *planning)
{
  const DynoPlanFacts *facts = planning->facts;

  if (has_gap (planning->plan, DYNO_GAP_TIP_IN))
    offer (planning, DYNO_RECIPE_TIP_IN);
  if (has_gap (planning->plan, DYNO_GAP_IDLE_LOW))
    offer (planning, DYNO_RECIPE_IDLE);
  if (facts->has_modes && facts->rows[DYNO_MODE_CRUISE] < FEW_CRUISE_ROWS)
    offer (planning, DYNO_RECIPE_CRUISE);
  offer (planning, DYNO_RECIPE_TIP_OUT);
  if (facts->has_modes && facts->rows[DYNO_MODE_HEAT_SOAK] < FEW_SOAK_ROWS)
    offer (planning, DYNO_RECIPE_HEAT_SOAK);
}

static void
offer_knock (Planning   *planning,
             const char *kind)
{
  const DynoRecipe *recipe = dyno_plan_recipe (DYNO_RECIPE_KNOCK);
  DynoPlanStep *step = step_new (recipe);
  const char *which = strstr (kind, "rear") != NULL    ? "rear cylinder"
                      : strstr (kind, "front") != NULL ? "front cylinder"
                                                       : "both cylinders";

  step->name = g_strdup_printf ("Knock pulls (%s)", which);
  offer_step (planning, step, recipe->where);
}

static void
plan_causes (Planning *planning)
{
  for (guint i = 0; i < planning->facts->n_causes; i++)
    {
      const char *kind = planning->facts->causes[i].kind;

      if (g_str_has_prefix (kind, "transient_"))
        offer (planning, DYNO_RECIPE_TRANSIENT);
      else if (g_str_has_prefix (kind, "knock_"))
        offer_knock (planning, kind);
      else if (g_str_has_prefix (kind, "temp_trim_"))
        offer (planning, DYNO_RECIPE_THERMAL);
    }
}

static void
plan_volume (Planning *planning)
{
  gsize rows = 0;

  for (guint i = 0; i < DYNO_N_MODES; i++)
    rows += planning->facts->rows[i];
  if (planning->facts->has_modes && rows < FEW_ROWS)
    offer (planning, DYNO_RECIPE_VOLUME);
}

static int
compare_steps (gconstpointer a,
               gconstpointer b)
{
  const DynoPlanStep *left = *(DynoPlanStep *const *) a;
  const DynoPlanStep *right = *(DynoPlanStep *const *) b;

  if (left->priority != right->priority)
    return left->priority < right->priority ? -1 : 1;

  return (left->score < right->score) - (left->score > right->score);
}

/* Those that come first get the pulls. */
static void
limit_pulls (Planning *planning)
{
  GPtrArray *steps = planning->plan->steps;
  guint left = planning->constraints->max_pulls;

  for (guint i = 0; i < steps->len;)
    {
      DynoPlanStep *step = g_ptr_array_index (steps, i);

      if (step->n_pulls <= left)
        {
          left -= step->n_pulls;
          i++;
          continue;
        }
      drop_step (planning->plan, g_ptr_array_steal_index (steps, i),
                 g_strdup_printf ("The plan would have more than %u pulls.",
                                  planning->constraints->max_pulls));
    }
}

void
dyno_plan_facts_add_cause (DynoPlanFacts *self,
                           const char    *kind,
                           double         confidence)
{
  if (self->n_causes < DYNO_PLAN_CAUSES && confidence >= SURE)
    self->causes[self->n_causes++] = (DynoPlanCause){ kind, confidence };
}

DynoPlan *
dyno_plan_make (const DynoPlanFacts       *facts,
                const DynoPlanConstraints *constraints)
{
  DynoPlan *self;
  Planning planning;

  g_return_val_if_fail (facts != NULL && facts->shape != NULL && facts->hits != NULL, NULL);
  g_return_val_if_fail (dyno_plan_constraints_check (constraints, NULL), NULL);

  self = g_new0 (DynoPlan, 1);
  planning = (Planning){ self, facts, constraints };
  self->gaps = g_array_new (FALSE, FALSE, sizeof (DynoPlanGap));
  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->dropped = g_ptr_array_new_with_free_func (drop_free);
  find_gaps (self, facts);
  plan_dyno (&planning);
  plan_street (&planning);
  plan_causes (&planning);
  plan_volume (&planning);
  g_ptr_array_sort (self->steps, compare_steps);
  limit_pulls (&planning);

  return self;
}

void
dyno_plan_free (DynoPlan *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->gaps);
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->dropped);
  g_free (self);
}

DynoAdvice *
dyno_plan_advise (const DynoPlan *self)
{
  DynoAdvice *advice = dyno_advice_new ("next-tests");

  for (guint i = 0; i < self->steps->len; i++)
    {
      const DynoPlanStep *step = g_ptr_array_index (self->steps, i);
      DynoFinding *finding =
          dyno_finding_new (dyno_test_type_name (step->type), step->score, DYNO_EVIDENCE_INFERRED,
                            "%s: %s", step->name, step->goal);

      dyno_finding_add_number (finding, "priority", step->priority);
      dyno_finding_add_number (finding, "minutes", step->minutes);
      dyno_finding_add_number (finding, "expected_gain_pct", step->gain_pct);
      dyno_finding_add_check (finding, step->how);
      dyno_advice_take (advice, finding);
    }

  return advice;
}
