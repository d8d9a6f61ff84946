/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Runs into the trash and back out of it. */

#include "config.h"

#include "dyno-runs-page-private.h"

#include "dyno-run-words.h"

#include <glib/gi18n.h>

/* (transfer full) */
static GStrv
ids_of (GPtrArray *items)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < items->len; i++)
    g_strv_builder_add (ids, dyno_run_item_get_id (g_ptr_array_index (items, i)));

  return g_strv_builder_end (ids);
}

/* A batch on its way into the trash or back. */
typedef struct
{
  DynoRunsPage *self;    /* (owned) */
  char        **run_ids; /* (owned) */
  char         *name;    /* (owned) "Run 14", "3 runs" */
} Batch;

static Batch *
batch_new (DynoRunsPage *self,
           GStrv         run_ids,
           const char   *name)
{
  Batch *batch = g_new0 (Batch, 1);

  batch->self = g_object_ref (self);
  batch->run_ids = g_strdupv (run_ids);
  batch->name = g_strdup (name);

  return batch;
}

static void
batch_free (Batch *batch)
{
  g_object_unref (batch->self);
  g_strfreev (batch->run_ids);
  g_free (batch->name);
  g_free (batch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_free)

static void
restored_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Batch) batch = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(AdwToast) toast = NULL;
  g_autofree char *text = NULL;

  if (!dyno_runbook_restore_finish (result, &error))
    {
      dyno_page_toast_error (DYNO_PAGE (batch->self), error);
      return;
    }

  /* Translators: "Run 14 is back" or "3 runs are back". */
  text = g_strdup_printf (ngettext ("%s is back", "%s are back", g_strv_length (batch->run_ids)),
                          batch->name);
  toast = dyno_page_toast (DYNO_PAGE (batch->self), "delete", text, NULL);
  if (batch->self->view != NULL && !batch->self->is_trash)
    dyno_runs_page_show_run (batch->self, batch->run_ids[0]);
}

static void
restore (DynoRunsPage *self,
         GStrv         run_ids,
         const char   *name)
{
  dyno_runbook_restore_async (dyno_page_get_shop (DYNO_PAGE (self)),
                              (const char *const *) run_ids, NULL, restored_cb,
                              batch_new (self, run_ids, name));
}

static char *
name_of_count (guint n)
{
  return g_strdup_printf (ngettext ("%u run", "%u runs", n), n);
}

/* Takes back the newest deletion that is not taken back yet. */
static void
undo (DynoRunsPage *self)
{
  g_auto(GStrv) run_ids = NULL;
  g_autofree char *name = NULL;

  if (self->deleted->len == 0)
    return;

  run_ids = g_ptr_array_steal_index (self->deleted, self->deleted->len - 1);
  name = name_of_count (g_strv_length (run_ids));
  restore (self, run_ids, name);
  dyno_runs_page_update_actions (self);
}

static void
undo_clicked_cb (DynoRunsPage *self)
{
  undo (self);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Batch) batch = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(AdwToast) toast = NULL;
  g_autofree char *text = NULL;

  if (!dyno_runbook_delete_finish (result, &error))
    {
      batch->self->select_after = GTK_INVALID_LIST_POSITION;
      dyno_page_toast_error (DYNO_PAGE (batch->self), error);
      return;
    }

  g_ptr_array_add (batch->self->deleted, g_strdupv (batch->run_ids));
  text = g_strdup_printf (_ ("%s deleted"), batch->name);
  toast = dyno_page_toast (DYNO_PAGE (batch->self), "delete", text, _ ("Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), batch->self,
                           G_CONNECT_SWAPPED);
  if (batch->self->view == NULL)
    return;

  dyno_runs_page_set_full (batch->self, FALSE);
  dyno_runs_page_update_actions (batch->self);
}

static char *
name_items (GPtrArray *items)
{
  if (items->len == 1)
    return dyno_run_words_name (dyno_run_item_get_run (g_ptr_array_index (items, 0)));

  return name_of_count (items->len);
}

void
dyno_runs_page_delete_action (GtkWidget  *widget,
                              const char *name,
                              GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (self);
  g_auto(GStrv) run_ids = ids_of (items);
  g_autofree char *what = name_items (items);

  if (items->len == 0)
    return;

  self->select_after = dyno_run_list_find (self->list, run_ids[0]);
  dyno_runbook_delete_async (dyno_page_get_shop (DYNO_PAGE (self)),
                             (const char *const *) run_ids, NULL, deleted_cb,
                             batch_new (self, run_ids, what));
}

void
dyno_runs_page_restore_action (GtkWidget  *widget,
                               const char *name,
                               GVariant   *unused)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (widget);
  g_autoptr(GPtrArray) items = dyno_runs_page_get_items (self);
  g_auto(GStrv) run_ids = ids_of (items);
  g_autofree char *what = name_items (items);

  if (items->len > 0)
    restore (self, run_ids, what);
}

void
dyno_runs_page_undo_action (GtkWidget  *widget,
                            const char *name,
                            GVariant   *unused)
{
  undo (DYNO_RUNS_PAGE (widget));
}
