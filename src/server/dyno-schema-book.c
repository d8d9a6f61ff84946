/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-schema-book.h"

#include <math.h>

/* Beyond these a bound of the tables says "none". */
#define MAX_NUMBER 9007199254740991.0
#define MAX_LENGTH 1e6

void
dyno_schema_book_init (DynoSchemaBook *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->schemas = g_hash_table_new (g_str_hash, g_str_equal);
}

void
dyno_schema_book_clear (DynoSchemaBook *self)
{
  g_clear_pointer (&self->schemas, g_hash_table_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
}

static char *
name_of (DynoDirection     direction,
         const DynoSchema *schema)
{
  return g_strconcat (schema->name, direction == DYNO_COMING_IN ? "Input" : "", NULL);
}

static void
scan_type (DynoSchemaBook *self,
           DynoDirection   direction,
           const DynoType *type)
{
  if (type->schema != NULL)
    dyno_schema_book_add (self, direction, type->schema);
  if (type->element != NULL)
    scan_type (self, direction, type->element);
}

void
dyno_schema_book_scan (DynoSchemaBook  *self,
                       DynoDirection    direction,
                       const DynoField *fields)
{
  for (const DynoField *field = fields; field != NULL && field->name != NULL; field++)
    scan_type (self, direction, &field->type);
}

void
dyno_schema_book_add (DynoSchemaBook   *self,
                      DynoDirection     direction,
                      const DynoSchema *schema)
{
  char *name = name_of (direction, schema);
  const DynoSchema *known = g_hash_table_lookup (self->schemas, name);

  if (known != NULL && known != schema)
    g_error ("Two schemas are called “%s”", name);
  if (known != NULL)
    {
      g_free (name);
      return;
    }

  g_ptr_array_add (self->names, name);
  g_hash_table_insert (self->schemas, name, (gpointer) schema);
  dyno_schema_book_scan (self, direction, schema->fields);
}

void
dyno_schema_book_write (DynoSchemaBook *self,
                        DynoJsonWriter *w)
{
  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      const DynoSchema *schema = g_hash_table_lookup (self->schemas, name);
      gboolean is_input = g_str_has_suffix (name, "Input");

      dyno_json_writer_name (w, name);
      dyno_schema_write_fields (w, is_input ? DYNO_COMING_IN : DYNO_GOING_OUT, schema->fields,
                                schema->meaning);
    }
}

void
dyno_schema_write_ref (DynoJsonWriter   *w,
                       DynoDirection     direction,
                       const DynoSchema *schema)
{
  g_autofree char *name = name_of (direction, schema);
  g_autofree char *ref = g_strconcat ("#/components/schemas/", name, NULL);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "$ref", ref);
  dyno_json_writer_end_object (w);
}

/* "type":"string", or with null beside. */
static void
write_type_name (DynoJsonWriter *w,
                 const char     *name,
                 gboolean        is_nullable)
{
  dyno_json_writer_name (w, "type");
  if (!is_nullable)
    {
      dyno_json_writer_string (w, name);
      return;
    }

  dyno_json_writer_begin_array (w);
  dyno_json_writer_string (w, name);
  dyno_json_writer_string (w, "null");
  dyno_json_writer_end_array (w);
}

static void
write_bound (DynoJsonWriter *w,
             const char     *name,
             double          value,
             double          none)
{
  if (fabs (value) < none)
    dyno_json_writer_add_number (w, name, value);
}

static void
write_words (DynoJsonWriter *w,
             const char     *words,
             gboolean        is_nullable)
{
  g_auto(GStrv) all = g_strsplit (words, "|", -1);

  dyno_json_writer_name (w, "enum");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; all[i] != NULL; i++)
    dyno_json_writer_string (w, all[i]);
  if (is_nullable)
    dyno_json_writer_null (w);
  dyno_json_writer_end_array (w);
}

static void
write_text (DynoJsonWriter *w,
            const DynoType *type,
            gboolean        is_nullable)
{
  g_autofree char *id = NULL;

  write_type_name (w, "string", is_nullable);
  switch ((int) type->kind)
    {
    case DYNO_KIND_WORD:
      write_words (w, type->words, is_nullable);
      break;
    case DYNO_KIND_ID:
      id = g_strdup_printf ("^%s_[0-9A-Za-z]{20}$", type->words);
      dyno_json_writer_add_string (w, "pattern", id);
      break;
    case DYNO_KIND_HASH:
      dyno_json_writer_add_string (w, "pattern", "^[0-9a-f]{64}$");
      break;
    case DYNO_KIND_TIME:
      dyno_json_writer_add_string (w, "format", "date-time");
      break;
    default:
      if (type->kind == DYNO_KIND_EMAIL || type->kind == DYNO_KIND_SECRET)
        dyno_json_writer_add_string (w, "format",
                                     type->kind == DYNO_KIND_EMAIL ? "email" : "password");
      if (type->min > 0)
        dyno_json_writer_add_number (w, "minLength", type->min);
      write_bound (w, "maxLength", type->max, MAX_LENGTH);
    }
}

static void write_type (DynoJsonWriter *w,
                        DynoDirection   direction,
                        const DynoType *type,
                        gboolean        is_nullable);

static void
write_element (DynoJsonWriter *w,
               const char     *name,
               DynoDirection   direction,
               const DynoType *element)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  write_type (w, direction, element, FALSE);
  dyno_json_writer_end_object (w);
}

static void
write_array (DynoJsonWriter *w,
             DynoDirection   direction,
             const DynoType *type,
             gboolean        is_nullable)
{
  write_type_name (w, "array", is_nullable);
  write_element (w, "items", direction, type->element);
  if (type->min > 0)
    dyno_json_writer_add_number (w, "minItems", type->min);
  write_bound (w, "maxItems", type->max, MAX_LENGTH);
}

/* A component cannot say "or null" itself: the two stand beside each other. */
static void
write_object (DynoJsonWriter *w,
              DynoDirection   direction,
              const DynoType *type,
              gboolean        is_nullable)
{
  g_autofree char *name = name_of (direction, type->schema);
  g_autofree char *ref = g_strconcat ("#/components/schemas/", name, NULL);

  if (!is_nullable)
    {
      dyno_json_writer_add_string (w, "$ref", ref);
      return;
    }

  dyno_json_writer_name (w, "anyOf");
  dyno_json_writer_begin_array (w);
  dyno_schema_write_ref (w, direction, type->schema);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", "null");
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_array (w);
}

/* Members of a schema object that is open already. */
static void
write_type (DynoJsonWriter *w,
            DynoDirection   direction,
            const DynoType *type,
            gboolean        is_nullable)
{
  switch ((int) type->kind)
    {
    case DYNO_KIND_INTEGER:
    case DYNO_KIND_NUMBER:
      write_type_name (w, type->kind == DYNO_KIND_INTEGER ? "integer" : "number", is_nullable);
      write_bound (w, "minimum", type->min, MAX_NUMBER);
      write_bound (w, "maximum", type->max, MAX_NUMBER);
      break;
    case DYNO_KIND_BOOLEAN:
      write_type_name (w, "boolean", is_nullable);
      break;
    case DYNO_KIND_ARRAY:
      write_array (w, direction, type, is_nullable);
      break;
    case DYNO_KIND_MAP:
      write_type_name (w, "object", is_nullable);
      write_element (w, "additionalProperties", direction, type->element);
      break;
    case DYNO_KIND_OBJECT:
      write_object (w, direction, type, is_nullable);
      break;
    case DYNO_KIND_ANY:
      break;
    default:
      write_text (w, type, is_nullable);
    }
}

static void
write_default (DynoJsonWriter  *w,
               const DynoField *field)
{
  DynoKind kind = field->type.kind;

  if (field->otherwise == NULL)
    return;

  dyno_json_writer_name (w, "default");
  if (kind == DYNO_KIND_INTEGER || kind == DYNO_KIND_NUMBER)
    dyno_json_writer_number (w, g_ascii_strtod (field->otherwise, NULL));
  else if (kind == DYNO_KIND_BOOLEAN)
    dyno_json_writer_boolean (w, dyno_field_read_boolean (field->otherwise));
  else if (kind == DYNO_KIND_ARRAY)
    {
      g_auto(GStrv) texts = g_strsplit (field->otherwise, ",", -1);

      dyno_json_writer_begin_array (w);
      for (guint i = 0; texts[i] != NULL; i++)
        dyno_json_writer_string (w, texts[i]);
      dyno_json_writer_end_array (w);
    }
  else
    dyno_json_writer_string (w, field->otherwise);
}

void
dyno_schema_write_field (DynoJsonWriter  *w,
                         DynoDirection    direction,
                         const DynoField *field)
{
  dyno_json_writer_begin_object (w);
  write_type (w, direction, &field->type, (field->flags & DYNO_NULLABLE) != 0);
  if (field->meaning != NULL)
    dyno_json_writer_add_string (w, "description", field->meaning);
  if (direction == DYNO_COMING_IN)
    write_default (w, field);
  dyno_json_writer_end_object (w);
}

static gboolean
is_required (DynoDirection    direction,
             const DynoField *field)
{
  if (g_str_equal (field->name, DYNO_ANY_NAME))
    return FALSE;

  return direction == DYNO_COMING_IN ? (field->flags & DYNO_REQUIRED) != 0
                                     : (field->flags & DYNO_OPTIONAL) == 0;
}

static void
write_required (DynoJsonWriter  *w,
                DynoDirection    direction,
                const DynoField *fields)
{
  gboolean is_first = TRUE;

  for (const DynoField *field = fields; field->name != NULL; field++)
    {
      if (!is_required (direction, field))
        continue;
      if (is_first)
        {
          dyno_json_writer_name (w, "required");
          dyno_json_writer_begin_array (w);
        }
      is_first = FALSE;
      dyno_json_writer_string (w, field->name);
    }
  if (!is_first)
    dyno_json_writer_end_array (w);
}

void
dyno_schema_write_fields (DynoJsonWriter  *w,
                          DynoDirection    direction,
                          const DynoField *fields,
                          const char      *meaning)
{
  const DynoField *any = dyno_fields_find (fields, DYNO_ANY_NAME);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", "object");
  if (meaning != NULL)
    dyno_json_writer_add_string (w, "description", meaning);
  dyno_json_writer_name (w, "properties");
  dyno_json_writer_begin_object (w);
  for (const DynoField *field = fields; field->name != NULL; field++)
    {
      if (g_str_equal (field->name, DYNO_ANY_NAME))
        continue;
      dyno_json_writer_name (w, field->name);
      dyno_schema_write_field (w, direction, field);
    }
  dyno_json_writer_end_object (w);
  write_required (w, direction, fields);
  if (any != NULL)
    {
      dyno_json_writer_name (w, "additionalProperties");
      dyno_schema_write_field (w, direction, any);
    }
  else if (direction == DYNO_COMING_IN)
    dyno_json_writer_add_boolean (w, "additionalProperties", FALSE);
  dyno_json_writer_end_object (w);
}
