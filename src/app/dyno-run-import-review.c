/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-import-review.h"

#include "dyno-access.h"
#include "dyno-run-import-words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _DynoRunImportReview
{
  GtkWidget          parent_instance;

  DynoRunImportItem *item;       /* (owned) (nullable) */
  GtkStringList     *titles;     /* (owned) of all channels, "not a channel" first */
  gboolean           is_showing; /* the fields follow the item */
  GtkLabel          *refusal;    /* template */
  GtkBox            *decisions;
  GtkDropDown       *delimiter;
  GtkDropDown       *decimal;
  GtkCheckButton    *force;
  GtkLabel          *summary;
  GtkBox            *warned;
  GtkLabel          *warnings;
  GtkExpander       *assumed;
  GtkLabel          *assumptions;
  GtkListBox        *columns;
};

/* In the order of the drop-downs. */
static const char *const delimiters[] = { NULL, "comma", "semicolon", "tab" };
static const char *const decimals[] = { NULL, "point", "comma" };

G_DEFINE_FINAL_TYPE (DynoRunImportReview, dyno_run_import_review, GTK_TYPE_WIDGET)

const char *
dyno_run_import_review_get_text (DynoRunImportReview *self)
{
  return gtk_label_get_label (self->summary);
}

/* Decisions. */

static void
delimiter_cb (DynoRunImportReview *self)
{
  guint selected = gtk_drop_down_get_selected (self->delimiter);

  if (!self->is_showing && self->item != NULL && selected < G_N_ELEMENTS (delimiters))
    dyno_run_import_item_set_delimiter (self->item, delimiters[selected]);
}

static void
decimal_cb (DynoRunImportReview *self)
{
  guint selected = gtk_drop_down_get_selected (self->decimal);

  if (!self->is_showing && self->item != NULL && selected < G_N_ELEMENTS (decimals))
    dyno_run_import_item_set_decimal (self->item, decimals[selected]);
}

static void
force_cb (DynoRunImportReview *self)
{
  if (!self->is_showing && self->item != NULL)
    dyno_run_import_item_set_force (self->item, gtk_check_button_get_active (self->force));
}

/* Place n of the drop-down is channel n: NONE is 0, time is no choice but keeps its
 * place, so that the two count alike. */
static void
channel_cb (DynoRunImportReview *self,
            GParamSpec          *pspec,
            GtkDropDown         *drop_down)
{
  guint selected = gtk_drop_down_get_selected (drop_down);
  const char *column = g_object_get_data (G_OBJECT (drop_down), "dyno-column");

  if (self->is_showing || self->item == NULL || selected >= DYNO_N_CHANNELS)
    return;

  dyno_run_import_item_map (self->item, column,
                            selected == DYNO_CHANNEL_NONE ? "none"
                                                          : dyno_channel_info (selected)->name);
}

/* Columns. */

static GtkDropDown *
drop_down_of (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "dyno-drop-down");
}

static void
show_column (GtkWidget               *row,
             const DynoImportChannel *channel)
{
  g_autofree char *detail = dyno_run_import_words_column (channel);
  g_autofree char *escaped = g_markup_escape_text (detail, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  gtk_drop_down_set_selected (drop_down_of (row), channel->channel);
}

static GtkWidget *
make_row (DynoRunImportReview     *self,
          const DynoImportChannel *channel)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *drop_down = gtk_drop_down_new (g_object_ref (G_LIST_MODEL (self->titles)), NULL);
  g_autofree char *escaped = g_markup_escape_text (channel->column, -1);
  g_autofree char *name = g_strdup_printf (_ ("%s is"), channel->column);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (drop_down), FALSE);
  gtk_widget_set_valign (drop_down, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (drop_down), "dyno-column", g_strdup (channel->column), g_free);
  g_object_set_data (G_OBJECT (row), "dyno-drop-down", drop_down);
  dyno_access_name (drop_down, name);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), drop_down);
  g_signal_connect_object (drop_down, "notify::selected", G_CALLBACK (channel_cb), self,
                           G_CONNECT_SWAPPED);

  return row;
}

guint
dyno_run_import_review_get_n_columns (DynoRunImportReview *self)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (self->columns, (int) n) != NULL)
    n++;

  return n;
}

/* The same columns in the same order: then only their contents are exchanged, and the
 * focus stays where it is. */
static gboolean
has_columns (DynoRunImportReview    *self,
             const DynoImportReport *report)
{
  guint n = dyno_run_import_review_get_n_columns (self);

  if (n != report->channels->len)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const DynoImportChannel *channel = g_ptr_array_index (report->channels, i);
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->columns, (int) i);

      if (g_strcmp0 (g_object_get_data (G_OBJECT (drop_down_of (GTK_WIDGET (row))), "dyno-column"),
                     channel->column)
          != 0)
        return FALSE;
    }

  return TRUE;
}

static void
drop_columns (DynoRunImportReview *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->columns, 0)) != NULL)
    gtk_list_box_remove (self->columns, GTK_WIDGET (row));
}

static void
show_columns (DynoRunImportReview    *self,
              const DynoImportReport *report)
{
  if (!has_columns (self, report))
    {
      drop_columns (self);
      for (guint i = 0; i < report->channels->len; i++)
        gtk_list_box_append (self->columns,
                             make_row (self, g_ptr_array_index (report->channels, i)));
    }
  for (guint i = 0; i < report->channels->len; i++)
    show_column (GTK_WIDGET (gtk_list_box_get_row_at_index (self->columns, (int) i)),
                 g_ptr_array_index (report->channels, i));
}

/* What is shown. */

static void
show_findings (DynoRunImportReview    *self,
               const DynoImportReport *report)
{
  g_autofree char *warnings =
      report != NULL ? dyno_run_import_words_warnings (report) : g_strdup ("");
  g_autofree char *assumptions =
      report != NULL ? dyno_run_import_words_assumptions (report) : g_strdup ("");

  gtk_label_set_label (self->warnings, warnings);
  gtk_widget_set_visible (GTK_WIDGET (self->warned), *warnings != '\0');
  gtk_label_set_label (self->assumptions, assumptions);
  gtk_widget_set_visible (GTK_WIDGET (self->assumed), *assumptions != '\0');
}

static void
show (DynoRunImportReview *self)
{
  const DynoImportReport *report = dyno_run_import_item_get_report (self->item);
  const GError *error = dyno_run_import_item_get_error (self->item);
  DynoImportState state = dyno_run_import_item_get_state (self->item);
  gboolean is_open = state == DYNO_IMPORT_READY || state == DYNO_IMPORT_REFUSED
                     || state == DYNO_IMPORT_LOOKING || state == DYNO_IMPORT_DUPLICATE;
  g_autofree char *summary = report != NULL ? dyno_run_import_words_summary (report) : NULL;

  self->is_showing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->refusal), error != NULL);
  gtk_label_set_label (self->refusal, error != NULL ? error->message : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->decisions), is_open);
  gtk_widget_set_sensitive (GTK_WIDGET (self->columns), is_open);
  gtk_label_set_label (self->summary, summary != NULL ? summary : "");
  show_findings (self, report);
  gtk_widget_set_visible (GTK_WIDGET (self->columns), report != NULL);
  if (report != NULL)
    show_columns (self, report);
  self->is_showing = FALSE;
}

void
dyno_run_import_review_set_item (DynoRunImportReview *self,
                                 DynoRunImportItem   *item)
{
  if (self->item == item)
    return;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, show, self);
  g_set_object (&self->item, item);
  gtk_widget_set_visible (GTK_WIDGET (self), item != NULL);
  drop_columns (self);
  if (item == NULL)
    return;

  g_signal_connect_object (item, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}

static void
fill_titles (DynoRunImportReview *self)
{
  self->titles = gtk_string_list_new (NULL);
  gtk_string_list_append (self->titles, _ ("no channel"));
  for (guint i = 1; i < DYNO_N_CHANNELS; i++)
    gtk_string_list_append (self->titles, _ (dyno_channel_info (i)->title));
}

static void
dyno_run_import_review_dispose (GObject *object)
{
  DynoRunImportReview *self = DYNO_RUN_IMPORT_REVIEW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, show, self);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_IMPORT_REVIEW);
  g_clear_object (&self->titles);

  G_OBJECT_CLASS (dyno_run_import_review_parent_class)->dispose (object);
}

static void
dyno_run_import_review_class_init (DynoRunImportReviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_run_import_review_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-import-review.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "top", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, refusal);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, decisions);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, delimiter);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, decimal);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, force);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, summary);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, warned);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, warnings);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, assumed);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, assumptions);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportReview, columns);
  gtk_widget_class_bind_template_callback (widget_class, decimal_cb);
  gtk_widget_class_bind_template_callback (widget_class, delimiter_cb);
  gtk_widget_class_bind_template_callback (widget_class, force_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_run_import_review_init (DynoRunImportReview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_titles (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  dyno_access_name_all (GTK_WIDGET (self));
}
