/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-constraints.h"

#include "dyno-error.h"
#include "dyno-store-private.h"
#include "dyno-store-vehicles-private.h"

typedef struct
{
  char               *vehicle_id;  /* (owned) */
  char               *dyno;        /* (owned) "": any */
  DynoPlanConstraints constraints; /* of a set, as the next one */
  gint64              version;     /* 0: any */
} Args;

static Args *
args_new (const char *vehicle_id,
          const char *dyno)
{
  Args *args = g_new0 (Args, 1);

  args->vehicle_id = g_strdup (vehicle_id);
  args->dyno = g_strdup (dyno != NULL ? dyno : "");

  return args;
}

static void
args_free (gpointer data)
{
  Args *args = data;

  g_free (args->vehicle_id);
  g_free (args->dyno);
  g_free (args);
}

static void
set_key (DynoStatement *s,
         const Args    *args)
{
  dyno_statement_set_text (s, ":vehicle_id", args->vehicle_id);
  dyno_statement_set_text (s, ":dyno", args->dyno);
}

static void
read_row (DynoStatement       *row,
          DynoPlanConstraints *c)
{
  c->min_rpm = dyno_statement_real (row, 0);
  c->max_rpm = dyno_statement_real (row, 1);
  c->min_map_kpa = dyno_statement_real (row, 2);
  c->max_map_kpa = dyno_statement_real (row, 3);
  c->max_pulls = (guint) dyno_statement_integer (row, 4);
  dyno_plan_environment_find (dyno_statement_text (row, 5), &c->environment);
}

static gpointer
get_constraints (DynoTurn     *turn,
                 gconstpointer data,
                 GError      **error)
{
  g_autofree DynoKeptConstraints *kept = g_new0 (DynoKeptConstraints, 1);
  DynoStatement *s = dyno_statement_begin (turn->db, DYNO_SQL_CONSTRAINTS_GET);
  DynoStep step;

  set_key (s, data);
  dyno_plan_constraints_init (&kept->constraints);
  step = dyno_statement_step (s, error);
  kept->is_default = step != DYNO_STEP_ROW;
  kept->version = 1;
  if (step == DYNO_STEP_ROW)
    {
      read_row (s, &kept->constraints);
      kept->version = dyno_statement_integer (s, 6);
    }
  dyno_statement_end (s);

  return step != DYNO_STEP_FAILED ? g_steal_pointer (&kept) : NULL;
}

static const DynoVerb get_constraints_verb = { "get-constraints", get_constraints, g_free };

void
dyno_store_get_constraints_async (DynoStore          *self,
                                  const char         *vehicle_id,
                                  const char         *dyno,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  dyno_store_read (self, &get_constraints_verb, args_new (vehicle_id, dyno), args_free,
                   cancellable, callback, user_data);
}

DynoKeptConstraints *
dyno_store_get_constraints_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &get_constraints_verb, error);
}

static gboolean
is_as_seen (const DynoKeptConstraints *kept,
            const Args                *args,
            GError                   **error)
{
  if (args->version == 0 || kept->version == args->version)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                  "These constraints were changed by somebody else. Look at them again.");

  return FALSE;
}

static gpointer
set_constraints (DynoTurn     *turn,
                 gconstpointer data,
                 GError      **error)
{
  const Args *args = data;
  const DynoPlanConstraints *c = &args->constraints;
  g_autofree DynoKeptConstraints *kept = NULL;
  DynoStatement *s;

  if (!dyno_vehicle_rows_is_known (turn, args->vehicle_id, error))
    return NULL;
  kept = get_constraints (turn, args, error);
  if (kept == NULL || !is_as_seen (kept, args, error))
    return NULL;

  s = dyno_statement_begin (turn->db, DYNO_SQL_CONSTRAINTS_SET);
  set_key (s, args);
  dyno_statement_set_real (s, ":min_rpm", c->min_rpm);
  dyno_statement_set_real (s, ":max_rpm", c->max_rpm);
  dyno_statement_set_real (s, ":min_map_kpa", c->min_map_kpa);
  dyno_statement_set_real (s, ":max_map_kpa", c->max_map_kpa);
  dyno_statement_set_integer (s, ":max_pulls", c->max_pulls);
  dyno_statement_set_text (s, ":environment", dyno_plan_environment_name (c->environment));
  dyno_statement_set_integer (s, ":now", MAX (turn->now_ms, kept->version + 1));

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb set_constraints_verb = { "set-constraints", set_constraints, NULL };

void
dyno_store_set_constraints_async (DynoStore                 *self,
                                  const char                *vehicle_id,
                                  const char                *dyno,
                                  const DynoPlanConstraints *constraints,
                                  gint64                     version,
                                  GCancellable              *cancellable,
                                  GAsyncReadyCallback        callback,
                                  gpointer                   user_data)
{
  Args *args = args_new (vehicle_id, dyno);

  args->constraints = *constraints;
  args->version = version;
  dyno_store_write (self, &set_constraints_verb, args, args_free, cancellable, callback,
                    user_data);
}

gboolean
dyno_store_set_constraints_finish (DynoStore    *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  return dyno_call_finish (result, &set_constraints_verb, error) != NULL;
}

static gpointer
reset_constraints (DynoTurn     *turn,
                   gconstpointer data,
                   GError      **error)
{
  const Args *args = data;
  DynoStatement *s;

  if (!dyno_vehicle_rows_is_known (turn, args->vehicle_id, error))
    return NULL;

  s = dyno_statement_begin (turn->db, DYNO_SQL_CONSTRAINTS_RESET);
  set_key (s, args);

  return dyno_statement_run (s, error) ? DYNO_VERB_DONE : NULL;
}

static const DynoVerb reset_constraints_verb = { "reset-constraints", reset_constraints, NULL };

void
dyno_store_reset_constraints_async (DynoStore          *self,
                                    const char         *vehicle_id,
                                    const char         *dyno,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  dyno_store_write (self, &reset_constraints_verb, args_new (vehicle_id, dyno), args_free,
                    cancellable, callback, user_data);
}

gboolean
dyno_store_reset_constraints_finish (DynoStore    *self,
                                     GAsyncResult *result,
                                     GError      **error)
{
  return dyno_call_finish (result, &reset_constraints_verb, error) != NULL;
}
