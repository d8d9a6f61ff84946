/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-job.h"

#include <glib/gi18n.h>
#include <math.h>

struct _DynoRunJob
{
  DynoShop   *shop;         /* (owned) */
  char       *job_id;       /* (owned) */
  DynoJobRow *row;          /* (borrowed) */
  guint       subscription; /* of the bus */
};

static void
show (DynoRunJob *self)
{
  g_autoptr(DynoJobInfo) info = dyno_jobs_get (dyno_shop_get_jobs (self->shop), self->job_id);

  if (info == NULL)
    return;

  if (info->state == DYNO_JOB_RUNNING)
    dyno_job_row_set_progress (self->row, (guint64) fmax (info->done, 0),
                               isfinite (info->total) ? (guint64) fmax (info->total, 0) : 0,
                               info->unit);
  else if (dyno_job_row_get_state (self->row) <= DYNO_JOB_ROW_CANCELLING)
    dyno_job_row_end (self->row, info->state == DYNO_JOB_FAILED,
                      info->state == DYNO_JOB_CANCELLED ? _ ("cancelled") : info->message);
}

static void
job_cb (DynoTopic   topic,
        const char *job_id,
        const char *detail,
        gpointer    user_data)
{
  DynoRunJob *self = user_data;

  if (g_str_equal (job_id, self->job_id))
    show (self);
}

void
dyno_run_job_cancel (DynoRunJob *self)
{
  dyno_jobs_cancel (dyno_shop_get_jobs (self->shop), self->job_id, NULL);
}

void
dyno_run_job_free (DynoRunJob *self)
{
  dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  g_signal_handlers_disconnect_by_data (self->row, self);
  dyno_shop_unref (self->shop);
  g_free (self->job_id);
  g_free (self);
}

DynoRunJob *
dyno_run_job_new (DynoShop   *shop,
                  const char *job_id,
                  DynoJobRow *row)
{
  DynoRunJob *self = g_new0 (DynoRunJob, 1);

  self->shop = dyno_shop_ref (shop);
  self->job_id = g_strdup (job_id);
  self->row = row;
  self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop), DYNO_TOPIC_JOB, NULL, job_cb,
                                           self, NULL);
  g_signal_connect_swapped (row, "cancel", G_CALLBACK (dyno_run_job_cancel), self);
  show (self);

  return self;
}
