/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-table.h"

#include "dyno-access.h"
#include "dyno-application.h"
#include "dyno-run-words.h"
#include "dyno-wording.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* So long nothing is said of loading. */
#define PATIENCE_MS 300

struct _DynoRunTable
{
  GtkWidget          parent_instance;

  DynoRunList       *list;         /* (owned) (nullable) */
  DynoRunColumns    *columns;      /* (owned) (nullable) */
  guint              patience_id;  /* source; 0 none */
  guint              n_selected;
  gboolean           is_searching;
  gboolean           is_trash;
  gboolean           is_narrow;
  GtkStack          *stack;        /* template */
  GtkColumnView     *view;
  GtkMultiSelection *selection;
  AdwStatusPage     *failed;
  GtkPopoverMenu    *menu;
};

enum
{
  SELECTION_CHANGED,
  OPENED,
  STARRED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunTable, dyno_run_table, GTK_TYPE_WIDGET)

/* What is seen. */

static const char *
name_of_nothing (DynoRunTable *self)
{
  if (self->is_searching)
    return "nomatch";

  return self->is_trash ? "trash" : "empty";
}

static gboolean
patience_cb (gpointer user_data)
{
  DynoRunTable *self = user_data;

  self->patience_id = 0;
  gtk_stack_set_visible_child_name (self->stack, "loading");

  return G_SOURCE_REMOVE;
}

/* While a search runs the answer of the one before stays in sight. */
static void
show_state (DynoRunTable *self)
{
  DynoRunListState state = dyno_run_list_get_state (self->list);
  const GError *error = dyno_run_list_get_error (self->list);
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0;

  if (state == DYNO_RUN_LIST_LOADING)
    {
      if (self->patience_id == 0 && is_empty)
        self->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, self);
      return;
    }

  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (error != NULL)
    adw_status_page_set_description (self->failed, error->message);
  gtk_stack_set_visible_child_name (self->stack, error != NULL ? "failed"
                                                 : is_empty    ? name_of_nothing (self)
                                                               : "list");
}

void
dyno_run_table_set_searching (DynoRunTable *self,
                              gboolean      is_searching,
                              gboolean      is_trash)
{
  self->is_searching = is_searching;
  self->is_trash = is_trash;
}

const char *
dyno_run_table_get_shown (DynoRunTable *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

/* Selection. */

guint
dyno_run_table_get_n_selected (DynoRunTable *self)
{
  return self->n_selected;
}

GPtrArray *
dyno_run_table_get_selected (DynoRunTable *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBitset *selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkBitsetIter iter;
  guint position;

  if (gtk_bitset_iter_init_first (&iter, selected, &position))
    do
      g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->selection), position));
    while (gtk_bitset_iter_next (&iter, &position));
  gtk_bitset_unref (selected);

  return items;
}

static void
selection_changed_cb (DynoRunTable *self)
{
  GtkBitset *selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  self->n_selected = (guint) gtk_bitset_get_size (selected);
  gtk_bitset_unref (selected);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

/* What was selected may have left; what stays tells nothing. */
static void
items_changed_cb (DynoRunTable *self,
                  guint         position,
                  guint         n_removed,
                  guint         n_added)
{
  if (n_removed > 0)
    selection_changed_cb (self);
}

void
dyno_run_table_select (DynoRunTable *self,
                       guint         position)
{
  if (position >= g_list_model_get_n_items (G_LIST_MODEL (self->selection)))
    return;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  /* The action is of the list inside the column view. */
  gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->view)),
                              "list.scroll-to-item", "u", position);
}

static void
activate_cb (DynoRunTable *self,
             guint         position)
{
  g_autoptr(DynoRunItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    g_signal_emit (self, signals[OPENED], 0, item);
}

static void
star_cb (DynoRunItem *item,
         gpointer     user_data)
{
  g_signal_emit (user_data, signals[STARRED], 0, item);
}

/* What a pointer means is the row under it: alone, unless it is one of several that
 * are selected. FALSE beside the rows. */
static gboolean
aim (DynoRunTable *self,
     double        x,
     double        y)
{
  GtkWidget *under = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  guint position = dyno_run_columns_position (under);

  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);

  return TRUE;
}

static void
released_cb (DynoRunTable *self,
             int           n_press,
             double        x,
             double        y)
{
  GtkWidget *under = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  guint position = dyno_run_columns_position (under);

  if (self->is_narrow && n_press == 1 && position != GTK_INVALID_LIST_POSITION)
    activate_cb (self, position);
}

void
dyno_run_table_set_narrow (DynoRunTable *self,
                           gboolean      is_narrow)
{
  self->is_narrow = !!is_narrow;
}

/* Menu. */

void
dyno_run_table_popup_menu (DynoRunTable *self,
                           double        x,
                           double        y)
{
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
menu_pressed_cb (DynoRunTable *self,
                 int           n_press,
                 double        x,
                 double        y)
{
  graphene_point_t at;

  if (aim (self, x, y)
      && gtk_widget_compute_point (GTK_WIDGET (self->view), GTK_WIDGET (self),
                                   &GRAPHENE_POINT_INIT ((float) x, (float) y), &at))
    dyno_run_table_popup_menu (self, at.x, at.y);
}

static void
long_pressed_cb (DynoRunTable *self,
                 double        x,
                 double        y)
{
  menu_pressed_cb (self, 1, x, y);
}

/* Below the row that has the focus. */
static gboolean
menu_key_cb (GtkWidget *widget,
             GVariant  *unused,
             gpointer   user_data)
{
  DynoRunTable *self = user_data;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  graphene_rect_t area;

  if (self->n_selected == 0 || focus == NULL
      || !gtk_widget_compute_bounds (focus, GTK_WIDGET (self), &area))
    return FALSE;

  dyno_run_table_popup_menu (self, area.origin.x + 48, area.origin.y + area.size.height);

  return TRUE;
}

/* Dragging. */

static GdkContentProvider *
drag_prepare_cb (DynoRunTable *self,
                 double        x,
                 double        y)
{
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(GStrv) all = NULL;
  GdkContentProvider *providers[2];

  if (!aim (self, x, y))
    return NULL;

  items = dyno_run_table_get_selected (self);
  for (guint i = 0; i < items->len; i++)
    {
      DynoRunItem *item = g_ptr_array_index (items, i);
      g_autofree char *line =
          dyno_run_words_row (dyno_run_item_get_run (item), DYNO_UNITS_METRIC, 0);

      g_strv_builder_add (ids, dyno_run_item_get_id (item));
      g_string_append_printf (text, "%s\n", line);
    }
  all = g_strv_builder_end (ids);
  providers[0] = gdk_content_provider_new_typed (G_TYPE_STRV, all);
  providers[1] = gdk_content_provider_new_typed (G_TYPE_STRING, text->str);

  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/* Keys of the list alone: letters would be in the way anywhere else. */
static void
add_keys (DynoRunTable *self)
{
  static const char *const menu_keys[] = { "Menu", "<Shift>F10" };
  GtkEventController *controller = gtk_shortcut_controller_new ();
  guint n_keys;
  const DynoKey *keys = dyno_application_keys (&n_keys);

  for (guint i = 0; i < n_keys; i++)
    {
      /* Enter is the list's own. */
      if (g_str_has_prefix (keys[i].action, "runs.") && keys[i].keys[0] == '|'
          && !g_str_equal (keys[i].action, "runs.open"))
        gtk_shortcut_controller_add_shortcut (
            GTK_SHORTCUT_CONTROLLER (controller),
            gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].keys + 1),
                              gtk_named_action_new (keys[i].action)));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (menu_keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (menu_keys[i]),
                          gtk_callback_action_new (menu_key_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->view), controller);
}

void
dyno_run_table_set_units (DynoRunTable *self,
                          DynoUnitSet   units)
{
  dyno_run_columns_set_units (self->columns, units);
  dyno_run_list_touch (self->list);
}

void
dyno_run_table_set_room (DynoRunTable *self,
                         DynoRunRoom   room)
{
  dyno_run_columns_set_room (self->columns, room);
}

void
dyno_run_table_set_list (DynoRunTable *self,
                         DynoRunList  *list,
                         DynoClock    *clock)
{
  g_return_if_fail (self->list == NULL);

  self->list = g_object_ref (list);
  self->columns = dyno_run_columns_new (self->view, clock, star_cb, self);
  gtk_multi_selection_set_model (self->selection, G_LIST_MODEL (list));
  g_signal_connect_object (list, "state-changed", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  show_state (self);
}

/* The popover is no child of a layout: it is placed by hand. */
static void
dyno_run_table_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  DynoRunTable *self = DYNO_RUN_TABLE (widget);

  gtk_widget_allocate (GTK_WIDGET (self->stack), width, height, baseline, NULL);
  gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
dyno_run_table_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (DYNO_RUN_TABLE (widget)->stack), orientation, for_size, minimum,
                      natural, NULL, NULL);
}

static void
dyno_run_table_dispose (GObject *object)
{
  DynoRunTable *self = DYNO_RUN_TABLE (object);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (self->selection != NULL)
    gtk_multi_selection_set_model (self->selection, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_TABLE);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (dyno_run_table_parent_class)->dispose (object);
}

static void
dyno_run_table_finalize (GObject *object)
{
  g_clear_pointer (&DYNO_RUN_TABLE (object)->columns, dyno_run_columns_free);

  G_OBJECT_CLASS (dyno_run_table_parent_class)->finalize (object);
}

static void
dyno_run_table_class_init (DynoRunTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_run_table_dispose;
  object_class->finalize = dyno_run_table_finalize;
  widget_class->measure = dyno_run_table_measure;
  widget_class->size_allocate = dyno_run_table_size_allocate;
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", DYNO_TYPE_RUN_TABLE,
                                             G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                             0);
  signals[OPENED] = g_signal_new ("opened", DYNO_TYPE_RUN_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, DYNO_TYPE_RUN_ITEM);
  signals[STARRED] = g_signal_new ("starred", DYNO_TYPE_RUN_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, DYNO_TYPE_RUN_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-table.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoRunTable, stack);
  gtk_widget_class_bind_template_child (widget_class, DynoRunTable, view);
  gtk_widget_class_bind_template_child (widget_class, DynoRunTable, selection);
  gtk_widget_class_bind_template_child (widget_class, DynoRunTable, failed);
  gtk_widget_class_bind_template_child (widget_class, DynoRunTable, menu);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_prepare_cb);
  gtk_widget_class_bind_template_callback (widget_class, items_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, long_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, menu_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
}

static void
dyno_run_table_init (DynoRunTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_keys (self);
  dyno_access_name_columns (self->view, _ ("Runs"));
  dyno_access_name_all (GTK_WIDGET (self));
}
