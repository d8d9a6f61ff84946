/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-news.h"

#include "dyno-error.h"
#include "dyno-print.h"
#include "dyno-run-text.h"
#include "dyno-runbook.h"
#include "dyno-shape.h"

struct _DynoRunNews
{
  DynoCtl    *ctl;     /* (borrowed) its shop is open */
  const char *notes;   /* (borrowed) (nullable) */
  guint       news;    /* subscription */
  GPtrArray  *changed; /* (owned) of utf8: runs that the bus named */
  GHashTable *told;    /* (owned) of utf8: run ids */
};

static void
run_changed_cb (DynoTopic   topic,
                const char *subject,
                const char *detail,
                gpointer    user_data)
{
  DynoRunNews *self = user_data;

  if (topic == DYNO_TOPIC_RUN && g_strcmp0 (detail, "removed") != 0
      && !g_ptr_array_find_with_equal_func (self->changed, subject, g_str_equal, NULL))
    g_ptr_array_add (self->changed, g_strdup (subject));
}

DynoRunNews *
dyno_run_news_new (DynoCtl    *ctl,
                   const char *notes)
{
  DynoRunNews *self = g_new0 (DynoRunNews, 1);

  self->ctl = ctl;
  self->notes = notes;
  self->changed = g_ptr_array_new_with_free_func (g_free);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  /* Of the capture too: each change of its state wakes the verb that waits. */
  self->news = dyno_bus_subscribe (dyno_shop_get_bus (ctl->shop),
                                   DYNO_TOPIC_RUN | DYNO_TOPIC_CAPTURE,
                                   g_main_context_get_thread_default (), run_changed_cb, self,
                                   NULL);

  return self;
}

void
dyno_run_news_free (DynoRunNews *self)
{
  if (self == NULL)
    return;

  dyno_bus_unsubscribe (dyno_shop_get_bus (self->ctl->shop), self->news);
  g_ptr_array_unref (self->changed);
  g_hash_table_unref (self->told);
  g_free (self);
}

/* The notes of the command line stand in the run before it is printed. */
static gboolean
add_notes (DynoRunNews    *self,
           DynoRunDetail  *detail,
           GError        **error)
{
  DynoRun *edit;
  DynoRun *changed;

  if (self->notes == NULL)
    return TRUE;

  edit = dyno_run_new ();
  edit->id = g_strdup (detail->run->id);
  edit->notes = g_strdup (self->notes);
  dyno_runbook_edit_async (self->ctl->shop, edit, DYNO_RUN_NOTES, NULL, dyno_await_cb,
                           self->ctl->await);
  changed = dyno_runbook_edit_finish (dyno_await_wait (self->ctl->await), error);
  if (changed == NULL)
    return FALSE;
  dyno_run_free (detail->run);
  detail->run = changed;

  return TRUE;
}

static void
print_run (DynoRunNews         *self,
           const DynoRunDetail *detail)
{
  g_autofree char *line = NULL;
  DynoJsonWriter *w;

  if (!self->ctl->is_json)
    {
      line = dyno_run_text_line (detail->run, dyno_ctl_units (self->ctl));
      dyno_print_line ("%s", line);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_shape_run_detail (w, detail);
  dyno_print_json (w);
}

/* A pull that was discarded is no run. */
static gboolean
is_saved (const DynoRun *run)
{
  return run->discarded == NULL
         && (run->status == DYNO_RUN_COMPLETE || run->status == DYNO_RUN_INTERRUPTED);
}

static gboolean
tell_run (DynoRunNews  *self,
          const char   *run_id,
          GError      **error)
{
  g_autoptr(DynoRunDetail) detail = NULL;
  g_autoptr(GError) cause = NULL;

  if (g_hash_table_contains (self->told, run_id))
    return TRUE;

  dyno_runbook_get_async (self->ctl->shop, run_id, NULL, dyno_await_cb, self->ctl->await);
  detail = dyno_runbook_get_finish (dyno_await_wait (self->ctl->await), &cause);
  if (g_error_matches (cause, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    return TRUE;
  if (detail == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (!is_saved (detail->run))
    return TRUE;

  g_hash_table_add (self->told, g_strdup (run_id));
  if (!add_notes (self, detail, error))
    return FALSE;
  print_run (self, detail);

  return TRUE;
}

gboolean
dyno_run_news_is_there (DynoRunNews *self)
{
  return self->changed->len > 0;
}

gboolean
dyno_run_news_tell (DynoRunNews  *self,
                    GError      **error)
{
  while (self->changed->len > 0)
    {
      g_autofree char *run_id = g_ptr_array_steal_index (self->changed, 0);

      if (!tell_run (self, run_id, error))
        return FALSE;
    }

  return TRUE;
}

guint
dyno_run_news_n_told (DynoRunNews *self)
{
  return g_hash_table_size (self->told);
}
