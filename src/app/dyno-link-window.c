/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-link-window.h"

#include "dyno-channel-item.h"
#include "dyno-check-row.h"
#include "dyno-link-words.h"
#include "dyno-status.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>

/* What is worth a look is read by a person: more than that is "and others". */
#define MAX_CHANNELS 20

struct _DynoLinkWindow
{
  AdwWindow            parent_instance;

  DynoWatch           *watch;      /* (owned) */
  GtkImage            *icon;       /* template */
  GtkLabel            *summary;
  AdwPreferencesGroup *dyno;
  GtkListBox          *facts;
  AdwPreferencesGroup *channels;
  GtkListBox          *channel_list;
  GtkListBox          *interfaces;
  GtkListBox          *counts;
};

G_DEFINE_FINAL_TYPE (DynoLinkWindow, dyno_link_window, ADW_TYPE_WINDOW)

const char *
dyno_link_window_get_summary (DynoLinkWindow *self)
{
  return gtk_label_get_label (self->summary);
}

/* Rows: title and figure. A list is filled anew in place, so that the focus stays. */

static GtkWidget *
row_at (GtkListBox *list,
        guint       index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, (int) index);

  if (row == NULL)
    {
      row = GTK_LIST_BOX_ROW (dyno_check_row_new (""));
      gtk_list_box_append (list, GTK_WIDGET (row));
    }

  return GTK_WIDGET (row);
}

static void
cut (GtkListBox *list,
     guint       n_rows)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, (int) n_rows)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
show_row (GtkListBox *list,
          guint       index,
          const char *title,
          DynoStatus  status,
          const char *word,
          const char *message)
{
  GtkWidget *row = row_at (list, index);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  dyno_check_row_show (DYNO_CHECK_ROW (row), status, word, message, NULL, NULL);
}

/* The dyno. */

static void
show_dyno (DynoLinkWindow          *self,
           const DynoProviderState *provider)
{
  g_autofree char *address = dyno_address_text (provider->address);
  g_autofree char *age = dyno_wording_age (provider->age_s);
  g_autofree char *loss = dyno_wording_percent (provider->loss_percent);
  g_autofree char *total = dyno_wording_percent (provider->loss_total_percent);
  g_autofree char *rate = g_strdup_printf ("%.0f", provider->datagrams_hz);
  g_autofree char *values = g_strdup_printf ("%.0f", provider->samples_hz);
  g_autofree char *jitter =
      g_strdup_printf (_ ("%.0f ms, 1 in 100 above %.0f ms"), provider->jitter_p50_ms,
                       provider->jitter_p99_ms);
  g_autofree char *drift = g_strdup_printf (_ ("%.0f ppm"), provider->drift_ppm);

  adw_preferences_group_set_title (self->dyno, provider->name);
  show_row (self->facts, 0, _ ("Last message"),
            provider->is_silent ? DYNO_STATUS_FAULT : DYNO_STATUS_OK, age, address);
  show_row (self->facts, 1, _ ("Messages a second"), DYNO_STATUS_OK, rate, "");
  show_row (self->facts, 2, _ ("Values a second"), DYNO_STATUS_OK, values, "");
  show_row (self->facts, 3, _ ("Loss"), dyno_link_words_loss (provider->loss_percent), loss,
            _ ("of the messages of the last 10 s"));
  show_row (self->facts, 4, _ ("Loss since the start"), DYNO_STATUS_OK, total, "");
  show_row (self->facts, 5, _ ("Unevenness"), DYNO_STATUS_OK, jitter, "");
  show_row (self->facts, 6, _ ("Clock of the dyno"), DYNO_STATUS_OK, drift,
            _ ("drift against ours"));
}

/* Channels. */

static gboolean
is_worth_a_look (const DynoChannelState *channel)
{
  DynoStatus status = dyno_channel_health_status (channel->health);

  return status == DYNO_STATUS_FAULT || status == DYNO_STATUS_WARN;
}

static guint
show_channels (DynoLinkWindow          *self,
               const DynoCaptureState  *state,
               const DynoProviderState *provider)
{
  guint n_rows = 0;

  for (guint i = 0; i < provider->n_channels && n_rows < MAX_CHANNELS; i++)
    {
      const DynoChannelState *channel = &state->channels[provider->first_channel + i];
      g_autofree char *age = NULL;
      g_autofree char *text = NULL;

      if (!is_worth_a_look (channel))
        continue;
      age = dyno_wording_age (channel->age_s);
      /* Translators: rate of a channel, age of its last value, how many gaps it had. */
      text = g_strdup_printf (_ ("%.0f Hz, last %s ago, %u gaps"), channel->rate_hz, age,
                              (guint) channel->n_gaps);
      show_row (self->channel_list, n_rows++, channel->channel->display_name,
                dyno_channel_health_status (channel->health),
                dyno_channel_health_word (channel->health), text);
    }
  cut (self->channel_list, n_rows);

  return n_rows;
}

/* Interfaces and counts. */

static void
show_interfaces (DynoLinkWindow         *self,
                 const DynoCaptureState *state)
{
  for (guint i = 0; i < state->n_interfaces; i++)
    {
      const DynoInterfaceState *interface = &state->interfaces[i];
      g_autofree char *address = dyno_address_text (interface->address);
      g_autofree char *count = dyno_wording_count (interface->datagrams);
      DynoStatus status = !interface->is_joined        ? DYNO_STATUS_OFF
                          : interface->datagrams == 0 ? DYNO_STATUS_WARN
                                                      : DYNO_STATUS_OK;

      show_row (self->interfaces, i, interface->name, status, count,
                !interface->is_up       ? _ ("down")
                : !interface->is_joined ? _ ("not listening here")
                                        : address);
    }
  cut (self->interfaces, state->n_interfaces);
}

static void
show_counts (DynoLinkWindow          *self,
             const DynoCaptureState  *state,
             const DynoProviderState *provider)
{
  const struct
  {
    const char *title;
    const char *meaning;
    guint64     count;
  } counts[] = {
    { N_ ("Lost"), N_ ("messages of the dyno that never came"),
      provider != NULL ? provider->counts.lost : 0 },
    { N_ ("Late"), N_ ("messages behind those that were sent after them"),
      provider != NULL ? provider->counts.late : 0 },
    { N_ ("Dropped by the system"), N_ ("the receive buffer was full"),
      state->counts.kernel_drops },
    { N_ ("Not understood"), N_ ("datagrams that are not of this protocol"),
      state->counts.malformed },
    { N_ ("Kept from the journal"), N_ ("the disk was too slow"), state->counts.file_drops },
  };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *count = dyno_wording_count (counts[i].count);

      show_row (self->counts, i, _ (counts[i].title),
                counts[i].count > 0 ? DYNO_STATUS_WARN : DYNO_STATUS_OK, count,
                _ (counts[i].meaning));
    }
}

static void
update (DynoLinkWindow *self)
{
  const DynoCaptureState *state = dyno_watch_get_capture (self->watch);
  const DynoProviderState *provider = dyno_watch_get_provider (self->watch);
  DynoStatus status;
  g_autofree char *summary = dyno_link_words_summary (state, &status);

  gtk_image_set_from_icon_name (self->icon, dyno_status_icon (status));
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon),
                              (const char *[]) { dyno_status_class (status), NULL });
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->dyno), provider != NULL);
  if (provider != NULL)
    show_dyno (self, provider);
  gtk_widget_set_visible (GTK_WIDGET (self->channels),
                          provider != NULL && show_channels (self, state, provider) > 0);
  if (state == NULL)
    return;

  show_interfaces (self, state);
  show_counts (self, state, provider);
}

static void
dyno_link_window_dispose (GObject *object)
{
  DynoLinkWindow *self = DYNO_LINK_WINDOW (object);

  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->watch);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_LINK_WINDOW);

  G_OBJECT_CLASS (dyno_link_window_parent_class)->dispose (object);
}

static void
dyno_link_window_class_init (DynoLinkWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_link_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-link-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, icon);
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, dyno);
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, facts);
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, channels);
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, channel_list);
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, interfaces);
  gtk_widget_class_bind_template_child (widget_class, DynoLinkWindow, counts);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dyno_link_window_init (DynoLinkWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_link_window_new (DynoWatch *watch)
{
  DynoLinkWindow *self = g_object_new (DYNO_TYPE_LINK_WINDOW, NULL);

  self->watch = g_object_ref (watch);
  g_signal_connect_object (watch, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
