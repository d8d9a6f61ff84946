/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-remote.h"

#include "dyno-error.h"
#include "dyno-http.h"
#include "dyno-lock.h"

#include <string.h>
#include <unistd.h>

#define ROOT "http://localhost/api/v1"
#define TIMEOUT_MS (10 * 60 * 1000) /* a log may be long, and a disk slow */
#define MAX_BYTES (256 * 1024 * 1024)
#define PAGE 200
#define POLL_S 0.2

/* The data folder of this call; settings that cannot be read are told by the verb that
 * needs them. (transfer full) */
static char *
find_folder (DynoCtl *ctl)
{
  g_autofree char *named = NULL;

  if (ctl->data_dir == NULL && dyno_ctl_load_config (ctl, NULL))
    named = dyno_config_dup_data_dir (ctl->config);

  return g_strdup (named != NULL && *named != '\0' ? named : ctl->folders->data);
}

gboolean
dyno_remote_find (DynoCtl *ctl)
{
  g_autofree char *folder = find_folder (ctl);
  g_autofree char *socket_path = NULL;
  int pid = 0;

  if (!dyno_lock_find_holder (folder, &pid, &socket_path) || pid == getpid ()
      || socket_path == NULL || *socket_path == '\0')
    return FALSE;
  g_free (ctl->socket_path);
  ctl->socket_path = g_steal_pointer (&socket_path);

  return TRUE;
}

gboolean
dyno_remote_is_on (DynoCtl *ctl)
{
  return ctl->socket_path != NULL;
}

/* Refusals */

/* What a status means to who typed the command: cli.md. */
static DynoErrorCode
kind_of (guint       status,
         const char *code)
{
  static const struct
  {
    guint         status;
    DynoErrorCode kind;
  } rows[] = {
    { 400, DYNO_ERROR_INVALID },      { 401, DYNO_ERROR_DENIED },
    { 403, DYNO_ERROR_DENIED },       { 404, DYNO_ERROR_NOT_FOUND },
    { 409, DYNO_ERROR_CONFLICT },     { 412, DYNO_ERROR_CONFLICT },
    { 413, DYNO_ERROR_TOO_LARGE },    { 415, DYNO_ERROR_INVALID },
    { 422, DYNO_ERROR_INVALID },      { 428, DYNO_ERROR_CONFLICT },
    { 429, DYNO_ERROR_LIMITED },      { 502, DYNO_ERROR_UNAVAILABLE },
    { 503, DYNO_ERROR_UNAVAILABLE },  { 504, DYNO_ERROR_TIMED_OUT },
  };

  if (g_strcmp0 (code, "CHANGE_BLOCKED") == 0)
    return DYNO_ERROR_CONFLICT;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (rows[i].status == status)
        return rows[i].kind;
    }

  return DYNO_ERROR_INTERNAL;
}

/* The sentences of the fields that are wrong, else the one of all of it. (transfer full) */
static char *
sentence_of (const DynoJson *problem,
             guint           status)
{
  const DynoJson *fields
    = dyno_json_member (dyno_json_member (problem, "details"), "fields");
  const char *message = dyno_json_get_string (problem, "message");
  GString *text = g_string_new (message != NULL ? message : NULL);

  if (message == NULL)
    g_string_printf (text, "The process that holds the data folder refused with status %u.",
                     status);
  for (guint i = 0; fields != NULL && i < dyno_json_n_elements (fields); i++)
    {
      const DynoJson *field = dyno_json_element (fields, i);
      const char *why = dyno_json_get_string (field, "message");

      g_string_append_printf (text, "%s%s: %s", i == 0 ? " " : "; ",
                              dyno_json_get_string (field, "pointer"), why != NULL ? why : "wrong");
    }

  return g_string_free (text, FALSE);
}

static void
set_refusal (const DynoHttpReply  *reply,
             GError              **error)
{
  gsize size;
  const char *text = g_bytes_get_data (reply->body, &size);
  g_autoptr(DynoJson) body = size > 0 ? dyno_json_parse (text, (gssize) size, NULL) : NULL;
  const DynoJson *problem = dyno_json_member (body, "error");
  const char *code = dyno_json_get_string (problem, "code");
  const char *reason
    = dyno_json_get_string (dyno_json_member (problem, "details"), "reason");
  g_autofree char *sentence = sentence_of (problem, reply->status);

  dyno_error_set (error, kind_of (reply->status, code), reason != NULL ? reason : code, "%s",
                  sentence);
}

/* Requests */

static char *
tag_of (const DynoRemoteRequest *request)
{
  if (request->seen == NULL)
    return g_strdup (request->tag);

  return g_strdup_printf ("\"%s-%" G_GINT64_FORMAT "\"",
                          dyno_json_get_string (request->seen, "id"),
                          dyno_json_get_integer (request->seen, "version", 0));
}

/* Names and values, ended by NULL; the texts are borrowed. */
static void
fill_headers (const char              *headers[5],
              const char              *tag,
              const char              *once)
{
  guint n = 0;

  if (tag != NULL)
    {
      headers[n++] = "If-Match";
      headers[n++] = tag;
    }
  if (once != NULL)
    {
      headers[n++] = "Idempotency-Key";
      headers[n++] = once;
    }
  headers[n] = NULL;
}

static DynoHttpReply *
send_it (DynoCtl                  *ctl,
         const DynoRemoteRequest  *request,
         GError                  **error)
{
  g_autofree char *url = g_strconcat (ROOT, request->path, NULL);
  g_autofree char *tag = tag_of (request);
  g_autofree char *once = request->is_once ? g_uuid_string_random () : NULL;
  const char *headers[5];
  DynoHttpRequest wish = {
    .method = request->method,
    .url = url,
    .socket_path = ctl->socket_path,
    .headers = headers,
    .content_type = request->content_type != NULL ? request->content_type : "application/json",
    .body = request->body,
    .timeout_ms = TIMEOUT_MS,
    .max_bytes = MAX_BYTES,
  };

  fill_headers (headers, tag, once);
  dyno_http_send_async (&wish, ctl->cancellable, dyno_await_cb, ctl->await);

  return dyno_http_send_finish (dyno_await_wait (ctl->await), error);
}

/* That nobody answers is said with what to do about it here. */
static void
explain_silence (DynoCtl  *ctl,
                 GError  **error)
{
  g_autoptr(GError) cause = NULL;

  if (!g_error_matches (*error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE))
    return;
  cause = g_steal_pointer (error);
  dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "holder",
                  "The process that holds the data folder does not answer at %s. Try again, or "
                  "end that process.", ctl->socket_path);
}

/* The reply where it is a good one. */
static DynoHttpReply *
exchange (DynoCtl                  *ctl,
          const DynoRemoteRequest  *request,
          GError                  **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(DynoHttpReply) reply = send_it (ctl, request, &cause);

  if (reply != NULL && reply->status >= 200 && reply->status < 300)
    return g_steal_pointer (&reply);
  if (reply != NULL)
    set_refusal (reply, &cause);
  else
    explain_silence (ctl, &cause);
  g_propagate_error (error, g_steal_pointer (&cause));

  return NULL;
}

GBytes *
dyno_remote_send (DynoCtl                  *ctl,
                  const DynoRemoteRequest  *request,
                  GError                  **error)
{
  g_autoptr(DynoHttpReply) reply = exchange (ctl, request, error);

  return reply != NULL ? g_bytes_ref (reply->body) : NULL;
}

static DynoJson *
read_body (GBytes  *bytes,
           GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  return size > 0 ? dyno_json_parse_limited (text, (gssize) size, &dyno_json_limits_own, error)
                  : dyno_json_parse ("null", -1, error);
}

DynoJson *
dyno_remote_ask (DynoCtl                  *ctl,
                 const DynoRemoteRequest  *request,
                 GError                  **error)
{
  g_autoptr(GBytes) bytes = dyno_remote_send (ctl, request, error);

  return bytes != NULL ? read_body (bytes, error) : NULL;
}

DynoJson *
dyno_remote_get_tagged (DynoCtl     *ctl,
                        const char  *path,
                        char       **tag,
                        GError     **error)
{
  const DynoRemoteRequest request = { .method = "GET", .path = path };
  g_autoptr(DynoHttpReply) reply = exchange (ctl, &request, error);

  if (reply == NULL)
    return NULL;
  *tag = g_steal_pointer (&reply->etag);

  return read_body (reply->body, error);
}

DynoJson *
dyno_remote_get (DynoCtl     *ctl,
                 const char  *path,
                 GError     **error)
{
  const DynoRemoteRequest request = { .method = "GET", .path = path };

  return dyno_remote_ask (ctl, &request, error);
}

DynoJson *
dyno_remote_tell (DynoCtl         *ctl,
                  const char      *method,
                  const char      *path,
                  const DynoJson  *seen,
                  DynoJsonWriter  *body,
                  GError         **error)
{
  char *text = body != NULL ? dyno_json_writer_finish (body) : NULL;
  g_autoptr(GBytes) bytes = text != NULL ? g_bytes_new_take (text, strlen (text)) : NULL;
  const DynoRemoteRequest request
    = { .method = method, .path = path, .seen = seen, .body = bytes };

  return dyno_remote_ask (ctl, &request, error);
}

/* Lists */

static DynoJson *
copy_of (const DynoJson *element)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;

  dyno_json_writer_value (w, element);
  text = dyno_json_writer_finish (w);

  return dyno_json_parse_limited (text, -1, &dyno_json_limits_own, NULL);
}

GPtrArray *
dyno_remote_elements (const DynoJson *object,
                      const char     *name)
{
  const DynoJson *array = dyno_json_member (object, name);
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);

  for (guint i = 0; i < dyno_json_n_elements (array); i++)
    g_ptr_array_add (all, copy_of (dyno_json_element (array, i)));

  return all;
}

/* Adds the items of a page; the answer is where the next one begins. */
static char *
take_items (GPtrArray      *all,
            const DynoJson *page,
            guint           limit)
{
  g_ptr_array_extend_and_steal (all, dyno_remote_elements (page, "items"));

  return all->len < limit ? g_strdup (dyno_json_get_string (page, "next_cursor")) : NULL;
}

GPtrArray *
dyno_remote_list (DynoCtl     *ctl,
                  const char  *path,
                  guint        limit,
                  GError     **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_json_free);
  g_autofree char *cursor = NULL;

  do
    {
      g_autoptr(GString) one = g_string_new (path);
      g_autoptr(DynoJson) page = NULL;

      dyno_remote_add_number (one, "limit", MIN (limit - all->len, PAGE));
      dyno_remote_add (one, "cursor", cursor);
      g_clear_pointer (&cursor, g_free);
      page = dyno_remote_get (ctl, one->str, error);
      if (page == NULL)
        return NULL;
      cursor = take_items (all, page, limit);
    }
  while (cursor != NULL);

  return g_steal_pointer (&all);
}

/* Jobs */

static gboolean
is_never_done (gpointer unused)
{
  return FALSE;
}

/* The call is over: the job need not go on either. Its answer changes nothing. */
static void
cancel_job (DynoCtl    *ctl,
            const char *path)
{
  g_autoptr(DynoJson) gone = NULL;

  g_cancellable_reset (ctl->cancellable);
  gone = dyno_remote_tell (ctl, "DELETE", path, NULL, NULL, NULL);
  g_cancellable_cancel (ctl->cancellable);
}

/* FALSE while the job goes on. */
static gboolean
has_ended (const DynoJson *job)
{
  const char *state = dyno_json_get_string (job, "state");

  return g_strcmp0 (state, "queued") != 0 && g_strcmp0 (state, "running") != 0;
}

static gboolean
judge_job (const DynoJson  *job,
           GError         **error)
{
  const DynoJson *cause = dyno_json_member (job, "error");
  const char *text = dyno_json_string (cause);
  const char *message = text != NULL ? text : dyno_json_get_string (cause, "message");
  const char *code = dyno_json_get_string (cause, "code");
  const DynoJson *details = dyno_json_member (cause, "details");
  const char *reason = dyno_json_get_string (details, "reason");

  if (g_strcmp0 (dyno_json_get_string (job, "state"), "succeeded") == 0)
    return TRUE;
  dyno_error_set (error,
                  kind_of ((guint) dyno_json_get_integer (cause, "status", 500), code),
                  reason != NULL ? reason : code, "%s",
                  message != NULL ? message : "The job did not end well.");

  return FALSE;
}

DynoJson *
dyno_remote_wait_job (DynoCtl         *ctl,
                      const DynoJson  *started,
                      GError         **error)
{
  const char *id = dyno_json_get_string (started, "job_id");
  g_autofree char *path = dyno_remote_path ("/jobs", id != NULL ? id : "", NULL);

  for (;;)
    {
      g_autoptr(DynoJson) job = NULL;

      if (dyno_ctl_is_over (ctl))
        {
          cancel_job (ctl, path);
          g_cancellable_set_error_if_cancelled (ctl->cancellable, error);
          return NULL;
        }
      job = dyno_remote_get (ctl, path, error);
      if (job == NULL)
        return NULL;
      if (has_ended (job))
        return judge_job (job, error) ? g_steal_pointer (&job) : NULL;
      dyno_ctl_wait (ctl, is_never_done, NULL, POLL_S);
    }
}

/* Paths */

void
dyno_remote_add (GString    *path,
                 const char *name,
                 const char *value)
{
  if (value == NULL)
    return;

  g_string_append_printf (path, "%c%s=", strchr (path->str, '?') != NULL ? '&' : '?', name);
  g_string_append_uri_escaped (path, value, NULL, FALSE);
}

void
dyno_remote_add_number (GString    *path,
                        const char *name,
                        gint64      value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  dyno_remote_add (path, name, text);
}

char *
dyno_remote_path (const char *noun,
                  const char *id,
                  const char *rest)
{
  GString *path = g_string_new (noun);

  g_string_append_c (path, '/');
  g_string_append_uri_escaped (path, id, NULL, FALSE);
  if (rest != NULL)
    g_string_append (path, rest);

  return g_string_free (path, FALSE);
}
