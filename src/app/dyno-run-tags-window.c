/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-tags-window.h"

#include "dyno-access.h"

#include <glib/gi18n.h>

struct _DynoRunTagsWindow
{
  AdwWindow     parent_instance;

  DynoShop     *shop;       /* (owned) */
  GPtrArray    *items;      /* (owned) of DynoRunItem */
  guint         n_saving;
  gboolean      is_showing; /* the checks follow the runs */
  GtkEntry     *entry;      /* template */
  GtkButton    *add;
  GtkLabel     *trouble;
  GtkListBox   *tags;
};

G_DEFINE_FINAL_TYPE (DynoRunTagsWindow, dyno_run_tags_window, ADW_TYPE_WINDOW)

/* Tags are compared without case. */
static gboolean
is_same (const char *a,
         const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);

  return g_str_equal (folded_a, folded_b);
}

static gboolean
has_tag (DynoRunItem *item,
         const char  *tag)
{
  char **tags = dyno_run_item_get_run (item)->tags;

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      if (is_same (tags[i], tag))
        return TRUE;
    }

  return FALSE;
}

/* Saving. */

static void
end_saving (DynoRunTagsWindow *self)
{
  self->n_saving--;
  gtk_widget_set_sensitive (GTK_WIDGET (self->tags), self->n_saving == 0);
}

static void show_checks (DynoRunTagsWindow *self);

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoRunTagsWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = dyno_runbook_edit_finish (result, &error);

  if (self->tags == NULL)
    return;

  end_saving (self);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), error != NULL);
  if (error != NULL)
    gtk_label_set_label (self->trouble, error->message);
  for (guint i = 0; run != NULL && i < self->items->len; i++)
    {
      DynoRunItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (dyno_run_item_get_id (item), run->id))
        {
          dyno_run_item_set_run (item, g_steal_pointer (&run));
          break;
        }
    }
  show_checks (self);
}

/* (transfer full) the tags of a run with one more or less. */
static GStrv
tags_with (DynoRunItem *item,
           const char  *tag,
           gboolean     is_on)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  char **tags = dyno_run_item_get_run (item)->tags;

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      if (!is_same (tags[i], tag))
        g_strv_builder_add (builder, tags[i]);
    }
  if (is_on)
    g_strv_builder_add (builder, tag);

  return g_strv_builder_end (builder);
}

/* Against the revision that is seen: somebody else's tag is not overwritten. */
static void
set_tag (DynoRunTagsWindow *self,
         const char        *tag,
         gboolean           is_on)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      DynoRunItem *item = g_ptr_array_index (self->items, i);
      DynoRun *run;

      if (has_tag (item, tag) == is_on)
        continue;
      run = dyno_run_new ();
      run->id = g_strdup (dyno_run_item_get_id (item));
      run->revision = dyno_run_item_get_run (item)->revision;
      run->tags = tags_with (item, tag, is_on);
      self->n_saving++;
      dyno_runbook_edit_async (self->shop, run, DYNO_RUN_TAGS, NULL, edited_cb,
                               g_object_ref (self));
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->tags), self->n_saving == 0);
}

static void
toggled_cb (DynoRunTagsWindow *self,
            GtkCheckButton    *check)
{
  if (self->is_showing)
    return;

  gtk_check_button_set_inconsistent (check, FALSE);
  set_tag (self, g_object_get_data (G_OBJECT (check), "dyno-tag"),
           gtk_check_button_get_active (check));
}

/* Rows. */

static GtkCheckButton *
check_of (GtkListBoxRow *row)
{
  return GTK_CHECK_BUTTON (gtk_list_box_row_get_child (row));
}

static void
show_check (DynoRunTagsWindow *self,
            GtkCheckButton    *check)
{
  const char *tag = g_object_get_data (G_OBJECT (check), "dyno-tag");
  guint n = 0;

  for (guint i = 0; i < self->items->len; i++)
    n += has_tag (g_ptr_array_index (self->items, i), tag) ? 1 : 0;
  gtk_check_button_set_active (check, n == self->items->len);
  gtk_check_button_set_inconsistent (check, n > 0 && n < self->items->len);
}

static void
show_checks (DynoRunTagsWindow *self)
{
  GtkListBoxRow *row;

  self->is_showing = TRUE;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->tags, i)) != NULL; i++)
    show_check (self, check_of (row));
  self->is_showing = FALSE;
}

static gboolean
has_row (DynoRunTagsWindow *self,
         const char        *tag)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->tags, i)) != NULL; i++)
    {
      if (is_same (g_object_get_data (G_OBJECT (check_of (row)), "dyno-tag"), tag))
        return TRUE;
    }

  return FALSE;
}

static void
add_row (DynoRunTagsWindow *self,
         const char        *tag,
         int                position)
{
  GtkWidget *check;
  GtkWidget *row;

  if (has_row (self, tag))
    return;

  check = gtk_check_button_new_with_label (tag);
  row = gtk_list_box_row_new ();
  gtk_widget_set_margin_start (check, 12);
  gtk_widget_set_margin_top (check, 9);
  gtk_widget_set_margin_bottom (check, 9);
  g_object_set_data_full (G_OBJECT (check), "dyno-tag", g_strdup (tag), g_free);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), check);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  dyno_access_name (row, tag);
  gtk_list_box_insert (self->tags, row, position);
}

static void
tags_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(DynoRunTagsWindow) self = user_data;
  g_autoptr(GPtrArray) tags = dyno_runbook_tags_finish (result, NULL);

  /* Without the list of all tags those of the runs are there. */
  for (guint i = 0; tags != NULL && self->tags != NULL && i < tags->len; i++)
    add_row (self, ((DynoRunTag *) g_ptr_array_index (tags, i))->tag, -1);
  if (self->tags != NULL)
    show_checks (self);
}

/* The field. */

static void
typed_cb (DynoRunTagsWindow *self)
{
  g_autofree char *tag =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  gtk_widget_set_sensitive (GTK_WIDGET (self->add), *tag != '\0');
}

static void
add_cb (DynoRunTagsWindow *self)
{
  g_autofree char *tag =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  if (*tag == '\0' || self->n_saving > 0)
    return;

  add_row (self, tag, 0);
  set_tag (self, tag, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
dyno_run_tags_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_TAGS_WINDOW);

  G_OBJECT_CLASS (dyno_run_tags_window_parent_class)->dispose (object);
}

static void
dyno_run_tags_window_finalize (GObject *object)
{
  DynoRunTagsWindow *self = DYNO_RUN_TAGS_WINDOW (object);

  g_ptr_array_unref (self->items);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_run_tags_window_parent_class)->finalize (object);
}

static void
dyno_run_tags_window_class_init (DynoRunTagsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_run_tags_window_dispose;
  object_class->finalize = dyno_run_tags_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-tags-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoRunTagsWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, DynoRunTagsWindow, add);
  gtk_widget_class_bind_template_child (widget_class, DynoRunTagsWindow, trouble);
  gtk_widget_class_bind_template_child (widget_class, DynoRunTagsWindow, tags);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
}

static void
dyno_run_tags_window_init (DynoRunTagsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  dyno_access_name_all (GTK_WIDGET (self));
}

GtkWidget *
dyno_run_tags_window_new (DynoShop  *shop,
                          GPtrArray *items)
{
  DynoRunTagsWindow *self = g_object_new (DYNO_TYPE_RUN_TAGS_WINDOW, NULL);

  self->shop = dyno_shop_ref (shop);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < items->len; i++)
    {
      DynoRunItem *item = g_ptr_array_index (items, i);
      char **tags = dyno_run_item_get_run (item)->tags;

      g_ptr_array_add (self->items, g_object_ref (item));
      for (guint k = 0; tags != NULL && tags[k] != NULL; k++)
        add_row (self, tags[k], -1);
    }
  show_checks (self);
  dyno_runbook_tags_async (shop, NULL, tags_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}
