/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-import-row.h"

#include "dyno-access.h"
#include "dyno-run-import-words.h"
#include "dyno-status.h"

#include <math.h>

struct _DynoRunImportRow
{
  GtkListBoxRow      parent_instance;

  DynoShop          *shop;         /* (owned) */
  DynoRunImportItem *item;         /* (owned) */
  guint              subscription; /* of the bus; 0 none */
  GtkImage          *icon;         /* template */
  GtkLabel          *name;
  GtkLabel          *state;
  GtkProgressBar    *bar;
  GtkButton         *show;
  GtkButton         *again;
  GtkButton         *cancel;
  GtkButton         *remove;
};

enum
{
  SHOW_RUN,
  AGAIN,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunImportRow, dyno_run_import_row, GTK_TYPE_LIST_BOX_ROW)

DynoRunImportItem *
dyno_run_import_row_get_item (DynoRunImportRow *self)
{
  return self->item;
}

static void
show_progress (DynoRunImportRow *self)
{
  const char *job_id = dyno_run_import_item_get_job_id (self->item);
  g_autoptr(DynoJobInfo) info =
      job_id != NULL ? dyno_jobs_get (dyno_shop_get_jobs (self->shop), job_id) : NULL;
  gboolean is_known = info != NULL && isfinite (info->total) && info->total > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->bar), info != NULL);
  if (is_known)
    gtk_progress_bar_set_fraction (self->bar, CLAMP (info->done / info->total, 0, 1));
  else if (info != NULL)
    gtk_progress_bar_pulse (self->bar);
}

static void
show (DynoRunImportRow *self)
{
  DynoImportState state = dyno_run_import_item_get_state (self->item);
  const char *name = dyno_run_import_item_get_name (self->item);
  DynoStatus status;
  g_autofree char *text = dyno_run_import_words_state (self->item, &status);
  g_autofree char *all = g_strjoin (", ", name, text, NULL);

  for (guint i = 0; i < DYNO_N_STATUSES; i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), dyno_status_class (i));
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), dyno_status_class (status));
  gtk_image_set_from_icon_name (self->icon, dyno_status_icon (status));
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->state, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->state), text);
  dyno_access_name (GTK_WIDGET (self), all);
  gtk_widget_set_visible (GTK_WIDGET (self->show),
                          dyno_run_import_item_get_run_id (self->item) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->again), state == DYNO_IMPORT_DUPLICATE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), state == DYNO_IMPORT_RUNNING);
  gtk_widget_set_visible (GTK_WIDGET (self->remove), state != DYNO_IMPORT_RUNNING);
  show_progress (self);
}

static void
job_cb (DynoTopic   topic,
        const char *job_id,
        const char *detail,
        gpointer    user_data)
{
  DynoRunImportRow *self = user_data;

  if (g_strcmp0 (job_id, dyno_run_import_item_get_job_id (self->item)) == 0)
    show_progress (self);
}

static void
show_cb (DynoRunImportRow *self)
{
  g_signal_emit (self, signals[SHOW_RUN], 0);
}

static void
again_cb (DynoRunImportRow *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static void
cancel_cb (DynoRunImportRow *self)
{
  dyno_run_import_item_cancel (self->item);
}

static void
remove_cb (DynoRunImportRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
dyno_run_import_row_dispose (GObject *object)
{
  DynoRunImportRow *self = DYNO_RUN_IMPORT_ROW (object);

  if (self->subscription != 0)
    dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  self->subscription = 0;
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, show, self);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_IMPORT_ROW);

  G_OBJECT_CLASS (dyno_run_import_row_parent_class)->dispose (object);
}

static void
dyno_run_import_row_finalize (GObject *object)
{
  DynoRunImportRow *self = DYNO_RUN_IMPORT_ROW (object);

  g_clear_object (&self->item);
  g_clear_pointer (&self->shop, dyno_shop_unref);

  G_OBJECT_CLASS (dyno_run_import_row_parent_class)->finalize (object);
}

static void
dyno_run_import_row_class_init (DynoRunImportRowClass *klass)
{
  static const char *const names[N_SIGNALS] = { "show-run", "again", "remove" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_run_import_row_dispose;
  object_class->finalize = dyno_run_import_row_finalize;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], DYNO_TYPE_RUN_IMPORT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-import-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, icon);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, name);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, state);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, bar);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, show);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, again);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, cancel);
  gtk_widget_class_bind_template_child (widget_class, DynoRunImportRow, remove);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
}

static void
dyno_run_import_row_init (DynoRunImportRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_run_import_row_new (DynoShop          *shop,
                         DynoRunImportItem *item)
{
  DynoRunImportRow *self = g_object_new (DYNO_TYPE_RUN_IMPORT_ROW, NULL);

  self->shop = dyno_shop_ref (shop);
  self->item = g_object_ref (item);
  self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop), DYNO_TOPIC_JOB, NULL, job_cb,
                                           self, NULL);
  g_signal_connect_object (item, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);

  return GTK_WIDGET (self);
}
