/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-problem.h"

#include <string.h>

#include "dyno-clock.h"

/* By status; the first row of a status is its plain code. */
static const DynoProblemCode codes[] = {
  { "BAD_REQUEST", 400, "Bad request", "The request is not well formed." },
  { "VALIDATION_ERROR", 400, "Validation error", "Some fields of the request are wrong." },
  { "IDEMPOTENCY_KEY_REQUIRED", 400, "Idempotency key required",
    "Send a header Idempotency-Key, new for each change, so that it happens once." },
  { "AUTHENTICATION_ERROR", 401, "Authentication needed", "Log in or send a key." },
  { "TOKEN_EXPIRED", 401, "Token expired", "The access token has ended. Refresh it." },
  { "REFRESH_TOKEN_REUSED", 401, "Refresh token used twice",
    "This refresh token was used before. Log in again." },
  { "AUTHORIZATION_ERROR", 403, "Not allowed", "You may not do this." },
  { "INVALID_API_KEY", 403, "Key not valid", "This key is not valid." },
  { "REAUTH_REQUIRED", 403, "Password needed", "Enter your password again to do this." },
  { "ORIGIN_DENIED", 403, "Origin denied", "Pages of this origin may not do this." },
  { "REGISTRATION_CLOSED", 403, "Registration closed", "Ask an administrator for an account." },
  { "CONSOLE_ONLY", 403, "Only at the console", "This is done in the window of the program." },
  { "NOT_FOUND", 404, "Not found", "There is no such thing." },
  { "METHOD_NOT_ALLOWED", 405, "Method not allowed", "This cannot be done with that method." },
  { "NOT_ACCEPTABLE", 406, "Not acceptable", "None of the formats asked for can be sent." },
  { "REQUEST_TIMEOUT", 408, "Request timeout", "The request came too slowly. Send it again." },
  { "CONFLICT", 409, "Conflict", "It is not in the state that this needs." },
  { "IDEMPOTENCY_IN_PROGRESS", 409, "Still running", "The first request with this key runs." },
  { "NO_PROVIDER", 409, "No dyno",
    "No dyno was found on the network. Check the cable or start the simulator." },
  { "PREFLIGHT_REQUIRED", 409, "Preflight needed", "Run the preflight check first." },
  { "BUSY", 409, "Busy", "Something else is running. Wait for its end or stop it." },
  { "PREVIEW_CHANGED", 409, "Preview changed",
    "What would be written is no longer what was shown. Look at the preview again." },
  { "ALREADY_APPLIED", 409, "Already applied", "These corrections are in the table already." },
  { "INCOMPLETE_TABLE", 409, "Incomplete table", "The table has cells without a value." },
  { "PRECONDITION_FAILED", 412, "Changed in between",
    "It was changed since you read it. Read it again." },
  { "REQUEST_TOO_LARGE", 413, "Too large", "The request is larger than what is taken." },
  { "URI_TOO_LONG", 414, "Path too long", "The path and query are longer than 4096 bytes." },
  { "UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported media type",
    "The body has a format that is not taken here." },
  { "EXPECTATION_FAILED", 417, "Expectation failed", "Only 100-continue may be expected." },
  { "MISDIRECTED_REQUEST", 421, "Not this service",
    "This service does not answer under that name. Use its address, or list the name." },
  { "IDEMPOTENCY_KEY_REUSED", 422, "Idempotency key used twice",
    "This Idempotency-Key was sent with another body. Make a new one." },
  { "GRID_MISMATCH", 422, "Grids differ", "Table and corrections have different sizes." },
  { "CHANGE_BLOCKED", 422, "Change blocked", "Some cells may not be changed like this." },
  { "BAD_TABLE", 422, "Bad table", "The table could not be read." },
  { "UNREADABLE_LOG", 422, "Unreadable log", "The log could not be read." },
  { "DATA_INTEGRITY_ERROR", 422, "Data damaged", "The data fail their check." },
  { "PRECONDITION_REQUIRED", 428, "Version needed",
    "Send a header If-Match with the ETag of what you read, so that nothing is overwritten." },
  { "RATE_LIMIT_EXCEEDED", 429, "Rate limit exceeded", "Too many requests. Try again later." },
  { "HEADERS_TOO_LARGE", 431, "Headers too large", "The headers are longer than 16 KiB." },
  { "INTERNAL_ERROR", 500, "Internal error",
    "Something went wrong here. Look into the log for the correlation id." },
  { "NOT_IMPLEMENTED", 501, "Not implemented", "This version cannot do that." },
  { "UPSTREAM_ERROR", 502, "Outside service failed", "A service that this one asks failed." },
  { "SERVICE_UNAVAILABLE", 503, "Not available", "This is not available now. Try again later." },
  { "TIMEOUT", 504, "Timeout", "It took too long and was ended." },
  { "HTTP_VERSION_NOT_SUPPORTED", 505, "Version not supported", "HTTP/1.1 is spoken here." },
  { "STORAGE_FULL", 507, "Storage full", "The disk is full. Make room and try again." },
};

/* What the ten kinds of the rooms below are called here. */
static const char *const codes_of_kinds[DYNO_N_ERRORS] = {
  [DYNO_ERROR_INVALID] = "VALIDATION_ERROR",
  [DYNO_ERROR_NOT_FOUND] = "NOT_FOUND",
  [DYNO_ERROR_CONFLICT] = "CONFLICT",
  [DYNO_ERROR_DENIED] = "AUTHORIZATION_ERROR",
  [DYNO_ERROR_LIMITED] = "RATE_LIMIT_EXCEEDED",
  [DYNO_ERROR_UNAVAILABLE] = "SERVICE_UNAVAILABLE",
  [DYNO_ERROR_CORRUPT] = "INTERNAL_ERROR",
  [DYNO_ERROR_TOO_LARGE] = "REQUEST_TOO_LARGE",
  [DYNO_ERROR_TIMED_OUT] = "TIMEOUT",
  [DYNO_ERROR_INTERNAL] = "INTERNAL_ERROR",
};

/* Files that are wrong, by the beginning of the reason; the first row that fits. */
static const struct
{
  const char *reason;
  const char *code;
} codes_of_files[] = {
  { "import_duplicate", "CONFLICT" },
  { "import_binary_unknown", "UNSUPPORTED_MEDIA_TYPE" },
  { "import_format_unsupported", "UNSUPPORTED_MEDIA_TYPE" },
  { "import_layout_unsupported", "UNSUPPORTED_MEDIA_TYPE" },
  { "import_", "UNREADABLE_LOG" },
  { "archive_conflict", "CONFLICT" },
  { "archive_", "DATA_INTEGRITY_ERROR" },
};

const DynoProblemCode *
dyno_code_find (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      if (g_str_equal (codes[i].word, word))
        return &codes[i];
    }

  return NULL;
}

const DynoProblemCode *
dyno_code_of_status (guint status)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      if (codes[i].status == status)
        return &codes[i];
    }

  return dyno_code_find ("INTERNAL_ERROR");
}

const DynoProblemCode *
dyno_problem_code (const DynoProblem *self)
{
  const DynoProblemCode *code = self->code != NULL ? dyno_code_find (self->code) : NULL;

  return code != NULL ? code : dyno_code_find ("INTERNAL_ERROR");
}

void
dyno_codes_foreach (void     (*func) (const DynoProblemCode *code,
                                      gpointer        data),
                    gpointer   data)
{
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    func (&codes[i], data);
}

static const char *
code_of_file (const char *reason)
{
  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (codes_of_files); i++)
    {
      if (g_str_has_prefix (reason, codes_of_files[i].reason))
        return codes_of_files[i].code;
    }

  return NULL;
}

/* A path of this machine is nobody's business outside; one of the API is. */
static gboolean
names_a_path (const char *sentence)
{
  static const char *const before = " \t\n\"'(<=:“‘";

  for (const char *p = strchr (sentence, '/'); p != NULL; p = strchr (p + 1, '/'))
    {
      gboolean begins = p == sentence || strchr (before, p[-1]) != NULL || (guint8) p[-1] >= 0x80;
      gsize length = strcspn (p, " \t\n\"'<>");

      if (begins && !g_str_has_prefix (p, "/api/") && memchr (p + 1, '/', length - 1) != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
may_leave (const GError *error)
{
  return error->domain == DYNO_ERROR && error->code != DYNO_ERROR_CORRUPT
         && error->code != DYNO_ERROR_INTERNAL && !names_a_path (error->message);
}

DynoProblem
dyno_problem_from_error (const GError *error)
{
  DynoProblem problem = { .code = "INTERNAL_ERROR" };
  const char *reason = dyno_error_get_reason (error);
  const char *code = code_of_file (reason);

  if (error->domain == DYNO_ERROR && error->code < DYNO_N_ERRORS)
    problem.code = codes_of_kinds[error->code];
  if (reason != NULL && dyno_code_find (reason) != NULL)
    problem.code = reason;
  else
    problem.reason = reason;
  if (code != NULL)
    problem.code = code;
  if (may_leave (error))
    problem.message = error->message;

  return problem;
}

/* "RATE_LIMIT_EXCEEDED" is urn:dynoai:problem:rate-limit-exceeded. */
static char *
make_type (const DynoProblemCode *code)
{
  g_autofree char *kebab = g_ascii_strdown (code->word, -1);

  return g_strconcat ("urn:dynoai:problem:", g_strdelimit (kebab, "_", '-'), NULL);
}

static void
write_details (const DynoProblem *self,
               DynoJsonWriter    *w)
{
  g_autoptr(DynoJson) more = NULL;
  g_autoptr(GPtrArray) names = NULL;

  dyno_json_writer_name (w, "details");
  dyno_json_writer_begin_object (w);
  if (self->reason != NULL)
    dyno_json_writer_add_string (w, "reason", self->reason);
  if (self->details != NULL)
    more = dyno_json_parse (self->details, -1, NULL);
  names = dyno_json_names (more);
  for (guint i = 0; i < names->len; i++)
    {
      dyno_json_writer_name (w, names->pdata[i]);
      dyno_json_writer_value (w, dyno_json_member (more, names->pdata[i]));
    }
  if (self->flaws != NULL)
    {
      dyno_json_writer_name (w, "fields");
      dyno_flaws_write (self->flaws, w);
    }
  dyno_json_writer_end_object (w);
}

static void
write_inner (const DynoProblem      *self,
             const DynoProblemFrame *frame,
             DynoJsonWriter         *w)
{
  const DynoProblemCode *code = dyno_problem_code (self);
  g_autofree char *time = dyno_clock_format_utc (frame->real_us);

  dyno_json_writer_name (w, "error");
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "code", code->word);
  dyno_json_writer_add_string (w, "message",
                               self->message != NULL ? self->message : code->sentence);
  dyno_json_writer_add_string (w, "correlation_id", frame->correlation);
  dyno_json_writer_add_string (w, "timestamp", time);
  write_details (self, w);
  dyno_json_writer_end_object (w);
}

static void
write_policies (const DynoProblem *self,
                DynoJsonWriter    *w)
{
  dyno_json_writer_name (w, "violated-policies");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; self->policies[i] != NULL; i++)
    dyno_json_writer_string (w, self->policies[i]);
  dyno_json_writer_end_array (w);
}

static const char *
say (const DynoProblem *self,
     const DynoProblemCode    *code)
{
  if (self->detail != NULL)
    return self->detail;

  return self->message != NULL ? self->message : code->sentence;
}

char *
dyno_problem_to_json (const DynoProblem      *self,
                      const DynoProblemFrame *frame)
{
  const DynoProblemCode *code = dyno_problem_code (self);
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *type = make_type (code);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "type", type);
  dyno_json_writer_add_string (w, "title", code->title);
  dyno_json_writer_add_integer (w, "status", code->status);
  dyno_json_writer_add_string (w, "detail", say (self, code));
  if (frame->path != NULL)
    dyno_json_writer_add_string (w, "instance", frame->path);
  if (self->retry_after_s > 0)
    dyno_json_writer_add_integer (w, "retry_after", self->retry_after_s);
  if (self->policies != NULL)
    write_policies (self, w);
  write_inner (self, frame, w);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}
