/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plan-private.h"

/* What a plan may ask of a vehicle on a dyno; part of dyno-planner.h. */

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

/* The same in every locale. */
static char *
range_text (double      low,
            double      high,
            const char *unit)
{
  char from[G_ASCII_DTOSTR_BUF_SIZE];
  char to[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (from, sizeof from, "%g", low);
  g_ascii_formatd (to, sizeof to, "%g", high);

  return g_strdup_printf ("%s to %s %s", from, to, unit);
}

static gboolean
check_range (const char         *name,
             const char         *unit,
             double              low,
             double              high,
             double              most,
             DynoAnalysisError **error)
{
  g_autofree char *given = range_text (low, high, unit);
  g_autofree char *allowed = range_text (0, most, unit);

  if (low >= 0 && high <= most && low < high)
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                           "min_%s and max_%s are no range: %s. The smaller goes first, and both "
                           "lie within %s.", name, name, given, allowed);

  return FALSE;
}

gboolean
dyno_plan_constraints_check (const DynoPlanConstraints *self,
                             DynoAnalysisError        **error)
{
  if (!check_range ("rpm", "rpm", self->min_rpm, self->max_rpm, 20000, error)
      || !check_range ("map_kpa", "kPa", self->min_map_kpa, self->max_map_kpa, 400,
                          error))
    return FALSE;
  if (self->max_pulls <= 100)
    return TRUE;

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                           "max_pulls %u is too many: at most 100.", self->max_pulls);

  return FALSE;
}

char *
dyno_plan_constraints_tell_outside (const DynoPlanConstraints *c)
{
  g_autofree char *rpm = range_text (c->min_rpm, c->max_rpm, "rpm");
  g_autofree char *map = range_text (c->min_map_kpa, c->max_map_kpa, "kPa");

  return g_strdup_printf ("It lies outside %s or %s.", rpm, map);
}
