/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-data.h"

#include "dyno-error.h"
#include "dyno-failure.h"
#include "dyno-plan-text.h"
#include "dyno-print.h"
#include "dyno-runbook.h"
#include "dyno-shape-plan.h"
#include "dyno-subject.h"

#include <math.h>

#define INDENT 3 /* of what goes on in a next line */

static double    min_rpm = NAN;
static double    max_rpm = NAN;
static double    min_map_kpa = NAN;
static double    max_map_kpa = NAN;
static int       max_pulls = G_MININT; /* not given */
static char     *environment;
static char     *dyno;
static char     *forgotten;
static gboolean  is_reset;

const GOptionEntry dyno_verb_plan_entries[] = {
  { "min-rpm", 0, 0, G_OPTION_ARG_DOUBLE, &min_rpm, "From this engine speed on (1000)", "RPM" },
  { "max-rpm", 0, 0, G_OPTION_ARG_DOUBLE, &max_rpm, "Up to this engine speed (7000)", "RPM" },
  { "min-map", 0, 0, G_OPTION_ARG_DOUBLE, &min_map_kpa, "From this pressure on (20)", "KPA" },
  { "max-map", 0, 0, G_OPTION_ARG_DOUBLE, &max_map_kpa, "Up to this pressure (100)", "KPA" },
  { "max-pulls", 0, 0, G_OPTION_ARG_INT, &max_pulls, "At most so many pulls in a plan (8)", "N" },
  { "environment", 0, 0, G_OPTION_ARG_STRING, &environment, "Where the vehicle can be run",
    "both|inertia_dyno|street" },
  { "dyno", 0, 0, G_OPTION_ARG_STRING, &dyno, "The limits of this dyno, not of any", "NAME" },
  { "reset", 0, 0, G_OPTION_ARG_NONE, &is_reset, "Forget the limits that were set", NULL },
  { "forget", 0, 0, G_OPTION_ARG_STRING, &forgotten, "Take this run out of what is covered",
    "RUN" },
  { NULL },
};

static gboolean
has_new_limits (void)
{
  return !isnan (min_rpm) || !isnan (max_rpm) || !isnan (min_map_kpa) || !isnan (max_map_kpa)
         || max_pulls != G_MININT || environment != NULL;
}

static gboolean
check_limit (const char *option,
             double      value,
             double      most,
             GError    **error)
{
  return isnan (value) || dyno_ctl_check_number (option, value, 0, most, error);
}

static gboolean
options_are_good (GError **error)
{
  DynoPlanEnvironment where;

  if (environment != NULL && !dyno_plan_environment_find (environment, &where))
    {
      dyno_failure_set_usage (error, "--environment takes both, inertia_dyno or street, not “%s”.",
                              environment);
      return FALSE;
    }
  if (is_reset && has_new_limits ())
    {
      dyno_failure_set_usage (error, "Either --reset or new limits.");
      return FALSE;
    }

  return check_limit ("--min-rpm", min_rpm, 20000, error)
         && check_limit ("--max-rpm", max_rpm, 20000, error)
         && check_limit ("--min-map", min_map_kpa, 400, error)
         && check_limit ("--max-map", max_map_kpa, 400, error)
         && (max_pulls == G_MININT
             || dyno_ctl_check_number ("--max-pulls", max_pulls, 0, 100, error));
}

/* What the command line says, upon what was kept. */
static void
apply_limits (DynoPlanConstraints *c)
{
  c->min_rpm = isnan (min_rpm) ? c->min_rpm : min_rpm;
  c->max_rpm = isnan (max_rpm) ? c->max_rpm : max_rpm;
  c->min_map_kpa = isnan (min_map_kpa) ? c->min_map_kpa : min_map_kpa;
  c->max_map_kpa = isnan (max_map_kpa) ? c->max_map_kpa : max_map_kpa;
  c->max_pulls = max_pulls >= 0 ? (guint) max_pulls : c->max_pulls;
  if (environment != NULL)
    dyno_plan_environment_find (environment, &c->environment);
}

static gboolean
forget_run (DynoCtl   *ctl,
            DynoShop  *shop,
            GError   **error)
{
  g_autoptr(DynoRunDetail) detail = NULL;

  dyno_runbook_get_async (shop, forgotten, ctl->cancellable, dyno_await_cb, ctl->await);
  detail = dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
  if (detail == NULL)
    return FALSE;
  dyno_planner_forget_run_async (shop, detail->run->id, ctl->cancellable, dyno_await_cb,
                                 ctl->await);

  return dyno_planner_forget_run_finish (dyno_await_wait (ctl->await), error);
}

static DynoPlannerView *
get_plan (DynoCtl     *ctl,
          DynoShop    *shop,
          const char  *vehicle,
          GError     **error)
{
  dyno_planner_get_async (shop, vehicle, dyno, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_planner_get_finish (dyno_await_wait (ctl->await), error);
}

static DynoPlannerView *
set_limits (DynoCtl     *ctl,
            DynoShop    *shop,
            const char  *vehicle,
            GError     **error)
{
  g_autoptr(DynoPlannerView) view = get_plan (ctl, shop, vehicle, error);
  DynoPlanConstraints constraints;

  if (view == NULL)
    return NULL;
  constraints = view->constraints;
  apply_limits (&constraints);
  dyno_planner_set_constraints_async (shop, vehicle, dyno, &constraints, 0, ctl->cancellable,
                                      dyno_await_cb, ctl->await);

  return dyno_planner_set_constraints_finish (dyno_await_wait (ctl->await), error);
}

static DynoPlannerView *
plan (DynoCtl     *ctl,
      DynoShop    *shop,
      const char  *vehicle,
      GError     **error)
{
  if (has_new_limits ())
    return set_limits (ctl, shop, vehicle, error);
  if (!is_reset)
    return get_plan (ctl, shop, vehicle, error);

  dyno_planner_reset_async (shop, vehicle, dyno, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_planner_reset_finish (dyno_await_wait (ctl->await), error);
}

static void
print (DynoCtl               *ctl,
       const DynoPlannerView *view)
{
  g_autofree char *text = NULL;
  DynoJsonWriter *w;

  if (ctl->is_json)
    {
      w = dyno_json_writer_new (FALSE);
      dyno_shape_plan (w, view);
      dyno_print_json (w);
      return;
    }
  text = dyno_plan_text (view);
  dyno_print_wrapped (text, INDENT);
}

gboolean
dyno_verb_plan (DynoCtl  *ctl,
                int      *status,
                GError  **error)
{
  g_autoptr(DynoPlannerView) view = NULL;
  DynoShop *shop;

  if (!dyno_ctl_want (ctl, 1, 1, "a vehicle", error) || !options_are_good (error))
    return FALSE;
  shop = dyno_subject_open_runs (ctl, error);
  if (shop == NULL || (forgotten != NULL && !forget_run (ctl, shop, error)))
    return FALSE;
  view = plan (ctl, shop, ctl->arguments[0], error);
  if (view == NULL)
    return FALSE;
  print (ctl, view);

  return TRUE;
}
