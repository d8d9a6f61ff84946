/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-finding.h"
#include "dyno-mode.h"

G_BEGIN_DECLS

/* What to run next (analysis.md 4.12): the regions of the map that matter and have
 * too few hits, and the steps that would fill them or settle a suspicion, each with
 * the box of rpm and kPa that a capture can steer by. A step outside the constraints
 * is cut to them or dropped with its reason. Pure. */

typedef enum
{
  DYNO_PLAN_BOTH,
  DYNO_PLAN_INERTIA_DYNO, /* full-load pulls, no brake */
  DYNO_PLAN_STREET,       /* or a braked dyno: roll-on, cruise, idle */
  DYNO_N_PLAN_ENVIRONMENTS
} DynoPlanEnvironment;

/* Of a vehicle on a dyno. */
typedef struct
{
  double              min_rpm;     /* 1000 */
  double              max_rpm;     /* 7000 */
  double              min_map_kpa; /* 20 */
  double              max_map_kpa; /* 100 */
  guint               max_pulls;   /* 8, in one plan */
  DynoPlanEnvironment environment; /* both */
} DynoPlanConstraints;

typedef enum
{
  DYNO_GAP_HIGH_MAP,
  DYNO_GAP_IDLE_LOW,
  DYNO_GAP_TIP_IN,
  DYNO_GAP_GENERAL,
  DYNO_N_GAP_TYPES
} DynoGapType;

typedef enum
{
  DYNO_IMPACT_HIGH,
  DYNO_IMPACT_MEDIUM,
  DYNO_N_IMPACTS
} DynoImpact;

/* A region with empty cells: fewer than three hits. */
typedef struct
{
  const char *name;       /* (borrowed) static */
  double      rpm[2];
  double      map_kpa[2];
  DynoImpact  impact;
  DynoGapType type;
  guint       n_empty;
  guint       n_cells;    /* of the grid, in the region */
} DynoPlanGap;

typedef enum
{
  DYNO_TEST_WOT_PULL,
  DYNO_TEST_STEADY_STATE_SWEEP,
  DYNO_TEST_TRANSIENT_ROLLOFF,
  DYNO_TEST_IDLE_HOLD,
  DYNO_TEST_GENERAL,
  DYNO_N_TEST_TYPES
} DynoTestType;

typedef struct
{
  char              *name;        /* (owned) */
  char              *goal;        /* (owned) a sentence; as is */
  const char        *how;         /* (borrowed) static, as what follows */
  const char *const *channels;    /* canonical names, NULL behind the last */
  const char        *success;
  const char        *risk;
  DynoTestType       type;
  gboolean           has_box;     /* FALSE: anywhere */
  double             rpm[2];      /* the box to be reached */
  double             map_kpa[2];
  guint              gears[2];    /* from … to; 0: any */
  guint              priority;    /* 1 comes first */
  guint              n_pulls;
  double             minutes;
  double             gain_pct;    /* of coverage, expected */
  double             score;       /* 0…1, cells a minute */
  gboolean           is_cut;      /* to the constraints */
} DynoPlanStep;

typedef struct
{
  char *name;   /* (owned) of a step that is not in the plan */
  char *reason; /* (owned) a sentence */
} DynoPlanDrop;

typedef struct
{
  GArray    *gaps;    /* (owned) of DynoPlanGap: impact, then emptiness */
  GPtrArray *steps;   /* (owned) of DynoPlanStep: priority, then score */
  GPtrArray *dropped; /* (owned) of DynoPlanDrop */
} DynoPlan;

typedef struct
{
  const char *kind;       /* (borrowed) of a cause */
  double      confidence;
} DynoPlanCause;

#define DYNO_PLAN_CAUSES 2
#define DYNO_PLAN_EMPTY_HITS 3

/* What the plan is made from. */
typedef struct
{
  const DynoGridShape *shape;
  const guint32       *hits;         /* one a cell, of the cylinder that has fewer */
  double               coverage_pct;
  gboolean             has_modes;    /* `rows` are known */
  gsize                rows[DYNO_N_MODES];
  DynoPlanCause        causes[DYNO_PLAN_CAUSES]; /* the surest, 0.7 or more */
  guint                n_causes;
} DynoPlanFacts;

const char *dyno_plan_environment_name (DynoPlanEnvironment         environment);
/* FALSE for another name. */
gboolean    dyno_plan_environment_find (const char                 *name,
                                        DynoPlanEnvironment        *environment);
const char *dyno_gap_type_name         (DynoGapType                 type);
const char *dyno_impact_name           (DynoImpact                  impact);
const char *dyno_test_type_name        (DynoTestType                type);

/* The defaults above. */
void        dyno_plan_constraints_init  (DynoPlanConstraints       *self);
/* FALSE with BAD_OPTION naming member, value and what is allowed. */
gboolean    dyno_plan_constraints_check (const DynoPlanConstraints *self,
                                         DynoAnalysisError        **error);

/* Takes a cause that is sure enough, while there is room; the surest come first. */
void        dyno_plan_facts_add_cause  (DynoPlanFacts              *self,
                                        const char                 *kind,
                                        double                      confidence);

/* (transfer full) */
DynoPlan   *dyno_plan_make             (const DynoPlanFacts        *facts,
                                        const DynoPlanConstraints  *constraints);
void        dyno_plan_free             (DynoPlan                   *self);

/* A finding a step, in their order; score: that of the step. (transfer full) */
DynoAdvice *dyno_plan_advise           (const DynoPlan             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoPlan, dyno_plan_free)

G_END_DECLS
