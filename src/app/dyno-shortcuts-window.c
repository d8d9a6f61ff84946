/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-shortcuts-window.h"

#include "dyno-access.h"
#include "dyno-application.h"

#include <glib/gi18n.h>

struct _DynoShortcutsWindow
{
  AdwWindow       parent_instance;

  GtkSearchEntry *search; /* template */
  GtkListBox     *list;
};

G_DEFINE_FINAL_TYPE (DynoShortcutsWindow, dyno_shortcuts_window, ADW_TYPE_WINDOW)

static const DynoKey *
key_of (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "dyno-key");
}

/* "Ctrl+7 or Ctrl+," */
static char *
describe_keys (const DynoKey *key)
{
  g_auto(GStrv) accelerators = g_strsplit (key->keys, "|", -1);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; accelerators[i] != NULL; i++)
    {
      g_autofree char *label = NULL;

      if (*accelerators[i] == '\0')
        continue;
      label = dyno_application_key_label (accelerators[i]);
      /* Translators: between two keys that do the same. */
      g_string_append_printf (text, "%s%s", text->len > 0 ? _ (" or ") : "", label);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
make_row (const DynoKey *key)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = describe_keys (key);
  GtkWidget *label = gtk_label_new (text);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (key->title));
  gtk_widget_add_css_class (label, "dyno-key");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  dyno_access_describe (row, text);
  g_object_set_data (G_OBJECT (row), "dyno-key", (gpointer) key);

  return row;
}

static gboolean
contains (const char *text,
          const char *folded)
{
  g_autofree char *ours = g_utf8_casefold (text, -1);

  return strstr (ours, folded) != NULL;
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       user_data)
{
  DynoShortcutsWindow *self = user_data;
  const DynoKey *key = key_of (row);
  g_autofree char *wanted =
      g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *keys = describe_keys (key);

  return contains (_ (key->title), wanted) || contains (_ (key->group), wanted)
         || contains (keys, wanted);
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       unused)
{
  const char *group = key_of (row)->group;
  GtkWidget *label;

  if (before != NULL && g_str_equal (key_of (before)->group, group))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (_ (group));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "dyno-list-header");
  gtk_list_box_row_set_header (row, label);
}

static void
search_changed_cb (DynoShortcutsWindow *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

guint
dyno_shortcuts_window_get_n_rows (DynoShortcutsWindow *self)
{
  GtkListBoxRow *row;
  guint n = 0;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    n += gtk_widget_get_child_visible (GTK_WIDGET (row));

  return n;
}

static void
dyno_shortcuts_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_SHORTCUTS_WINDOW);

  G_OBJECT_CLASS (dyno_shortcuts_window_parent_class)->dispose (object);
}

static void
dyno_shortcuts_window_class_init (DynoShortcutsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_shortcuts_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-shortcuts-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoShortcutsWindow, search);
  gtk_widget_class_bind_template_child (widget_class, DynoShortcutsWindow, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dyno_shortcuts_window_init (DynoShortcutsWindow *self)
{
  guint n_keys;
  const DynoKey *keys = dyno_application_keys (&n_keys);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < n_keys; i++)
    gtk_list_box_append (self->list, make_row (&keys[i]));
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
}

GtkWidget *
dyno_shortcuts_window_new (void)
{
  return g_object_new (DYNO_TYPE_SHORTCUTS_WINDOW, NULL);
}
