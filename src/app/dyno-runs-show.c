/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* How a run comes into sight from elsewhere: by its id, or dropped. */

#include "config.h"

#include "dyno-runs-page-private.h"

#include <glib/gi18n.h>

/* A run by its id: where the list hides it, the list is asked for all. */

void
dyno_runs_page_look_for_wanted (DynoRunsPage *self)
{
  guint place = dyno_run_list_find (self->list, self->wanted);
  gboolean is_whole = dyno_run_list_get_state (self->list) == DYNO_RUN_LIST_READY
                      && g_list_model_get_n_items (G_LIST_MODEL (self->list))
                             >= (guint64) dyno_run_list_get_n_found (self->list);

  if (place != GTK_INVALID_LIST_POSITION)
    {
      g_clear_pointer (&self->wanted, g_free);
      dyno_run_table_select (self->table, place);
    }
  else if (is_whole && !self->is_wanted_new)
    {
      self->is_wanted_new = TRUE;
      g_object_set (self, "trash", FALSE, NULL);
      dyno_run_search_set_text (self->search, "");
    }
  else if (is_whole)
    {
      g_autoptr(AdwToast) toast =
          dyno_page_toast (DYNO_PAGE (self), "show", _ ("This run is not in the run book."), NULL);

      g_clear_pointer (&self->wanted, g_free);
    }
}

void
dyno_runs_page_show_run (DynoRunsPage *self,
                         const char   *run_id)
{
  g_free (self->wanted);
  self->wanted = g_strdup (run_id);
  self->is_wanted_new = FALSE;
  if (dyno_page_is_narrow (DYNO_PAGE (self)))
    dyno_runs_page_set_full (self, TRUE);
  dyno_runs_page_look_for_wanted (self);
}

/* Runs dropped on the curves join them. */
static void
dropped_cb (DynoRunsPage *self,
            GStrv         run_ids)
{
  gboolean has_room = TRUE;

  for (guint i = 0; run_ids[i] != NULL; i++)
    {
      guint place = dyno_run_list_find (self->list, run_ids[i]);
      g_autoptr(DynoRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), place);

      if (item != NULL)
        has_room = dyno_run_view_add (self->view, item) && has_room;
    }
  if (!has_room)
    {
      g_autoptr(AdwToast) toast = dyno_page_toast (DYNO_PAGE (self), "compare",
                                                   _ ("At most 20 runs are compared."), NULL);
    }
  dyno_runs_page_update_actions (self);
}

static gboolean
files_dropped_cb (DynoRunsPage *self,
                  const GValue *value)
{
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);
  GSList *list = gdk_file_list_get_files (g_value_get_boxed (value));

  for (GSList *l = list; l != NULL; l = l->next)
    g_list_store_append (files, l->data);
  g_slist_free (list);
  dyno_runs_page_import (self, G_LIST_MODEL (files));

  return TRUE;
}

void
dyno_runs_page_add_drops (DynoRunsPage *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (drop, "drop", G_CALLBACK (files_dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  g_signal_connect_object (dyno_run_view_get_power (self->view), "dropped",
                           G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
}
