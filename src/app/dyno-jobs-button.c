/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-jobs-button.h"

#include "dyno-access.h"
#include "dyno-job-row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _DynoJobsButton
{
  AdwBin         parent_instance;

  DynoShop      *shop;         /* (owned) (nullable) */
  guint          subscription; /* of the bus; 0 none */
  GtkMenuButton *button;       /* template */
  GtkPopover    *popover;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (DynoJobsButton, dyno_jobs_button, ADW_TYPE_BIN)

static const char *
id_of (DynoJobRow *row)
{
  return g_object_get_data (G_OBJECT (row), "dyno-job");
}

static DynoJobRow *
find_row (DynoJobsButton *self,
          const char     *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (g_strcmp0 (id_of (DYNO_JOB_ROW (row)), id) == 0)
        return DYNO_JOB_ROW (row);
    }

  return NULL;
}

static gboolean
is_running (DynoJobRow *row)
{
  return dyno_job_row_get_state (row) <= DYNO_JOB_ROW_CANCELLING;
}

guint
dyno_jobs_button_get_n_rows (DynoJobsButton *self)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (self->list, (int) n) != NULL)
    n++;

  return n;
}

static void
count (DynoJobsButton *self)
{
  guint n_rows = dyno_jobs_button_get_n_rows (self);
  guint n_running = 0;
  g_autofree char *digits = NULL;
  g_autofree char *name = NULL;

  for (guint i = 0; i < n_rows; i++)
    n_running += is_running (DYNO_JOB_ROW (gtk_list_box_get_row_at_index (self->list, (int) i)));
  digits = g_strdup_printf ("%u", n_running);
  name = g_strdup_printf (ngettext ("%u job is running", "%u jobs are running", n_running),
                          n_running);
  gtk_menu_button_set_label (self->button, digits);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), name);
  dyno_access_name (GTK_WIDGET (self->button), name);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          n_running > 0 || gtk_widget_get_visible (GTK_WIDGET (self->popover)));
}

static void
cancel_cb (DynoJobRow     *row,
           DynoJobsButton *self)
{
  if (self->shop != NULL)
    dyno_jobs_cancel (dyno_shop_get_jobs (self->shop), id_of (row), NULL);
}

static DynoJobRow *
add_row (DynoJobsButton    *self,
         const DynoJobInfo *info)
{
  GtkWidget *row = dyno_job_row_new (info->title, dyno_shop_get_clock (self->shop));

  g_object_set_data_full (G_OBJECT (row), "dyno-job", g_strdup (info->id), g_free);
  g_signal_connect_object (row, "cancel", G_CALLBACK (cancel_cb), self, 0);
  dyno_access_name_all (row);
  gtk_list_box_prepend (self->list, row);

  return DYNO_JOB_ROW (row);
}

static void
show_job (DynoJobsButton    *self,
          const DynoJobInfo *info)
{
  DynoJobRow *row = find_row (self, info->id);

  if (row == NULL)
    row = add_row (self, info);
  if (info->state == DYNO_JOB_RUNNING)
    dyno_job_row_set_progress (row, (guint64) fmax (info->done, 0),
                               isfinite (info->total) ? (guint64) fmax (info->total, 0) : 0,
                               info->unit);
  else if (is_running (row))
    dyno_job_row_end (row, info->state == DYNO_JOB_FAILED,
                      info->state == DYNO_JOB_CANCELLED ? _ ("cancelled") : info->message);
}

/* It was read, or nobody looked. */
static void
drop_ended (DynoJobsButton *self)
{
  for (guint i = dyno_jobs_button_get_n_rows (self); i-- > 0;)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) i);

      if (!is_running (DYNO_JOB_ROW (row)))
        gtk_list_box_remove (self->list, GTK_WIDGET (row));
    }
}

static void
job_cb (DynoTopic   topic,
        const char *id,
        const char *detail,
        gpointer    user_data)
{
  DynoJobsButton *self = user_data;
  g_autoptr(DynoJobInfo) info = dyno_jobs_get (dyno_shop_get_jobs (self->shop), id);

  if (info != NULL)
    show_job (self, info);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    drop_ended (self);
  count (self);
}

static void
closed_cb (DynoJobsButton *self)
{
  drop_ended (self);
  count (self);
}

static void
drop_shop (DynoJobsButton *self)
{
  if (self->subscription != 0)
    dyno_bus_unsubscribe (dyno_shop_get_bus (self->shop), self->subscription);
  self->subscription = 0;
  g_clear_pointer (&self->shop, dyno_shop_unref);
}

static void
list_running (DynoJobsButton *self)
{
  g_autoptr(GPtrArray) jobs = dyno_jobs_list (dyno_shop_get_jobs (self->shop));

  for (guint i = jobs->len; i-- > 0;)
    {
      const DynoJobInfo *info = g_ptr_array_index (jobs, i);

      if (info->state == DYNO_JOB_RUNNING)
        show_job (self, info);
    }
}

void
dyno_jobs_button_set_shop (DynoJobsButton *self,
                           DynoShop       *shop)
{
  GtkListBoxRow *row;

  drop_shop (self);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  if (shop != NULL)
    {
      self->shop = dyno_shop_ref (shop);
      self->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop), DYNO_TOPIC_JOB, NULL,
                                               job_cb, self, NULL);
      list_running (self);
    }
  count (self);
}

static void
dyno_jobs_button_dispose (GObject *object)
{
  DynoJobsButton *self = DYNO_JOBS_BUTTON (object);

  drop_shop (self);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_JOBS_BUTTON);

  G_OBJECT_CLASS (dyno_jobs_button_parent_class)->dispose (object);
}

static void
dyno_jobs_button_class_init (DynoJobsButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_jobs_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoJobsButton, button);
  gtk_widget_class_bind_template_child (widget_class, DynoJobsButton, popover);
  gtk_widget_class_bind_template_child (widget_class, DynoJobsButton, list);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
}

static void
dyno_jobs_button_init (DynoJobsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  count (self);
}
