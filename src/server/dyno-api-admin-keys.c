/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* API keys by the paths of the first releases. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-keys.h"
#include "dyno-keys.h"

#define PAGE 200

/* Making */

static gboolean
read_service_scopes (DynoRequest *request,
                     DynoScopes  *scopes,
                     GError     **error)
{
  DynoConfig *config = dyno_shop_get_config (dyno_request_get_shop (request));
  g_autofree char *text = dyno_config_dup (config, "auth.keys_scopes");

  return dyno_scopes_parse (text, scopes, error);
}

static void
reply_generated (DynoRequest *request,
                 DynoKeyMade *made)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "key", made->text);
  dyno_json_writer_add_string (w, "key_id", made->record->id);
  dyno_json_writer_add_string (w, "message",
                               "Store this key securely. It is not shown again.");
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (key_generated, DynoKeyMade, dyno_keys_create_finish, reply_generated)

static void
generate_key (DynoRequest *request)
{
  DynoKeyRequest terms
    = { .name = dyno_request_text (request, "name"),
        .owner = dyno_request_text (request, "user_id"),
        .per_minute = (int) dyno_request_integer (request, "rate_limit_per_minute"),
        .per_day = (int) dyno_request_integer (request, "rate_limit_per_day") };
  g_autoptr(GError) error = NULL;

  if (terms.name == NULL)
    dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR",
                                                  .message = "Give the key a name." });
  else if (!read_service_scopes (request, &terms.scopes, &error))
    dyno_reply_error (request, error);
  else
    DYNO_API_ASK (request, key_generated, dyno_keys_create_async, &terms);
}

/* All of them, page after page */

static void
write_time (DynoJsonWriter *w,
            const char     *name,
            gint64          ms)
{
  g_autofree char *time = ms != 0 ? dyno_clock_format_utc (ms * 1000) : NULL;

  dyno_json_writer_add_string (w, name, time);
}

static void
write_listed (DynoJsonWriter      *w,
              const DynoKeyRecord *key)
{
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "id", key->id);
  dyno_json_writer_add_string (w, "name", key->name);
  dyno_json_writer_add_string (w, "user_id", key->user_id);
  dyno_json_writer_add_boolean (w, "is_active", key->revoked_ms == 0);
  dyno_json_writer_add_integer (w, "total_requests", key->n_requests);
  write_time (w, "last_used_at", key->last_used_ms);
  write_time (w, "created_at", key->created_ms);
  write_time (w, "expires_at", key->expires_ms);
  dyno_json_writer_end_object (w);
}

static void
reply_all (DynoRequest *request,
           GPtrArray   *keys)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < keys->len; i++)
    write_listed (w, g_ptr_array_index (keys, i));
  dyno_json_writer_end_array (w);
  dyno_reply_json (request, w);
}

static void list_from (DynoRequest         *request,
                       const DynoKeyRecord *last);

static void
take_page (DynoRequest *request,
           GPtrArray   *page)
{
  GPtrArray *keys = dyno_request_get_data (request, "keys");
  gboolean is_last = page->len < PAGE;

  g_ptr_array_extend_and_steal (keys, g_ptr_array_ref (page));
  if (is_last)
    reply_all (request, keys);
  else
    list_from (request, g_ptr_array_index (keys, keys->len - 1));
}

DYNO_API_ANSWER (page_listed, GPtrArray, dyno_keys_list_finish, take_page)

static void
list_from (DynoRequest         *request,
           const DynoKeyRecord *last)
{
  DynoKeyQuery *query = g_new0 (DynoKeyQuery, 1);

  query->limit = PAGE;
  query->before_ms = last != NULL ? last->created_ms : 0;
  query->before_id = last != NULL ? g_strdup (last->id) : NULL;
  DYNO_API_ASK (request, page_listed, dyno_keys_list_async, query);
}

static void
list_all (DynoRequest *request)
{
  dyno_request_set_data (request, "keys",
                         g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_record_free),
                         (GDestroyNotify) g_ptr_array_unref);
  list_from (request, NULL);
}

static void
revoke_any (DynoRequest *request)
{
  DYNO_API_ASK (request, dyno_api_key_revoked, dyno_keys_revoke_async,
                dyno_request_text (request, "id"));
}

/* The rows */

#define GENERATE_FIELDS                                                                        \
  { "name", DYNO_NAME, 0, "What it is for; needed, here or there" },                           \
  { "user_id", DYNO_TEXT (1, 254), 0,                                                          \
    "Id or address of an account, else the label of a service user" },                         \
  { "rate_limit_per_minute", DYNO_INTEGER (1, 6000), 0, "Requests a minute", "60" },           \
  { "rate_limit_per_day", DYNO_INTEGER (1, 1000000), 0, "Requests a day", "10000" },           \
  { NULL }

static const DynoField generate_body[] = { GENERATE_FIELDS };
static const DynoField generate_query[] = { GENERATE_FIELDS };
static const DynoField key_args[] = { DYNO_ID_ARG ("key", "The key"), { NULL } };

static const DynoField generated_fields[] = {
  { "key", DYNO_SECRET (1, 128), 0, "The key; told once" },
  { "key_id", DYNO_ID ("key"), 0, "Its id" },
  { "message", DYNO_ANY_TEXT, 0, "What to do with it" },
  { NULL }
};
static const DynoField listed_fields[] = {
  { "id", DYNO_ID ("key"), 0, "Id" },
  { "name", DYNO_ANY_TEXT, 0, "Name" },
  { "user_id", DYNO_ANY_TEXT, 0, "For whom it acts" },
  { "is_active", DYNO_BOOLEAN, 0, "Not revoked" },
  { "total_requests", DYNO_COUNT, 0, "Requests made with it" },
  { "last_used_at", DYNO_TIME, DYNO_NULLABLE, "Used last" },
  { "created_at", DYNO_TIME, 0, "Made" },
  { "expires_at", DYNO_TIME, DYNO_NULLABLE, "Ends; null: never" },
  { NULL }
};
static const DynoSchema generated_schema = { "KeyGenerated", "A new key", generated_fields };
static const DynoSchema listed_schema = { "KeyListed", "A key and its use", listed_fields };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/admin/keys/generate", DYNO_MAY (KEYS_MANAGE), generate_key,
              .flags = DYNO_ROUTE_SMALL_BODY | DYNO_ROUTE_BODY_OPTIONAL | DYNO_ROUTE_SECRET_REPLY,
              .query = generate_query, .body = generate_body, .status = 201,
              .reply = &generated_schema, .summary = "A new key with the usual permissions"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/admin/keys", DYNO_MAY (KEYS_MANAGE), list_all,
              .flags = DYNO_ROUTE_LIST, .reply = &listed_schema, .summary = "All keys"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/admin/keys/{id}", DYNO_MAY (KEYS_MANAGE), revoke_any,
              .flags = DYNO_ROUTE_NO_IF_MATCH, .args = key_args, .status = 200,
              .reply = &dyno_key_revoked_schema, .summary = "Revokes a key"),
};

const DynoRouteTable dyno_api_admin_keys = {
  "API keys, older paths", "The same keys by the paths of the first releases.",
  rows, G_N_ELEMENTS (rows)
};
