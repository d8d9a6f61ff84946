/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-state-word.h"

#include "dyno-status.h"

#include <glib/gi18n.h>

struct _DynoStateWord
{
  AdwBin       parent_instance;

  DynoArmPhase phase;
  GtkImage    *icon;    /* template */
  GtkLabel    *word;
  GtkLabel    *detail;
};

G_DEFINE_FINAL_TYPE (DynoStateWord, dyno_state_word, ADW_TYPE_BIN)

static const struct
{
  const char *word;
  const char *icon;
  const char *style; /* the shape */
  DynoStatus  status;
} phases[DYNO_N_ARM_PHASES] = {
  [DYNO_ARM_NO_DYNO] = { N_ ("NO DYNO"), "dyno-off-symbolic", "dyno-shape-plain",
                         DYNO_STATUS_OFF },
  [DYNO_ARM_CONNECTING] = { N_ ("CONNECTING"), "dyno-link-symbolic", "dyno-shape-plain",
                            DYNO_STATUS_OFF },
  [DYNO_ARM_LIVE] = { N_ ("LIVE"), "dyno-live-symbolic", "dyno-shape-plain", DYNO_STATUS_OK },
  [DYNO_ARM_ARMED] = { N_ ("ARMED"), "dyno-arm-symbolic", "dyno-shape-frame", DYNO_STATUS_WARN },
  [DYNO_ARM_RECORDING] = { N_ ("RECORDING"), "dyno-record-symbolic", "dyno-shape-full",
                           DYNO_STATUS_RECORD },
  [DYNO_ARM_SAVING] = { N_ ("SAVING"), "dyno-jobs-symbolic", "dyno-shape-frame",
                        DYNO_STATUS_RECORD },
  [DYNO_ARM_SAVED] = { N_ ("SAVED"), "dyno-ok-symbolic", "dyno-shape-full", DYNO_STATUS_OK },
  [DYNO_ARM_LINK_LOST] = { N_ ("LINK LOST"), "dyno-lost-symbolic", "dyno-shape-cut",
                           DYNO_STATUS_FAULT },
  [DYNO_ARM_ERROR] = { N_ ("ERROR"), "dyno-fault-symbolic", "dyno-shape-cut", DYNO_STATUS_FAULT },
};

const char *
dyno_state_word_text (DynoArmPhase phase)
{
  g_return_val_if_fail (phase < DYNO_N_ARM_PHASES, "");

  return _ (phases[phase].word);
}

DynoStatus
dyno_state_word_status (DynoArmPhase phase)
{
  return phases[phase].status;
}

const char *
dyno_state_word_get_detail (DynoStateWord *self)
{
  return gtk_label_get_label (self->detail);
}

static void
show_phase (DynoStateWord *self,
            DynoArmPhase   phase)
{
  const char *classes[] = { dyno_status_class (phases[phase].status), phases[phase].style, NULL };

  self->phase = phase;
  gtk_image_set_from_icon_name (self->icon, phases[phase].icon);
  gtk_label_set_label (self->word, _ (phases[phase].word));
  gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (phases[phase].word), -1);
}

void
dyno_state_word_set (DynoStateWord *self,
                     DynoArmPhase   phase,
                     const char    *detail)
{
  g_return_if_fail (DYNO_IS_STATE_WORD (self));
  g_return_if_fail (phase < DYNO_N_ARM_PHASES);

  if (self->phase != phase)
    show_phase (self, phase);
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL);
}

static void
dyno_state_word_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_STATE_WORD);

  G_OBJECT_CLASS (dyno_state_word_parent_class)->dispose (object);
}

static void
dyno_state_word_class_init (DynoStateWordClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_state_word_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-state-word.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoStateWord, icon);
  gtk_widget_class_bind_template_child (widget_class, DynoStateWord, word);
  gtk_widget_class_bind_template_child (widget_class, DynoStateWord, detail);
  gtk_widget_class_set_css_name (widget_class, "dynostate");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
dyno_state_word_init (DynoStateWord *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_phase (self, DYNO_ARM_NO_DYNO);
}
