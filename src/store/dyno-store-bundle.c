/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-bundle.h"

#include "dyno-crypt.h"
#include "dyno-store-analyses-private.h"
#include "dyno-store-files-private.h"
#include "dyno-store-private.h"
#include "dyno-store-runs-private.h"
#include "dyno-store-samples-private.h"
#include "dyno-store-vehicles-private.h"

void
dyno_run_bundle_free (DynoRunBundle *self)
{
  if (self == NULL)
    return;

  dyno_run_free (self->run);
  g_clear_pointer (&self->samples, dyno_samples_unref);
  g_free (self->confidence);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  g_clear_pointer (&self->analyses, g_ptr_array_unref);
  dyno_vehicle_free (self->vehicle);
  dyno_customer_free (self->customer);
  g_free (self);
}

static gboolean
add_analyses (DynoTurn   *turn,
              gint64      number,
              GPtrArray  *analyses,
              GError    **error)
{
  for (guint i = 0; analyses != NULL && i < analyses->len; i++)
    {
      if (!dyno_analysis_rows_keep (turn, number, g_ptr_array_index (analyses, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_samples (DynoTurn             *turn,
             gint64                number,
             const DynoRunBundle  *bundle,
             GError              **error)
{
  g_autoptr(GPtrArray) channels = dyno_sample_rows_describe (bundle->samples, bundle->confidence);

  return dyno_sample_rows_set_channels (turn, number, channels, error)
         && dyno_sample_rows_add_columns (turn, number, bundle->samples, error);
}

/* The run's row, with its vehicle. 0 and `error` where it cannot be. */
static gint64
add_run (DynoTurn             *turn,
         const DynoRunBundle  *bundle,
         GError              **error)
{
  g_autofree char *vehicle_id = NULL;
  DynoRun run = *bundle->run;

  if (bundle->vehicle != NULL)
    {
      vehicle_id = dyno_vehicle_rows_ensure (turn, bundle->vehicle, bundle->customer, error);
      if (vehicle_id == NULL)
        return 0;
    }
  run.vehicle_id = vehicle_id;

  return dyno_run_rows_insert (turn, &run, run.id, error);
}

static gpointer
add_bundle (DynoTurn     *turn,
            gconstpointer data,
            GError      **error)
{
  const DynoRunBundle *bundle = data;
  gint64 number = add_run (turn, bundle, error);

  if (number == 0 || !add_samples (turn, number, bundle, error)
      || !dyno_file_rows_add (turn, number, bundle->run->id, bundle->files, error)
      || !dyno_run_rows_add_marks (turn, number, bundle->marks, error)
      || !add_analyses (turn, number, bundle->analyses, error)
      || !dyno_run_rows_refresh_text (turn, number, error))
    return NULL;

  return dyno_run_rows_get (turn, bundle->run->id, error);
}

static const DynoVerb add_bundle_verb = { "add-bundle", add_bundle,
                                          (GDestroyNotify) dyno_run_free };

void
dyno_store_add_bundle_async (DynoStore          *self,
                             DynoRunBundle      *bundle,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  if (bundle->run->id == NULL)
    bundle->run->id = dyno_crypt_new_id ("run");
  dyno_store_write (self, &add_bundle_verb, bundle, (GDestroyNotify) dyno_run_bundle_free,
                    cancellable, callback, user_data);
}

DynoRun *
dyno_store_add_bundle_finish (DynoStore    *self,
                              GAsyncResult *result,
                              GError      **error)
{
  return dyno_call_finish (result, &add_bundle_verb, error);
}
