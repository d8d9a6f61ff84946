/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-layout.h"

struct _DynoLayout
{
  GObject     parent_instance;

  char       *id;         /* (owned) */
  char       *name;       /* (owned) */
  char       *vehicle_id; /* (owned) (nullable) */
  GListStore *tiles;      /* (owned) */
  GPtrArray  *panes;      /* (owned) of GPtrArray of utf8 */
};

enum
{
  PROP_NAME = 1,
  N_PROPS
};

enum
{
  EDITED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static GType
dyno_layout_get_item_type (GListModel *model)
{
  return DYNO_TYPE_TILE;
}

static guint
dyno_layout_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (((DynoLayout *) model)->tiles));
}

static gpointer
dyno_layout_get_item (GListModel *model,
                      guint       index)
{
  return g_list_model_get_item (G_LIST_MODEL (((DynoLayout *) model)->tiles), index);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = dyno_layout_get_item_type;
  iface->get_n_items = dyno_layout_get_n_items;
  iface->get_item = dyno_layout_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DynoLayout, dyno_layout, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
edited (DynoLayout *self)
{
  g_signal_emit (self, signals[EDITED], 0);
}

static void
items_changed_cb (DynoLayout *self,
                  guint       position,
                  guint       removed,
                  guint       added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  edited (self);
}

const char *
dyno_layout_get_id (DynoLayout *self)
{
  return self->id;
}

const char *
dyno_layout_get_name (DynoLayout *self)
{
  return self->name;
}

void
dyno_layout_set_name (DynoLayout *self,
                      const char *name)
{
  if (g_strcmp0 (self->name, name) == 0)
    return;

  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
  edited (self);
}

const char *
dyno_layout_get_vehicle (DynoLayout *self)
{
  return self->vehicle_id;
}

gboolean
dyno_layout_is_preset (DynoLayout *self)
{
  return !g_str_has_prefix (self->id, "own_");
}

gboolean
dyno_layout_shows_all (DynoLayout *self)
{
  return dyno_layout_is_preset (self) && dyno_layout_get_n_items (G_LIST_MODEL (self)) == 0;
}

/* Tiles. */

void
dyno_layout_add (DynoLayout *self,
                 DynoTile   *tile)
{
  g_signal_connect_object (tile, "notify", G_CALLBACK (edited), self, G_CONNECT_SWAPPED);
  g_list_store_append (self->tiles, tile);
}

DynoTile *
dyno_layout_tile (DynoLayout *self,
                  guint       index)
{
  g_autoptr(DynoTile) tile = g_list_model_get_item (G_LIST_MODEL (self->tiles), index);

  return tile;
}

void
dyno_layout_remove (DynoLayout *self,
                    guint       index)
{
  DynoTile *tile = dyno_layout_tile (self, index);

  g_return_if_fail (tile != NULL);

  g_signal_handlers_disconnect_by_func (tile, edited, self);
  g_list_store_remove (self->tiles, index);
}

void
dyno_layout_move (DynoLayout *self,
                  guint       from,
                  guint       to)
{
  guint n = dyno_layout_get_n_items (G_LIST_MODEL (self));
  g_autoptr(DynoTile) tile = g_list_model_get_item (G_LIST_MODEL (self->tiles), from);

  g_return_if_fail (tile != NULL);

  if (from == to || to >= n)
    return;

  g_list_store_remove (self->tiles, from);
  g_list_store_insert (self->tiles, to, tile);
}

/* Panes. */

guint
dyno_layout_n_panes (DynoLayout *self)
{
  return self->panes->len;
}

GPtrArray *
dyno_layout_pane (DynoLayout *self,
                  guint       pane)
{
  g_return_val_if_fail (pane < self->panes->len, NULL);

  return g_ptr_array_index (self->panes, pane);
}

void
dyno_layout_add_to_pane (DynoLayout *self,
                         guint       pane,
                         const char *source)
{
  g_return_if_fail (pane < DYNO_LAYOUT_MAX_PANES);

  while (self->panes->len <= pane)
    g_ptr_array_add (self->panes, g_ptr_array_new_with_free_func (g_free));
  g_ptr_array_add (g_ptr_array_index (self->panes, pane), g_strdup (source));
  edited (self);
}

void
dyno_layout_remove_from_panes (DynoLayout *self,
                               const char *source)
{
  for (guint i = self->panes->len; i-- > 0;)
    {
      GPtrArray *pane = g_ptr_array_index (self->panes, i);
      guint at;

      if (g_ptr_array_find_with_equal_func (pane, source, g_str_equal, &at))
        g_ptr_array_remove_index (pane, at);
      if (pane->len == 0)
        g_ptr_array_remove_index (self->panes, i);
    }
  edited (self);
}

gboolean
dyno_layout_is_in_panes (DynoLayout *self,
                         const char *source)
{
  for (guint i = 0; i < self->panes->len; i++)
    {
      if (g_ptr_array_find_with_equal_func (g_ptr_array_index (self->panes, i), source,
                                            g_str_equal, NULL))
        return TRUE;
    }

  return FALSE;
}

void
dyno_layout_toggle_in_panes (DynoLayout *self,
                             int         pane,
                             const char *source)
{
  guint last = MIN (self->panes->len, DYNO_LAYOUT_MAX_PANES - 1);

  if (dyno_layout_is_in_panes (self, source))
    dyno_layout_remove_from_panes (self, source);
  else
    dyno_layout_add_to_pane (self, pane >= 0 ? MIN ((guint) pane, last) : last, source);
}

/* JSON. */

static void
read_pane (DynoLayout     *self,
           guint           pane,
           const DynoJson *json)
{
  for (guint i = 0; i < dyno_json_n_elements (json); i++)
    {
      const char *source = dyno_json_string (dyno_json_element (json, i));

      if (source != NULL)
        dyno_layout_add_to_pane (self, pane, source);
    }
}

DynoLayout *
dyno_layout_from_json (const DynoJson *json)
{
  const char *id = dyno_json_get_string (json, "id");
  const char *name = dyno_json_get_string (json, "name");
  const DynoJson *tiles = dyno_json_member (json, "tiles");
  const DynoJson *panes = dyno_json_member (json, "panes");
  DynoLayout *self;

  if (id == NULL || !g_str_has_prefix (id, "own_") || name == NULL)
    return NULL;

  self = dyno_layout_new (id, name, dyno_json_get_string (json, "vehicle"));
  for (guint i = 0; i < dyno_json_n_elements (tiles); i++)
    {
      g_autoptr(DynoTile) tile = dyno_tile_from_json (dyno_json_element (tiles, i));

      if (tile != NULL)
        dyno_layout_add (self, tile);
    }
  for (guint i = 0; i < MIN (dyno_json_n_elements (panes), DYNO_LAYOUT_MAX_PANES); i++)
    read_pane (self, i, dyno_json_element (panes, i));

  return self;
}

static void
write_panes (DynoLayout     *self,
             DynoJsonWriter *w)
{
  dyno_json_writer_name (w, "panes");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->panes->len; i++)
    {
      GPtrArray *pane = g_ptr_array_index (self->panes, i);

      dyno_json_writer_begin_array (w);
      for (guint k = 0; k < pane->len; k++)
        dyno_json_writer_string (w, g_ptr_array_index (pane, k));
      dyno_json_writer_end_array (w);
    }
  dyno_json_writer_end_array (w);
}

void
dyno_layout_to_json (DynoLayout     *self,
                     DynoJsonWriter *w)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", self->id);
  dyno_json_writer_add_string (w, "name", self->name);
  dyno_json_writer_add_string (w, "vehicle", self->vehicle_id);
  dyno_json_writer_name (w, "tiles");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dyno_layout_get_n_items (G_LIST_MODEL (self)); i++)
    dyno_tile_to_json (dyno_layout_tile (self, i), w);
  dyno_json_writer_end_array (w);
  write_panes (self, w);
  dyno_json_writer_end_object (w);
}

/* Object. */

static void
dyno_layout_finalize (GObject *object)
{
  DynoLayout *self = DYNO_LAYOUT (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->vehicle_id);
  g_object_unref (self->tiles);
  g_ptr_array_unref (self->panes);

  G_OBJECT_CLASS (dyno_layout_parent_class)->finalize (object);
}

static void
dyno_layout_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  g_value_set_string (value, DYNO_LAYOUT (object)->name);
}

static void
dyno_layout_class_init (DynoLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dyno_layout_finalize;
  object_class->get_property = dyno_layout_get_property;
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[EDITED] = g_signal_new ("edited", DYNO_TYPE_LAYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
dyno_layout_init (DynoLayout *self)
{
  self->tiles = g_list_store_new (DYNO_TYPE_TILE);
  self->panes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_object (self->tiles, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

DynoLayout *
dyno_layout_new (const char *id,
                 const char *name,
                 const char *vehicle_id)
{
  DynoLayout *self = g_object_new (DYNO_TYPE_LAYOUT, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->vehicle_id = g_strdup (vehicle_id);

  return self;
}

DynoLayout *
dyno_layout_copy (DynoLayout *self,
                  const char *id,
                  const char *name,
                  const char *vehicle_id)
{
  DynoLayout *copy = dyno_layout_new (id, name, vehicle_id);

  for (guint i = 0; i < dyno_layout_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr(DynoTile) tile = dyno_tile_copy (dyno_layout_tile (self, i));

      dyno_layout_add (copy, tile);
    }
  for (guint i = 0; i < self->panes->len; i++)
    {
      GPtrArray *pane = g_ptr_array_index (self->panes, i);

      for (guint k = 0; k < pane->len; k++)
        dyno_layout_add_to_pane (copy, i, g_ptr_array_index (pane, k));
    }

  return copy;
}
