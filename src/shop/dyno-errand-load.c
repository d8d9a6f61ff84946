/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-errand-load.h"

#include "dyno-shop-private.h"

static DynoStore *
find_store (const DynoErrand  *errand,
            GError           **error)
{
  if (errand->shop->store == NULL)
    g_propagate_error (error, g_error_copy (errand->shop->trouble));

  return errand->shop->store;
}

DynoRun *
dyno_errand_load_run (const DynoErrand  *errand,
                      const char        *run_id,
                      GError           **error)
{
  DynoStore *store = find_store (errand, error);

  if (store == NULL)
    return NULL;
  dyno_store_get_run_async (store, run_id, errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_get_run_finish (store, dyno_await_wait (errand->await), error);
}

DynoSamples *
dyno_errand_load_samples (const DynoErrand  *errand,
                          const char        *run_id,
                          GError           **error)
{
  DynoStore *store = find_store (errand, error);

  if (store == NULL)
    return NULL;
  dyno_store_load_samples_async (store, run_id, NULL, errand->cancellable, dyno_await_cb,
                                 errand->await);

  return dyno_store_load_samples_finish (store, dyno_await_wait (errand->await), error);
}
