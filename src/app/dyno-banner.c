/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-banner.h"

#include <glib/gi18n.h>

typedef struct
{
  char *sentence; /* (owned) NULL: the cause is not there */
  char *button;   /* (owned) (nullable) */
  char *action;   /* (owned) (nullable) */
} Message;

struct _DynoBanner
{
  GtkWidget      parent_instance;

  Message        messages[DYNO_N_CAUSES];
  GtkRevealer   *revealer; /* template */
  GtkImage      *icon;
  GtkLabel      *sentence;
  GtkMenuButton *more;
  GtkBox        *others;
  GtkButton     *mend;
};

G_DEFINE_FINAL_TYPE (DynoBanner, dyno_banner, GTK_TYPE_WIDGET)

static const struct
{
  const char *icon;
  const char *style;
} kinds[DYNO_N_CAUSES] = {
  [DYNO_CAUSE_STORE] = { "dyno-fault-symbolic", "dyno-banner-fault" },
  [DYNO_CAUSE_DISK] = { "dyno-fault-symbolic", "dyno-banner-fault" },
  [DYNO_CAUSE_KEYRING] = { "dyno-lock-symbolic", "dyno-banner-warn" },
  [DYNO_CAUSE_LINK] = { "dyno-lost-symbolic", "dyno-banner-warn" },
  [DYNO_CAUSE_INCOMPLETE] = { "dyno-warn-symbolic", "dyno-banner-warn" },
  [DYNO_CAUSE_EXPIRY] = { "dyno-stale-symbolic", "dyno-banner-warn" },
  [DYNO_CAUSE_HANDS_FREE] = { "dyno-microphone-symbolic", "dyno-banner-info" },
  [DYNO_CAUSE_SIMULATOR] = { "dyno-simulator-symbolic", "dyno-banner-info" },
};

/* DYNO_N_CAUSES without any. */
static DynoCause
gravest (DynoBanner *self)
{
  DynoCause cause = 0;

  while (cause < DYNO_N_CAUSES && self->messages[cause].sentence == NULL)
    cause++;

  return cause;
}

guint
dyno_banner_get_n_others (DynoBanner *self)
{
  guint n = 0;

  for (int i = 0; i < DYNO_N_CAUSES; i++)
    n += self->messages[i].sentence != NULL;

  return n > 0 ? n - 1 : 0;
}

const char *
dyno_banner_get_sentence (DynoBanner *self)
{
  DynoCause cause = gravest (self);

  return cause < DYNO_N_CAUSES ? self->messages[cause].sentence : NULL;
}

static void
set_button (GtkButton     *button,
            const Message *message)
{
  gtk_widget_set_visible (GTK_WIDGET (button), message->button != NULL);
  gtk_button_set_label (button, message->button != NULL ? message->button : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), message->action);
}

static GtkWidget *
make_other (const Message *message)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (message->sentence);
  GtkWidget *button = gtk_button_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_set_hexpand (label, TRUE);
  set_button (GTK_BUTTON (button), message);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);

  return box;
}

static void
fill_others (DynoBanner *self,
             DynoCause   shown)
{
  guint n = dyno_banner_get_n_others (self);
  g_autofree char *text = g_strdup_printf ("+%u", n);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->others))) != NULL)
    gtk_box_remove (self->others, child);
  for (guint cause = shown + 1; cause < DYNO_N_CAUSES; cause++)
    {
      if (self->messages[cause].sentence != NULL)
        gtk_box_append (self->others, make_other (&self->messages[cause]));
    }
  gtk_menu_button_set_label (self->more, text);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n > 0);
}

static void
update (DynoBanner *self)
{
  DynoCause cause = gravest (self);

  gtk_revealer_set_reveal_child (self->revealer, cause < DYNO_N_CAUSES);
  if (cause == DYNO_N_CAUSES)
    return;

  gtk_label_set_label (self->sentence, self->messages[cause].sentence);
  gtk_image_set_from_icon_name (self->icon, kinds[cause].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self), (const char *[]) { kinds[cause].style, NULL });
  set_button (self->mend, &self->messages[cause]);
  fill_others (self, cause);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->messages[cause].sentence, -1);
}

static void
message_clear (Message *message)
{
  g_clear_pointer (&message->sentence, g_free);
  g_clear_pointer (&message->button, g_free);
  g_clear_pointer (&message->action, g_free);
}

void
dyno_banner_set (DynoBanner *self,
                 DynoCause   cause,
                 const char *sentence,
                 const char *button,
                 const char *action)
{
  g_return_if_fail (DYNO_IS_BANNER (self));
  g_return_if_fail (cause < DYNO_N_CAUSES);
  g_return_if_fail (sentence != NULL);

  message_clear (&self->messages[cause]);
  self->messages[cause] = (Message) { g_strdup (sentence), g_strdup (button), g_strdup (action) };
  update (self);
}

void
dyno_banner_end (DynoBanner *self,
                 DynoCause   cause)
{
  g_return_if_fail (DYNO_IS_BANNER (self));
  g_return_if_fail (cause < DYNO_N_CAUSES);

  message_clear (&self->messages[cause]);
  update (self);
}

static void
dyno_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_BANNER);

  G_OBJECT_CLASS (dyno_banner_parent_class)->dispose (object);
}

static void
dyno_banner_finalize (GObject *object)
{
  for (int i = 0; i < DYNO_N_CAUSES; i++)
    message_clear (&DYNO_BANNER (object)->messages[i]);

  G_OBJECT_CLASS (dyno_banner_parent_class)->finalize (object);
}

static void
dyno_banner_class_init (DynoBannerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_banner_dispose;
  object_class->finalize = dyno_banner_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/dynoai/DynoAI/dyno-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, DynoBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, DynoBanner, sentence);
  gtk_widget_class_bind_template_child (widget_class, DynoBanner, more);
  gtk_widget_class_bind_template_child (widget_class, DynoBanner, others);
  gtk_widget_class_bind_template_child (widget_class, DynoBanner, mend);
  gtk_widget_class_set_css_name (widget_class, "dynobanner");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_banner_init (DynoBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dyno_banner_new (void)
{
  return g_object_new (DYNO_TYPE_BANNER, NULL);
}
