/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-call.h"

#include "dyno-rider-private.h"
#include "dyno-statement.h"

typedef struct
{
  const DynoVerb *verb;
  gpointer        args;      /* (owned) (nullable) */
  GDestroyNotify  free_args; /* (nullable) */
  DynoRider      *rider;     /* (owned) (nullable) */
  gpointer        answer;    /* (owned) (nullable) */
  GError         *error;     /* (owned) (nullable) */
} Call;

static void
drop_outcome (Call *call)
{
  if (call->answer != NULL && call->verb->free_result != NULL)
    call->verb->free_result (call->answer);
  call->answer = NULL;
  g_clear_error (&call->error);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  drop_outcome (call);
  if (call->args != NULL && call->free_args != NULL)
    call->free_args (call->args);
  dyno_rider_free (call->rider);
  g_free (call);
}

GTask *
dyno_call_new_task (const DynoVerb     *verb,
                    gpointer            args,
                    GDestroyNotify      free_args,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->verb = verb;
  call->args = args;
  call->free_args = free_args;
  /* What was written was written: a late cancelling does not hide it. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, (gpointer) verb);
  g_task_set_name (task, verb->name);
  g_task_set_task_data (task, call, call_free);

  return task;
}

void
dyno_call_carry (GTask     *task,
                 DynoRider *rider)
{
  Call *call = g_task_get_task_data (task);

  g_assert (call->rider == NULL);
  call->rider = rider;
}

/* Without its rider the verb has not happened. */
static void
run_rider (Call     *call,
           DynoTurn *turn)
{
  GError *error = NULL;

  if (dyno_rider_run (call->rider, turn, call->answer, &error))
    return;
  drop_outcome (call);
  call->error = error;
}

gboolean
dyno_call_run (GTask     *task,
               DynoDb    *db,
               DynoClock *clock)
{
  Call *call = g_task_get_task_data (task);
  DynoTurn turn = {
    .db = db,
    .now_ms = dyno_clock_real_us (clock) / 1000,
    .cancellable = g_task_get_cancellable (task),
  };

  drop_outcome (call);
  if (!g_cancellable_set_error_if_cancelled (turn.cancellable, &call->error))
    call->answer = call->verb->run (&turn, call->args, &call->error);
  if (call->error == NULL && call->rider != NULL)
    run_rider (call, &turn);
  dyno_statement_end_all (db);
  g_assert ((call->answer != NULL) != (call->error != NULL));

  return call->error == NULL;
}

void
dyno_call_fail (GTask  *task,
                GError *error)
{
  Call *call = g_task_get_task_data (task);

  drop_outcome (call);
  call->error = error;
}

void
dyno_call_answer (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (call->error != NULL)
    g_task_return_error (task, g_steal_pointer (&call->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&call->answer), call->verb->free_result);
}

gpointer
dyno_call_finish (GAsyncResult   *result,
                  const DynoVerb *verb,
                  GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == verb, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
