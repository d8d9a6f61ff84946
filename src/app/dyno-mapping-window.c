/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mapping-window.h"

#include "dyno-access.h"
#include "dyno-channel-list.h"
#include "dyno-mapping-row.h"
#include "dyno-trouble.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>

struct _DynoMappingWindow
{
  AdwWindow           parent_instance;

  DynoShop           *shop;        /* (owned) */
  DynoWatch          *watch;       /* (owned) */
  GCancellable       *cancellable; /* (owned) */
  DynoChannelList    *channels;    /* (owned) */
  DynoChannel         chosen;      /* what a channel is chosen for; NONE: the list is in view */

  AdwWindowTitle     *heading;     /* template */
  GtkButton          *back;
  GtkButton          *revert;
  GtkStack           *stack;
  GtkListBox         *list;
  GtkSearchEntry     *search;
  GtkLabel           *refusal;
  GtkButton          *as_found;
  GtkButton          *nothing;
  GtkSingleSelection *selection;
  GtkFilterListModel *filtered;
  GtkStringFilter    *filter;
  AdwToastOverlay    *toasts;
};

G_DEFINE_FINAL_TYPE (DynoMappingWindow, dyno_mapping_window, ADW_TYPE_WINDOW)

static const DynoChannelState *
bound_now (DynoMappingWindow *self)
{
  const DynoCaptureState *state = dyno_watch_get_capture (self->watch);

  return state != NULL ? dyno_capture_state_bound (state, self->chosen) : NULL;
}

static void
set_refusal (DynoMappingWindow *self,
             const char        *text)
{
  gtk_label_set_label (self->refusal, text);
  gtk_widget_set_visible (GTK_WIDGET (self->refusal), *text != '\0');
}

const char *
dyno_mapping_window_get_refusal (DynoMappingWindow *self)
{
  return gtk_label_get_label (self->refusal);
}

/* Two pages in one window. */

static void
show_list (DynoMappingWindow *self)
{
  self->chosen = DYNO_CHANNEL_NONE;
  adw_window_title_set_title (self->heading, _ ("Channel Mapping"));
  gtk_widget_set_visible (GTK_WIDGET (self->back), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->revert), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_list_box_invalidate_sort (self->list);
}

static void
update_choice (DynoMappingWindow *self)
{
  const DynoChannelState *bound = bound_now (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->as_found), bound != NULL && bound->is_pinned);
  gtk_widget_set_sensitive (GTK_WIDGET (self->nothing), bound != NULL);
}

void
dyno_mapping_window_choose (DynoMappingWindow *self,
                            DynoChannel        canonical)
{
  self->chosen = canonical;
  adw_window_title_set_title (self->heading, _ (dyno_channel_info (canonical)->title));
  gtk_widget_set_visible (GTK_WIDGET (self->back), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->revert), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  set_refusal (self, "");
  update_choice (self);
  gtk_stack_set_visible_child_name (self->stack, "choose");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/* Pins. */

static DynoPin
pin_of (const DynoWireChannel *channel,
        DynoChannel            canonical)
{
  return (DynoPin) {
    .provider = channel->provider,
    .channel = channel->name,
    .unit_code = channel->unit_code,
    .occurrence = channel->occurrence,
    .canonical = canonical,
  };
}

static void
toast_error (DynoMappingWindow *self,
             const GError      *error)
{
  g_autofree char *escaped = NULL;

  if (dyno_trouble_is_cancelled (error))
    return;

  escaped = g_markup_escape_text (error->message, -1);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
pinned_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoMappingWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_mapping_pin_finish (result, &error))
    toast_error (self, error);
}

static void
unpinned_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DynoMappingWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dyno_mapping_unpin_finish (result, &error))
    toast_error (self, error);
}

static void
take_channel (DynoMappingWindow     *self,
              const DynoWireChannel *channel)
{
  g_autoptr(GError) error = NULL;
  DynoPin pin = pin_of (channel, self->chosen);

  if (!dyno_mapping_check (channel->unit_code, self->chosen, &error))
    {
      set_refusal (self, error->message);
      return;
    }

  dyno_mapping_pin_async (self->shop, &pin, self->cancellable, pinned_cb, g_object_ref (self));
  show_list (self);
}

void
dyno_mapping_window_take (DynoMappingWindow *self,
                          const char        *channel)
{
  g_autoptr(DynoChannelItem) item = NULL;

  for (guint i = 0;
       (item = g_list_model_get_item (G_LIST_MODEL (self->channels), i)) != NULL; i++)
    {
      if (g_strcmp0 (dyno_channel_item_get_name (item), channel) == 0)
        {
          take_channel (self, dyno_channel_item_get_wire (item));
          return;
        }
      g_clear_object (&item);
    }
}

static void
as_found_cb (DynoMappingWindow *self)
{
  const DynoChannelState *bound = bound_now (self);
  DynoPin pin;

  if (bound == NULL)
    return;

  pin = pin_of (bound->channel, DYNO_CHANNEL_NONE);
  dyno_mapping_unpin_async (self->shop, &pin, self->cancellable, unpinned_cb, g_object_ref (self));
  show_list (self);
}

static void
nothing_cb (DynoMappingWindow *self)
{
  const DynoChannelState *bound = bound_now (self);
  DynoPin pin;

  if (bound == NULL)
    return;

  pin = pin_of (bound->channel, DYNO_CHANNEL_NONE);
  dyno_mapping_pin_async (self->shop, &pin, self->cancellable, pinned_cb, g_object_ref (self));
  show_list (self);
}

/* Revert: every choice for this dyno, with a way back. */

static void
undo_cb (AdwToast          *toast,
         DynoMappingWindow *self)
{
  GPtrArray *pins = g_object_get_data (G_OBJECT (toast), "dyno-pins");

  for (guint i = 0; i < pins->len; i++)
    dyno_mapping_pin_async (self->shop, g_ptr_array_index (pins, i), self->cancellable, pinned_cb,
                            g_object_ref (self));
}

static void
say_reverted (DynoMappingWindow *self,
              GPtrArray         *pins)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u choice reverted", "%u choices reverted",
                                                     pins->len), pins->len);
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_timeout (toast, 10);
  g_object_set_data_full (G_OBJECT (toast), "dyno-pins", g_ptr_array_ref (pins),
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), self, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoMappingWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) pins = dyno_mapping_list_finish (result, &error);

  if (pins == NULL)
    {
      toast_error (self, error);
      return;
    }

  for (guint i = 0; i < pins->len; i++)
    dyno_mapping_unpin_async (self->shop, g_ptr_array_index (pins, i), self->cancellable,
                              unpinned_cb, g_object_ref (self));
  if (pins->len > 0)
    say_reverted (self, pins);
}

static void
revert_cb (DynoMappingWindow *self)
{
  const DynoProviderState *provider = dyno_watch_get_provider (self->watch);

  if (provider != NULL)
    dyno_mapping_list_async (self->shop, provider->name, self->cancellable, listed_cb,
                             g_object_ref (self));
}

/* Lists. */

static void
row_activated_cb (DynoMappingWindow *self,
                  GtkListBoxRow     *row)
{
  dyno_mapping_window_choose (self, dyno_mapping_row_get_canonical (DYNO_MAPPING_ROW (row)));
}

static int
compare_rows (GtkListBoxRow *a,
              GtkListBoxRow *b,
              gpointer       unused)
{
  int rank = dyno_mapping_row_get_rank (DYNO_MAPPING_ROW (a))
             - dyno_mapping_row_get_rank (DYNO_MAPPING_ROW (b));

  return rank != 0 ? rank
                   : (int) dyno_mapping_row_get_canonical (DYNO_MAPPING_ROW (a))
                         - (int) dyno_mapping_row_get_canonical (DYNO_MAPPING_ROW (b));
}

static void
update (DynoMappingWindow *self)
{
  const DynoCaptureState *state = dyno_watch_get_capture (self->watch);
  DynoUnitSet units = dyno_wording_units (dyno_shop_get_config (self->shop));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    dyno_mapping_row_show (DYNO_MAPPING_ROW (row), state, units);
  dyno_channel_list_show (self->channels, state, units);
  if (self->chosen != DYNO_CHANNEL_NONE)
    update_choice (self);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *value = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (value, "numeric");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (box), gtk_label_new (NULL));
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  static const char *const properties[] = { "name", "value", "unit" };
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *label = gtk_widget_get_first_child (box);
  DynoChannelItem *channel = gtk_list_item_get_item (item);
  GPtrArray *bindings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_binding_unbind);

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_ptr_array_add (bindings, g_object_bind_property (channel, properties[i], label, "label",
                                                         G_BINDING_SYNC_CREATE));
      label = gtk_widget_get_next_sibling (label);
    }
  g_object_set_data_full (G_OBJECT (item), "dyno-bindings", bindings,
                          (GDestroyNotify) g_ptr_array_unref);
  dyno_access_name_row (box, dyno_channel_item_get_name (channel));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  g_object_set_data (G_OBJECT (item), "dyno-bindings", NULL);
}

static void
channel_activated_cb (DynoMappingWindow *self,
                      guint              position)
{
  g_autoptr(DynoChannelItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    take_channel (self, dyno_channel_item_get_wire (item));
}

static void
search_changed_cb (DynoMappingWindow *self)
{
  gtk_string_filter_set_search (self->filter,
                                gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
search_activated_cb (DynoMappingWindow *self)
{
  channel_activated_cb (self, gtk_single_selection_get_selected (self->selection));
}

/* Object. */

static void
dyno_mapping_window_dispose (GObject *object)
{
  DynoMappingWindow *self = DYNO_MAPPING_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->watch);
  g_clear_object (&self->channels);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_MAPPING_WINDOW);

  G_OBJECT_CLASS (dyno_mapping_window_parent_class)->dispose (object);
}

static void
dyno_mapping_window_finalize (GObject *object)
{
  DynoMappingWindow *self = DYNO_MAPPING_WINDOW (object);

  g_clear_object (&self->cancellable);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_mapping_window_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, back);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, revert);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, list);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, search);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, refusal);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, as_found);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, nothing);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, selection);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, filtered);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, filter);
  gtk_widget_class_bind_template_child (widget_class, DynoMappingWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, as_found_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, channel_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, nothing_cb);
  gtk_widget_class_bind_template_callback (widget_class, revert_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_list);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
}

static void
dyno_mapping_window_class_init (DynoMappingWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_mapping_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_mapping_window_finalize;
  g_type_ensure (DYNO_TYPE_CHANNEL_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-mapping-window.ui");
  bind_template (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dyno_mapping_window_init (DynoMappingWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->channels = dyno_channel_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (self->channels));
  for (guint i = 0; i < DYNO_BINDING_ROWS; i++)
    gtk_list_box_append (self->list, dyno_mapping_row_new (dyno_binding_rows[i].canonical));
  gtk_list_box_set_sort_func (self->list, compare_rows, NULL, NULL);
}

GtkWidget *
dyno_mapping_window_new (DynoShop  *shop,
                         DynoWatch *watch)
{
  DynoMappingWindow *self = g_object_new (DYNO_TYPE_MAPPING_WINDOW, NULL);

  self->shop = dyno_shop_ref (shop);
  self->watch = g_object_ref (watch);
  g_signal_connect_object (watch, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  show_list (self);

  return GTK_WIDGET (self);
}
