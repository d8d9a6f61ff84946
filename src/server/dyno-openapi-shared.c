/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-openapi-private.h"

#include "dyno-problem.h"

/* What all operations share: the error body, the answers that every one may give, the
 * headers that every one may take, and the credentials. */

static const DynoField flaw_fields[] = {
  { "pointer", DYNO_ANY_TEXT, 0, "The field as a JSON pointer, or ?name of the query" },
  { "code", DYNO_ANY_TEXT, 0, "What is wrong with it, in a word" },
  { "message", DYNO_ANY_TEXT, 0, "What is wrong with it" },
  { NULL }
};

static const DynoSchema flaw_schema = { "ProblemField", "One wrong field of a request",
                                        flaw_fields };

static const DynoField details_fields[] = {
  { "reason", DYNO_ANY_TEXT, DYNO_OPTIONAL, "A finer word for programs" },
  { "required", DYNO_LIST (DYNO_ANY_TEXT), DYNO_OPTIONAL, "Permissions that are missing" },
  { "fields", DYNO_ARRAY (20, DYNO_OBJECT (&flaw_schema)), DYNO_OPTIONAL, "The wrong fields" },
  { NULL }
};

static const DynoSchema details_schema = { "ProblemDetails", "What a program may want to know",
                                           details_fields };

static const DynoField error_fields[] = {
  { "code", DYNO_ANY_TEXT, 0, "The word of the error" },
  { "message", DYNO_ANY_TEXT, 0, "A sentence for a person that says what to do" },
  { "correlation_id", DYNO_ANY_TEXT, 0, "By which the log finds this request" },
  { "timestamp", DYNO_TIME, 0, "When it was" },
  { "details", DYNO_OBJECT (&details_schema), 0, "More about it" },
  { NULL }
};

static const DynoSchema error_schema = { "ProblemError", "The error as programs read it",
                                         error_fields };

static const DynoField problem_fields[] = {
  { "type", DYNO_ANY_TEXT, 0, "urn:dynoai:problem: and the code" },
  { "title", DYNO_ANY_TEXT, 0, "The kind of the problem" },
  { "status", DYNO_INTEGER (400, 599), 0, "The status of the response" },
  { "detail", DYNO_ANY_TEXT, 0, "What happened this time" },
  { "instance", DYNO_ANY_TEXT, DYNO_OPTIONAL, "The path of the request" },
  { "retry_after", DYNO_INTEGER (1, 86400), DYNO_OPTIONAL, "Seconds until a try makes sense" },
  { "violated-policies", DYNO_LIST (DYNO_ANY_TEXT), DYNO_OPTIONAL, "Limits that were passed" },
  { "error", DYNO_OBJECT (&error_schema), 0, "The error as programs read it" },
  { NULL }
};

const DynoSchema dyno_problem_schema = { "Problem", "An error (RFC 9457)", problem_fields };

/* Optional headers of requests: components.parameters. */
static const struct
{
  const char *component;
  const char *header;
  gboolean    is_required;
  const char *pattern; /* (nullable) */
  const char *meaning;
} headers[] = {
  { "CorrelationId", "X-Correlation-ID", FALSE, "^[A-Za-z0-9._-]{1,64}$",
    "An id of your own for this request; it comes back in the response and stands in the log" },
  { "RequestTimeout", "X-Request-Timeout-Ms", FALSE, "^[0-9]{1,5}$",
    "When you stop waiting, 1 to 30000 ms; shortens the service's own deadline" },
  { "IfNoneMatch", "If-None-Match", FALSE, NULL,
    "The ETag that you have; unchanged is answered 304 without a body" },
  { "IfMatch", "If-Match", TRUE, NULL,
    "The ETag of what you read, so that nothing is overwritten that you have not seen" },
  { "IdempotencyKey", "Idempotency-Key", FALSE, "^(\"[!-~]{1,253}\"|[!-~]{1,255})$",
    "New for each change; sent again, the change still happens once and the answer is the same" },
  { "IdempotencyKeyRequired", "Idempotency-Key", TRUE, "^(\"[!-~]{1,253}\"|[!-~]{1,255})$",
    "New for each change; sent again, the change still happens once and the answer is the same" },
};

static void
write_parameter (DynoJsonWriter *w,
                 guint           i)
{
  dyno_json_writer_name (w, headers[i].component);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "name", headers[i].header);
  dyno_json_writer_add_string (w, "in", "header");
  dyno_json_writer_add_boolean (w, "required", headers[i].is_required);
  dyno_json_writer_add_string (w, "description", headers[i].meaning);
  dyno_json_writer_name (w, "schema");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", "string");
  if (headers[i].pattern != NULL)
    dyno_json_writer_add_string (w, "pattern", headers[i].pattern);
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
}

static void
write_content (DynoJsonWriter *w,
               const char     *media)
{
  dyno_json_writer_name (w, media);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "schema");
  dyno_schema_write_ref (w, DYNO_GOING_OUT, &dyno_problem_schema);
  dyno_json_writer_end_object (w);
}

static void
write_error (DynoJsonWriter *w,
             const char     *name,
             const char     *words)
{
  dyno_json_writer_name (w, name);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "description", words);
  dyno_json_writer_name (w, "content");
  dyno_json_writer_begin_object (w);
  write_content (w, "application/problem+json");
  write_content (w, "application/json");
  dyno_json_writer_end_object (w);
  dyno_json_writer_end_object (w);
}

/* The words of a status between commas, gathered from the one table. */
typedef struct
{
  DynoJsonWriter *w;
  GHashTable     *used;
  GString        *words;
  guint           status;
} Gather;

static void
flush (Gather *gather)
{
  g_autofree char *name = g_strdup_printf ("Error%u", gather->status);

  if (g_hash_table_contains (gather->used, name))
    write_error (gather->w, name, gather->words->str);
  g_string_truncate (gather->words, 0);
}

static void
gather_code (const DynoProblemCode *code,
             gpointer        data)
{
  Gather *gather = data;

  if (code->status != gather->status)
    flush (gather);
  gather->status = code->status;
  g_string_append_printf (gather->words, "%s`%s`", gather->words->len > 0 ? ", " : "", code->word);
}

static void
write_responses (DynoJsonWriter *w,
                 GHashTable     *used)
{
  g_autoptr(GString) words = g_string_new (NULL);
  Gather gather = { w, used, words, 0 };

  dyno_json_writer_name (w, "responses");
  dyno_json_writer_begin_object (w);
  dyno_codes_foreach (gather_code, &gather);
  flush (&gather);
  dyno_json_writer_end_object (w);
}

static void
write_schemes (DynoJsonWriter *w)
{
  dyno_json_writer_name (w, "securitySchemes");
  dyno_json_writer_raw (w,
    "{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\","
    "\"description\":\"The access token of POST /api/v1/auth/login\"},"
    "\"key\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-API-Key\","
    "\"description\":\"A key made in the window or by POST /api/v1/keys\"}}");
}

void
dyno_openapi_write_shared (DynoJsonWriter *w,
                           GHashTable     *used)
{
  dyno_json_writer_name (w, "parameters");
  dyno_json_writer_begin_object (w);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      if (g_hash_table_contains (used, headers[i].component))
        write_parameter (w, i);
    }
  dyno_json_writer_end_object (w);
  write_responses (w, used);
  write_schemes (w);
}
