/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mapping-row.h"

#include "dyno-palette.h"
#include "dyno-status.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>

struct _DynoMappingRow
{
  AdwActionRow  parent_instance;

  DynoChannel   canonical;
  int           rank;
  GtkWidget    *icon;  /* children */
  GtkWidget    *tag;
};

G_DEFINE_FINAL_TYPE (DynoMappingRow, dyno_mapping_row, ADW_TYPE_ACTION_ROW)

enum
{
  RANK_MISSING,
  RANK_DOUBTFUL,
  RANK_WANTED,
  RANK_BOUND,
  RANK_ABSENT,
};

DynoChannel
dyno_mapping_row_get_canonical (DynoMappingRow *self)
{
  return self->canonical;
}

int
dyno_mapping_row_get_rank (DynoMappingRow *self)
{
  return self->rank;
}

static const char *
reason_text (const char *reason)
{
  static const struct
  {
    const char *reason;
    const char *text;
  } reasons[] = {
    { "pinned", N_ ("chosen by hand") },
    { "name", N_ ("by its name") },
    { "prefix", N_ ("by the beginning of its name") },
    { "pattern", N_ ("by a likeness of its name") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      if (g_strcmp0 (reasons[i].reason, reason) == 0)
        return _ (reasons[i].text);
    }

  return "";
}

static char *
describe_bound (const DynoChannelState *bound,
                DynoUnitSet             units)
{
  const DynoUnit *unit = bound->unit->quantity != DYNO_QUANTITY_NONE
                             ? dyno_unit_shown (units, bound->unit->quantity) : bound->unit;
  g_autofree char *value =
      dyno_unit_format (unit, dyno_unit_to_si (bound->unit, (double) bound->last), TRUE);

  /* Translators: name of a channel, its value and unit, why it was chosen, how sure that is. */
  return g_strdup_printf (_ ("%s · %s %s · %s, %.0f %% sure"), bound->channel->display_name, value,
                          unit->symbol, reason_text (bound->bound_reason),
                          bound->confidence * 100);
}

static char *
describe_missing (DynoNeed need)
{
  switch (need)
    {
    case DYNO_NEED_REQUIRED:
      return g_strdup (_ ("not found, and needed: choose a channel"));
    case DYNO_NEED_RECOMMENDED:
      return g_strdup (_ ("not found; better with it"));
    case DYNO_NEED_NONE:
    default:
      return g_strdup (_ ("not found"));
    }
}

static DynoStatus
status_of (int rank)
{
  static const DynoStatus statuses[] = {
    [RANK_MISSING] = DYNO_STATUS_FAULT, [RANK_DOUBTFUL] = DYNO_STATUS_WARN,
    [RANK_WANTED] = DYNO_STATUS_WARN,   [RANK_BOUND] = DYNO_STATUS_OK,
    [RANK_ABSENT] = DYNO_STATUS_OFF,
  };

  return statuses[rank];
}

static int
rank_of (const DynoChannelState *bound,
         DynoNeed                need)
{
  if (bound != NULL)
    return bound->confidence < DYNO_MAPPING_SURE ? RANK_DOUBTFUL : RANK_BOUND;

  return need == DYNO_NEED_REQUIRED      ? RANK_MISSING
         : need == DYNO_NEED_RECOMMENDED ? RANK_WANTED
                                         : RANK_ABSENT;
}

void
dyno_mapping_row_show (DynoMappingRow         *self,
                       const DynoCaptureState *state,
                       DynoUnitSet             units)
{
  const DynoChannelState *bound =
      state != NULL ? dyno_capture_state_bound (state, self->canonical) : NULL;
  const DynoBindingRow *row = dyno_binding_find_row (self->canonical);
  DynoNeed need = row != NULL ? row->need : DYNO_NEED_NONE;
  g_autofree char *text = bound != NULL ? describe_bound (bound, units) : describe_missing (need);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  DynoStatus status;

  self->rank = rank_of (bound, need);
  status = status_of (self->rank);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), dyno_status_icon (status));
  gtk_widget_set_css_classes (self->icon, (const char *[]) { dyno_status_class (status), NULL });
  gtk_widget_set_visible (self->tag, bound != NULL && bound->is_pinned);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
dyno_mapping_row_class_init (DynoMappingRowClass *klass)
{
}

static void
dyno_mapping_row_init (DynoMappingRow *self)
{
  GtkWidget *arrow = gtk_image_new_from_icon_name ("dyno-forward-symbolic");

  self->icon = gtk_image_new ();
  self->tag = gtk_image_new_from_icon_name ("dyno-pin-symbolic");
  gtk_widget_set_tooltip_text (self->tag, _ ("Chosen by hand"));
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->tag);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
}

GtkWidget *
dyno_mapping_row_new (DynoChannel canonical)
{
  DynoMappingRow *self = g_object_new (DYNO_TYPE_MAPPING_ROW, NULL);
  const char *title = _ (dyno_channel_info (canonical)->title);

  self->canonical = canonical;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);

  return GTK_WIDGET (self);
}
