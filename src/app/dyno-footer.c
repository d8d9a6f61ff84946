/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-footer.h"

#include "dyno-access.h"
#include "dyno-link-words.h"
#include "dyno-status.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

#define SILENT_AFTER_S 1.0 /* as the word LINK LOST */

struct _DynoFooter
{
  AdwBin     parent_instance;

  DynoWatch *watch;          /* (owned) (nullable) */
  GtkButton *link;           /* template */
  GtkImage  *link_icon;
  GtkLabel  *link_label;
  GtkButton *loss;
  GtkImage  *loss_icon;
  GtkLabel  *loss_label;
  GtkButton *recording;
  GtkImage  *recording_icon;
  GtkLabel  *recording_label;
  gboolean   is_narrow;
};

enum
{
  PROP_NARROW = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoFooter, dyno_footer, ADW_TYPE_BIN)

/* `spoken` is the whole sentence; a narrow footer shows `value` alone. */
static void
show (GtkButton  *button,
      GtkImage   *icon,
      GtkLabel   *label,
      DynoStatus  status,
      const char *text,
      const char *spoken)
{
  gtk_image_set_from_icon_name (icon, dyno_status_icon (status));
  gtk_widget_set_css_classes (GTK_WIDGET (icon), (const char *[]) { dyno_status_class (status),
                                                                    NULL });
  gtk_label_set_label (label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), spoken);
  dyno_access_name (GTK_WIDGET (button), spoken);
}

/* Hz of the quickest thing that matters: engine speed, else the datagrams. */
static double
rate_of (const DynoCaptureState  *capture,
         const DynoProviderState *provider)
{
  const DynoChannelState *rpm = dyno_capture_state_bound (capture, DYNO_CHANNEL_RPM);

  return rpm != NULL && rpm->rate_hz > 0 ? rpm->rate_hz : provider->datagrams_hz;
}

static DynoStatus
status_of_link (const DynoCaptureState *capture)
{
  switch (capture->link)
    {
    case DYNO_LINK_CAPTURING:
      return DYNO_STATUS_OK;
    case DYNO_LINK_SILENT:
    case DYNO_LINK_GONE:
      return DYNO_STATUS_FAULT;
    case DYNO_LINK_OFF:
    case DYNO_LINK_LISTENING:
      return DYNO_STATUS_OFF;
    case DYNO_LINK_JOINING:
    case DYNO_LINK_CONNECTED:
    default:
      return DYNO_STATUS_WARN;
    }
}

static char *
describe_flow (const DynoCaptureState  *capture,
               const DynoProviderState *provider)
{
  g_autofree char *age = dyno_wording_age (provider->value_age_s);

  if (provider->is_silent || provider->is_gone || provider->value_age_s > SILENT_AFTER_S)
    /* Translators: nothing has come for so long. */
    return g_strdup_printf (_ ("silent %s"), age);

  /* Translators: how often values come. */
  return g_strdup_printf (_ ("%.0f Hz"), rate_of (capture, provider));
}

static void
show_link (DynoFooter              *self,
           const DynoCaptureState  *capture,
           const DynoProviderState *provider)
{
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;

  if (provider == NULL)
    {
      show (self->link, self->link_icon, self->link_label, DYNO_STATUS_OFF, _ ("No dyno"),
            _ ("Link: no dyno"));
      return;
    }

  text = describe_flow (capture, provider);
  spoken = g_strdup_printf (_ ("Link: %s, %s"), provider->name, text);
  if (!self->is_narrow)
    {
      char *both = g_strdup_printf ("%s  %s", provider->name, text);

      g_free (text);
      text = both;
    }
  show (self->link, self->link_icon, self->link_label, status_of_link (capture), text, spoken);
}

static void
show_loss (DynoFooter              *self,
           const DynoProviderState *provider)
{
  double loss = provider != NULL ? provider->loss_percent : NAN;
  g_autofree char *value = dyno_wording_percent (loss);
  g_autofree char *spoken = g_strdup_printf (_ ("Loss over 10 s: %s"), value);
  g_autofree char *text = g_strdup_printf (_ ("loss %s"), value);

  show (self->loss, self->loss_icon, self->loss_label, dyno_link_words_loss (loss),
        self->is_narrow ? value : text, spoken);
}

static void
show_recording (DynoFooter         *self,
                const DynoArmState *arm)
{
  g_autofree char *elapsed = NULL;
  g_autofree char *text = NULL;
  DynoStatus status = DYNO_STATUS_OFF;

  if (arm != NULL && dyno_arm_state_is_busy (arm))
    {
      elapsed = dyno_wording_duration (arm->elapsed_s);
      /* Translators: recording, and for how long. */
      text = g_strdup_printf (_ ("REC %s"), elapsed);
      status = arm->is_incomplete ? DYNO_STATUS_WARN : DYNO_STATUS_RECORD;
    }
  else if (arm != NULL && arm->is_armed)
    {
      text = g_strdup (_ ("armed"));
      status = DYNO_STATUS_OK;
    }
  else
    text = g_strdup (_ ("not armed"));
  show (self->recording, self->recording_icon, self->recording_label, status, text, text);
}

static void
update (DynoFooter *self)
{
  const DynoCaptureState *capture =
      self->watch != NULL ? dyno_watch_get_capture (self->watch) : NULL;
  const DynoProviderState *provider =
      self->watch != NULL ? dyno_watch_get_provider (self->watch) : NULL;

  show_link (self, capture, provider);
  show_loss (self, provider);
  show_recording (self, self->watch != NULL ? dyno_watch_get_arm (self->watch) : NULL);
}

void
dyno_footer_set_watch (DynoFooter *self,
                       DynoWatch  *watch)
{
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_set_object (&self->watch, watch);
  if (watch != NULL)
    g_signal_connect_object (watch, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
dyno_footer_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_FOOTER);
  g_clear_object (&DYNO_FOOTER (object)->watch);

  G_OBJECT_CLASS (dyno_footer_parent_class)->dispose (object);
}

static void
dyno_footer_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  g_value_set_boolean (value, DYNO_FOOTER (object)->is_narrow);
}

static void
dyno_footer_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  DynoFooter *self = DYNO_FOOTER (object);

  if (self->is_narrow == g_value_get_boolean (value))
    return;

  self->is_narrow = g_value_get_boolean (value);
  update (self);
}

static void
dyno_footer_class_init (DynoFooterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_footer_dispose;
  object_class->get_property = dyno_footer_get_property;
  object_class->set_property = dyno_footer_set_property;
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                 | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dynoai/DynoAI/dyno-footer.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, link);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, link_icon);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, link_label);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, loss);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, loss_icon);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, loss_label);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, recording);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, recording_icon);
  gtk_widget_class_bind_template_child (widget_class, DynoFooter, recording_label);
  gtk_widget_class_set_css_name (widget_class, "dynofooter");
}

static void
dyno_footer_init (DynoFooter *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}
