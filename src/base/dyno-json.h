/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* JSON as RFC 8259 means it. Text is judged by a strict scanner of our own
 * before json-glib sees it (json-glib 1.6 alone crashes on deep nesting, takes
 * doubled members, 'a', 01, 1e999 and reads 20 digits as −1).
 *
 * Refused with DYNO_ERROR_INVALID, reason "json", line and column named: no
 * UTF-8, a byte order mark, anything after the value, depth > 32, > 50,000
 * values, strings > 64 KiB, a doubled member, a number that is not finite, an
 * integer beyond ±2^53, a lone surrogate, empty text.
 *
 * A DynoJson is a whole document: free it with dyno_json_free (). What the
 * readers below answer lives as long as the document. Immutable, any thread. */

typedef struct _JsonNode DynoJson;

typedef enum
{
  DYNO_JSON_NULL,
  DYNO_JSON_BOOLEAN,
  DYNO_JSON_NUMBER,
  DYNO_JSON_STRING,
  DYNO_JSON_ARRAY,
  DYNO_JSON_OBJECT,
} DynoJsonType;

typedef struct
{
  guint max_depth;
  guint max_values;
  gsize max_string; /* bytes */
} DynoJsonLimits;

/* For text that comes from outside. */
extern const DynoJsonLimits dyno_json_limits_outside;
/* For files that we wrote ourselves and whose hash was checked. */
extern const DynoJsonLimits dyno_json_limits_own;

DynoJson       *dyno_json_parse          (const char            *text,
                                          gssize                 length,
                                          GError               **error);
DynoJson       *dyno_json_parse_limited  (const char            *text,
                                          gssize                 length,
                                          const DynoJsonLimits  *limits,
                                          GError               **error);
void            dyno_json_free           (DynoJson              *self);

/* Readers. `self` may be NULL everywhere: then the answer is "not there". */
DynoJsonType    dyno_json_type           (const DynoJson        *self);
const DynoJson *dyno_json_member         (const DynoJson        *self,
                                          const char            *name);
const DynoJson *dyno_json_element        (const DynoJson        *self,
                                          guint                  index);
guint           dyno_json_n_elements     (const DynoJson        *self); /* array or object */
/* Names of an object's members in the order of the text. (transfer container) */
GPtrArray      *dyno_json_names          (const DynoJson        *self);

/* The value itself; the default when it is absent or of another type. */
double          dyno_json_number         (const DynoJson        *self,
                                          double                 otherwise);
gint64          dyno_json_integer        (const DynoJson        *self,
                                          gint64                 otherwise);
gboolean        dyno_json_boolean        (const DynoJson        *self,
                                          gboolean               otherwise);
const char     *dyno_json_string         (const DynoJson        *self); /* (nullable) */

/* The same for a member by name. */
double          dyno_json_get_number     (const DynoJson        *self,
                                          const char            *name,
                                          double                 otherwise);
gint64          dyno_json_get_integer    (const DynoJson        *self,
                                          const char            *name,
                                          gint64                 otherwise);
gboolean        dyno_json_get_boolean    (const DynoJson        *self,
                                          const char            *name,
                                          gboolean               otherwise);
const char     *dyno_json_get_string     (const DynoJson        *self,
                                          const char            *name); /* (nullable) */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJson, dyno_json_free)

/* "1.6.6": of json-glib, as the program was built. */
const char     *dyno_json_library_version (void);

/* Writer: members in the order of the calls, numbers as the shortest text that
 * reads back to the same double, NaN and infinities as null. Within an object
 * each value is preceded by its name.
 *
 *   DynoJsonWriter *w = dyno_json_writer_new (FALSE);
 *   dyno_json_writer_begin_object (w);
 *   dyno_json_writer_name (w, "peak_power_kw");
 *   dyno_json_writer_number (w, 78.5);
 *   dyno_json_writer_end_object (w);
 *   text = dyno_json_writer_finish (w);
 */

typedef struct _DynoJsonWriter DynoJsonWriter;

DynoJsonWriter *dyno_json_writer_new          (gboolean        pretty); /* two blanks a level */
void            dyno_json_writer_free         (DynoJsonWriter *self);
char           *dyno_json_writer_finish       (DynoJsonWriter *self);   /* frees the writer */

void            dyno_json_writer_begin_object (DynoJsonWriter *self);
void            dyno_json_writer_end_object   (DynoJsonWriter *self);
void            dyno_json_writer_begin_array  (DynoJsonWriter *self);
void            dyno_json_writer_end_array    (DynoJsonWriter *self);
void            dyno_json_writer_name         (DynoJsonWriter *self,
                                               const char     *name);
void            dyno_json_writer_number       (DynoJsonWriter *self,
                                               double          value);
/* Rounded half to even to at most `decimals` places; trailing zeros are cut. */
void            dyno_json_writer_rounded      (DynoJsonWriter *self,
                                               double          value,
                                               int             decimals);
void            dyno_json_writer_integer      (DynoJsonWriter *self,
                                               gint64          value);
void            dyno_json_writer_boolean      (DynoJsonWriter *self,
                                               gboolean        value);
/* NULL is written as null; invalid UTF-8 becomes U+FFFD. */
void            dyno_json_writer_string       (DynoJsonWriter *self,
                                               const char     *value);
void            dyno_json_writer_null         (DynoJsonWriter *self);
/* A finished JSON text, put in as it stands. */
void            dyno_json_writer_raw          (DynoJsonWriter *self,
                                               const char     *json);
/* A parsed value, members in their order. */
void            dyno_json_writer_value        (DynoJsonWriter *self,
                                               const DynoJson *value);

/* Name and value in one call. */
void            dyno_json_writer_add_number   (DynoJsonWriter *self,
                                               const char     *name,
                                               double          value);
void            dyno_json_writer_add_rounded  (DynoJsonWriter *self,
                                               const char     *name,
                                               double          value,
                                               int             decimals);
void            dyno_json_writer_add_integer  (DynoJsonWriter *self,
                                               const char     *name,
                                               gint64          value);
void            dyno_json_writer_add_boolean  (DynoJsonWriter *self,
                                               const char     *name,
                                               gboolean        value);
void            dyno_json_writer_add_string   (DynoJsonWriter *self,
                                               const char     *name,
                                               const char     *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJsonWriter, dyno_json_writer_free)

/* The shortest decimal text that reads back to the same double; "0" for −0.
 * `value` must be finite. */
void            dyno_json_format_number       (double          value,
                                               char            text[G_ASCII_DTOSTR_BUF_SIZE]);

G_END_DECLS
