/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-tile.h"

#include "dyno-channel.h"

#include <glib/gi18n.h>
#include <math.h>

struct _DynoTile
{
  GObject        parent_instance;

  char          *source;  /* (owned) */
  DynoTileKind   kind;
  DynoTileSize   size;
  gboolean       holds_max;
  DynoTileLimits limits;
};

enum
{
  PROP_SOURCE = 1,
  PROP_KIND,
  PROP_SIZE,
  PROP_HOLD_MAX,
  PROP_LOW,
  PROP_HIGH,
  PROP_AMBER_LOW,
  PROP_AMBER_HIGH,
  PROP_RED_LOW,
  PROP_RED_HIGH,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DynoTile, dyno_tile, G_TYPE_OBJECT)

static const char *const kind_names[DYNO_N_TILE_KINDS] = { "readout", "gauge", "bar" };
static const char *const size_names[DYNO_N_TILE_SIZES] = { "small", "medium", "large" };
static const char *const limit_names[] = { "low",        "high",    "amber-low",
                                           "amber-high", "red-low", "red-high" };

/* The limits as a row of numbers, in the order of their properties. */
static double *
limit (DynoTile *self,
       guint     index)
{
  double *limits[] = { &self->limits.low,        &self->limits.high,    &self->limits.amber_low,
                       &self->limits.amber_high, &self->limits.red_low, &self->limits.red_high };

  return limits[index];
}

const char *
dyno_tile_get_source (DynoTile *self)
{
  return self->source;
}

DynoTileKind
dyno_tile_get_kind (DynoTile *self)
{
  return self->kind;
}

DynoTileSize
dyno_tile_get_size (DynoTile *self)
{
  return self->size;
}

gboolean
dyno_tile_get_hold_max (DynoTile *self)
{
  return self->holds_max;
}

DynoTileLimits
dyno_tile_get_limits (DynoTile *self)
{
  return self->limits;
}

const char *
dyno_tile_source_title (const char *source)
{
  DynoChannel channel = dyno_channel_find (source);

  return channel != DYNO_CHANNEL_NONE ? _ (dyno_channel_info (channel)->title) : source;
}

const char *
dyno_tile_source_short (const char *source)
{
  static const struct
  {
    DynoChannel channel;
    const char *title;
  } titles[] = {
    { DYNO_CHANNEL_RPM, N_ ("RPM") },
    { DYNO_CHANNEL_MAP, N_ ("MAP") },
    { DYNO_CHANNEL_IAT, N_ ("Intake air") },
    { DYNO_CHANNEL_AMBIENT_TEMP, N_ ("Air") },
    { DYNO_CHANNEL_ENGINE_TEMP, N_ ("Engine") },
    { DYNO_CHANNEL_MIX_F, N_ ("Mix front") },
    { DYNO_CHANNEL_MIX_R, N_ ("Mix rear") },
    { DYNO_CHANNEL_SPARK_F, N_ ("Spark front") },
    { DYNO_CHANNEL_SPARK_R, N_ ("Spark rear") },
    { DYNO_CHANNEL_VBATT, N_ ("Battery") },
    { DYNO_CHANNEL_CORRECTION, N_ ("Correction") },
  };
  DynoChannel channel = dyno_channel_find (source);

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      if (titles[i].channel == channel)
        return _ (titles[i].title);
    }

  return dyno_tile_source_title (source);
}

static int
find_name (const char *const *names,
           guint              n_names,
           const char        *name)
{
  for (guint i = 0; i < n_names; i++)
    {
      if (g_strcmp0 (names[i], name) == 0)
        return (int) i;
    }

  return 0;
}

DynoTile *
dyno_tile_from_json (const DynoJson *json)
{
  const char *source = dyno_json_get_string (json, "source");
  DynoTile *self;

  if (source == NULL || *source == '\0')
    return NULL;

  self = dyno_tile_new (
      source, find_name (kind_names, DYNO_N_TILE_KINDS, dyno_json_get_string (json, "kind")),
      find_name (size_names, DYNO_N_TILE_SIZES, dyno_json_get_string (json, "size")));
  self->holds_max = dyno_json_get_boolean (json, "hold-max", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (limit_names); i++)
    *limit (self, i) = dyno_json_get_number (json, limit_names[i], NAN);

  return self;
}

void
dyno_tile_to_json (DynoTile       *self,
                   DynoJsonWriter *w)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "source", self->source);
  dyno_json_writer_add_string (w, "kind", kind_names[self->kind]);
  dyno_json_writer_add_string (w, "size", size_names[self->size]);
  if (self->holds_max)
    dyno_json_writer_add_boolean (w, "hold-max", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (limit_names); i++)
    {
      if (isfinite (*limit (self, i)))
        dyno_json_writer_add_number (w, limit_names[i], *limit (self, i));
    }
  dyno_json_writer_end_object (w);
}

static void
dyno_tile_finalize (GObject *object)
{
  g_free (DYNO_TILE (object)->source);

  G_OBJECT_CLASS (dyno_tile_parent_class)->finalize (object);
}

static void
dyno_tile_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  DynoTile *self = DYNO_TILE (object);

  switch (id)
    {
    case PROP_SOURCE:
      g_value_set_string (value, self->source);
      break;
    case PROP_KIND:
      g_value_set_uint (value, self->kind);
      break;
    case PROP_SIZE:
      g_value_set_uint (value, self->size);
      break;
    case PROP_HOLD_MAX:
      g_value_set_boolean (value, self->holds_max);
      break;
    default:
      g_value_set_double (value, *limit (self, id - PROP_LOW));
    }
}

static void
dyno_tile_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  DynoTile *self = DYNO_TILE (object);

  switch (id)
    {
    case PROP_SOURCE:
      self->source = g_value_dup_string (value);
      break;
    case PROP_KIND:
      self->kind = g_value_get_uint (value);
      break;
    case PROP_SIZE:
      self->size = g_value_get_uint (value);
      break;
    case PROP_HOLD_MAX:
      self->holds_max = g_value_get_boolean (value);
      break;
    default:
      *limit (self, id - PROP_LOW) = g_value_get_double (value);
    }
}

static void
dyno_tile_class_init (DynoTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags both = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = dyno_tile_finalize;
  object_class->get_property = dyno_tile_get_property;
  object_class->set_property = dyno_tile_set_property;
  props[PROP_SOURCE] =
      g_param_spec_string ("source", NULL, NULL, NULL, both | G_PARAM_CONSTRUCT_ONLY);
  props[PROP_KIND] =
      g_param_spec_uint ("kind", NULL, NULL, 0, DYNO_N_TILE_KINDS - 1, DYNO_TILE_READOUT, both);
  props[PROP_SIZE] =
      g_param_spec_uint ("size", NULL, NULL, 0, DYNO_N_TILE_SIZES - 1, DYNO_TILE_SMALL, both);
  props[PROP_HOLD_MAX] = g_param_spec_boolean ("hold-max", NULL, NULL, FALSE, both);
  for (guint i = 0; i < G_N_ELEMENTS (limit_names); i++)
    props[PROP_LOW + i] = g_param_spec_double (limit_names[i], NULL, NULL, -G_MAXDOUBLE,
                                               G_MAXDOUBLE, 0, both | G_PARAM_LAX_VALIDATION);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
dyno_tile_init (DynoTile *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (limit_names); i++)
    *limit (self, i) = NAN;
}

DynoTile *
dyno_tile_new (const char   *source,
               DynoTileKind  kind,
               DynoTileSize  size)
{
  return g_object_new (DYNO_TYPE_TILE, "source", source, "kind", (guint) kind, "size",
                       (guint) size, NULL);
}

DynoTile *
dyno_tile_copy (DynoTile *self)
{
  DynoTile *copy = dyno_tile_new (self->source, self->kind, self->size);

  copy->holds_max = self->holds_max;
  copy->limits = self->limits;

  return copy;
}
