/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-power-curves.h"

#include "dyno-pull-readings.h"
#include "dyno-run-words.h"

#include <glib/gi18n.h>
#include <math.h>

#define TARGET_BAND 0.3 /* AFR to each side */

enum
{
  PANE_POWER,
  PANE_MIXTURE,
};

/* The layers of a run; 0: not on the chart. */
enum
{
  LAYER_BAND,
  LAYER_RAW,
  LAYER_POWER,
  LAYER_TORQUE,
  LAYER_FRONT,
  LAYER_REAR,
  LAYER_TARGET,
  N_LAYERS
};

typedef struct
{
  char          *run_id;           /* (owned) */
  DynoPullPower *power;            /* (owned) (nullable) what is drawn */
  DynoSeries    *series[N_LAYERS]; /* (owned) (nullable) */
  guint          layers[N_LAYERS];
  guint          trace;
  gboolean       is_first;
  gboolean       with_raw;
} Drawn;

struct _DynoPowerCurves
{
  DynoChart *chart;       /* (owned) */
  GPtrArray *drawn;       /* (owned) of Drawn */
  gboolean   with_raw;
  gboolean   has_panes;
  gboolean   has_mixture; /* there is a pane for it */
  gboolean   is_over_speed;
};

static const struct
{
  guint         pane;
  DynoLayerKind kind;
  DynoQuantity  quantity;
  DynoDash      dash;
} infos[N_LAYERS] = {
  [LAYER_BAND] = { PANE_MIXTURE, DYNO_LAYER_BAND, DYNO_QUANTITY_AFR, DYNO_DASH_SOLID },
  [LAYER_RAW] = { PANE_POWER, DYNO_LAYER_RAW, DYNO_QUANTITY_POWER, DYNO_DASH_SOLID },
  [LAYER_POWER] = { PANE_POWER, DYNO_LAYER_LINE, DYNO_QUANTITY_POWER, DYNO_DASH_SOLID },
  [LAYER_TORQUE] = { PANE_POWER, DYNO_LAYER_LINE, DYNO_QUANTITY_TORQUE, DYNO_DASH_TORQUE },
  [LAYER_FRONT] = { PANE_MIXTURE, DYNO_LAYER_LINE, DYNO_QUANTITY_AFR, DYNO_DASH_SOLID },
  [LAYER_REAR] = { PANE_MIXTURE, DYNO_LAYER_LINE, DYNO_QUANTITY_AFR, DYNO_DASH_REAR },
  [LAYER_TARGET] = { PANE_MIXTURE, DYNO_LAYER_LINE, DYNO_QUANTITY_AFR, DYNO_DASH_TARGET },
};

/* Readings. */

/* The first of the channels that the run has. */
static DynoChannel
first_of (const DynoPullPower *power,
          const DynoChannel   *channels,
          guint                n)
{
  for (guint i = 0; i < n; i++)
    {
      if (dyno_samples_find (power->samples, channels[i]) != NULL)
        return channels[i];
    }

  return DYNO_CHANNEL_NONE;
}

static DynoChannel
front_of (const DynoPullPower *power)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_MIX_F, DYNO_CHANNEL_MIX };

  return first_of (power, channels, G_N_ELEMENTS (channels));
}

static DynoChannel
target_of (const DynoPullPower *power)
{
  static const DynoChannel channels[] = { DYNO_CHANNEL_TARGET_F, DYNO_CHANNEL_TARGET,
                                          DYNO_CHANNEL_TARGET_R };

  return first_of (power, channels, G_N_ELEMENTS (channels));
}

static gboolean
has_mixture (const DynoPullPower *power)
{
  return front_of (power) != DYNO_CHANNEL_NONE
         || dyno_samples_find (power->samples, DYNO_CHANNEL_MIX_R) != NULL;
}

/* Series. */

static void
drawn_free (gpointer data)
{
  Drawn *drawn = data;

  for (guint i = 0; i < N_LAYERS; i++)
    g_clear_object (&drawn->series[i]);
  dyno_pull_power_unref (drawn->power);
  g_free (drawn->run_id);
  g_free (drawn);
}

static Drawn *
find (DynoPowerCurves *self,
      const char      *run_id)
{
  for (guint i = 0; i < self->drawn->len; i++)
    {
      Drawn *drawn = g_ptr_array_index (self->drawn, i);

      if (g_str_equal (drawn->run_id, run_id))
        return drawn;
    }

  return NULL;
}

/* All series of a run are named as the run: the axis says what they are. */
static char *
name_series (const DynoRun *run,
             guint          layer)
{
  g_autofree char *name = dyno_run_words_name (run);

  switch (layer)
    {
    case LAYER_BAND:
      return g_strdup_printf (_ ("%s, target ±0.3"), name);
    case LAYER_RAW:
      return g_strdup_printf (_ ("%s, not smoothed"), name);
    case LAYER_REAR:
      return g_strdup_printf (_ ("%s, rear"), name);
    case LAYER_TARGET:
      return g_strdup_printf (_ ("%s, target"), name);
    default:
      return g_steal_pointer (&name);
    }
}

static DynoSeries *
series_of (Drawn                *drawn,
           const DynoPowerEntry *entry,
           guint                 layer)
{
  g_autofree char *name = NULL;

  if (drawn->series[layer] == NULL)
    {
      name = name_series (dyno_run_item_get_run (entry->item), layer);
      drawn->series[layer] = dyno_series_new (name, infos[layer].quantity);
      dyno_series_set_dash (drawn->series[layer], infos[layer].dash);
    }
  dyno_series_set_trace (drawn->series[layer], entry->trace);

  return drawn->series[layer];
}

/* A layer without points is taken off, so that legend and words do not name it. */
static void
show_layer (DynoPowerCurves *self,
            Drawn           *drawn,
            guint            layer,
            gboolean         is_shown)
{
  if (is_shown && drawn->layers[layer] == 0)
    drawn->layers[layer] = dyno_chart_add_layer (self->chart, infos[layer].pane,
                                                 infos[layer].kind, drawn->series[layer]);
  else if (!is_shown && drawn->layers[layer] != 0)
    {
      dyno_chart_remove_layer (self->chart, drawn->layers[layer]);
      drawn->layers[layer] = 0;
    }
}

static void
draw_power (DynoPowerCurves      *self,
            Drawn                *drawn,
            const DynoPowerEntry *entry)
{
  const DynoPower *power = entry->power->power;
  gsize n_raw = power->raw->n;
  g_autofree double *raw = g_new (double, MAX (n_raw, 1));
  gboolean has_torque = power->curve->n > 0 && !power->curve->is_over_speed;

  for (gsize i = 0; i < n_raw; i++)
    raw[i] = power->raw->power_kw[i] * power->correction.factor;
  dyno_series_set_arrays (series_of (drawn, entry, LAYER_RAW), n_raw, power->raw->x, raw);
  dyno_series_set_arrays (series_of (drawn, entry, LAYER_POWER), power->curve->n, power->curve->x,
                          power->curve->power_kw);
  if (has_torque)
    dyno_series_set_arrays (series_of (drawn, entry, LAYER_TORQUE), power->curve->n,
                            power->curve->x, power->curve->torque_nm);
  show_layer (self, drawn, LAYER_RAW, self->with_raw && n_raw > 0 && power->curve->level > 0);
  show_layer (self, drawn, LAYER_POWER, power->curve->n > 0);
  show_layer (self, drawn, LAYER_TORQUE, has_torque);
}

static void
draw_channel (DynoPowerCurves      *self,
              Drawn                *drawn,
              const DynoPowerEntry *entry,
              guint                 layer,
              DynoChannel           channel)
{
  g_autofree double *x = NULL;
  g_autofree double *y = NULL;
  gsize n = dyno_pull_readings (entry->power, channel, &x, &y);

  dyno_series_set_arrays (series_of (drawn, entry, layer), n, x, y);
  show_layer (self, drawn, layer, n > 0 && self->has_mixture);
}

/* The target is that of the first run: twenty of them would hide each other. The band
 * lies behind all curves, the line before them. */
static void
draw_target (DynoPowerCurves      *self,
             Drawn                *drawn,
             const DynoPowerEntry *entry,
             guint                 layer,
             gboolean              is_first)
{
  g_autofree double *x = NULL;
  g_autofree double *y = NULL;
  gsize n = dyno_pull_readings (entry->power, target_of (entry->power), &x, &y);
  g_autofree double *low = g_new (double, MAX (n, 1));
  g_autofree double *high = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    {
      low[i] = y[i] - TARGET_BAND;
      high[i] = y[i] + TARGET_BAND;
    }
  if (layer == LAYER_BAND)
    dyno_series_set_band (series_of (drawn, entry, layer), n, x, low, high);
  else
    dyno_series_set_arrays (series_of (drawn, entry, layer), n, x, y);
  show_layer (self, drawn, layer, is_first && n > 0 && self->has_mixture);
}

/* FALSE when it was drawn so already. */
static gboolean
needs_drawing (DynoPowerCurves      *self,
               Drawn                *drawn,
               const DynoPowerEntry *entry,
               gboolean              is_first)
{
  gboolean is_same = drawn->power == entry->power && drawn->trace == entry->trace
                     && drawn->is_first == is_first && drawn->with_raw == self->with_raw;

  drawn->trace = entry->trace;
  drawn->is_first = is_first;
  drawn->with_raw = self->with_raw;

  return !is_same;
}

static void
draw_run (DynoPowerCurves      *self,
          const DynoPowerEntry *entry,
          gboolean              is_first)
{
  Drawn *drawn = find (self, dyno_run_item_get_id (entry->item));

  if (drawn == NULL)
    {
      drawn = g_new0 (Drawn, 1);
      drawn->run_id = g_strdup (dyno_run_item_get_id (entry->item));
      g_ptr_array_add (self->drawn, drawn);
    }
  if (!needs_drawing (self, drawn, entry, is_first))
    return;

  draw_target (self, drawn, entry, LAYER_BAND, is_first);
  draw_power (self, drawn, entry);
  draw_channel (self, drawn, entry, LAYER_FRONT, front_of (entry->power));
  draw_channel (self, drawn, entry, LAYER_REAR, DYNO_CHANNEL_MIX_R);
  draw_target (self, drawn, entry, LAYER_TARGET, is_first);
  dyno_pull_power_unref (drawn->power);
  drawn->power = dyno_pull_power_ref (entry->power);
}

/* Panes. */

static void
drop_all (DynoPowerCurves *self)
{
  g_ptr_array_set_size (self->drawn, 0);
  dyno_chart_clear (self->chart);
  self->has_panes = FALSE;
}

static void
drop_gone (DynoPowerCurves *self,
           DynoPowerSet    *set)
{
  for (guint i = self->drawn->len; i-- > 0;)
    {
      Drawn *drawn = g_ptr_array_index (self->drawn, i);
      const DynoPowerEntry *entry = dyno_power_set_find (set, drawn->run_id);

      if (entry != NULL && entry->error == NULL)
        continue;
      for (guint k = 0; k < N_LAYERS; k++)
        {
          if (drawn->layers[k] != 0)
            dyno_chart_remove_layer (self->chart, drawn->layers[k]);
        }
      g_ptr_array_remove_index (self->drawn, i);
    }
}

/* Their axes say what they are. */
static void
make_panes (DynoPowerCurves *self,
            gboolean         with_mixture,
            gboolean         is_over_speed)
{
  if (self->has_panes && self->has_mixture == with_mixture
      && self->is_over_speed == is_over_speed)
    return;

  drop_all (self);
  dyno_chart_add_pane (self->chart, "", DYNO_QUANTITY_POWER, 1);
  if (with_mixture)
    dyno_chart_add_pane (self->chart, "", DYNO_QUANTITY_AFR, 0.45);
  dyno_chart_set_x (self->chart, is_over_speed ? DYNO_QUANTITY_SPEED : DYNO_QUANTITY_ROTATION, NAN,
                    NAN);
  self->has_panes = TRUE;
  self->has_mixture = with_mixture;
  self->is_over_speed = is_over_speed;
}

/* Curves over engine speed and over road speed have no axis in common: the first run
 * with a curve decides. */
static gboolean
fits (const DynoPowerEntry *entry,
      gboolean              is_over_speed)
{
  return entry->power != NULL
         && (entry->power->power->curve->n == 0
             || entry->power->power->curve->is_over_speed == is_over_speed);
}

static const DynoPowerEntry *
first_curve (DynoPowerSet *set)
{
  for (guint i = 0; i < dyno_power_set_get_n (set); i++)
    {
      const DynoPowerEntry *entry = dyno_power_set_get (set, i);

      if (entry->power != NULL && entry->power->power->curve->n > 0)
        return entry;
    }

  return NULL;
}

void
dyno_power_curves_update (DynoPowerCurves *self,
                          DynoPowerSet    *set)
{
  const DynoPowerEntry *first = first_curve (set);
  gboolean with_mixture = self->has_mixture && dyno_power_set_is_reading (set);
  gboolean is_over_speed = first != NULL && first->power->power->curve->is_over_speed;
  guint n_before = self->drawn->len;

  drop_gone (self, set);
  for (guint i = 0; i < dyno_power_set_get_n (set); i++)
    {
      const DynoPowerEntry *entry = dyno_power_set_get (set, i);

      with_mixture |= fits (entry, is_over_speed) && has_mixture (entry->power);
    }
  make_panes (self, with_mixture, is_over_speed);
  for (guint i = 0; i < dyno_power_set_get_n (set); i++)
    {
      const DynoPowerEntry *entry = dyno_power_set_get (set, i);

      /* Runs come on in their order, whichever is read first: so does the legend. */
      if (entry->power == NULL && entry->error == NULL)
        break;
      if (fits (entry, is_over_speed))
        draw_run (self, entry, entry == first);
    }
  if (self->drawn->len != n_before)
    dyno_chart_fit (self->chart, DYNO_FIT_ALL);
}

void
dyno_power_curves_set_raw (DynoPowerCurves *self,
                           gboolean         with_raw)
{
  self->with_raw = with_raw;
}

gboolean
dyno_power_curves_has_mixture (DynoPowerCurves *self)
{
  return self->has_mixture;
}

DynoPowerCurves *
dyno_power_curves_new (DynoChart *chart)
{
  DynoPowerCurves *self = g_new0 (DynoPowerCurves, 1);

  self->chart = g_object_ref (chart);
  self->drawn = g_ptr_array_new_with_free_func (drawn_free);
  self->with_raw = TRUE;

  return self;
}

void
dyno_power_curves_free (DynoPowerCurves *self)
{
  g_ptr_array_unref (self->drawn);
  g_object_unref (self->chart);
  g_free (self);
}
