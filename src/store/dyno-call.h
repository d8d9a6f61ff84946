/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-clock.h"
#include "dyno-db.h"

G_BEGIN_DECLS

/* A verb of the store and one call of it. The call is the data of a GTask that
 * travels to a worker; what the verb answers waits in the call until the worker
 * may tell it (a writer: after the commit). */

typedef struct _DynoRider DynoRider;

/* What a verb works with. */
typedef struct
{
  DynoDb       *db;          /* (borrowed) inside a transaction */
  gint64        now_ms;      /* UTC, one moment for the whole verb */
  GCancellable *cancellable; /* (borrowed) (nullable) */
} DynoTurn;

/* Answers what `_finish` will give, or NULL with `error` set. Must not change
 * `args`: after a failed commit the verb is run once more. */
typedef gpointer (*DynoVerbFunc) (DynoTurn     *turn,
                                  gconstpointer args,
                                  GError      **error);

typedef struct
{
  const char    *name;
  DynoVerbFunc   run;
  GDestroyNotify free_result; /* (nullable) */
} DynoVerb;

/* The answer of a verb that has nothing to tell but success. */
#define DYNO_VERB_DONE GINT_TO_POINTER (TRUE)

/* `args` is taken over. */
GTask   *dyno_call_new_task   (const DynoVerb     *verb,
                               gpointer            args,
                               GDestroyNotify      free_args,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);

/* Goes along; taken over. */
void     dyno_call_carry      (GTask              *task,
                               DynoRider          *rider);

/* Runs the verb and its rider, dropping what an earlier run has left. FALSE: it failed; the
 * error stays in the call. */
gboolean dyno_call_run        (GTask              *task,
                               DynoDb             *db,
                               DynoClock          *clock);
/* Makes the call fail. `error` is taken over. */
void     dyno_call_fail       (GTask              *task,
                               GError             *error);
/* Sends answer or error to the asker. */
void     dyno_call_answer     (GTask              *task);

/* What `_finish` gives: the answer (transfer full), or NULL and `error`. */
gpointer dyno_call_finish     (GAsyncResult       *result,
                               const DynoVerb     *verb,
                               GError            **error);

G_END_DECLS
