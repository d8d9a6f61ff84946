/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-json-private.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "dyno-error.h"

const DynoJsonLimits dyno_json_limits_outside = { 32, 50000, 64 * 1024 };
const DynoJsonLimits dyno_json_limits_own = { 64, 50 * 1000 * 1000, 16 * 1024 * 1024 };

DynoJson *
dyno_json_parse_limited (const char            *text,
                         gssize                 length,
                         const DynoJsonLimits  *limits,
                         GError               **error)
{
  gsize size = length >= 0 ? (gsize) length : strlen (text);
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GError) failure = NULL;

  if (!dyno_json_scan (text, size, limits, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) size, &failure))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "json", "The JSON is wrong: %s.",
                      failure->message);
      return NULL;
    }

  return json_parser_steal_root (parser);
}

DynoJson *
dyno_json_parse (const char  *text,
                 gssize       length,
                 GError     **error)
{
  return dyno_json_parse_limited (text, length, &dyno_json_limits_outside, error);
}

void
dyno_json_free (DynoJson *self)
{
  g_clear_pointer (&self, json_node_unref);
}

DynoJsonType
dyno_json_type (const DynoJson *self)
{
  JsonNode *node = (JsonNode *) self;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return DYNO_JSON_NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return DYNO_JSON_OBJECT;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return DYNO_JSON_ARRAY;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return DYNO_JSON_STRING;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return DYNO_JSON_BOOLEAN;

  return DYNO_JSON_NUMBER;
}

const DynoJson *
dyno_json_member (const DynoJson *self,
                  const char     *name)
{
  if (dyno_json_type (self) != DYNO_JSON_OBJECT)
    return NULL;

  return json_object_get_member (json_node_get_object ((JsonNode *) self), name);
}

const DynoJson *
dyno_json_element (const DynoJson *self,
                   guint           index)
{
  if (dyno_json_type (self) != DYNO_JSON_ARRAY || index >= dyno_json_n_elements (self))
    return NULL;

  return json_array_get_element (json_node_get_array ((JsonNode *) self), index);
}

guint
dyno_json_n_elements (const DynoJson *self)
{
  if (dyno_json_type (self) == DYNO_JSON_ARRAY)
    return json_array_get_length (json_node_get_array ((JsonNode *) self));
  if (dyno_json_type (self) == DYNO_JSON_OBJECT)
    return json_object_get_size (json_node_get_object ((JsonNode *) self));

  return 0;
}

GPtrArray *
dyno_json_names (const DynoJson *self)
{
  GPtrArray *names = g_ptr_array_new ();
  g_autoptr(GList) members = NULL;

  if (dyno_json_type (self) != DYNO_JSON_OBJECT)
    return names;

  members = json_object_get_members (json_node_get_object ((JsonNode *) self));
  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, l->data);

  return names;
}

double
dyno_json_number (const DynoJson *self,
                  double          otherwise)
{
  if (dyno_json_type (self) != DYNO_JSON_NUMBER)
    return otherwise;

  return json_node_get_double ((JsonNode *) self);
}

gint64
dyno_json_integer (const DynoJson *self,
                   gint64          otherwise)
{
  double value = dyno_json_number (self, NAN);

  if (!(fabs (value) <= DYNO_JSON_MAX_INTEGER) || value != floor (value))
    return otherwise;

  return (gint64) value;
}

gboolean
dyno_json_boolean (const DynoJson *self,
                   gboolean        otherwise)
{
  if (dyno_json_type (self) != DYNO_JSON_BOOLEAN)
    return otherwise;

  return json_node_get_boolean ((JsonNode *) self);
}

const char *
dyno_json_string (const DynoJson *self)
{
  if (dyno_json_type (self) != DYNO_JSON_STRING)
    return NULL;

  return json_node_get_string ((JsonNode *) self);
}

double
dyno_json_get_number (const DynoJson *self,
                      const char     *name,
                      double          otherwise)
{
  return dyno_json_number (dyno_json_member (self, name), otherwise);
}

gint64
dyno_json_get_integer (const DynoJson *self,
                       const char     *name,
                       gint64          otherwise)
{
  return dyno_json_integer (dyno_json_member (self, name), otherwise);
}

gboolean
dyno_json_get_boolean (const DynoJson *self,
                       const char     *name,
                       gboolean        otherwise)
{
  return dyno_json_boolean (dyno_json_member (self, name), otherwise);
}

const char *
dyno_json_get_string (const DynoJson *self,
                      const char     *name)
{
  return dyno_json_string (dyno_json_member (self, name));
}

const char *
dyno_json_library_version (void)
{
  return JSON_VERSION_S;
}
