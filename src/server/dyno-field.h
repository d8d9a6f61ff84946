/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-flaws.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* What a value on the wire may be: of a path, a query, a body that comes in and a
 * reply that goes out. One table of fields drives the check of a request, the check
 * of replies in tests and the OpenAPI document. All of it is static and const.
 *
 *   static const DynoField vehicle_body[] = {
 *     { "label", DYNO_TEXT (1, 100), DYNO_REQUIRED, "What the shop calls it" },
 *     { "year", DYNO_INTEGER (1885, 2100), 0, "Model year" },
 *     { "fuel", DYNO_WORD ("petrol|e85"), 0, "What it burns", "petrol" },
 *     { "aliases", DYNO_ARRAY (20, DYNO_TEXT (1, 100)), 0, "Other names of it" },
 *     { "engine", DYNO_OBJECT (&engine_schema), DYNO_NULLABLE, "What drives it" },
 *     { NULL }
 *   };
 *
 * Texts must be UTF-8 without control characters; they are counted in code points
 * and reach a handler in Unicode form NFC. Any thread. */

typedef struct _DynoField  DynoField;
typedef struct _DynoSchema DynoSchema;
typedef struct _DynoType   DynoType;

typedef enum
{
  DYNO_KIND_NONE,    /* no type: a mistake in a table */
  DYNO_KIND_TEXT,    /* one line; a tab may stand in it */
  DYNO_KIND_NOTE,    /* lines */
  DYNO_KIND_SECRET,  /* a password, a code, a token: never logged, never in an example */
  DYNO_KIND_EMAIL,   /* one @, at most 254 bytes */
  DYNO_KIND_ID,      /* `words` is the prefix: run_ and 20 of base62 */
  DYNO_KIND_WORD,    /* one of `words`, between bars */
  DYNO_KIND_TIME,    /* RFC 3339 */
  DYNO_KIND_HASH,    /* SHA-256 in 64 small hexadecimal digits */
  DYNO_KIND_INTEGER,
  DYNO_KIND_NUMBER,
  DYNO_KIND_BOOLEAN,
  DYNO_KIND_ARRAY,   /* of `element`; between commas in a query */
  DYNO_KIND_MAP,     /* any names, each with an `element` */
  DYNO_KIND_OBJECT,  /* of `schema` */
  DYNO_KIND_ANY,     /* any JSON: the operation behind judges it */
  DYNO_N_KINDS
} DynoKind;

struct _DynoType
{
  DynoKind          kind;
  double            min;     /* of a number; of a text in code points; of an array in elements */
  double            max;
  const char       *words;   /* see DYNO_KIND_ID and DYNO_KIND_WORD */
  const DynoType   *element;
  const DynoSchema *schema;
};

/* The name of a row that stands for all members which have no row of their own. */
#define DYNO_ANY_NAME "*"

/* Short names for the tables. DYNO_ARRAY and DYNO_MAP take the type of an element,
 * which may be an array again. */
#define DYNO_TEXT(min, max)    { DYNO_KIND_TEXT, (min), (max) }
#define DYNO_NOTE(min, max)    { DYNO_KIND_NOTE, (min), (max) }
#define DYNO_SECRET(min, max)  { DYNO_KIND_SECRET, (min), (max) }
#define DYNO_EMAIL             { DYNO_KIND_EMAIL, 3, 254 }
#define DYNO_ID(prefix)        { DYNO_KIND_ID, 0, 0, (prefix) }
#define DYNO_WORD(words)       { DYNO_KIND_WORD, 0, 0, (words) }
#define DYNO_TIME              { DYNO_KIND_TIME }
#define DYNO_HASH              { DYNO_KIND_HASH }
#define DYNO_INTEGER(min, max) { DYNO_KIND_INTEGER, (min), (max) }
#define DYNO_NUMBER(min, max)  { DYNO_KIND_NUMBER, (min), (max) }
#define DYNO_BOOLEAN           { DYNO_KIND_BOOLEAN }
#define DYNO_ARRAY(max, ...)   { DYNO_KIND_ARRAY, 0, (max), NULL, &(const DynoType) __VA_ARGS__ }
#define DYNO_ARRAY_OF(min, max, ...) \
  { DYNO_KIND_ARRAY, (min), (max), NULL, &(const DynoType) __VA_ARGS__ }
#define DYNO_MAP(max, ...)     { DYNO_KIND_MAP, 0, (max), NULL, &(const DynoType) __VA_ARGS__ }
#define DYNO_OBJECT(schema)    { DYNO_KIND_OBJECT, 0, 0, NULL, NULL, (schema) }
#define DYNO_ANY               { DYNO_KIND_ANY }

/* Texts of people, as long as the contract has them. */
#define DYNO_NAME              DYNO_TEXT (1, 100)
#define DYNO_TITLE             DYNO_TEXT (0, 200)
#define DYNO_NOTES             DYNO_NOTE (0, 10000)
#define DYNO_MESSAGE           DYNO_NOTE (1, 5000)
#define DYNO_TAGS              DYNO_ARRAY (40, DYNO_TEXT (1, 32))

/* For replies, whose bounds nobody need repeat. */
#define DYNO_ANY_TEXT          DYNO_NOTE (0, 1e6)
#define DYNO_ANY_INTEGER       DYNO_INTEGER (-9007199254740992.0, 9007199254740992.0)
#define DYNO_COUNT             DYNO_INTEGER (0, 9007199254740992.0)
#define DYNO_ANY_NUMBER        DYNO_NUMBER (-1e308, 1e308)
#define DYNO_LIST(...)         DYNO_ARRAY (1e6, __VA_ARGS__)

typedef enum
{
  DYNO_REQUIRED = 1 << 0, /* coming in: must be there. Going out every field must be, */
  DYNO_OPTIONAL = 1 << 1, /* but these */
  DYNO_NULLABLE = 1 << 2, /* null is a value of it, too */
} DynoFieldFlags;

struct _DynoField
{
  const char     *name;      /* NULL ends a table */
  DynoType        type;
  DynoFieldFlags  flags;
  const char     *meaning;   /* a sentence without its dot, for the documentation */
  const char     *otherwise; /* (nullable) what holds when it is absent, as a query says it */
};

/* An object with a name of its own in the OpenAPI document ("Run", "RunPage"): the
 * name stands for one shape in the whole program. */
struct _DynoSchema
{
  const char      *name;
  const char      *meaning;
  const DynoField *fields;
};

typedef enum
{
  DYNO_COMING_IN, /* absent unless required, unknown members refused, text rules */
  DYNO_GOING_OUT, /* all must be there unless optional; unknown members refused */
} DynoDirection;

/* NULL where the table (nullable) has no such field. */
const DynoField *dyno_fields_find      (const DynoField *fields,
                                        const char      *name);

/* Judges a JSON object; what is wrong is added to `flaws` with its JSON pointer
 * below `pointer` ("" at the top). */
void             dyno_fields_check     (const DynoField *fields,
                                        DynoDirection    direction,
                                        const DynoJson  *object,
                                        const char      *pointer,
                                        DynoFlaws       *flaws);

/* The same for one value of a type. */
void             dyno_type_check       (const DynoType  *type,
                                        DynoDirection    direction,
                                        const DynoJson  *value,
                                        const char      *pointer,
                                        DynoFlaws       *flaws);

/* The same for a value that came as text, decoded, in a path or a query. */
void             dyno_type_check_text  (const DynoType  *type,
                                        const char      *text,
                                        const char      *pointer,
                                        DynoFlaws       *flaws);

/* What the text of a path or a query means; only after the check said yes. */
gboolean         dyno_field_read_boolean (const char    *text);

/* "text", "integer", …: what a person calls a value of that kind. */
const char      *dyno_kind_name        (DynoKind         kind);

G_END_DECLS
