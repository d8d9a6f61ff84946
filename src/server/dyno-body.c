/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-body.h"

#include <string.h>

#include "dyno-error.h"

/* Plain ASCII without escapes is in every normal form. */
static gboolean
may_need_nfc (const char *text,
              gsize       size)
{
  for (gsize i = 0; i < size; i++)
    {
      if ((guint8) text[i] >= 0x80 || (text[i] == '\\' && i + 1 < size && text[i + 1] == 'u'))
        return TRUE;
    }

  return FALSE;
}

static void write_nfc (DynoJsonWriter *w,
                       const DynoJson *value);

static void
write_object (DynoJsonWriter *w,
              const DynoJson *object)
{
  g_autoptr(GPtrArray) names = dyno_json_names (object);

  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < names->len; i++)
    {
      dyno_json_writer_name (w, names->pdata[i]);
      write_nfc (w, dyno_json_member (object, names->pdata[i]));
    }
  dyno_json_writer_end_object (w);
}

static void
write_array (DynoJsonWriter *w,
             const DynoJson *array)
{
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    write_nfc (w, dyno_json_element (array, i));
  dyno_json_writer_end_array (w);
}

static void
write_text (DynoJsonWriter *w,
            const char     *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

  dyno_json_writer_string (w, normal);
}

static void
write_nfc (DynoJsonWriter *w,
           const DynoJson *value)
{
  switch ((int) dyno_json_type (value))
    {
    case DYNO_JSON_STRING:
      write_text (w, dyno_json_string (value));
      break;
    case DYNO_JSON_ARRAY:
      write_array (w, value);
      break;
    case DYNO_JSON_OBJECT:
      write_object (w, value);
      break;
    default:
      dyno_json_writer_value (w, value);
    }
}

/* Takes `json`. */
static DynoJson *
to_nfc (DynoJson *json)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;

  write_nfc (w, json);
  dyno_json_free (json);
  text = dyno_json_writer_finish (w);

  return dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
}

DynoJson *
dyno_body_parse (const DynoRoute  *route,
                 GBytes           *bytes,
                 DynoFlaws        *flaws,
                 GError          **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr(GError) failure = NULL;
  DynoJson *json;

  if (size == 0 && route->flags & DYNO_ROUTE_BODY_OPTIONAL)
    {
      text = "{}";
      size = 2;
    }
  json = dyno_json_parse (size > 0 ? text : "", (gssize) size, &failure);
  if (json == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_REQUEST", "%s", failure->message);
      return NULL;
    }

  if (may_need_nfc (text, size))
    json = to_nfc (json);
  dyno_fields_check (route->body, DYNO_COMING_IN, json, "", flaws);

  return json;
}
