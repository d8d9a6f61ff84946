/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-json-private.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

struct _DynoJsonWriter
{
  GString  *text;       /* (owned) */
  gboolean  pretty;
  guint     depth;
  gboolean  is_first;   /* nothing stands yet in the innermost container */
  gboolean  after_name;
};

DynoJsonWriter *
dyno_json_writer_new (gboolean pretty)
{
  DynoJsonWriter *self = g_new0 (DynoJsonWriter, 1);

  self->text = g_string_new (NULL);
  self->pretty = pretty;
  self->is_first = TRUE;

  return self;
}

void
dyno_json_writer_free (DynoJsonWriter *self)
{
  if (self == NULL)
    return;

  g_string_free (self->text, TRUE);
  g_free (self);
}

char *
dyno_json_writer_finish (DynoJsonWriter *self)
{
  char *text = g_string_free (self->text, FALSE);

  g_assert (self->depth == 0);
  g_free (self);

  return text;
}

static void
new_line (DynoJsonWriter *self)
{
  if (!self->pretty)
    return;

  g_string_append_c (self->text, '\n');
  for (guint i = 0; i < self->depth; i++)
    g_string_append (self->text, "  ");
}

/* What stands between the value before and this one. */
static void
separate (DynoJsonWriter *self)
{
  if (self->after_name)
    {
      self->after_name = FALSE;
      return;
    }

  if (!self->is_first)
    g_string_append_c (self->text, ',');
  if (self->depth > 0)
    new_line (self);
  self->is_first = FALSE;
}

static void
begin (DynoJsonWriter *self,
       char            bracket)
{
  separate (self);
  g_string_append_c (self->text, bracket);
  self->depth++;
  self->is_first = TRUE;
}

static void
end (DynoJsonWriter *self,
     char            bracket)
{
  g_assert (self->depth > 0 && !self->after_name);

  self->depth--;
  if (!self->is_first)
    new_line (self);
  g_string_append_c (self->text, bracket);
  self->is_first = FALSE;
}

void
dyno_json_writer_begin_object (DynoJsonWriter *self)
{
  begin (self, '{');
}

void
dyno_json_writer_end_object (DynoJsonWriter *self)
{
  end (self, '}');
}

void
dyno_json_writer_begin_array (DynoJsonWriter *self)
{
  begin (self, '[');
}

void
dyno_json_writer_end_array (DynoJsonWriter *self)
{
  end (self, ']');
}

static void
append_escaped (GString    *text,
                const char *value)
{
  g_string_append_c (text, '"');
  for (const char *p = value; *p != '\0'; p++)
    {
      switch (*p)
        {
        case '"':
          g_string_append (text, "\\\"");
          break;
        case '\\':
          g_string_append (text, "\\\\");
          break;
        case '\n':
          g_string_append (text, "\\n");
          break;
        case '\r':
          g_string_append (text, "\\r");
          break;
        case '\t':
          g_string_append (text, "\\t");
          break;
        default:
          if ((guint8) *p < 0x20 || *p == 0x7f)
            g_string_append_printf (text, "\\u%04x", (guint8) *p);
          else
            g_string_append_c (text, *p);
        }
    }
  g_string_append_c (text, '"');
}

static void
append_string (GString    *text,
               const char *value)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate (value, -1, NULL))
    value = valid = g_utf8_make_valid (value, -1);
  append_escaped (text, value);
}

void
dyno_json_writer_name (DynoJsonWriter *self,
                       const char     *name)
{
  g_assert (!self->after_name);

  separate (self);
  append_string (self->text, name);
  g_string_append (self->text, self->pretty ? ": " : ":");
  self->after_name = TRUE;
}

void
dyno_json_format_number (double value,
                         char   text[G_ASCII_DTOSTR_BUF_SIZE])
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };

  if (value == 0.0)
    value = 0.0;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, formats[i], value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  if (g_str_equal (text, "-0"))
    strcpy (text, "0");
  /* A whole number beyond 2^53 is no integer of ours: keep it readable as a number. */
  if (fabs (value) > DYNO_JSON_MAX_INTEGER && strpbrk (text, ".e") == NULL)
    strcat (text, ".0");
}

void
dyno_json_writer_number (DynoJsonWriter *self,
                         double          value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      dyno_json_writer_null (self);
      return;
    }

  dyno_json_format_number (value, text);
  dyno_json_writer_raw (self, text);
}

void
dyno_json_writer_rounded (DynoJsonWriter *self,
                          double          value,
                          int             decimals)
{
  char text[64];
  char format[8];

  if (!isfinite (value) || fabs (value) >= 1e15)
    {
      dyno_json_writer_number (self, value);
      return;
    }

  g_snprintf (format, sizeof format, "%%.%df", CLAMP (decimals, 0, 12));
  g_ascii_formatd (text, sizeof text, format, value);
  dyno_json_writer_number (self, g_ascii_strtod (text, NULL));
}

void
dyno_json_writer_integer (DynoJsonWriter *self,
                          gint64          value)
{
  char text[24];
  char *at = text + sizeof text;
  guint64 left = value < 0 ? -(guint64) value : (guint64) value;

  do
    {
      *--at = (char) ('0' + left % 10);
      left /= 10;
    }
  while (left > 0);
  if (value < 0)
    *--at = '-';

  separate (self);
  g_string_append_len (self->text, at, text + sizeof text - at);
}

void
dyno_json_writer_boolean (DynoJsonWriter *self,
                          gboolean        value)
{
  dyno_json_writer_raw (self, value ? "true" : "false");
}

void
dyno_json_writer_string (DynoJsonWriter *self,
                         const char     *value)
{
  if (value == NULL)
    {
      dyno_json_writer_null (self);
      return;
    }

  separate (self);
  append_string (self->text, value);
}

void
dyno_json_writer_null (DynoJsonWriter *self)
{
  dyno_json_writer_raw (self, "null");
}

void
dyno_json_writer_raw (DynoJsonWriter *self,
                      const char     *json)
{
  separate (self);
  g_string_append (self->text, json);
}

static void
write_array (DynoJsonWriter *self,
             const DynoJson *value)
{
  dyno_json_writer_begin_array (self);
  for (guint i = 0; i < dyno_json_n_elements (value); i++)
    dyno_json_writer_value (self, dyno_json_element (value, i));
  dyno_json_writer_end_array (self);
}

static void
write_object (DynoJsonWriter *self,
              const DynoJson *value)
{
  g_autoptr(GPtrArray) names = dyno_json_names (value);

  dyno_json_writer_begin_object (self);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      dyno_json_writer_name (self, name);
      dyno_json_writer_value (self, dyno_json_member (value, name));
    }
  dyno_json_writer_end_object (self);
}

void
dyno_json_writer_value (DynoJsonWriter *self,
                        const DynoJson *value)
{
  switch (dyno_json_type (value))
    {
    case DYNO_JSON_BOOLEAN:
      dyno_json_writer_boolean (self, dyno_json_boolean (value, FALSE));
      break;
    case DYNO_JSON_NUMBER:
      dyno_json_writer_number (self, dyno_json_number (value, NAN));
      break;
    case DYNO_JSON_STRING:
      dyno_json_writer_string (self, dyno_json_string (value));
      break;
    case DYNO_JSON_ARRAY:
      write_array (self, value);
      break;
    case DYNO_JSON_OBJECT:
      write_object (self, value);
      break;
    case DYNO_JSON_NULL:
    default:
      dyno_json_writer_null (self);
    }
}

void
dyno_json_writer_add_number (DynoJsonWriter *self,
                             const char     *name,
                             double          value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_number (self, value);
}

void
dyno_json_writer_add_rounded (DynoJsonWriter *self,
                              const char     *name,
                              double          value,
                              int             decimals)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_rounded (self, value, decimals);
}

void
dyno_json_writer_add_integer (DynoJsonWriter *self,
                              const char     *name,
                              gint64          value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_integer (self, value);
}

void
dyno_json_writer_add_boolean (DynoJsonWriter *self,
                              const char     *name,
                              gboolean        value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_boolean (self, value);
}

void
dyno_json_writer_add_string (DynoJsonWriter *self,
                             const char     *name,
                             const char     *value)
{
  dyno_json_writer_name (self, name);
  dyno_json_writer_string (self, value);
}
