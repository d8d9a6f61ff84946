/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-layouts.h"

#include "dyno-crypt.h"

#include <glib/gi18n.h>

#define KEY_CURRENT "live-layout"
#define KEY_OWN "live-layouts"

struct _DynoLayouts
{
  GObject     parent_instance;

  GSettings  *settings;   /* (owned) */
  GListStore *layouts;    /* (owned) of DynoLayout, presets first */
  DynoLayout *current;    /* (owned) */
  gboolean    is_loading;
};

enum
{
  PROP_CURRENT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

typedef struct
{
  const char  *source;
  DynoTileKind kind;
  DynoTileSize size;
  double       low;  /* SI; both 0: those of the channel */
  double       high;
} PresetTile;

#define MAX_TILES 10
#define MAX_CURVES 3

static const struct
{
  const char *id;
  const char *name;
  PresetTile  tiles[MAX_TILES];
  const char *panes[DYNO_LAYOUT_MAX_PANES][MAX_CURVES];
} presets[] = {
  { "pull", N_ ("Pull"),
    { { "rpm", DYNO_TILE_READOUT, DYNO_TILE_LARGE, 0, 8000 },
      { "power", DYNO_TILE_READOUT, DYNO_TILE_LARGE, 0, 150 },
      { "torque", DYNO_TILE_READOUT, DYNO_TILE_LARGE, 0, 250 },
      { "mix_f", DYNO_TILE_GAUGE, DYNO_TILE_MEDIUM, 10, 18 },
      { "mix_r", DYNO_TILE_GAUGE, DYNO_TILE_MEDIUM, 10, 18 },
      { "map", DYNO_TILE_READOUT, DYNO_TILE_SMALL, 0, 120 },
      { "tps", DYNO_TILE_READOUT, DYNO_TILE_SMALL, 0, 100 },
      { "speed", DYNO_TILE_READOUT, DYNO_TILE_SMALL, 0, 250 } },
    { { "rpm", "speed" }, { "power", "torque" }, { "mix_f", "mix_r" } } },
  { "tuning", N_ ("Tuning"),
    { { "mix_f", DYNO_TILE_GAUGE, DYNO_TILE_LARGE, 10, 18 },
      { "mix_r", DYNO_TILE_GAUGE, DYNO_TILE_LARGE, 10, 18 },
      { "rpm", DYNO_TILE_READOUT, DYNO_TILE_MEDIUM, 0, 8000 },
      { "map", DYNO_TILE_READOUT, DYNO_TILE_MEDIUM, 0, 120 },
      { "tps", DYNO_TILE_BAR, DYNO_TILE_MEDIUM, 0, 100 },
      { "engine_temp", DYNO_TILE_READOUT, DYNO_TILE_SMALL, 0, 200 },
      { "spark_f", DYNO_TILE_READOUT, DYNO_TILE_SMALL, -10, 60 },
      { "spark_r", DYNO_TILE_READOUT, DYNO_TILE_SMALL, -10, 60 },
      { "vbatt", DYNO_TILE_READOUT, DYNO_TILE_SMALL, 8, 16 } },
    { { "mix_f", "mix_r" }, { "map", "tps" }, { "rpm" } } },
  { "atmosphere", N_ ("Atmosphere"),
    { { "baro", DYNO_TILE_READOUT, DYNO_TILE_LARGE, 80, 110 },
      { "ambient_temp", DYNO_TILE_READOUT, DYNO_TILE_LARGE, -10, 50 },
      { "humidity", DYNO_TILE_READOUT, DYNO_TILE_LARGE, 0, 100 },
      { "correction", DYNO_TILE_READOUT, DYNO_TILE_MEDIUM, 0.8, 1.2 },
      { "iat", DYNO_TILE_READOUT, DYNO_TILE_MEDIUM, -10, 80 },
      { "engine_temp", DYNO_TILE_READOUT, DYNO_TILE_MEDIUM, 0, 200 } },
    { { "baro" }, { "ambient_temp", "iat" }, { "humidity" } } },
  { "all", N_ ("All Channels"), { { NULL } }, { { "rpm", "speed" }, { "mix_f", "mix_r" } } },
};

static GType
dyno_layouts_get_item_type (GListModel *model)
{
  return DYNO_TYPE_LAYOUT;
}

static guint
dyno_layouts_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (((DynoLayouts *) model)->layouts));
}

static gpointer
dyno_layouts_get_item (GListModel *model,
                       guint       index)
{
  return g_list_model_get_item (G_LIST_MODEL (((DynoLayouts *) model)->layouts), index);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = dyno_layouts_get_item_type;
  iface->get_n_items = dyno_layouts_get_n_items;
  iface->get_item = dyno_layouts_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DynoLayouts, dyno_layouts, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static DynoLayout *
layout_at (DynoLayouts *self,
           guint        index)
{
  g_autoptr(DynoLayout) layout = g_list_model_get_item (G_LIST_MODEL (self->layouts), index);

  return layout;
}

DynoLayout *
dyno_layouts_find (DynoLayouts *self,
                   const char  *id)
{
  DynoLayout *layout;

  for (guint i = 0; (layout = layout_at (self, i)) != NULL; i++)
    {
      if (g_strcmp0 (dyno_layout_get_id (layout), id) == 0)
        return layout;
    }

  return NULL;
}

/* Keeping. */

static void
save (DynoLayouts *self)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;
  DynoLayout *layout;

  if (self->is_loading)
    {
      dyno_json_writer_free (w);
      return;
    }

  dyno_json_writer_begin_array (w);
  for (guint i = 0; (layout = layout_at (self, i)) != NULL; i++)
    {
      if (!dyno_layout_is_preset (layout))
        dyno_layout_to_json (layout, w);
    }
  dyno_json_writer_end_array (w);
  text = dyno_json_writer_finish (w);
  g_settings_set_string (self->settings, KEY_OWN, text);
}

void
dyno_layouts_add (DynoLayouts *self,
                  DynoLayout  *layout)
{
  g_signal_connect_object (layout, "edited", G_CALLBACK (save), self, G_CONNECT_SWAPPED);
  g_list_store_append (self->layouts, layout);
  save (self);
}

/* What cannot be read is left out: a layout is quickly made anew. */
static void
load (DynoLayouts *self)
{
  g_autofree char *text = g_settings_get_string (self->settings, KEY_OWN);
  g_autoptr(DynoJson) json = dyno_json_parse (text, -1, NULL);

  for (guint i = 0; i < dyno_json_n_elements (json); i++)
    {
      g_autoptr(DynoLayout) layout = dyno_layout_from_json (dyno_json_element (json, i));

      if (layout != NULL)
        dyno_layouts_add (self, layout);
    }
}

/* Presets. */

static void
add_preset (DynoLayouts *self,
            guint        preset)
{
  g_autoptr(DynoLayout) layout =
      dyno_layout_new (presets[preset].id, _ (presets[preset].name), NULL);

  for (guint i = 0; i < MAX_TILES && presets[preset].tiles[i].source != NULL; i++)
    {
      const PresetTile *preset_tile = &presets[preset].tiles[i];
      g_autoptr(DynoTile) tile =
          dyno_tile_new (preset_tile->source, preset_tile->kind, preset_tile->size);

      if (preset_tile->low < preset_tile->high)
        g_object_set (tile, "low", preset_tile->low, "high", preset_tile->high, NULL);
      if (g_strcmp0 (preset_tile->source, "power") == 0
          || g_strcmp0 (preset_tile->source, "torque") == 0)
        g_object_set (tile, "hold-max", TRUE, NULL);
      dyno_layout_add (layout, tile);
    }
  for (guint i = 0; i < DYNO_LAYOUT_MAX_PANES; i++)
    {
      for (guint k = 0; k < MAX_CURVES && presets[preset].panes[i][k] != NULL; k++)
        dyno_layout_add_to_pane (layout, i, presets[preset].panes[i][k]);
    }
  g_list_store_append (self->layouts, layout);
}

/* Choice. */

DynoLayout *
dyno_layouts_get_current (DynoLayouts *self)
{
  return self->current;
}

void
dyno_layouts_choose (DynoLayouts *self,
                     DynoLayout  *layout)
{
  g_return_if_fail (DYNO_IS_LAYOUT (layout));

  if (!g_set_object (&self->current, layout))
    return;

  g_settings_set_string (self->settings, KEY_CURRENT, dyno_layout_get_id (layout));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CURRENT]);
}

DynoLayout *
dyno_layouts_edit (DynoLayouts *self,
                   const char  *vehicle_id)
{
  g_autoptr(DynoLayout) copy = NULL;
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;

  if (!dyno_layout_is_preset (self->current))
    return self->current;

  id = dyno_crypt_new_id ("own");
  /* Translators: the name of a layout that somebody makes from a given one. */
  name = g_strdup_printf (_ ("My %s"), dyno_layout_get_name (self->current));
  copy = dyno_layout_copy (self->current, id, name, vehicle_id);
  dyno_layouts_add (self, copy);
  dyno_layouts_choose (self, copy);

  return self->current;
}

DynoLayout *
dyno_layouts_remove (DynoLayouts *self,
                     DynoLayout  *layout)
{
  guint at;

  g_return_val_if_fail (!dyno_layout_is_preset (layout), NULL);
  if (!g_list_store_find (self->layouts, layout, &at))
    return NULL;

  g_object_ref (layout);
  g_signal_handlers_disconnect_by_func (layout, save, self);
  g_list_store_remove (self->layouts, at);
  if (self->current == layout)
    dyno_layouts_choose (self, layout_at (self, 0));
  save (self);

  return layout;
}

void
dyno_layouts_set_vehicle (DynoLayouts *self,
                          const char  *vehicle_id)
{
  DynoLayout *layout;

  if (vehicle_id == NULL)
    return;

  for (guint i = 0; (layout = layout_at (self, i)) != NULL; i++)
    {
      if (g_strcmp0 (dyno_layout_get_vehicle (layout), vehicle_id) == 0)
        {
          dyno_layouts_choose (self, layout);
          return;
        }
    }
}

/* Object. */

static void
dyno_layouts_finalize (GObject *object)
{
  DynoLayouts *self = DYNO_LAYOUTS (object);

  g_clear_object (&self->current);
  g_clear_object (&self->layouts);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (dyno_layouts_parent_class)->finalize (object);
}

static void
dyno_layouts_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  g_value_set_object (value, DYNO_LAYOUTS (object)->current);
}

static void
dyno_layouts_class_init (DynoLayoutsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dyno_layouts_finalize;
  object_class->get_property = dyno_layouts_get_property;
  props[PROP_CURRENT] = g_param_spec_object ("current", NULL, NULL, DYNO_TYPE_LAYOUT,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
items_changed_cb (DynoLayouts *self,
                  guint        position,
                  guint        removed,
                  guint        added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
dyno_layouts_init (DynoLayouts *self)
{
  self->layouts = g_list_store_new (DYNO_TYPE_LAYOUT);
  g_signal_connect_object (self->layouts, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

DynoLayouts *
dyno_layouts_new (GSettings *settings)
{
  DynoLayouts *self = g_object_new (DYNO_TYPE_LAYOUTS, NULL);
  g_autofree char *current = g_settings_get_string (settings, KEY_CURRENT);
  DynoLayout *chosen;

  self->settings = g_object_ref (settings);
  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    add_preset (self, i);
  self->is_loading = TRUE;
  load (self);
  self->is_loading = FALSE;
  chosen = dyno_layouts_find (self, current);
  self->current = g_object_ref (chosen != NULL ? chosen : layout_at (self, 0));

  return self;
}
