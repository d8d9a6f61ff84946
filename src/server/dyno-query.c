/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-query.h"

#include <string.h>

#include "dyno-path.h"

#define MAX_NAMES 32

typedef struct
{
  const DynoField *fields; /* (nullable) */
  const DynoField *more;   /* (nullable) */
  GHashTable      *values; /* name to text */
  DynoFlaws       *flaws;
} Parse;

static const DynoField *
find_field (const Parse *parse,
            const char  *name)
{
  const DynoField *field = dyno_fields_find (parse->fields, name);

  return field != NULL ? field : dyno_fields_find (parse->more, name);
}

/* Decoded and in NFC; NULL where it is no text. */
static char *
read_text (const char *text,
           gsize       length)
{
  g_autofree char *decoded = dyno_path_decode (text, length, TRUE);

  return decoded != NULL ? g_utf8_normalize (decoded, -1, G_NORMALIZE_NFC) : NULL;
}

static void
take_value (const Parse *parse,
            const char  *name,
            const char  *text)
{
  const DynoField *field = find_field (parse, name);
  g_autofree char *pointer = g_strconcat ("?", name, NULL);

  if (field == NULL)
    dyno_flaws_add (parse->flaws, pointer, "unknown", "There is no such name here.");
  else if (g_hash_table_contains (parse->values, name))
    dyno_flaws_add (parse->flaws, pointer, "twice", "“%s” is there twice.", name);
  else
    {
      dyno_type_check_text (&field->type, text, pointer, parse->flaws);
      g_hash_table_insert (parse->values, g_strdup (name), g_strdup (text));
    }
}

static void
take_pair (const Parse *parse,
           const char  *pair,
           gsize        length)
{
  const char *equals = memchr (pair, '=', length);
  gsize name_length = equals != NULL ? (gsize) (equals - pair) : length;
  g_autofree char *name = read_text (pair, name_length);
  g_autofree char *text = equals != NULL ? read_text (equals + 1, length - name_length - 1)
                                         : g_strdup ("");

  if (name == NULL || text == NULL)
    dyno_flaws_add (parse->flaws, "?", "format", "The query is not well formed.");
  else
    take_value (parse, name, text);
}

static void
take_pairs (const Parse *parse,
            const char  *query)
{
  for (guint n = 1; *query != '\0'; n++)
    {
      gsize length = strcspn (query, "&");

      if (n > MAX_NAMES)
        {
          dyno_flaws_add (parse->flaws, "?", "length", "At most %d names are taken.", MAX_NAMES);
          return;
        }
      if (length > 0)
        take_pair (parse, query, length);
      query += length;
      query += *query == '&';
    }
}

static void
want_required (const Parse     *parse,
               const DynoField *fields)
{
  for (const DynoField *field = fields; field != NULL && field->name != NULL; field++)
    {
      g_autofree char *pointer = g_strconcat ("?", field->name, NULL);

      if (field->flags & DYNO_REQUIRED && !g_hash_table_contains (parse->values, field->name))
        dyno_flaws_add (parse->flaws, pointer, "required", "“%s” is missing.", field->name);
    }
}

GHashTable *
dyno_query_parse (const char      *query,
                  const DynoField *fields,
                  const DynoField *more,
                  DynoFlaws       *flaws)
{
  Parse parse = { fields, more, NULL, flaws };

  parse.values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (query != NULL)
    take_pairs (&parse, query);
  want_required (&parse, fields);

  return parse.values;
}

void
dyno_query_add_form (GHashTable      *values,
                     GHashTable      *form,
                     const DynoField *fields,
                     DynoFlaws       *flaws)
{
  Parse parse = { fields, NULL, values, flaws };
  GHashTableIter iter;
  gpointer name, text;

  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &text))
    {
      g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

      take_value (&parse, name, normal);
    }
}
