/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* API keys of people and programs. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-keys.h"
#include "dyno-api-page.h"
#include "dyno-keys.h"
#include "dyno-shape-key.h"

/* Reading */

static void
shape_key (DynoJsonWriter *w,
           gconstpointer   item)
{
  dyno_shape_key (w, item);
}

/* "<made> <id>" */
static char *
place_of (gconstpointer item)
{
  const DynoKeyRecord *key = item;

  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", key->created_ms, key->id);
}

static void
begin_after (DynoKeyQuery *query,
             const char   *place)
{
  g_auto(GStrv) words = place != NULL ? g_strsplit (place, " ", 2) : NULL;

  if (words == NULL || words[0] == NULL || words[1] == NULL)
    return;

  query->before_ms = g_ascii_strtoll (words[0], NULL, 10);
  query->before_id = g_strdup (words[1]);
}

static void
reply_keys (DynoRequest *request,
            GPtrArray   *keys)
{
  dyno_api_page_reply (request, keys, shape_key, place_of);
}

DYNO_API_ANSWER (keys_listed, GPtrArray, dyno_keys_list_finish, reply_keys)

static void
list_keys (DynoRequest *request)
{
  DynoKeyQuery *query = g_new0 (DynoKeyQuery, 1);

  query->user_id = g_strdup (dyno_request_text (request, "user_id"));
  query->state = g_strdup (dyno_request_text (request, "state"));
  query->limit = dyno_api_page_wanted (request);
  begin_after (query, dyno_request_get_cursor (request));
  DYNO_API_ASK (request, keys_listed, dyno_keys_list_async, query);
}

static void
reply_key (DynoRequest   *request,
           DynoKeyRecord *key)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, key->id, key->revision);
  dyno_shape_key (w, key);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (key_found, DynoKeyRecord, dyno_keys_get_finish, reply_key)

static void
get_key (DynoRequest *request)
{
  DYNO_API_ASK (request, key_found, dyno_keys_get_async, dyno_request_text (request, "id"));
}

/* What comes in */

static gboolean
read_scopes (DynoRequest *request,
             DynoScopes  *scopes,
             GError     **error)
{
  g_auto(GStrv) names = dyno_request_texts (request, "scopes");
  g_autofree char *text = names != NULL ? g_strjoinv (",", names) : g_strdup ("");

  return dyno_scopes_parse (text, scopes, error);
}

/* `cidrs` is what the terms borrow. FALSE: answered. */
static gboolean
read_terms (DynoRequest    *request,
            DynoKeyRequest *terms,
            char         ***cidrs)
{
  g_autoptr(GError) error = NULL;

  *cidrs = dyno_request_texts (request, "cidrs");
  terms->name = dyno_request_text (request, "name");
  terms->cidrs = (const char *const *) *cidrs;
  terms->expires_ms = dyno_request_time_us (request, "expires_at") / 1000;
  terms->per_minute = (int) dyno_request_integer (request, "rate_limit_per_minute");
  terms->per_day = (int) dyno_request_integer (request, "rate_limit_per_day");
  if (read_scopes (request, &terms->scopes, &error))
    return TRUE;
  dyno_reply_error (request, error);

  return FALSE;
}

static guint
members_of (DynoRequest *request)
{
  static const struct
  {
    const char    *name;
    DynoKeyMember  member;
  } members[] = {
    { "name", DYNO_KEY_SET_NAME },
    { "scopes", DYNO_KEY_SET_SCOPES },
    { "cidrs", DYNO_KEY_SET_CIDRS },
    { "expires_at", DYNO_KEY_SET_EXPIRES },
    { "rate_limit_per_minute", DYNO_KEY_SET_PER_MINUTE },
    { "rate_limit_per_day", DYNO_KEY_SET_PER_DAY },
  };
  guint set = 0;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    set |= dyno_request_has (request, members[i].name) ? members[i].member : 0;

  return set;
}

/* Making and changing */

static void
reply_made (DynoRequest *request,
            DynoKeyMade *made)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *path = g_strconcat ("/api/v1/keys/", made->record->id, NULL);

  dyno_reply_header (request, "Location", path);
  dyno_shape_key_made (w, made);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (key_made, DynoKeyMade, dyno_keys_create_finish, reply_made)

static void
post_key (DynoRequest *request)
{
  DynoKeyRequest terms = { NULL };
  g_auto(GStrv) cidrs = NULL;

  terms.owner = dyno_request_text (request, "user_id");
  if (read_terms (request, &terms, &cidrs))
    DYNO_API_ASK (request, key_made, dyno_keys_create_async, &terms);
}

DYNO_API_ANSWER (key_changed, DynoKeyRecord, dyno_keys_change_finish, reply_key)

static void
patch_key (DynoRequest *request)
{
  DynoKeyChange change = { .members = members_of (request),
                           .revision = (int) dyno_request_get_version (request) };
  g_auto(GStrv) cidrs = NULL;

  if (read_terms (request, &change.to, &cidrs))
    DYNO_API_ASK (request, key_changed, dyno_keys_change_async,
                  dyno_request_text (request, "id"), &change);
}

DYNO_API_ANSWER (key_rotated, DynoKeyMade, dyno_keys_rotate_finish, reply_made)

static void
rotate_key (DynoRequest *request)
{
  DYNO_API_ASK (request, key_rotated, dyno_keys_rotate_async, dyno_request_text (request, "id"),
                (guint) dyno_request_integer (request, "overlap_seconds"));
}

/* Revoking: whether it is still the version that was seen is looked at before; a change
 * that comes in between keeps nobody from it. */

void
dyno_api_key_revoked (GObject      *unused,
                      GAsyncResult *result,
                      gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  DynoJsonWriter *w;

  if (!dyno_keys_revoke_finish (result, &error))
    {
      dyno_reply_error (request, error);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_boolean (w, "revoked", TRUE);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

static void
revoke_seen (DynoRequest   *request,
             DynoKeyRecord *key)
{
  if (key->revision == dyno_request_get_version (request))
    DYNO_API_ASK (request, dyno_api_key_revoked, dyno_keys_revoke_async, key->id);
  else
    dyno_reply_refuse (request, "PRECONDITION_FAILED");
}

DYNO_API_ANSWER (key_to_revoke, DynoKeyRecord, dyno_keys_get_finish, revoke_seen)

static void
delete_key (DynoRequest *request)
{
  DYNO_API_ASK (request, key_to_revoke, dyno_keys_get_async, dyno_request_text (request, "id"));
}

/* The rows */

#define SCOPES DYNO_ARRAY (DYNO_N_SCOPES, DYNO_TEXT (1, 32))
#define CIDRS  DYNO_ARRAY (32, DYNO_TEXT (1, 64))
#define MAY    DYNO_MAY_EITHER (KEYS_SELF, KEYS_MANAGE)

static const DynoField key_query[] = {
  { "user_id", DYNO_TEXT (1, 32), 0, "Only keys of this user" },
  { "state", DYNO_WORD ("active|expired|revoked"), 0, "Only keys that stand so" },
  { NULL }
};
static const DynoField key_post[] = {
  { "name", DYNO_NAME, DYNO_REQUIRED, "What it is for" },
  { "scopes", SCOPES, DYNO_REQUIRED, "Permissions, none that the asker does not have" },
  { "cidrs", CIDRS, DYNO_NULLABLE, "Where it may come from; empty: anywhere" },
  { "user_id", DYNO_TEXT (1, 254), 0,
    "For whom it acts: an id, an e-mail address or the label of a service user; else the asker" },
  { "expires_at", DYNO_TIME, DYNO_NULLABLE, "Ends; null: after the usual days" },
  { "rate_limit_per_minute", DYNO_INTEGER (1, 6000), 0, "Requests a minute", "60" },
  { "rate_limit_per_day", DYNO_INTEGER (1, 1000000), 0, "Requests a day", "10000" },
  { NULL }
};
static const DynoField key_patch[] = {
  { "name", DYNO_NAME, 0, "What it is for" },
  { "scopes", SCOPES, 0, "Permissions; more only of those that the asker has" },
  { "cidrs", CIDRS, 0, "Where it may come from; empty: anywhere" },
  { "expires_at", DYNO_TIME, DYNO_NULLABLE, "Ends; null: after the usual days" },
  { "rate_limit_per_minute", DYNO_INTEGER (1, 6000), 0, "Requests a minute" },
  { "rate_limit_per_day", DYNO_INTEGER (1, 1000000), 0, "Requests a day" },
  { NULL }
};
static const DynoField rotate_body[] = {
  { "overlap_seconds", DYNO_INTEGER (0, 86400), 0, "How long the old key serves yet", "0" },
  { NULL }
};
static const DynoField key_args[] = { DYNO_ID_ARG ("key", "The key"), { NULL } };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/keys", MAY, list_keys, .flags = DYNO_ROUTE_PAGE,
              .query = key_query, .reply = &dyno_key_schema, .summary = "Keys, the newest first",
              .description = "One's own; all of them for who manages keys."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/keys", MAY, post_key,
              .flags = DYNO_ROUTE_RECENT | DYNO_ROUTE_SMALL_BODY | DYNO_ROUTE_SECRET_REPLY,
              .body = key_post, .status = 201, .reply = &dyno_key_made_schema,
              .summary = "A new key"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/keys/{id}", MAY, get_key, .flags = DYNO_ROUTE_PERSONAL,
              .args = key_args, .reply = &dyno_key_schema, .summary = "One key"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/keys/{id}", MAY, patch_key,
              .flags = DYNO_ROUTE_RECENT | DYNO_ROUTE_SMALL_BODY | DYNO_ROUTE_PERSONAL,
              .args = key_args, .body = key_patch, .reply = &dyno_key_schema,
              .summary = "Changes a key", .description = "Less is in force at once."),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/keys/{id}", MAY, delete_key,
              .flags = DYNO_ROUTE_RECENT | DYNO_ROUTE_PERSONAL, .args = key_args, .status = 200,
              .reply = &dyno_key_revoked_schema, .summary = "Revokes a key"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/keys/{id}/rotate", MAY, rotate_key,
              .flags = DYNO_ROUTE_RECENT | DYNO_ROUTE_SMALL_BODY | DYNO_ROUTE_BODY_OPTIONAL
                       | DYNO_ROUTE_SECRET_REPLY | DYNO_ROUTE_PERSONAL,
              .args = key_args, .body = rotate_body, .status = 201,
              .reply = &dyno_key_made_schema, .summary = "Another key on the same terms"),
};

const DynoRouteTable dyno_api_keys = {
  "API keys", "Keys for programs, which act for somebody.", rows, G_N_ELEMENTS (rows)
};
