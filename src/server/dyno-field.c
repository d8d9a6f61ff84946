/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-field.h"

#include <math.h>
#include <string.h>

#include "dyno-clock.h"
#include "dyno-crypt.h"

/* Where a value stands and what is said of it. */
typedef struct
{
  const DynoType *type;
  DynoDirection   direction;
  const char     *pointer;
  DynoFlaws      *flaws;
} Judge;

const char *
dyno_kind_name (DynoKind kind)
{
  static const char *const names[DYNO_N_KINDS] = {
    [DYNO_KIND_NONE] = "nothing",     [DYNO_KIND_TEXT] = "text",
    [DYNO_KIND_NOTE] = "text",        [DYNO_KIND_SECRET] = "text",
    [DYNO_KIND_EMAIL] = "e-mail",     [DYNO_KIND_ID] = "id",
    [DYNO_KIND_WORD] = "word",        [DYNO_KIND_TIME] = "time",
    [DYNO_KIND_HASH] = "hash",        [DYNO_KIND_INTEGER] = "whole number",
    [DYNO_KIND_NUMBER] = "number",    [DYNO_KIND_BOOLEAN] = "true or false",
    [DYNO_KIND_ARRAY] = "list",       [DYNO_KIND_MAP] = "object",
    [DYNO_KIND_OBJECT] = "object",    [DYNO_KIND_ANY] = "value",
  };

  return names[kind];
}

const DynoField *
dyno_fields_find (const DynoField *fields,
                  const char      *name)
{
  for (const DynoField *field = fields; field != NULL && field->name != NULL; field++)
    {
      if (g_str_equal (field->name, name))
        return field;
    }

  return NULL;
}

static void
refuse (const Judge *judge,
        const char  *code,
        const char  *sentence)
{
  dyno_flaws_add (judge->flaws, judge->pointer, code, "%s", sentence);
}

/* No C0 and C1 but the tab, and in notes the newline; no DEL. */
static gboolean
has_plain_characters (const char *text,
                      gboolean    may_have_lines)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\t' || (may_have_lines && c == '\n'))
        continue;
      if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at > text && at[1] != '\0' && strchr (at + 1, '@') == NULL
         && strlen (text) <= 254 && strpbrk (text, " \t") == NULL;
}

static gboolean
is_hash (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
is_one_of (const char *words,
           const char *text)
{
  g_auto(GStrv) all = g_strsplit (words, "|", -1);

  return g_strv_contains ((const char *const *) all, text);
}

static void
judge_length (const Judge *judge,
              const char  *text)
{
  double length = g_utf8_strlen (text, -1);

  if (length < judge->type->min || length > judge->type->max)
    dyno_flaws_add (judge->flaws, judge->pointer, "length",
                    "A text of %.0f to %.0f characters is wanted.", judge->type->min,
                    judge->type->max);
}

static void
judge_free_text (const Judge *judge,
                 const char  *text)
{
  gboolean may_have_lines = judge->type->kind == DYNO_KIND_NOTE;

  if (judge->direction == DYNO_COMING_IN && !has_plain_characters (text, may_have_lines))
    refuse (judge, "characters", "Control characters may not stand in this text.");
  judge_length (judge, text);
}

static void
judge_text (const Judge *judge,
            const char  *text)
{
  gint64 unused;

  switch ((int) judge->type->kind)
    {
    case DYNO_KIND_EMAIL:
      judge_free_text (judge, text);
      if (!is_email (text))
        refuse (judge, "format", "An e-mail address with one @ is wanted.");
      break;
    case DYNO_KIND_ID:
      if (!dyno_crypt_is_id (text, judge->type->words))
        dyno_flaws_add (judge->flaws, judge->pointer, "format",
                        "An id is wanted: %s_ and 20 letters or digits.", judge->type->words);
      break;
    case DYNO_KIND_WORD:
      if (!is_one_of (judge->type->words, text))
        dyno_flaws_add (judge->flaws, judge->pointer, "choice", "One of these is wanted: %s.",
                        judge->type->words);
      break;
    case DYNO_KIND_TIME:
      if (!dyno_clock_parse_utc (text, &unused))
        refuse (judge, "format", "A time is wanted, such as 2026-03-14T09:26:53.000Z.");
      break;
    case DYNO_KIND_HASH:
      if (!is_hash (text))
        refuse (judge, "format", "64 hexadecimal digits in small letters are wanted.");
      break;
    default:
      judge_free_text (judge, text);
    }
}

static void
judge_number (const Judge *judge,
              double       value)
{
  if (judge->type->kind == DYNO_KIND_INTEGER && value != floor (value))
    refuse (judge, "type", "A whole number is wanted.");
  else if (!(value >= judge->type->min && value <= judge->type->max))
    dyno_flaws_add (judge->flaws, judge->pointer, "range", "A number from %g to %g is wanted.",
                    judge->type->min, judge->type->max);
}

static void
judge_element (const Judge    *judge,
               const DynoJson *value,
               const char     *name)
{
  g_autofree char *pointer = dyno_flaws_below (judge->pointer, name);

  dyno_type_check (judge->type->element, judge->direction, value, pointer, judge->flaws);
}

static gboolean
judge_count (const Judge *judge,
             guint        n)
{
  if (n >= judge->type->min && n <= judge->type->max)
    return TRUE;

  dyno_flaws_add (judge->flaws, judge->pointer, "length", "%.0f to %.0f elements are wanted.",
                  judge->type->min, judge->type->max);

  return FALSE;
}

static void
judge_array (const Judge    *judge,
             const DynoJson *array)
{
  guint n = dyno_json_n_elements (array);

  if (!judge_count (judge, n))
    return;

  for (guint i = 0; i < n; i++)
    {
      char name[12];

      g_snprintf (name, sizeof name, "%u", i);
      judge_element (judge, dyno_json_element (array, i), name);
    }
}

static void
judge_map (const Judge    *judge,
           const DynoJson *object)
{
  g_autoptr(GPtrArray) names = dyno_json_names (object);

  if (!judge_count (judge, names->len))
    return;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      judge_element (judge, dyno_json_member (object, name), name);
    }
}

/* The JSON type that a kind is written as. */
static DynoJsonType
json_type_of (DynoKind kind)
{
  switch ((int) kind)
    {
    case DYNO_KIND_INTEGER:
    case DYNO_KIND_NUMBER:
      return DYNO_JSON_NUMBER;
    case DYNO_KIND_BOOLEAN:
      return DYNO_JSON_BOOLEAN;
    case DYNO_KIND_ARRAY:
      return DYNO_JSON_ARRAY;
    case DYNO_KIND_MAP:
    case DYNO_KIND_OBJECT:
      return DYNO_JSON_OBJECT;
    default:
      return DYNO_JSON_STRING;
    }
}

static void
judge_value (const Judge    *judge,
             const DynoJson *value)
{
  switch ((int) judge->type->kind)
    {
    case DYNO_KIND_INTEGER:
    case DYNO_KIND_NUMBER:
      judge_number (judge, dyno_json_number (value, NAN));
      break;
    case DYNO_KIND_BOOLEAN:
      break;
    case DYNO_KIND_ARRAY:
      judge_array (judge, value);
      break;
    case DYNO_KIND_MAP:
      judge_map (judge, value);
      break;
    case DYNO_KIND_OBJECT:
      dyno_fields_check (judge->type->schema->fields, judge->direction, value, judge->pointer,
                         judge->flaws);
      break;
    default:
      judge_text (judge, dyno_json_string (value));
    }
}

void
dyno_type_check (const DynoType *type,
                 DynoDirection   direction,
                 const DynoJson *value,
                 const char     *pointer,
                 DynoFlaws      *flaws)
{
  Judge judge = { type, direction, pointer, flaws };

  if (type->kind == DYNO_KIND_ANY)
    return;

  if (dyno_json_type (value) == json_type_of (type->kind))
    judge_value (&judge, value);
  else
    dyno_flaws_add (flaws, pointer, "type", "A %s is wanted.", dyno_kind_name (type->kind));
}

static void
check_value (const DynoField *field,
             DynoDirection    direction,
             const DynoJson  *value,
             const char      *pointer,
             DynoFlaws       *flaws)
{
  if (dyno_json_type (value) != DYNO_JSON_NULL || !(field->flags & DYNO_NULLABLE))
    dyno_type_check (&field->type, direction, value, pointer, flaws);
}

static void
check_member (const DynoField *field,
              DynoDirection    direction,
              const DynoJson  *value,
              const char      *parent,
              DynoFlaws       *flaws)
{
  g_autofree char *pointer = dyno_flaws_below (parent, field->name);
  gboolean is_wanted = direction == DYNO_COMING_IN ? (field->flags & DYNO_REQUIRED) != 0
                                                   : (field->flags & DYNO_OPTIONAL) == 0;

  if (value == NULL && is_wanted)
    dyno_flaws_add (flaws, pointer, "required", "“%s” is missing.", field->name);
  if (value != NULL)
    check_value (field, direction, value, pointer, flaws);
}

/* Members without a row of their own. */
static void
check_others (const DynoField *fields,
              DynoDirection    direction,
              const DynoJson  *object,
              const char      *parent,
              DynoFlaws       *flaws)
{
  g_autoptr(GPtrArray) names = dyno_json_names (object);
  const DynoField *any = dyno_fields_find (fields, DYNO_ANY_NAME);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *pointer = dyno_flaws_below (parent, name);

      if (dyno_fields_find (fields, name) != NULL && !g_str_equal (name, DYNO_ANY_NAME))
        continue;
      if (any != NULL)
        check_value (any, direction, dyno_json_member (object, name), pointer, flaws);
      else
        dyno_flaws_add (flaws, pointer, "unknown", "There is no such field here.");
    }
}

void
dyno_fields_check (const DynoField *fields,
                   DynoDirection    direction,
                   const DynoJson  *object,
                   const char      *pointer,
                   DynoFlaws       *flaws)
{
  if (dyno_json_type (object) != DYNO_JSON_OBJECT)
    {
      dyno_flaws_add (flaws, pointer, "type", "A JSON object is wanted.");
      return;
    }

  for (const DynoField *field = fields; field->name != NULL; field++)
    {
      if (!g_str_equal (field->name, DYNO_ANY_NAME))
        check_member (field, direction, dyno_json_member (object, field->name), pointer, flaws);
    }
  check_others (fields, direction, object, pointer, flaws);
}

static gboolean
is_plain_number (const char *text,
                 double     *value)
{
  char *end = NULL;

  if (text[0] == '\0' || strspn (text, "+-.0123456789eE") != strlen (text))
    return FALSE;

  *value = g_ascii_strtod (text, &end);

  return *end == '\0' && isfinite (*value);
}

gboolean
dyno_field_read_boolean (const char *text)
{
  return g_str_equal (text, "true");
}

static void
judge_text_list (const Judge *judge,
                 const char  *text)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  if (!judge_count (judge, g_strv_length (parts)))
    return;
  for (guint i = 0; parts[i] != NULL; i++)
    dyno_type_check_text (judge->type->element, parts[i], judge->pointer, judge->flaws);
}

void
dyno_type_check_text (const DynoType *type,
                      const char     *text,
                      const char     *pointer,
                      DynoFlaws      *flaws)
{
  Judge judge = { type, DYNO_COMING_IN, pointer, flaws };
  double value;

  switch ((int) type->kind)
    {
    case DYNO_KIND_INTEGER:
    case DYNO_KIND_NUMBER:
      if (is_plain_number (text, &value))
        judge_number (&judge, value);
      else
        dyno_flaws_add (flaws, pointer, "type", "A %s is wanted.", dyno_kind_name (type->kind));
      break;
    case DYNO_KIND_BOOLEAN:
      if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
        refuse (&judge, "type", "true or false is wanted.");
      break;
    case DYNO_KIND_ARRAY:
      judge_text_list (&judge, text);
      break;
    default:
      judge_text (&judge, text);
    }
}
