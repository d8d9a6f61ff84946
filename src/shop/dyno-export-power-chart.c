/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Power, torque and mixture over engine speed; part of dyno-export-chart.h. */

#include "config.h"

#include "dyno-export-chart.h"

#include <math.h>

#include "dyno-error.h"
#include "dyno-export-cell.h"
#include "dyno-picture-axis.h"
#include "dyno-pull-readings.h"

#define PLOT_HEIGHT 600 /* px that ticks of an axis are chosen for */
#define MIXTURE_LOW 10.0
#define MIXTURE_HIGH 16.0
#define MIXTURE_MARGIN 0.5

static char *
passport_words (const DynoPower *power)
{
  const DynoStandardInfo *standard = dyno_standard_info (power->correction.standard);
  g_autoptr(GString) text = g_string_new (standard->title);

  if (power->correction.standard != DYNO_STANDARD_NONE)
    {
      g_string_append (text, ", factor ");
      dyno_export_add_number (text, power->correction.factor, 4, '.');
    }
  g_string_append_printf (text, " · smoothing %u (±%.0f rpm)", power->curve->level,
                          dyno_curve_half_rpm (power->curve->level));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const DynoUnit *
shown_unit (DynoExportUnits units,
            DynoQuantity    quantity)
{
  return dyno_unit_shown (units == DYNO_EXPORT_US ? DYNO_UNITS_US : DYNO_UNITS_METRIC, quantity);
}

static void
add_peak (GString        *text,
          const char     *what,
          const DynoPeak *peak,
          const DynoUnit *unit,
          gboolean        is_over_speed)
{
  if (!isfinite (peak->value))
    return;
  g_string_append_printf (text, "%s%s ", text->len > 0 ? ", " : "", what);
  dyno_export_add_number (text, dyno_unit_from_si (unit, peak->value), 1, '.');
  g_string_append_printf (text, " %s at ", unit->symbol);
  dyno_export_add_number (text, peak->x, 0, '.');
  g_string_append (text, is_over_speed ? " km/h" : " rpm");
}

/* Power */

/* From zero, with air above the curve. */
static void
close_axis (const DynoPictureAxis *axis,
            const char            *title)
{
  double min = 0;
  double max = dyno_picture_axis_top (axis);

  dyno_plot_round (&min, &max, PLOT_HEIGHT);
  dyno_picture_axis_close (axis, title, min, max);
}

static void
take_line (DynoPictureAxis *axis,
           DynoLayerKind    kind,
           DynoDash         dash,
           const char      *name,
           const DynoCurve *curve,
           const double    *values)
{
  dyno_picture_axis_take (axis, kind, dash, 0, name, curve->n,
                          g_memdup2 (curve->x, MAX (curve->n, 1) * sizeof (double)), values);
}

static void
add_power (DynoPicture     *picture,
           const DynoPower *power,
           DynoExportUnits  units,
           const char      *name)
{
  DynoPictureAxis kw = dyno_picture_axis (picture, 0, DYNO_SIDE_LEFT,
                                          shown_unit (units, DYNO_QUANTITY_POWER));
  DynoPictureAxis nm = dyno_picture_axis (picture, 0, DYNO_SIDE_RIGHT,
                                          shown_unit (units, DYNO_QUANTITY_TORQUE));
  const DynoCurve *curve = power->curve;
  g_autoptr(DynoCurve) raw = dyno_curve_smooth (power->raw, 0);
  g_autofree char *power_name = g_strconcat (name, ", power", NULL);
  g_autofree char *torque_name = g_strconcat (name, ", torque", NULL);

  dyno_curve_scale (raw, power->correction.factor);
  take_line (&kw, DYNO_LAYER_RAW, DYNO_DASH_SOLID, NULL, raw, raw->power_kw);
  take_line (&kw, DYNO_LAYER_LINE, DYNO_DASH_SOLID, power_name, curve, curve->power_kw);
  close_axis (&kw, "Power");
  if (curve->is_over_speed)
    return;
  take_line (&nm, DYNO_LAYER_LINE, DYNO_DASH_TORQUE, torque_name, curve, curve->torque_nm);
  close_axis (&nm, "Torque");
}

/* Mixture below it: front solid, rear 2-2, target 1-3. */
static void
add_mixture (DynoPicture         *picture,
             const DynoPullPower *power)
{
  static const struct
  {
    DynoChannel  channel;
    DynoDash     dash;
    const char  *name;
  } lines[] = {
    { DYNO_CHANNEL_MIX_F, DYNO_DASH_SOLID, "mixture, front" },
    { DYNO_CHANNEL_MIX, DYNO_DASH_SOLID, "mixture" },
    { DYNO_CHANNEL_MIX_R, DYNO_DASH_REAR, "mixture, rear" },
    { DYNO_CHANNEL_TARGET_F, DYNO_DASH_TARGET, "target, front" },
    { DYNO_CHANNEL_TARGET_R, DYNO_DASH_TARGET, "target, rear" },
    { DYNO_CHANNEL_TARGET, DYNO_DASH_TARGET, "target" },
  };
  gboolean has_pane = FALSE;
  double low = MIXTURE_LOW;
  double high = MIXTURE_HIGH;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      double *x;
      double *y;
      gsize n = dyno_pull_readings (power, lines[i].channel, &x, &y);

      if (n == 0)
        {
          g_free (x);
          g_free (y);
          continue;
        }
      if (!has_pane)
        dyno_picture_add_pane (picture, "", 0.4);
      has_pane = TRUE;
      for (gsize k = 0; k < n; k++)
        {
          low = fmin (low, y[k] - MIXTURE_MARGIN);
          high = fmax (high, y[k] + MIXTURE_MARGIN);
        }
      dyno_picture_take_curve (picture, 1, DYNO_SIDE_LEFT, DYNO_LAYER_LINE, lines[i].dash, 0,
                               lines[i].name, n, x, y, NULL);
    }
  if (!has_pane)
    return;
  dyno_plot_round (&low, &high, PLOT_HEIGHT / 3);
  dyno_picture_set_y (picture, 1, DYNO_SIDE_LEFT, "Mixture, AFR", low, high);
}

static void
set_power_words (DynoPicture       *picture,
                 const DynoDossier *dossier,
                 const DynoPower   *power,
                 DynoExportUnits    units)
{
  g_autofree char *passport = passport_words (power);
  g_autofree char *origin = dyno_export_chart_origin (dossier);
  g_autofree char *caption = g_strdup_printf ("%s · %s", passport, origin);
  g_autoptr(GString) peaks = g_string_new (NULL);

  add_peak (peaks, "Peak power", &power->peak_power, shown_unit (units, DYNO_QUANTITY_POWER),
            power->curve->is_over_speed);
  add_peak (peaks, "peak torque", &power->peak_torque, shown_unit (units, DYNO_QUANTITY_TORQUE),
            power->curve->is_over_speed);
  g_string_append_printf (peaks, ". %s.", passport);
  dyno_picture_set_caption (picture, caption);
  dyno_picture_set_text (picture, peaks->str);
}

DynoPicture *
dyno_export_power_chart (DynoDossier      *dossier,
                         DynoExportUnits   units,
                         GError          **error)
{
  const DynoPullPower *pull = dyno_dossier_power (dossier);
  const DynoCurve *curve = pull->power->curve;
  g_autofree char *name = dyno_export_chart_name (dossier);
  g_autofree char *title = NULL;
  DynoPicture *picture;
  double min;
  double max;

  if (curve->n < 2)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "export_no_pull",
                      "There is no pull in this run (%s), so there is no power to draw. Draw a "
                      "channel instead (--chart rpm).", dyno_trim_reason_name (pull->power->trim));
      return NULL;
    }

  title = g_strdup_printf ("Power and torque, %s", name);
  picture = dyno_picture_new (DYNO_LOOK_LIGHT, title);
  min = curve->x[0];
  max = curve->x[curve->n - 1];
  dyno_plot_round (&min, &max, 2 * PLOT_HEIGHT);
  dyno_picture_set_x (picture, curve->is_over_speed ? "Speed, km/h" : "Engine speed, rpm", FALSE,
                      min, max);
  dyno_picture_add_pane (picture, "", 1);
  add_power (picture, pull->power, units, name);
  add_mixture (picture, pull);
  set_power_words (picture, dossier, pull->power, units);

  return picture;
}
