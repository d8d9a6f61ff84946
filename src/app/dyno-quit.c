/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-quit.h"

#include "dyno-compat.h"

#include <glib/gi18n.h>

static gboolean
is_recording (DynoShop *shop)
{
  g_autoptr(DynoArmState) state = dyno_live_ref_arm (dyno_shop_get_live (shop));

  return state != NULL && dyno_arm_state_is_busy (state);
}

/* A line a running job; empty without any. */
static char *
describe_jobs (DynoShop *shop)
{
  g_autoptr(GPtrArray) jobs = dyno_jobs_list (dyno_shop_get_jobs (shop));
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < jobs->len; i++)
    {
      const DynoJobInfo *job = g_ptr_array_index (jobs, i);

      if (job->state == DYNO_JOB_RUNNING)
        g_string_append_printf (text, "\n• %s", job->title);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *run_id = dyno_arm_stop_finish (result, NULL);

  /* Closing the shop keeps the run, also one that could not be stopped. */
  g_task_return_boolean (task, TRUE);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  DynoShop *shop = g_task_get_task_data (task);
  g_autofree char *answer = dyno_compat_ask_finish (result, NULL);

  if (g_strcmp0 (answer, "quit") != 0)
    g_task_return_boolean (task, FALSE);
  else if (is_recording (shop))
    dyno_arm_stop_async (shop, NULL, stopped_cb, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

static void
ask (GtkWidget *window,
     GTask     *task,
     gboolean   records,
     const char *jobs)
{
  const DynoAnswer answers[] = {
    { "stay", records ? _ ("_Keep Recording") : _ ("_Keep Working"), DYNO_ANSWER_PLAIN },
    { "quit", records ? _ ("_Stop and Keep the Run") : _ ("_Cancel Jobs and Quit"),
      records ? DYNO_ANSWER_SUGGESTED : DYNO_ANSWER_DESTRUCTIVE },
  };
  g_autofree char *body = NULL;

  if (records && *jobs != '\0')
    body = g_strdup_printf (_ ("The run is ended and kept. These jobs are cancelled:%s"), jobs);
  else if (records)
    body = g_strdup (_ ("The run is ended here and kept."));
  else
    body = g_strdup_printf (_ ("These jobs are cancelled:%s"), jobs);
  dyno_compat_ask_async (window, records ? _ ("A Run Is Being Recorded") : _ ("Jobs Are Running"),
                         body, answers, G_N_ELEMENTS (answers), NULL, answered_cb, task);
}

void
dyno_quit_async (GtkWidget           *window,
                 DynoShop            *shop,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autofree char *jobs = NULL;
  gboolean records;

  g_task_set_source_tag (task, dyno_quit_async);
  if (shop == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, dyno_shop_ref (shop), (GDestroyNotify) dyno_shop_unref);
  jobs = describe_jobs (shop);
  records = is_recording (shop);
  if (records || *jobs != '\0')
    ask (window, g_steal_pointer (&task), records, jobs);
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
dyno_quit_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
