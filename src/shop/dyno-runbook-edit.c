/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-runbook.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-figures.h"
#include "dyno-shop-private.h"

/* What people say of a run; part of dyno-runbook.h. */

typedef struct
{
  DynoRun      *run; /* (owned) (nullable) until the store takes it */
  DynoRunFields fields;
} Edit;

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  g_clear_pointer (&edit->run, dyno_run_free);
  g_free (edit);
}

static gboolean
is_trim (const Edit *edit,
         GError    **error)
{
  const DynoRun *run = edit->run;

  if ((edit->fields & DYNO_RUN_TRIM) == 0
      || (isnan (run->trim_start_s) && isnan (run->trim_end_s))
      || run->trim_start_s < run->trim_end_s)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "trim",
                  "The trimmed part of a run must end after it begins.");

  return FALSE;
}

/* A new trim shows another part of the run, and other peaks. */
static DynoRun *
renew_figures (const DynoErrand *errand,
               DynoRun          *run,
               GError          **error)
{
  g_autofree char *run_id = g_strdup (run->id);
  DynoStore *store = errand->shop->store;

  dyno_figures_make (store, errand->shop->config, errand->await, run, FALSE);
  dyno_store_save_run_async (store, run, NULL, dyno_await_cb, errand->await);
  if (!dyno_store_save_run_finish (store, dyno_await_wait (errand->await), error))
    return NULL;

  dyno_store_get_run_async (store, run_id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_run_finish (store, dyno_await_wait (errand->await), error);
}

static gpointer
edit_run (const DynoErrand *errand,
          gpointer          data,
          GError          **error)
{
  Edit *edit = data;
  DynoStore *store = errand->shop->store;
  DynoRun *run;

  if (!is_trim (edit, error))
    return NULL;

  dyno_store_edit_run_async (store, g_steal_pointer (&edit->run), edit->fields,
                             errand->cancellable, dyno_await_cb, errand->await);
  run = dyno_store_edit_run_finish (store, dyno_await_wait (errand->await), error);
  if (run != NULL && (edit->fields & (DYNO_RUN_TRIM | DYNO_RUN_VEHICLE)) != 0)
    run = renew_figures (errand, run, error);
  if (run != NULL)
    dyno_bus_publish (errand->shop->bus, DYNO_TOPIC_RUN, run->id, "changed");

  return run;
}

static const DynoOperation edit_operation = { "runs-edit", edit_run,
                                              (GDestroyNotify) dyno_run_free, TRUE };

void
dyno_runbook_edit_async (DynoShop            *shop,
                         DynoRun             *run,
                         DynoRunFields        fields,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Edit *edit = g_new0 (Edit, 1);

  edit->run = run;
  edit->fields = fields;
  dyno_operation_start (shop, &edit_operation, edit, edit_free, cancellable, callback, user_data);
}

DynoRun *
dyno_runbook_edit_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &edit_operation, error);
}
