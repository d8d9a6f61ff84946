/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-passport.h"

#include "dyno-run-words.h"
#include "dyno-status.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>
#include <math.h>

struct _DynoPowerPassport
{
  GtkWidget  parent_instance;

  GtkWidget *box; /* child */
};

G_DEFINE_FINAL_TYPE (DynoPowerPassport, dyno_power_passport, GTK_TYPE_WIDGET)

/* A line: what, and its value. */
typedef struct
{
  char *what;
  char *value;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->what);
  g_free (line->value);
  g_free (line);
}

/* `value` is taken over. */
static void
add_line (GPtrArray  *lines,
          const char *what,
          char       *value)
{
  Line *line = g_new0 (Line, 1);

  line->what = g_strdup (what);
  line->value = value;
  g_ptr_array_add (lines, line);
}

static const char *
words_of_weather (DynoWeatherSource source)
{
  switch (source)
    {
    case DYNO_WEATHER_TYPED:
      return _ ("typed by the operator");
    case DYNO_WEATHER_FILE:
      return _ ("the factor printed in the file");
    case DYNO_WEATHER_PROBE:
    default:
      return _ ("probe, mean over the pull");
    }
}

static const char *
words_of_input (DynoPowerInput input)
{
  switch (input)
    {
    case DYNO_POWER_FROM_FORCE_SPEED:
      return _ ("force × speed of the drum");
    case DYNO_POWER_FROM_TORQUE_RPM:
      return _ ("torque × engine speed");
    case DYNO_POWER_FROM_POWER_RPM:
      return _ ("power as logged");
    case DYNO_POWER_FROM_SPEED:
      return _ ("speed, by the dyno’s mass and losses");
    case DYNO_POWER_FROM_DRUM_RPM:
      return _ ("drum speed, by the dyno’s mass and losses");
    case DYNO_POWER_FROM_NOTHING:
    default:
      return _ ("nothing: channels are missing");
    }
}

static char *
words_of_percent (double percent)
{
  return isnan (percent) ? g_strdup (_ ("missing, 0 % taken"))
                         : g_strdup_printf (_ ("%.0f %%"), percent);
}

/* Pressures of weather are in hPa in every standard and in every unit set but one. */
static char *
words_of_pressure (DynoUnitSet units,
                   double      hpa)
{
  return dyno_wording_quantity (units == DYNO_UNITS_METRIC ? DYNO_UNITS_EUROPEAN : units,
                                DYNO_QUANTITY_PRESSURE, hpa / 10);
}

static void
add_weather (GPtrArray            *lines,
             const DynoCorrection *correction,
             DynoUnitSet           units)
{
  const DynoWeather *weather = &correction->weather;

  if (isnan (weather->pressure_hpa))
    return;

  add_line (lines, _ ("Weather from"), g_strdup (words_of_weather (weather->source)));
  add_line (lines, _ ("Pressure"), words_of_pressure (units, weather->pressure_hpa));
  add_line (lines, _ ("Temperature"),
            dyno_wording_quantity (units, DYNO_QUANTITY_TEMPERATURE, weather->temperature_c));
  add_line (lines, _ ("Humidity"), words_of_percent (weather->humidity_pct));
  add_line (lines, _ ("Water vapour"), words_of_pressure (units, correction->vapour_hpa));
  add_line (lines, _ ("Dry pressure"), words_of_pressure (units, correction->dry_hpa));
}

/* NULL where the run says nothing of the dyno. */
static const char *
words_of_verdict (DynoSelfcheckVerdict verdict)
{
  switch (verdict)
    {
    case DYNO_SELFCHECK_REFERENCE:
      return _ ("the reference from now on");
    case DYNO_SELFCHECK_OK:
      return _ ("as it was");
    case DYNO_SELFCHECK_DRIFT:
      return _ ("drifting from its reference");
    case DYNO_SELFCHECK_CHANGED:
      return _ ("not the dyno of its reference");
    case DYNO_SELFCHECK_NOT_AVAILABLE:
    case DYNO_SELFCHECK_NO_MODEL:
    default:
      return NULL;
    }
}

static void
add_selfcheck (GPtrArray           *lines,
               const DynoPullPower *power)
{
  const char *verdict = words_of_verdict (power->verdict);

  if (power->has_selfcheck && verdict != NULL)
    add_line (lines, _ ("Mass of the drum"),
              g_strdup_printf (_ ("%.0f kg, %s"), power->selfcheck.drum.m_eff_kg, verdict));
}

/* (transfer full) of Line */
static GPtrArray *
make_lines (const DynoPullPower *power,
            DynoUnitSet          units)
{
  const DynoCorrection *correction = &power->power->correction;
  const DynoStandardInfo *info = dyno_standard_info (correction->standard);
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  guint level = power->power->curve->level;

  add_line (lines, _ ("Standard"), g_strdup (_ (info->title)));
  add_line (lines, _ ("Formula"), g_strdup (info->formula));
  add_line (lines, _ ("Factor"), dyno_run_words_factor (correction->factor, 4));
  add_weather (lines, correction, units);
  add_line (lines, _ ("Power from"), g_strdup (words_of_input (power->power->input)));
  if (level == 0)
    add_line (lines, _ ("Smoothing"), g_strdup (_ ("none")));
  else
    add_line (lines, _ ("Smoothing"),
              g_strdup_printf (_ ("%u, half-width %.0f rpm"), level, dyno_curve_half_rpm (level)));
  add_selfcheck (lines, power);

  return lines;
}

/* (transfer full) of utf8 */
static GPtrArray *
make_warnings (const DynoPullPower *power)
{
  GPtrArray *sentences = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < DYNO_N_CORRECTION_WARNINGS; i++)
    {
      if ((power->power->correction.warnings >> i & 1) != 0)
        g_ptr_array_add (sentences, g_strdup (_ (dyno_correction_sentence (i))));
    }
  for (guint i = 0; i < DYNO_N_POWER_WARNINGS; i++)
    {
      if ((power->power->warnings >> i & 1) != 0)
        g_ptr_array_add (sentences, g_strdup (_ (dyno_power_warning_sentence (i))));
    }
  if (power->power->curve->level == DYNO_CURVE_LEVELS - 1)
    g_ptr_array_add (sentences,
                     g_strdup (_ ("This smoothing may lower a narrow peak by up to 2 %.")));

  return sentences;
}

guint
dyno_power_passport_n_warnings (const DynoPullPower *power)
{
  g_autoptr(GPtrArray) warnings = make_warnings (power);

  return warnings->len;
}

char *
dyno_power_passport_text (const DynoPullPower *power,
                          DynoUnitSet          units)
{
  g_autoptr(GPtrArray) lines = make_lines (power, units);
  g_autoptr(GPtrArray) warnings = make_warnings (power);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = g_ptr_array_index (lines, i);

      g_string_append_printf (text, "%s: %s\n", line->what, line->value);
    }
  for (guint i = 0; i < warnings->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (warnings, i));

  return g_string_free (text, FALSE);
}

/* Widgets. */

static void
append_line (DynoPowerPassport *self,
             GtkGrid           *grid,
             const Line        *line,
             int                row)
{
  GtkWidget *what = gtk_label_new (line->what);
  GtkWidget *value = gtk_label_new (line->value);

  gtk_label_set_xalign (GTK_LABEL (what), 0);
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (value), 36);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_widget_set_focusable (value, FALSE);
  gtk_widget_set_valign (what, GTK_ALIGN_START);
  gtk_widget_add_css_class (what, "dim-label");
  gtk_widget_add_css_class (value, "numeric");
  gtk_grid_attach (grid, what, 0, row, 1, 1);
  gtk_grid_attach (grid, value, 1, row, 1, 1);
}

static void
append_sentence (DynoPowerPassport *self,
                 const char        *sentence,
                 const char        *icon_name,
                 const char        *css_class)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (sentence);

  if (icon_name != NULL)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);

      gtk_widget_set_valign (icon, GTK_ALIGN_START);
      gtk_widget_add_css_class (icon, css_class);
      gtk_box_append (GTK_BOX (line), icon);
    }
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (self->box), line);
}

static void
drop_rows (DynoPowerPassport *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
}

void
dyno_power_passport_set (DynoPowerPassport   *self,
                         const DynoPullPower *power,
                         DynoUnitSet          units)
{
  g_autoptr(GPtrArray) lines = make_lines (power, units);
  g_autoptr(GPtrArray) warnings = make_warnings (power);
  const char *limits = dyno_standard_limits (power->power->correction.standard);
  GtkWidget *grid = gtk_grid_new ();

  drop_rows (self);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 3);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  for (guint i = 0; i < lines->len; i++)
    append_line (self, GTK_GRID (grid), g_ptr_array_index (lines, i), (int) i);
  gtk_box_append (GTK_BOX (self->box), grid);
  if (*limits != '\0')
    append_sentence (self, _ (limits), NULL, "dim-label");
  for (guint i = 0; i < warnings->len; i++)
    append_sentence (self, g_ptr_array_index (warnings, i), dyno_status_icon (DYNO_STATUS_WARN),
                     dyno_status_class (DYNO_STATUS_WARN));
}

static void
dyno_power_passport_dispose (GObject *object)
{
  g_clear_pointer (&DYNO_POWER_PASSPORT (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (dyno_power_passport_parent_class)->dispose (object);
}

static void
dyno_power_passport_class_init (DynoPowerPassportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dyno_power_passport_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_power_passport_init (DynoPowerPassport *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
dyno_power_passport_new (void)
{
  return g_object_new (DYNO_TYPE_POWER_PASSPORT, NULL);
}
