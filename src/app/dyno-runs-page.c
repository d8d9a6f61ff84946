/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-runs-page-private.h"

#include "dyno-access.h"
#include "dyno-run-words.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>

/* The run follows the selection when that stands still for a moment. */
#define FOLLOW_MS 60
/* px of the list from which it has room for more columns. */
#define MEDIUM_FROM 400
#define WIDE_FROM 500

enum
{
  PROP_SORT = 1,
  PROP_TRASH,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static const char *const sorts[DYNO_N_SORTS] = {
  [DYNO_SORT_NEWEST] = "newest",           [DYNO_SORT_OLDEST] = "oldest",
  [DYNO_SORT_POWER_DOWN] = "power",        [DYNO_SORT_POWER_UP] = "weakest",
  [DYNO_SORT_NUMBER_DOWN] = "number",      [DYNO_SORT_NUMBER_UP] = "number-up",
  [DYNO_SORT_VEHICLE_UP] = "vehicle",      [DYNO_SORT_VEHICLE_DOWN] = "vehicle-down",
};

G_DEFINE_FINAL_TYPE (DynoRunsPage, dyno_runs_page, DYNO_TYPE_PAGE)

/* Query. */

static void
ask (DynoRunsPage *self)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  gboolean is_searching = *dyno_run_search_get_text (self->search) != '\0';

  dyno_run_search_fill (self->search, query);
  query->sort = self->sort;
  query->trash = self->is_trash ? DYNO_TRASH_ONLY : DYNO_TRASH_HIDDEN;
  dyno_run_table_set_searching (self->table, is_searching, self->is_trash);
  dyno_run_list_set_query (self->list, query);
}

static void
search_changed_cb (DynoRunsPage *self)
{
  ask (self);
}

/* Enter goes on to what was found. */
static void
search_activated_cb (DynoRunsPage *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->table), GTK_DIR_TAB_FORWARD);
}

static void
set_sort (DynoRunsPage *self,
          const char   *name)
{
  for (guint i = 0; i < DYNO_N_SORTS; i++)
    {
      if (g_strcmp0 (sorts[i], name) == 0 && self->sort != i)
        {
          self->sort = i;
          g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SORT]);
          ask (self);
        }
    }
}

static void
set_trash (DynoRunsPage *self,
           gboolean      is_trash)
{
  if (self->is_trash == !!is_trash)
    return;

  self->is_trash = !!is_trash;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRASH]);
  ask (self);
  dyno_runs_page_update_actions (self);
}

/* What is shown. */

GPtrArray *
dyno_runs_page_get_items (DynoRunsPage *self)
{
  GPtrArray *items = dyno_run_table_get_selected (self->table);

  if (items->len == 0 && dyno_run_view_get_item (self->view) != NULL)
    g_ptr_array_add (items, g_object_ref (dyno_run_view_get_item (self->view)));

  return items;
}

/* The one is for the list, the other for the run; where there is room both are. */
static void
show_sides (DynoRunsPage *self)
{
  gboolean is_narrow = dyno_page_is_narrow (DYNO_PAGE (self));

  gtk_widget_set_visible (self->list_side, !self->is_full);
  gtk_widget_set_visible (GTK_WIDGET (self->view), self->is_full || !is_narrow);
  dyno_run_view_set_narrow (self->view, self->is_full);
}

void
dyno_runs_page_set_full (DynoRunsPage *self,
                         gboolean      is_full)
{
  if (self->is_full == !!is_full)
    return;

  self->is_full = !!is_full;
  show_sides (self);
  gtk_widget_child_focus (is_full ? GTK_WIDGET (self->view) : GTK_WIDGET (self->table),
                          GTK_DIR_TAB_FORWARD);
}

static void
show_subtitle (DynoRunsPage *self)
{
  DynoRunItem *item = dyno_run_view_get_item (self->view);
  g_autofree char *name =
      item != NULL ? dyno_run_words_name (dyno_run_item_get_run (item)) : g_strdup ("");

  dyno_page_set_subtitle (DYNO_PAGE (self), name);
}

void
dyno_runs_page_show_items (DynoRunsPage *self,
                           GPtrArray    *items)
{
  g_autoptr(AdwToast) toast = NULL;

  g_clear_handle_id (&self->show_id, g_source_remove);
  if (!dyno_run_view_show (self->view, items))
    toast = dyno_page_toast (DYNO_PAGE (self), "compare",
                             _ ("At most 20 runs are compared: the first 20 of them are shown."),
                             NULL);
  show_subtitle (self);
  dyno_runs_page_update_actions (self);
}

static gboolean
follow_cb (gpointer user_data)
{
  DynoRunsPage *self = user_data;
  g_autoptr(GPtrArray) items = dyno_run_table_get_selected (self->table);

  self->show_id = 0;
  if (items->len <= 1)
    dyno_runs_page_show_items (self, items);

  return G_SOURCE_REMOVE;
}

static void
selection_cb (DynoRunsPage *self)
{
  guint n = dyno_run_table_get_n_selected (self->table);
  g_autofree char *text = NULL;

  if (n == 0 && self->select_after != GTK_INVALID_LIST_POSITION)
    {
      guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->list));
      guint place = MIN (self->select_after, MAX (n_items, 1) - 1);

      self->select_after = GTK_INVALID_LIST_POSITION;
      dyno_run_table_select (self->table, place);
      return;
    }

  if (n > 1)
    text = g_strdup_printf (ngettext ("%u selected", "%u selected", n), n);
  gtk_label_set_label (self->selected, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->compare), n > 1);
  if (self->show_id == 0)
    self->show_id = g_timeout_add (FOLLOW_MS, follow_cb, self);
  dyno_runs_page_update_actions (self);
}

static void
opened_cb (DynoRunsPage *self,
           DynoRunItem  *item)
{
  g_autoptr(GPtrArray) items = dyno_run_table_get_selected (self->table);

  dyno_runs_page_show_items (self, items);
  dyno_runs_page_set_full (self, TRUE);
}

static void
starred_cb (DynoRunsPage *self,
            DynoRunItem  *item)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  g_ptr_array_add (items, item);
  dyno_runs_page_star (self, items);
}

/* A run by its id: where the list hides it, the list is asked for all. */

static void
look_for_wanted (DynoRunsPage *self)
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
      self->is_trash = FALSE;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRASH]);
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
  look_for_wanted (self);
}

/* The newest run is shown at once, where there is room for it. */
static void
select_first (DynoRunsPage *self)
{
  if (dyno_run_table_get_n_selected (self->table) == 0
      && dyno_run_view_get_n (self->view) == 0 && !dyno_page_is_narrow (DYNO_PAGE (self))
      && g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    dyno_run_table_select (self->table, 0);
}

static void
list_state_cb (DynoRunsPage *self)
{
  g_autofree char *found =
      dyno_wording_count ((guint64) MAX (dyno_run_list_get_n_found (self->list), 0));
  g_autofree char *all =
      dyno_wording_count ((guint64) MAX (dyno_run_list_get_n_all (self->list), 0));
  g_autofree char *text = g_strdup_printf ("%s / %s", found, all);

  gtk_label_set_label (self->count, self->is_trash ? found : text);
  if (dyno_run_list_get_state (self->list) != DYNO_RUN_LIST_READY)
    return;

  if (self->wanted != NULL)
    look_for_wanted (self);
  else
    select_first (self);
  dyno_runs_page_update_actions (self);
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

/* Page. */

static void
position_cb (DynoRunsPage *self)
{
  int position = gtk_paned_get_position (self->paned);
  gboolean is_narrow = dyno_page_is_narrow (DYNO_PAGE (self));

  if (is_narrow || self->is_full)
    return;

  dyno_run_table_set_room (self->table, position >= WIDE_FROM     ? DYNO_RUN_ROOM_WIDE
                                        : position >= MEDIUM_FROM ? DYNO_RUN_ROOM_MEDIUM
                                                                  : DYNO_RUN_ROOM_NARROW);
  if (self->settings != NULL && dyno_page_is_wide (DYNO_PAGE (self)))
    g_settings_set_int (self->settings, "runs-pane-position", position);
}

static void
dyno_runs_page_width_changed (DynoPage *page)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (page);
  int kept = self->settings != NULL ? g_settings_get_int (self->settings, "runs-pane-position")
                                    : 520;

  if (!dyno_page_is_narrow (page))
    gtk_paned_set_position (self->paned, dyno_page_is_wide (page) ? kept : 300);
  dyno_run_table_set_room (self->table, dyno_page_is_wide (page) && kept >= WIDE_FROM
                                            ? DYNO_RUN_ROOM_WIDE
                                            : DYNO_RUN_ROOM_NARROW);
  show_sides (self);
}

static void
dyno_runs_page_units_changed (DynoPage *page)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (page);

  dyno_run_table_set_units (self->table, dyno_page_get_units (page));
  dyno_run_view_set_units (self->view, dyno_page_get_units (page));
}

/* The settings say how runs are looked at; what was chosen here by hand gives way. */
static void
dyno_runs_page_config_changed (DynoPage   *page,
                               const char *key)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (page);
  DynoPowerOptions options;

  if (g_strcmp0 (key, "ui.correction") != 0 && g_strcmp0 (key, "ui.smoothing") != 0)
    return;

  dyno_pull_power_defaults (dyno_page_get_shop (page), &options);
  dyno_power_set_look (dyno_run_view_get_set (self->view), options.standard, options.level);
}

static void
add_drop (DynoRunsPage *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (drop, "drop", G_CALLBACK (files_dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

static void
vehicle_chosen_cb (DynoRunsPage *self,
                   const char   *vehicle_id)
{
  dyno_runs_page_assign (self, vehicle_id);
}

static void
dyno_runs_page_constructed (GObject *object)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (object);
  DynoShop *shop;
  DynoClock *clock;

  G_OBJECT_CLASS (dyno_runs_page_parent_class)->constructed (object);

  shop = dyno_page_get_shop (DYNO_PAGE (self));
  clock = dyno_shop_get_clock (shop);
  self->list = dyno_run_list_new (shop);
  self->vehicles = dyno_vehicle_list_new (shop);
  dyno_run_search_set_clock (self->search, clock);
  dyno_run_view_set_shop (self->view, shop, self->vehicles);
  dyno_run_table_set_list (self->table, self->list, clock);
  g_signal_connect_object (self->list, "state-changed", G_CALLBACK (list_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dyno_run_view_get_power (self->view), "dropped",
                           G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dyno_run_view_get_details (self->view), "vehicle-chosen",
                           G_CALLBACK (vehicle_chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dyno_run_view_get_details (self->view), "vehicle-created",
                           G_CALLBACK (dyno_runs_page_create_vehicle), self, G_CONNECT_SWAPPED);
  dyno_runs_page_units_changed (DYNO_PAGE (self));
  dyno_runs_page_update_actions (self);
  ask (self);
}

static void
dyno_runs_page_dispose (GObject *object)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (object);

  g_clear_handle_id (&self->show_id, g_source_remove);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUNS_PAGE);
  g_clear_object (&self->list);
  g_clear_object (&self->vehicles);

  G_OBJECT_CLASS (dyno_runs_page_parent_class)->dispose (object);
}

static void
dyno_runs_page_finalize (GObject *object)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (object);

  g_ptr_array_unref (self->deleted);
  g_clear_object (&self->settings);
  g_free (self->wanted);

  G_OBJECT_CLASS (dyno_runs_page_parent_class)->finalize (object);
}

static void
dyno_runs_page_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  DynoRunsPage *self = DYNO_RUNS_PAGE (object);

  switch (id)
    {
    case PROP_SORT:
      g_value_set_string (value, sorts[self->sort]);
      break;
    case PROP_TRASH:
      g_value_set_boolean (value, self->is_trash);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_runs_page_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_SORT:
      set_sort (DYNO_RUNS_PAGE (object), g_value_get_string (value));
      break;
    case PROP_TRASH:
      set_trash (DYNO_RUNS_PAGE (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (DYNO_TYPE_RUN_SEARCH);
  g_type_ensure (DYNO_TYPE_RUN_TABLE);
  g_type_ensure (DYNO_TYPE_RUN_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-runs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, paned);
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, list_side);
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, search);
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, compare);
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, selected);
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, table);
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, count);
  gtk_widget_class_bind_template_child (widget_class, DynoRunsPage, view);
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, position_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_cb);
  gtk_widget_class_bind_template_callback (widget_class, starred_cb);
}

static void
dyno_runs_page_class_init (DynoRunsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  DynoPageClass *page_class = DYNO_PAGE_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = dyno_runs_page_constructed;
  object_class->dispose = dyno_runs_page_dispose;
  object_class->finalize = dyno_runs_page_finalize;
  object_class->get_property = dyno_runs_page_get_property;
  object_class->set_property = dyno_runs_page_set_property;
  page_class->units_changed = dyno_runs_page_units_changed;
  page_class->width_changed = dyno_runs_page_width_changed;
  page_class->config_changed = dyno_runs_page_config_changed;
  props[PROP_SORT] = g_param_spec_string ("sort", NULL, NULL, "newest", flags);
  props[PROP_TRASH] = g_param_spec_boolean ("trash", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  bind_template (widget_class);
  dyno_runs_page_install_actions (widget_class);
}

static void
dyno_runs_page_init (DynoRunsPage *self)
{
  self->deleted = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->select_after = GTK_INVALID_LIST_POSITION;
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drop (self);
}

GtkWidget *
dyno_runs_page_new (DynoShop  *shop,
                    GSettings *settings)
{
  DynoRunsPage *self = g_object_new (DYNO_TYPE_RUNS_PAGE, "shop", shop, NULL);

  self->settings = settings != NULL ? g_object_ref (settings) : NULL;

  return GTK_WIDGET (self);
}
