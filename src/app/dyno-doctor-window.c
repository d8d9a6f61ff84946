/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-doctor-window.h"

#include "dyno-check-row.h"

#include <glib/gi18n.h>

struct _DynoDoctorWindow
{
  AdwWindow     parent_instance;

  DynoShop     *shop;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
  gboolean      is_running;
  GtkSpinner   *spinner;     /* template */
  GtkLabel     *summary;
  GtkListBox   *list;
  GtkButton    *again;
  GtkButton    *copy;
};

G_DEFINE_FINAL_TYPE (DynoDoctorWindow, dyno_doctor_window, ADW_TYPE_WINDOW)

static DynoStatus
status_of (DynoCheckStatus status)
{
  static const DynoStatus statuses[] = {
    [DYNO_CHECK_OK] = DYNO_STATUS_OK,
    [DYNO_CHECK_WARN] = DYNO_STATUS_WARN,
    [DYNO_CHECK_FAIL] = DYNO_STATUS_FAULT,
  };

  return statuses[status];
}

static const char *
word_of (DynoCheckStatus status)
{
  static const char *const words[] = {
    [DYNO_CHECK_OK] = N_ ("good"),
    [DYNO_CHECK_WARN] = N_ ("look"),
    [DYNO_CHECK_FAIL] = N_ ("wrong"),
  };

  return _ (words[status]);
}

static void
clear (DynoDoctorWindow *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
set_running (DynoDoctorWindow *self,
             gboolean          is_running)
{
  self->is_running = is_running;
  gtk_spinner_set_spinning (self->spinner, is_running);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->again), !is_running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy), !is_running);
}

static void
summarise (DynoDoctorWindow *self,
           guint             n_wrong,
           guint             n_look)
{
  g_autofree char *text = NULL;

  if (n_wrong > 0)
    text = g_strdup_printf (ngettext ("%u thing is wrong.", "%u things are wrong.", n_wrong),
                            n_wrong);
  else if (n_look > 0)
    text = g_strdup_printf (ngettext ("Nothing is wrong; %u thing is worth a look.",
                                      "Nothing is wrong; %u things are worth a look.", n_look),
                            n_look);
  else
    text = g_strdup (_ ("Nothing is wrong."));
  gtk_label_set_label (self->summary, text);
}

void
dyno_doctor_window_show (DynoDoctorWindow *self,
                         GPtrArray        *checks)
{
  guint counts[3] = { 0 };

  clear (self);
  /* What is wrong stands first. */
  for (int status = DYNO_CHECK_FAIL; status >= DYNO_CHECK_OK; status--)
    {
      for (guint i = 0; i < checks->len; i++)
        {
          const DynoCheck *check = g_ptr_array_index (checks, i);
          GtkWidget *row;

          if (check->status != (DynoCheckStatus) status)
            continue;
          counts[status]++;
          row = dyno_check_row_new (check->name);
          dyno_check_row_show (DYNO_CHECK_ROW (row), status_of (check->status),
                               word_of (check->status), check->detail, check->fix, NULL);
          gtk_list_box_append (self->list, row);
        }
    }
  set_running (self, FALSE);
  summarise (self, counts[DYNO_CHECK_FAIL], counts[DYNO_CHECK_WARN]);
}

static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DynoDoctorWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) checks = dyno_health_doctor_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (checks != NULL)
    {
      dyno_doctor_window_show (self, checks);
      return;
    }

  set_running (self, FALSE);
  gtk_label_set_label (self->summary, error->message);
}

static void
run_cb (DynoDoctorWindow *self)
{
  if (self->is_running)
    return;

  set_running (self, TRUE);
  gtk_label_set_label (self->summary, _ ("Listening for three seconds…"));
  dyno_health_doctor_async (self->shop, NULL, self->cancellable, finished_cb,
                            g_object_ref (self));
}

static void
copy_cb (DynoDoctorWindow *self)
{
  g_autoptr(GString) text = g_string_new (gtk_label_get_label (self->summary));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    g_string_append_printf (text, "\n%s: %s",
                            adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)),
                            adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

static void
dyno_doctor_window_dispose (GObject *object)
{
  DynoDoctorWindow *self = DYNO_DOCTOR_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_DOCTOR_WINDOW);

  G_OBJECT_CLASS (dyno_doctor_window_parent_class)->dispose (object);
}

static void
dyno_doctor_window_finalize (GObject *object)
{
  DynoDoctorWindow *self = DYNO_DOCTOR_WINDOW (object);

  g_clear_object (&self->cancellable);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_doctor_window_parent_class)->finalize (object);
}

static void
dyno_doctor_window_class_init (DynoDoctorWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_doctor_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = dyno_doctor_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-doctor-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoDoctorWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, DynoDoctorWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, DynoDoctorWindow, list);
  gtk_widget_class_bind_template_child (widget_class, DynoDoctorWindow, again);
  gtk_widget_class_bind_template_child (widget_class, DynoDoctorWindow, copy);
  gtk_widget_class_bind_template_callback (widget_class, run_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dyno_doctor_window_init (DynoDoctorWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_doctor_window_new (DynoShop *shop)
{
  DynoDoctorWindow *self = g_object_new (DYNO_TYPE_DOCTOR_WINDOW, NULL);

  self->shop = dyno_shop_ref (shop);
  run_cb (self);

  return GTK_WIDGET (self);
}
