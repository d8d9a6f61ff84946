/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-window-private.h"

#include "dyno-access.h"
#include "dyno-page-keys.h"
#include "dyno-pages.h"
#include "dyno-sidebar-row.h"
#include "dyno-trouble-page.h"

#include <glib/gi18n.h>

#define LEAST_WIDTH 360
#define LEAST_HEIGHT 480
#define NARROW_BELOW 720

enum
{
  PROP_NARROW = 1,
  PROP_SIMULATOR,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoWindow, dyno_window, ADW_TYPE_APPLICATION_WINDOW)

static DynoSidebarRow *
row_of (DynoWindow *self,
        const char *page)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar_list, i)) != NULL; i++)
    {
      if (g_strcmp0 (dyno_sidebar_row_get_page (DYNO_SIDEBAR_ROW (row)), page) == 0)
        return DYNO_SIDEBAR_ROW (row);
    }

  return NULL;
}

DynoPage *
dyno_window_get_page (DynoWindow *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);

  return DYNO_IS_PAGE (child) ? DYNO_PAGE (child) : NULL;
}

static void
toast_cb (DynoPage   *page,
          AdwToast   *toast,
          const char *cause,
          DynoWindow *self)
{
  dyno_toasts_show (self->toasts, toast, cause);
}

static void
badge_cb (DynoPage   *page,
          DynoWindow *self)
{
  DynoStatus status;
  const char *word = dyno_page_get_badge (page, &status);
  DynoSidebarRow *row =
      row_of (self, gtk_stack_page_get_name (gtk_stack_get_page (self->stack, GTK_WIDGET (page))));

  if (row != NULL)
    dyno_sidebar_row_set_badge (row, status, word);
}

/* Pages. */

static void
primary_clicked_cb (DynoWindow *self)
{
  DynoPage *page = dyno_window_get_page (self);
  const char *action = page != NULL ? dyno_page_get_primary_action (page) : NULL;

  if (action != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), action, NULL);
}

static DynoPage *
make_page (DynoWindow         *self,
           const DynoPageInfo *info)
{
  GtkWidget *page = info->make (self->shop, self->settings);

  gtk_stack_add_named (self->stack, page, info->name);
  g_signal_connect_object (page, "toast", G_CALLBACK (toast_cb), self, 0);
  g_signal_connect_object (page, "badge-changed", G_CALLBACK (badge_cb), self, 0);
  g_signal_connect_object (page, "primary-changed", G_CALLBACK (dyno_window_update_header), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "notify::subtitle", G_CALLBACK (dyno_window_update_header), self,
                           G_CONNECT_SWAPPED);
  badge_cb (DYNO_PAGE (page), self);

  return DYNO_PAGE (page);
}

DynoPage *
dyno_window_find_page (DynoWindow *self,
                       const char *name)
{
  GtkWidget *child = gtk_stack_get_child_by_name (self->stack, name);

  const DynoPageInfo *info = dyno_pages_find (name);

  if (DYNO_IS_PAGE (child))
    return DYNO_PAGE (child);

  return self->shop != NULL && info != NULL ? make_page (self, info) : NULL;
}

static void
update_history (DynoWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back",
                                 dyno_history_has_back (self->history));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.forward",
                                 dyno_history_has_forward (self->history));
}

/* The name of the page in view as the table has it, so that it needs no owner; NULL for
 * what is no page. */
static const char *
here (DynoWindow *self)
{
  const DynoPageInfo *info = dyno_pages_find (gtk_stack_get_visible_child_name (self->stack));

  return info != NULL ? info->name : NULL;
}

static void
remember (DynoWindow *self)
{
  if (!self->is_moving && here (self) != NULL)
    dyno_history_leave (self->history, here (self));
}

/* Chosen from the sidebar that fills a narrow window, it gives way to the page. */
static void
leave_sidebar (DynoWindow *self)
{
  if (self->is_narrow)
    gtk_toggle_button_set_active (self->sidebar_toggle, FALSE);
}

gboolean
dyno_window_show_page (DynoWindow *self,
                       const char *name)
{
  DynoPage *page = dyno_window_find_page (self, name);
  const char *before = gtk_stack_get_visible_child_name (self->stack);

  if (page == NULL)
    return FALSE;

  leave_sidebar (self);
  if (g_strcmp0 (before, name) == 0)
    return TRUE;

  remember (self);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
  g_settings_set_string (self->settings, "page", name);
  gtk_list_box_select_row (self->sidebar_list, GTK_LIST_BOX_ROW (row_of (self, name)));
  dyno_window_update_header (self);
  update_history (self);

  return TRUE;
}

static void
move_to (DynoWindow *self,
         const char *page)
{
  if (page == NULL)
    return;

  self->is_moving = TRUE;
  dyno_window_show_page (self, page);
  self->is_moving = FALSE;
  update_history (self);
}

void
dyno_window_go_back (DynoWindow *self)
{
  move_to (self, dyno_history_back (self->history, here (self)));
}

void
dyno_window_go_forward (DynoWindow *self)
{
  move_to (self, dyno_history_forward (self->history, here (self)));
}

/* The selection says where one is; the keys that move it only look round. */
static void
row_selected_cb (DynoWindow    *self,
                 GtkListBoxRow *row)
{
  DynoSidebarRow *current;

  if (row == NULL)
    return;

  current = row_of (self, gtk_stack_get_visible_child_name (self->stack));
  if (current != NULL && row != GTK_LIST_BOX_ROW (current))
    gtk_list_box_select_row (self->sidebar_list, GTK_LIST_BOX_ROW (current));
}

static void
row_activated_cb (DynoWindow    *self,
                  GtkListBoxRow *row)
{
  if (dyno_window_show_page (self, dyno_sidebar_row_get_page (DYNO_SIDEBAR_ROW (row))))
    gtk_widget_child_focus (GTK_WIDGET (dyno_window_get_page (self)), GTK_DIR_TAB_FORWARD);
}

/* Shop. */

static void
drop_pages (DynoWindow *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack));

  while (child != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (child);

      if (DYNO_IS_PAGE (child))
        gtk_stack_remove (self->stack, child);
      child = next;
    }
  dyno_history_clear (self->history);
  update_history (self);
}

static void
drop_shop (DynoWindow *self)
{
  g_clear_pointer (&self->notices, dyno_notices_free);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  dyno_footer_set_watch (self->footer, NULL);
  dyno_jobs_button_set_shop (self->jobs_button, NULL);
  g_clear_object (&self->watch);
  drop_pages (self);
  g_clear_pointer (&self->shop, dyno_shop_unref);
}

static void
watch_changed_cb (DynoWindow *self)
{
  gboolean is_simulator = self->watch != NULL && dyno_watch_is_simulator (self->watch);

  if (is_simulator == self->is_simulator)
    return;

  self->is_simulator = is_simulator;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SIMULATOR]);
  dyno_window_update_header (self);
}

static void
take_shop (DynoWindow *self,
           DynoShop   *shop)
{
  g_autofree char *page = g_settings_get_string (self->settings, "page");

  self->shop = dyno_shop_ref (shop);
  self->watch = dyno_watch_new (shop);
  self->notices = dyno_notices_new (shop, self->watch, self->banner);
  g_signal_connect_swapped (self->watch, "changed", G_CALLBACK (watch_changed_cb), self);
  dyno_footer_set_watch (self->footer, self->watch);
  dyno_jobs_button_set_shop (self->jobs_button, shop);
  /* The live page is always there: its keys work from everywhere. */
  dyno_window_find_page (self, "live");
  if (!dyno_window_show_page (self, page))
    dyno_window_show_page (self, "live");
  if (dyno_shop_get_trouble (shop) != NULL)
    dyno_window_show_trouble (self, dyno_shop_get_trouble (shop));
}

void
dyno_window_set_shop (DynoWindow *self,
                      DynoShop   *shop)
{
  g_return_if_fail (DYNO_IS_WINDOW (self));

  if (self->shop == shop)
    return;

  drop_shop (self);
  gtk_stack_set_visible_child_name (self->stack, "opening");
  if (shop != NULL)
    take_shop (self, shop);
  watch_changed_cb (self);
  dyno_window_update_header (self);
}

void
dyno_window_show_trouble (DynoWindow   *self,
                          const GError *error)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, "trouble");

  remember (self);
  dyno_trouble_page_set_error (DYNO_TROUBLE_PAGE (page), error);
  gtk_stack_set_visible_child (self->stack, page);
  gtk_list_box_unselect_all (self->sidebar_list);
  dyno_window_update_header (self);
  update_history (self);
}

/* Widget. */

/* Narrow is another shape, so what the wide one needs says nothing of it. */
static void
dyno_window_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  int least = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_WIDTH : LEAST_HEIGHT;

  GTK_WIDGET_CLASS (dyno_window_parent_class)
      ->measure (widget, orientation, for_size, minimum, natural, minimum_baseline,
                 natural_baseline);
  *minimum = MIN (*minimum, least);
}

/* Not while sizes are handed out: what comes and goes then would have none. */
static gboolean
fold_cb (gpointer data)
{
  DynoWindow *self = data;

  self->fold = 0;
  gtk_toggle_button_set_active (self->sidebar_toggle, !self->is_narrow);
  dyno_window_update_header (self);

  return G_SOURCE_REMOVE;
}

static void
dyno_window_size_allocate (GtkWidget *widget,
                           int        width,
                           int        height,
                           int        baseline)
{
  DynoWindow *self = DYNO_WINDOW (widget);
  gboolean is_narrow = width < NARROW_BELOW;

  if (is_narrow != self->is_narrow)
    {
      self->is_narrow = is_narrow;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
      if (self->fold == 0)
        self->fold = g_idle_add_full (GTK_PRIORITY_RESIZE - 1, fold_cb, self, NULL);
    }

  GTK_WIDGET_CLASS (dyno_window_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
dyno_window_unmap (GtkWidget *widget)
{
  DynoWindow *self = DYNO_WINDOW (widget);
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (width > 0 && height > 0)
    g_settings_set (self->settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));

  GTK_WIDGET_CLASS (dyno_window_parent_class)->unmap (widget);
}

static void
dyno_window_dispose (GObject *object)
{
  DynoWindow *self = DYNO_WINDOW (object);

  g_clear_handle_id (&self->fold, g_source_remove);
  if (self->stack != NULL)
    drop_shop (self);
  g_clear_pointer (&self->toasts, dyno_toasts_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_WINDOW);

  G_OBJECT_CLASS (dyno_window_parent_class)->dispose (object);
}

static void
dyno_window_finalize (GObject *object)
{
  DynoWindow *self = DYNO_WINDOW (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->history, dyno_history_free);

  G_OBJECT_CLASS (dyno_window_parent_class)->finalize (object);
}

static void
dyno_window_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  DynoWindow *self = DYNO_WINDOW (object);

  switch (id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->is_narrow);
      break;
    case PROP_SIMULATOR:
      g_value_set_boolean (value, self->is_simulator);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* For the floor's template: the open sidebar fills a narrow window. */
static gboolean
content_is_shown_cb (DynoWindow *self,
                     gboolean    is_narrow,
                     gboolean    is_open)
{
  return !is_narrow || !is_open;
}

static gboolean
is_tagged_cb (DynoWindow *self,
              gboolean    is_narrow,
              gboolean    has_simulator)
{
  return !is_narrow && has_simulator;
}

/* A narrow header has room for one button of the window manager. */
static char *
buttons_cb (DynoWindow *self,
            gboolean    is_narrow)
{
  return g_strdup (is_narrow ? ":close" : NULL);
}

static gboolean
is_not_cb (DynoWindow *self,
           gboolean    value)
{
  return !value;
}

static void
dyno_window_class_init (DynoWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = dyno_window_dispose;
  object_class->finalize = dyno_window_finalize;
  object_class->get_property = dyno_window_get_property;
  widget_class->measure = dyno_window_measure;
  widget_class->size_allocate = dyno_window_size_allocate;
  widget_class->unmap = dyno_window_unmap;
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, read);
  props[PROP_SIMULATOR] = g_param_spec_boolean ("simulator", NULL, NULL, FALSE, read);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (DYNO_TYPE_BANNER);
  g_type_ensure (DYNO_TYPE_FOOTER);
  g_type_ensure (DYNO_TYPE_JOBS_BUTTON);
  g_type_ensure (DYNO_TYPE_TROUBLE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dynoai/DynoAI/dyno-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, sidebar_list);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, sidebar_toggle);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, title);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, footer);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, DynoWindow, primary_button);
  gtk_widget_class_bind_template_callback (widget_class, buttons_cb);
  gtk_widget_class_bind_template_callback (widget_class, content_is_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, is_not_cb);
  gtk_widget_class_bind_template_callback (widget_class, is_tagged_cb);
  gtk_widget_class_bind_template_callback (widget_class, primary_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  dyno_window_install_actions (widget_class);
}

static void
dyno_window_init (DynoWindow *self)
{
  guint n_pages;
  const DynoPageInfo *pages = dyno_pages_list (&n_pages);

  self->history = dyno_history_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->toasts = dyno_toasts_new (self->toast_overlay);
  for (guint i = 0; i < n_pages; i++)
    gtk_list_box_append (self->sidebar_list,
                         dyno_sidebar_row_new (pages[i].name, _ (pages[i].title),
                                               pages[i].icon_name));
  dyno_page_keys_add (self);
  update_history (self);
  dyno_access_name_all (GTK_WIDGET (self));
}

GtkWidget *
dyno_window_new (GtkApplication *application,
                 GSettings      *settings)
{
  DynoWindow *self = g_object_new (DYNO_TYPE_WINDOW, "application", application, NULL);
  int width;
  int height;

  self->settings = g_object_ref (settings);
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  dyno_window_update_header (self);

  return GTK_WIDGET (self);
}
