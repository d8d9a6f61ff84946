/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-import-window.h"

#include "dyno-access.h"
#include "dyno-compat.h"
#include "dyno-run-import-review.h"
#include "dyno-run-import-row.h"
#include "dyno-vehicle-picker.h"

#include <glib/gi18n.h>

struct _DynoRunImportWindow
{
  AdwWindow            parent_instance;

  DynoShop            *shop;        /* (owned) */
  GListStore          *items;       /* (owned) of DynoRunImportItem */
  GCancellable        *cancellable; /* (owned) of choosers and folders */
  char                *vehicle;     /* (owned) (nullable) id, or the label of a new one */
  GtkStack            *stack;       /* template */
  GtkListBox          *files;
  GtkButton           *import;
  DynoVehiclePicker   *picker;
  GtkLabel            *tally;
  DynoRunImportReview *review;
};

enum
{
  SHOW_RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunImportWindow, dyno_run_import_window, ADW_TYPE_WINDOW)

GListModel *
dyno_run_import_window_get_items (DynoRunImportWindow *self)
{
  return G_LIST_MODEL (self->items);
}

static guint
count (DynoRunImportWindow *self,
       DynoImportState      state)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(DynoRunImportItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      n += dyno_run_import_item_get_state (item) == state ? 1 : 0;
    }

  return n;
}

static void
show_tally (DynoRunImportWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint n_ready = count (self, DYNO_IMPORT_READY);
  guint n_done = count (self, DYNO_IMPORT_DONE);
  g_autofree char *text = g_strdup_printf (_ ("%u of %u ready, %u imported"), n_ready, n, n_done);

  gtk_label_set_label (self->tally, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->import), n_ready > 0);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "files" : "empty");
}

/* Files. */

/* Rows are dropped with the template, when nothing is left to be told. */
static void
selected_cb (DynoRunImportWindow *self,
             GtkListBoxRow       *row)
{
  if (self->review == NULL)
    return;

  dyno_run_import_review_set_item (
      self->review, row != NULL ? dyno_run_import_row_get_item (DYNO_RUN_IMPORT_ROW (row)) : NULL);
}

static void
show_run_cb (DynoRunImportWindow *self,
             DynoRunImportRow    *row)
{
  g_autofree char *run_id =
      g_strdup (dyno_run_import_item_get_run_id (dyno_run_import_row_get_item (row)));

  g_signal_emit (self, signals[SHOW_RUN], 0, run_id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
again_cb (DynoRunImportWindow *self,
          DynoRunImportRow    *row)
{
  dyno_run_import_item_import (dyno_run_import_row_get_item (row), self->vehicle);
}

static void
remove_cb (DynoRunImportWindow *self,
           DynoRunImportRow    *row)
{
  DynoRunImportItem *item = dyno_run_import_row_get_item (row);
  guint position;

  g_signal_handlers_disconnect_by_func (item, show_tally, self);
  dyno_run_import_item_cancel (item);
  if (g_list_store_find (self->items, item, &position))
    g_list_store_remove (self->items, position);
  gtk_list_box_remove (self->files, GTK_WIDGET (row));
  if (gtk_list_box_get_selected_row (self->files) == NULL)
    gtk_list_box_select_row (self->files, gtk_list_box_get_row_at_index (self->files, 0));
  show_tally (self);
}

static gboolean
has_path (DynoRunImportWindow *self,
          const char          *path)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(DynoRunImportItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (g_strcmp0 (g_object_get_data (G_OBJECT (item), "dyno-path"), path) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
add_path (DynoRunImportWindow *self,
          const char          *path)
{
  g_autoptr(DynoRunImportItem) item = NULL;
  GtkWidget *row;

  if (path == NULL || has_path (self, path))
    return;

  item = dyno_run_import_item_new (self->shop, path);
  g_object_set_data_full (G_OBJECT (item), "dyno-path", g_strdup (path), g_free);
  g_list_store_append (self->items, item);
  row = dyno_run_import_row_new (self->shop, item);
  g_signal_connect_object (row, "show-run", G_CALLBACK (show_run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "again", G_CALLBACK (again_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (item, "changed", G_CALLBACK (show_tally), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->files, row);
  if (gtk_list_box_get_selected_row (self->files) == NULL)
    gtk_list_box_select_row (self->files, GTK_LIST_BOX_ROW (row));
  show_tally (self);
}

/* Folders. */

static gboolean
is_log (const char *name)
{
  static const char *const endings[] = { ".csv", ".txt", ".log", ".gz", ".jdj" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      if (g_str_has_suffix (lower, endings[i]))
        return TRUE;
    }

  return FALSE;
}

static void
next_files_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(DynoRunImportWindow) self = user_data;
  GFileEnumerator *enumerator = G_FILE_ENUMERATOR (source);
  GList *infos = g_file_enumerator_next_files_finish (enumerator, result, NULL);

  for (GList *l = infos; l != NULL && self->stack != NULL; l = l->next)
    {
      g_autoptr(GFile) file = g_file_enumerator_get_child (enumerator, l->data);

      if (g_file_info_get_file_type (l->data) == G_FILE_TYPE_REGULAR
          && is_log (g_file_info_get_name (l->data)))
        add_path (self, g_file_peek_path (file));
    }
  if (infos != NULL)
    g_file_enumerator_next_files_async (enumerator, 100, G_PRIORITY_DEFAULT, self->cancellable,
                                        next_files_cb, g_object_ref (self));
  g_list_free_full (infos, g_object_unref);
}

/* What is no folder is a file. */
static void
children_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DynoRunImportWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileEnumerator) enumerator =
      g_file_enumerate_children_finish (G_FILE (source), result, &error);

  if (self->stack == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (enumerator != NULL)
    g_file_enumerator_next_files_async (enumerator, 100, G_PRIORITY_DEFAULT, self->cancellable,
                                        next_files_cb, g_object_ref (self));
  else
    add_path (self, g_file_peek_path (G_FILE (source)));
}

void
dyno_run_import_window_add_files (DynoRunImportWindow *self,
                                  GListModel          *files)
{
  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      g_file_enumerate_children_async (file,
                                       G_FILE_ATTRIBUTE_STANDARD_NAME
                                       "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                       G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                                       self->cancellable, children_cb, g_object_ref (self));
    }
}

/* Choosing. */

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoRunImportWindow) self = user_data;
  g_autoptr(GListModel) files = dyno_compat_files_finish (result, NULL);

  if (files != NULL && self->stack != NULL)
    dyno_run_import_window_add_files (self, files);
}

static void
choose_files_cb (DynoRunImportWindow *self)
{
  dyno_compat_open_async (GTK_WIDGET (self), _ ("Import Logs"), NULL, self->cancellable, chosen_cb,
                          g_object_ref (self));
}

static void
choose_folder_cb (DynoRunImportWindow *self)
{
  dyno_compat_folder_async (GTK_WIDGET (self), _ ("Import the Logs of a Folder"),
                            self->cancellable, chosen_cb, g_object_ref (self));
}

static gboolean
drop_cb (DynoRunImportWindow *self,
         const GValue        *value)
{
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);
  GSList *list = gdk_file_list_get_files (g_value_get_boxed (value));

  for (GSList *l = list; l != NULL; l = l->next)
    g_list_store_append (files, l->data);
  g_slist_free (list);
  dyno_run_import_window_add_files (self, G_LIST_MODEL (files));

  return TRUE;
}

static void
import_cb (DynoRunImportWindow *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(DynoRunImportItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (dyno_run_import_item_get_state (item) == DYNO_IMPORT_READY)
        dyno_run_import_item_import (item, self->vehicle);
    }
}

/* Vehicle. */

static void
set_vehicle (DynoRunImportWindow *self,
             const char          *id_or_label)
{
  g_free (self->vehicle);
  self->vehicle = g_strdup (id_or_label);
}

static void
vehicle_chosen_cb (DynoRunImportWindow *self,
                   const char          *vehicle_id)
{
  set_vehicle (self, vehicle_id);
  dyno_vehicle_picker_set_vehicle (self->picker, vehicle_id);
}

static void
vehicle_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(DynoRunImportWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVehicle) vehicle = dyno_people_ensure_vehicle_finish (result, &error);

  if (self->stack == NULL)
    return;

  if (vehicle != NULL)
    vehicle_chosen_cb (self, vehicle->id);
  else
    gtk_label_set_label (self->tally, error->message);
}

static void
vehicle_created_cb (DynoRunImportWindow *self,
                    const char          *label)
{
  dyno_people_ensure_vehicle_async (self->shop, label, NULL, vehicle_cb, g_object_ref (self));
}

/* Window. */

static void
cancel_all (DynoRunImportWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr(DynoRunImportItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      g_signal_handlers_disconnect_by_func (item, show_tally, self);
      dyno_run_import_item_cancel (item);
    }
}

static void
dyno_run_import_window_dispose (GObject *object)
{
  DynoRunImportWindow *self = DYNO_RUN_IMPORT_WINDOW (object);

  cancel_all (self);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_IMPORT_WINDOW);

  G_OBJECT_CLASS (dyno_run_import_window_parent_class)->dispose (object);
}

static void
dyno_run_import_window_finalize (GObject *object)
{
  DynoRunImportWindow *self = DYNO_RUN_IMPORT_WINDOW (object);

  g_clear_object (&self->items);
  g_clear_object (&self->cancellable);
  g_free (self->vehicle);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_run_import_window_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (DYNO_TYPE_RUN_IMPORT_REVIEW);
  g_type_ensure (DYNO_TYPE_VEHICLE_PICKER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-import-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportWindow, files);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportWindow, import);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportWindow, picker);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportWindow, tally);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportWindow, review);
  gtk_widget_class_bind_template_callback (widget_class, choose_files_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, import_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, vehicle_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, vehicle_created_cb);
}

static void
dyno_run_import_window_class_init (DynoRunImportWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_run_import_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_run_import_window_finalize;
  signals[SHOW_RUN] = g_signal_new ("show-run", DYNO_TYPE_RUN_IMPORT_WINDOW, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
dyno_run_import_window_init (DynoRunImportWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->items = g_list_store_new (DYNO_TYPE_RUN_IMPORT_ITEM);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (drop, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  dyno_access_name_all (GTK_WIDGET (self));
}

GtkWidget *
dyno_run_import_window_new (DynoShop        *shop,
                            DynoVehicleList *vehicles)
{
  DynoRunImportWindow *self = g_object_new (DYNO_TYPE_RUN_IMPORT_WINDOW, NULL);

  self->shop = dyno_shop_ref (shop);
  dyno_vehicle_picker_set_list (self->picker, vehicles);
  show_tally (self);

  return GTK_WIDGET (self);
}
