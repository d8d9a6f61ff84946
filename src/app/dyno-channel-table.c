/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-channel-table.h"

#include "dyno-access.h"
#include "dyno-sparkline.h"

#include <glib/gi18n.h>

struct _DynoChannelTable
{
  AdwBin              parent_instance;

  GtkSearchEntry     *search;   /* template */
  GtkColumnView      *view;
  GtkSingleSelection *selection;
  GtkFilterListModel *filtered;
  GtkStringFilter    *filter;
};

enum
{
  CHANNEL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoChannelTable, dyno_channel_table, ADW_TYPE_BIN)

static const struct
{
  const char *title;
  const char *property;
  gboolean    is_number;
  gboolean    expands;
} columns[] = {
  { N_ ("State"), "state", FALSE, FALSE },   { N_ ("Name"), "name", FALSE, TRUE },
  { N_ ("Taken for"), "role", FALSE, TRUE }, { N_ ("Value"), "value", TRUE, FALSE },
  { N_ ("Unit"), "unit", FALSE, FALSE },     { N_ ("Least"), "low", TRUE, FALSE },
  { N_ ("Greatest"), "high", TRUE, FALSE },  { N_ ("Hz"), "rate", TRUE, FALSE },
  { N_ ("Gaps"), "gaps", TRUE, FALSE },      { N_ ("Age"), "age", TRUE, FALSE },
};

/* Cells with text. What a cell shows of its item stands as data on the factory. */

static gboolean
is_number (GObject *factory)
{
  return GPOINTER_TO_INT (g_object_get_data (factory, "dyno-number"));
}

static void
setup_text_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), is_number (G_OBJECT (factory)) ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (is_number (G_OBJECT (factory)))
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_text_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  DynoChannelItem *channel = gtk_list_item_get_item (item);
  const char *property = g_object_get_data (G_OBJECT (factory), "dyno-property");
  GBinding *binding =
      g_object_bind_property (channel, property, label, "label", G_BINDING_SYNC_CREATE);

  g_object_set_data_full (G_OBJECT (item), "dyno-binding", g_object_ref (binding), g_object_unref);
  dyno_access_name_row (label, dyno_channel_item_get_name (channel));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  GBinding *binding = g_object_get_data (G_OBJECT (item), "dyno-binding");

  g_binding_unbind (binding);
  g_object_set_data (G_OBJECT (item), "dyno-binding", NULL);
}

static GtkListItemFactory *
make_text_factory (const char *property,
                   gboolean    shows_number)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "dyno-property", (gpointer) property);
  g_object_set_data (G_OBJECT (factory), "dyno-number", GINT_TO_POINTER (shows_number));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_text_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_text_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  return factory;
}

/* The curve. */

static void
show_history (DynoSparkline   *sparkline,
              DynoChannelItem *channel)
{
  guint n_values;
  const double *values = dyno_channel_item_get_history (channel, &n_values);
  g_autofree char *reading = dyno_channel_item_dup_reading (channel);

  dyno_sparkline_set_values (sparkline, n_values, values);
  dyno_sparkline_set_text (sparkline, dyno_channel_item_get_name (channel), reading);
}

static void
history_cb (DynoChannelItem *channel,
            DynoSparkline   *sparkline)
{
  show_history (sparkline, channel);
}

static void
setup_curve_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  GtkWidget *sparkline = dyno_sparkline_new ();

  gtk_widget_set_size_request (sparkline, 90, -1);
  gtk_widget_set_focusable (sparkline, FALSE);
  gtk_list_item_set_child (item, sparkline);
}

static void
bind_curve_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  DynoSparkline *sparkline = DYNO_SPARKLINE (gtk_list_item_get_child (item));
  DynoChannelItem *channel = gtk_list_item_get_item (item);

  g_signal_connect_object (channel, "history", G_CALLBACK (history_cb), sparkline, 0);
  show_history (sparkline, channel);
}

static void
unbind_curve_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item),
                                        gtk_list_item_get_child (item));
}

static GtkListItemFactory *
make_curve_factory (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_curve_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_curve_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_curve_cb), NULL);

  return factory;
}

static void
add_column (DynoChannelTable   *self,
            const char         *title,
            GtkListItemFactory *factory,
            gboolean            expands)
{
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

  gtk_column_view_column_set_expand (column, expands);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->view, column);
}

/* Widget. */

static void
search_changed_cb (DynoChannelTable *self)
{
  gtk_string_filter_set_search (self->filter,
                                gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
activate_cb (DynoChannelTable *self,
             guint             position)
{
  g_autoptr(DynoChannelItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    g_signal_emit (self, signals[CHANNEL_ACTIVATED], 0, item);
}

void
dyno_channel_table_set_list (DynoChannelTable *self,
                             DynoChannelList  *list)
{
  gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (list));
}

void
dyno_channel_table_search (DynoChannelTable *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
dyno_channel_table_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_CHANNEL_TABLE);

  G_OBJECT_CLASS (dyno_channel_table_parent_class)->dispose (object);
}

static void
dyno_channel_table_class_init (DynoChannelTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_channel_table_dispose;
  signals[CHANNEL_ACTIVATED] =
      g_signal_new ("channel-activated", DYNO_TYPE_CHANNEL_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, DYNO_TYPE_CHANNEL_ITEM);
  g_type_ensure (DYNO_TYPE_CHANNEL_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-channel-table.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoChannelTable, search);
  gtk_widget_class_bind_template_child (widget_class, DynoChannelTable, view);
  gtk_widget_class_bind_template_child (widget_class, DynoChannelTable, selection);
  gtk_widget_class_bind_template_child (widget_class, DynoChannelTable, filtered);
  gtk_widget_class_bind_template_child (widget_class, DynoChannelTable, filter);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
}

static void
dyno_channel_table_init (DynoChannelTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (self, _ (columns[i].title),
                make_text_factory (columns[i].property, columns[i].is_number), columns[i].expands);
  add_column (self, _ ("Last Minute"), make_curve_factory (), FALSE);
  dyno_access_name_columns (self->view, _ ("Channels"));
}
