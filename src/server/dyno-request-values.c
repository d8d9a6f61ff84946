/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-request-private.h"

#include <math.h>
#include <string.h>

/* What a name of the row has: a member of the body, or a text of path, query or row. */
typedef struct
{
  const DynoJson *json; /* (nullable) */
  const char     *text; /* (nullable) */
} Value;

const DynoField dyno_page_fields[] = {
  { "limit", DYNO_INTEGER (1, 200), 0, "How many items at most", "50" },
  { "cursor", DYNO_TEXT (1, 2000), 0, "Where the page begins: next_cursor of the one before" },
  { NULL }
};

static const DynoField *
find_field (DynoRequest *self,
            const char  *name)
{
  const DynoRoute *route = dyno_request_get_route (self);
  const DynoField *field = dyno_fields_find (route->args, name);

  if (field == NULL)
    field = dyno_fields_find (route->body, name);
  if (field == NULL)
    field = dyno_fields_find (route->query, name);
  if (field == NULL && route->flags & DYNO_ROUTE_PAGE)
    field = dyno_fields_find (dyno_page_fields, name);
  if (field == NULL)
    g_error ("%s has no field “%s”", route->path, name);

  return field;
}

static Value
find_sent (DynoRequest *self,
           const char  *name)
{
  Value value = { NULL, g_hash_table_lookup (self->match->args, name) };

  if (value.text == NULL)
    value.json = dyno_json_member (self->body, name);
  if (value.text == NULL && value.json == NULL && self->query != NULL)
    value.text = g_hash_table_lookup (self->query, name);

  return value;
}

static Value
find_value (DynoRequest *self,
            const char  *name)
{
  const DynoField *field = find_field (self, name);
  Value value = find_sent (self, name);

  if (value.text == NULL && dyno_json_type (value.json) == DYNO_JSON_NULL)
    return (Value) { NULL, field->otherwise };

  return value;
}

gboolean
dyno_request_has (DynoRequest *self,
                  const char  *name)
{
  Value value;

  find_field (self, name);
  value = find_sent (self, name);

  return value.text != NULL || value.json != NULL;
}

const char *
dyno_request_text (DynoRequest *self,
                   const char  *name)
{
  Value value = find_value (self, name);

  return value.json != NULL ? dyno_json_string (value.json) : value.text;
}

double
dyno_request_number (DynoRequest *self,
                     const char  *name)
{
  Value value = find_value (self, name);

  if (value.json != NULL)
    return dyno_json_number (value.json, NAN);

  return value.text != NULL ? g_ascii_strtod (value.text, NULL) : NAN;
}

gint64
dyno_request_integer (DynoRequest *self,
                      const char  *name)
{
  double number = dyno_request_number (self, name);

  return isfinite (number) ? (gint64) number : 0;
}

gboolean
dyno_request_boolean (DynoRequest *self,
                      const char  *name)
{
  Value value = find_value (self, name);

  if (value.json != NULL)
    return dyno_json_boolean (value.json, FALSE);

  return value.text != NULL && dyno_field_read_boolean (value.text);
}

gint64
dyno_request_time_us (DynoRequest *self,
                      const char  *name)
{
  const char *text = dyno_request_text (self, name);
  gint64 real_us = 0;

  return text != NULL && dyno_clock_parse_utc (text, &real_us) ? real_us : 0;
}

static char **
read_texts (const DynoJson *array)
{
  GPtrArray *texts = g_ptr_array_new ();

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    g_ptr_array_add (texts, g_strdup (dyno_json_string (dyno_json_element (array, i))));
  g_ptr_array_add (texts, NULL);

  return (char **) g_ptr_array_free (texts, FALSE);
}

char **
dyno_request_texts (DynoRequest *self,
                    const char  *name)
{
  Value value = find_value (self, name);

  if (value.json != NULL)
    return read_texts (value.json);

  return value.text != NULL ? g_strsplit (value.text, ",", -1) : NULL;
}

const DynoJson *
dyno_request_value (DynoRequest *self,
                    const char  *name)
{
  return find_value (self, name).json;
}

const DynoJson *
dyno_request_get_body (DynoRequest *self)
{
  return self->body;
}

DynoUpload *
dyno_request_get_upload (DynoRequest *self)
{
  return self->upload;
}

const char *
dyno_request_get_file_name (DynoRequest *self)
{
  return self->multipart != NULL ? dyno_multipart_get_file_name (self->multipart) : NULL;
}

guint
dyno_request_get_limit (DynoRequest *self)
{
  return (guint) dyno_request_integer (self, "limit");
}

const char *
dyno_request_get_cursor (DynoRequest *self)
{
  return self->cursor;
}

gint64
dyno_request_get_version (DynoRequest *self)
{
  return self->version;
}

char *
dyno_request_filter (DynoRequest *self)
{
  g_autoptr(GList) names = g_hash_table_get_keys (self->query);
  GString *filter = g_string_new (dyno_request_get_path (self));

  names = g_list_sort (names, (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    {
      if (dyno_fields_find (dyno_page_fields, l->data) == NULL)
        g_string_append_printf (filter, "\n%s=%s", (const char *) l->data,
                                (const char *) g_hash_table_lookup (self->query, l->data));
    }

  return g_string_free (filter, FALSE);
}
