/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-no-dyno.h"

#include "dyno-access.h"
#include "dyno-status.h"
#include "dyno-wording.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* A provider that has not said its channels by then needs to be told to. */
#define SLOW_AFTER_S 35

struct _DynoNoDyno
{
  AdwBin         parent_instance;

  AdwStatusPage *status;     /* template */
  GtkBox        *waiting;
  GtkSpinner    *spinner;
  GtkLabel      *seconds;
  GtkListBox    *interfaces;
  GtkButton     *choose;
  GtkButton     *simulator;
};

G_DEFINE_FINAL_TYPE (DynoNoDyno, dyno_no_dyno, ADW_TYPE_BIN)

static AdwActionRow *
row_at (DynoNoDyno *self,
        guint       index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->interfaces, (int) index);
  GtkWidget *icon;

  if (row != NULL)
    return ADW_ACTION_ROW (row);

  row = GTK_LIST_BOX_ROW (adw_action_row_new ());
  icon = gtk_image_new ();
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  g_object_set_data (G_OBJECT (row), "dyno-icon", icon);
  gtk_list_box_append (self->interfaces, GTK_WIDGET (row));

  return ADW_ACTION_ROW (row);
}

static void
show_interface (AdwActionRow             *row,
                const DynoInterfaceState *interface)
{
  g_autofree char *count = dyno_wording_count (interface->datagrams);
  g_autofree char *address = dyno_address_text (interface->address);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  DynoStatus status = DYNO_STATUS_OFF;

  title = g_strdup_printf ("%s  %s", interface->name,
                           interface->address != 0 ? address : _ ("no address"));
  if (!interface->is_up)
    subtitle = g_strdup (_ ("down: plug in the cable or switch it on"));
  else if (!interface->is_joined)
    subtitle = g_strdup (_ ("not listening here"));
  else
    subtitle = g_strdup_printf (_ ("listening, %s datagrams heard"), count);
  if (interface->is_up && interface->is_joined)
    status = interface->datagrams > 0 ? DYNO_STATUS_OK : DYNO_STATUS_WARN;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, subtitle);
  gtk_image_set_from_icon_name (g_object_get_data (G_OBJECT (row), "dyno-icon"),
                                dyno_status_icon (status));
  gtk_widget_set_css_classes (g_object_get_data (G_OBJECT (row), "dyno-icon"),
                              (const char *[]) { dyno_status_class (status), NULL });
  dyno_access_describe (GTK_WIDGET (row), subtitle);
}

static void
show_interfaces (DynoNoDyno             *self,
                 const DynoCaptureState *capture)
{
  guint n = capture != NULL ? capture->n_interfaces : 0;
  GtkListBoxRow *row;

  for (guint i = 0; i < n; i++)
    show_interface (row_at (self, i), &capture->interfaces[i]);
  while ((row = gtk_list_box_get_row_at_index (self->interfaces, (int) n)) != NULL)
    gtk_list_box_remove (self->interfaces, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self->interfaces), n > 0);
}

/* What is wrong, from the one who knows most of it. */
static const char *
cause_of (const DynoArmState     *arm,
          const DynoCaptureState *capture)
{
  const char *reason = capture != NULL ? dyno_link_reason_text (capture->reason) : "";

  if (arm != NULL && arm->message != NULL)
    return arm->message;

  return *reason != '\0' ? reason
                         : _ ("Connect the computer to the network of the dyno and switch it on.");
}

static void
show_text (GtkWidget  *status,
           const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (ADW_STATUS_PAGE (status), escaped);
}

static void
show_connecting (DynoNoDyno         *self,
                 const DynoArmState *arm,
                 gint64              now_us)
{
  double waited_s = (double) (now_us - arm->since_us) / G_USEC_PER_SEC;
  g_autofree char *age = dyno_wording_duration (MAX (waited_s, 0));
  g_autofree char *title =
      g_strdup_printf (_ ("Connecting to %s"), arm->provider != NULL ? arm->provider : _ ("dyno"));

  adw_status_page_set_title (self->status, title);
  gtk_label_set_label (self->seconds, age);
  show_text (GTK_WIDGET (self->status),
             waited_s < SLOW_AFTER_S
                 ? _ ("It was heard and is asked for its channels.")
                 : _ ("It was heard but sends no channel list. Switch on the streaming of live "
                      "data in the program of the dyno, then wait for half a minute."));
}

/* Nobody but the operator knows which of them stands in front of him. */
static void
show_choice (DynoNoDyno         *self,
             const DynoArmState *arm)
{
  adw_status_page_set_title (self->status, _ ("Which Dyno?"));
  show_text (GTK_WIDGET (self->status), arm != NULL && arm->message != NULL
                                            ? arm->message
                                            : _ ("Several dynos are heard. Choose one of them."));
}

void
dyno_no_dyno_show (DynoNoDyno *self,
                   DynoWatch  *watch,
                   gint64      now_us)
{
  const DynoArmState *arm = dyno_watch_get_arm (watch);
  const DynoCaptureState *capture = dyno_watch_get_capture (watch);
  gboolean must_choose = capture != NULL && (capture->warnings & DYNO_WARNING_ASK_PROVIDER) != 0;
  gboolean is_connecting =
      dyno_watch_get_phase (watch) == DYNO_ARM_CONNECTING && !must_choose;

  g_return_if_fail (DYNO_IS_NO_DYNO (self));

  adw_status_page_set_icon_name (self->status, is_connecting ? "dyno-link-symbolic"
                                                             : "dyno-dyno-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->waiting), is_connecting);
  gtk_spinner_set_spinning (self->spinner, is_connecting);
  gtk_widget_set_visible (GTK_WIDGET (self->choose), must_choose);
  gtk_widget_set_visible (GTK_WIDGET (self->simulator), !is_connecting && !must_choose);
  if (must_choose)
    show_choice (self, arm);
  else if (is_connecting)
    show_connecting (self, arm, now_us);
  else
    {
      adw_status_page_set_title (self->status, _ ("No Dyno"));
      show_text (GTK_WIDGET (self->status), cause_of (arm, capture));
    }
  show_interfaces (self, capture);
}

static void
dyno_no_dyno_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_NO_DYNO);

  G_OBJECT_CLASS (dyno_no_dyno_parent_class)->dispose (object);
}

static void
dyno_no_dyno_class_init (DynoNoDynoClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_no_dyno_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dynoai/DynoAI/dyno-no-dyno.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoNoDyno, status);
  gtk_widget_class_bind_template_child (widget_class, DynoNoDyno, waiting);
  gtk_widget_class_bind_template_child (widget_class, DynoNoDyno, spinner);
  gtk_widget_class_bind_template_child (widget_class, DynoNoDyno, seconds);
  gtk_widget_class_bind_template_child (widget_class, DynoNoDyno, interfaces);
  gtk_widget_class_bind_template_child (widget_class, DynoNoDyno, choose);
  gtk_widget_class_bind_template_child (widget_class, DynoNoDyno, simulator);
}

static void
dyno_no_dyno_init (DynoNoDyno *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
