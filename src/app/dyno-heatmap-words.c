/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A heatmap in words: what a screen reader says of a cell. */

#include "config.h"

#include "dyno-heatmap-private.h"

#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

/* "lean 4.2 percent": sign and colour in words. */
static char *
describe_value (DynoHeatmap *self,
                double       value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->kind == DYNO_HEAT_HITS)
    return NULL;
  if (!isfinite (value))
    return g_strdup (_ ("no data"));

  g_ascii_formatd (number, sizeof number, "%.1f", fabs (value));
  if (g_str_equal (number, "0.0"))
    return g_strdup (_ ("on target"));

  return g_strdup_printf (value > 0 ? _ ("lean %s percent") : _ ("rich %s percent"), number);
}

char *
dyno_heatmap_describe (DynoHeatmap *self,
                       guint        cell)
{
  const DynoHeatCell *shown;
  g_autofree char *value = NULL;
  g_autofree char *rpm = NULL;
  GString *text;

  if (!self->has_grid || cell >= dyno_grid_shape_cells (&self->shape))
    return g_strdup ("");

  shown = &self->cells[cell];
  value = describe_value (self, shown->value);
  rpm = dyno_wording_count ((guint64) lround (self->shape.rpm.at[cell / self->shape.load.n]));
  text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%s rpm, %.0f kilopascal"), rpm,
                          self->shape.load.at[cell % self->shape.load.n]);
  if (value != NULL)
    g_string_append_printf (text, ", %s", value);
  g_string_append (text, ", ");
  g_string_append_printf (text, ngettext ("%u hit", "%u hits", shown->hits), shown->hits);
  if (shown->note != NULL)
    g_string_append_printf (text, ", %s", shown->note);

  return g_string_free (text, FALSE);
}

void
dyno_heatmap_say_cursor (DynoHeatmap *self)
{
  g_autofree char *text = dyno_heatmap_describe (self, self->cursor);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cursor_child),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (self->cursor_child, self->has_grid);
}
