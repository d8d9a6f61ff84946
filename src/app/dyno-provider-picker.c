/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-provider-picker.h"

#include "dyno-access.h"
#include "dyno-provider-row.h"

#include <glib/gi18n.h>

struct _DynoProviderPicker
{
  AdwBin         parent_instance;

  GtkMenuButton *button;    /* template */
  GtkLabel      *label;
  GtkPopover    *popover;
  GtkListBox    *list;
  AdwActionRow  *automatic;
  GtkButton     *simulator;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoProviderPicker, dyno_provider_picker, ADW_TYPE_BIN)

static DynoProviderRow *
find_row (DynoProviderPicker *self,
          const char         *name)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (DYNO_IS_PROVIDER_ROW (row)
          && g_strcmp0 (dyno_provider_row_get_name (DYNO_PROVIDER_ROW (row)), name) == 0)
        return DYNO_PROVIDER_ROW (row);
    }

  return NULL;
}

static gboolean
is_heard (const DynoCaptureState *capture,
          const char             *name)
{
  for (guint i = 0; capture != NULL && i < capture->n_providers; i++)
    {
      if (g_strcmp0 (capture->providers[i].name, name) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
drop_unheard (DynoProviderPicker     *self,
              const DynoCaptureState *capture)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL;)
    {
      if (DYNO_IS_PROVIDER_ROW (row)
          && !is_heard (capture, dyno_provider_row_get_name (DYNO_PROVIDER_ROW (row))))
        gtk_list_box_remove (self->list, GTK_WIDGET (row));
      else
        i++;
    }
}

/* A host without a name has not said yet that it is a dyno. */
static void
show_list (DynoProviderPicker     *self,
           const DynoCaptureState *capture)
{
  drop_unheard (self, capture);
  for (guint i = 0; capture != NULL && i < capture->n_providers; i++)
    {
      const DynoProviderState *provider = &capture->providers[i];
      DynoProviderRow *row;

      if (*provider->name == '\0')
        continue;
      row = find_row (self, provider->name);
      if (row == NULL)
        {
          row = DYNO_PROVIDER_ROW (dyno_provider_row_new (provider->name));
          gtk_list_box_append (self->list, GTK_WIDGET (row));
        }
      dyno_provider_row_show (row, provider);
    }
}

void
dyno_provider_picker_show (DynoProviderPicker *self,
                           DynoWatch          *watch,
                           gboolean            has_demo)
{
  const DynoCaptureState *capture = dyno_watch_get_capture (watch);
  const DynoProviderState *provider = dyno_watch_get_provider (watch);
  gboolean must_choose = capture != NULL && (capture->warnings & DYNO_WARNING_ASK_PROVIDER) != 0;
  const char *label = provider != NULL && *provider->name != '\0' ? provider->name
                      : must_choose                               ? _ ("Choose a dyno")
                                                                  : _ ("No dyno");
  g_autofree char *name = g_strdup_printf (_ ("Dyno: %s"), label);

  if (g_strcmp0 (gtk_label_get_label (self->label), label) != 0)
    {
      gtk_label_set_label (self->label, label);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), name);
      dyno_access_name (GTK_WIDGET (self->button), name);
    }
  gtk_button_set_label (self->simulator, has_demo ? _ ("Stop Simulator") : _ ("Use Simulator"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->simulator),
                                  has_demo ? "live.stop-simulator" : "live.simulator");
  show_list (self, capture);
}

void
dyno_provider_picker_popup (DynoProviderPicker *self)
{
  gtk_menu_button_popup (self->button);
}

static void
row_activated_cb (DynoProviderPicker *self,
                  GtkListBoxRow      *row)
{
  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[CHOSEN], 0,
                 DYNO_IS_PROVIDER_ROW (row) ? dyno_provider_row_get_name (DYNO_PROVIDER_ROW (row))
                                            : NULL);
}

static void
simulator_clicked_cb (DynoProviderPicker *self)
{
  gtk_popover_popdown (self->popover);
}

static void
dyno_provider_picker_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_PROVIDER_PICKER);

  G_OBJECT_CLASS (dyno_provider_picker_parent_class)->dispose (object);
}

static void
dyno_provider_picker_class_init (DynoProviderPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_provider_picker_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", DYNO_TYPE_PROVIDER_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-provider-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoProviderPicker, button);
  gtk_widget_class_bind_template_child (widget_class, DynoProviderPicker, label);
  gtk_widget_class_bind_template_child (widget_class, DynoProviderPicker, popover);
  gtk_widget_class_bind_template_child (widget_class, DynoProviderPicker, list);
  gtk_widget_class_bind_template_child (widget_class, DynoProviderPicker, automatic);
  gtk_widget_class_bind_template_child (widget_class, DynoProviderPicker, simulator);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, simulator_clicked_cb);
}

static void
dyno_provider_picker_init (DynoProviderPicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  dyno_access_name (GTK_WIDGET (self->button), _ ("Dyno"));
}
