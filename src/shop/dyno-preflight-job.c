/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight-job.h"

#include "dyno-error.h"
#include "dyno-shop-private.h"

typedef struct
{
  DynoJob *job;      /* (owned) until it ends */
  double   sample_s;
} Work;

static void
progress_cb (guint    done,
             double   left_s,
             gpointer user_data)
{
  Work *work = user_data;

  dyno_job_set_progress (work->job, work->sample_s - left_s, work->sample_s);
}

static void
judged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Work *work = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoPreflight) preflight = dyno_preflight_finish (result, &error);

  if (preflight != NULL)
    dyno_job_set_message (work->job, preflight->has_passed ? "Passed" : "Not passed");
  dyno_job_end (work->job, error);
}

char *
dyno_preflight_job_start (DynoShop                    *shop,
                          const DynoPreflightOptions  *options,
                          GError                     **error)
{
  Work *work;
  char *id;

  g_return_val_if_fail (shop != NULL && options != NULL, NULL);

  if (!dyno_shop_has_capture (shop))
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "no_capture",
                      "The program does not listen to a dyno now.");
      return NULL;
    }

  work = g_new0 (Work, 1);
  work->sample_s = options->sample_s;
  work->job = dyno_jobs_begin (shop->jobs, "preflight", "Preflight", "seconds", NULL);
  id = g_strdup (dyno_job_id (work->job));
  dyno_preflight_async (shop, options, progress_cb, work, dyno_job_cancellable (work->job),
                        judged_cb, work);

  return id;
}
