/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Who asks: his own account and his login sessions. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-list.h"
#include "dyno-api-people.h"
#include "dyno-login.h"
#include "dyno-shape-user.h"
#include "dyno-users.h"

/* The account */

static void
reply_me (DynoRequest *request,
          DynoUser    *user)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, user->id, user->revision);
  dyno_shape_me (w, user, dyno_request_get_principal (request));
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (me_found, DynoUser, dyno_users_get_finish, reply_me)

static void
get_me (DynoRequest *request)
{
  DynoPrincipal *principal = dyno_request_get_principal (request);

  DYNO_API_ASK (request, me_found, dyno_users_get_async, principal, principal->user_id);
}

DYNO_API_ANSWER (me_edited, DynoUser, dyno_users_edit_finish, reply_me)

static const char *
text_or_empty (DynoRequest *request,
               const char  *name)
{
  const char *text = dyno_request_text (request, name);

  return text == NULL && dyno_request_has (request, name) ? "" : text;
}

/* A key acts for its owner, but the address by which he logs in is his own affair. */
static void
patch_me (DynoRequest *request)
{
  DynoPrincipal *principal = dyno_request_get_principal (request);
  DynoUserEdit edit = DYNO_USER_EDIT_NOTHING;

  if (principal->kind == DYNO_PRINCIPAL_KEY && dyno_request_has (request, "email"))
    {
      dyno_reply_refuse (request, "AUTHORIZATION_ERROR");
      return;
    }

  edit.display_name = dyno_request_text (request, "display_name");
  edit.email = dyno_request_text (request, "email");
  edit.locale = text_or_empty (request, "locale");
  edit.timezone = text_or_empty (request, "timezone");
  edit.units = text_or_empty (request, "units");
  DYNO_API_ASK (request, me_edited, dyno_users_edit_async, principal, principal->user_id,
                dyno_request_get_version (request), &edit);
}

/* Login sessions */

/* Those that have no session of their own have no mark in the list either. */
static void
reply_sessions (DynoRequest *request,
                GPtrArray   *sessions)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  const char *sid = dyno_request_get_principal (request)->sid;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_name (w, "items");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < sessions->len; i++)
    dyno_shape_login (w, g_ptr_array_index (sessions, i), sid);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (sessions_listed, GPtrArray, dyno_login_list_finish, reply_sessions)

static void
list_sessions (DynoRequest *request)
{
  DYNO_API_ASK (request, sessions_listed, dyno_login_list_async,
                dyno_request_get_principal (request));
}

DYNO_API_DONE (session_ended, dyno_login_end_one_finish)

static void
end_session (DynoRequest *request)
{
  DYNO_API_ASK (request, session_ended, dyno_login_end_one_async,
                dyno_request_get_principal (request), dyno_request_text (request, "sid"));
}

/* The rows */

static const DynoField auth_fields[] = {
  { "kind", DYNO_WORD ("owner|developer|user|key"), 0, "What was shown to come in" },
  { "expires_at", DYNO_TIME, DYNO_NULLABLE, "When that ends" },
  { NULL }
};
static const DynoSchema auth_schema = { "Credential", "By what somebody asks", auth_fields };

static const DynoField me_fields[] = {
  DYNO_USER_FIELDS,
  { "locale", DYNO_ANY_TEXT, DYNO_NULLABLE, "Language, like de_DE; null: the system's" },
  { "timezone", DYNO_ANY_TEXT, DYNO_NULLABLE, "Time zone, like Europe/Berlin" },
  { "units", DYNO_ANY_TEXT, DYNO_NULLABLE, "Units of pages" },
  { "permissions", DYNO_LIST (DYNO_ANY_TEXT), 0, "What may be done with this credential" },
  { "auth", DYNO_OBJECT (&auth_schema), 0, "The credential" },
  { NULL }
};
static const DynoSchema me_schema = { "Me", "Who asks", me_fields };

static const DynoField me_patch[] = {
  { "display_name", DYNO_NAME, 0, "Name for others to read" },
  { "email", DYNO_EMAIL, 0, "E-mail address to log in with" },
  { "locale", DYNO_TEXT (0, 64), DYNO_NULLABLE, "Language, like de_DE" },
  { "timezone", DYNO_TEXT (0, 64), DYNO_NULLABLE, "Time zone, like Europe/Berlin" },
  { "units", DYNO_WORD ("metric|us|european"), DYNO_NULLABLE, "Units of pages" },
  { NULL }
};

static const DynoField session_fields[] = {
  { "id", DYNO_ANY_TEXT, 0, "Id" },
  { "client_label", DYNO_ANY_TEXT, DYNO_NULLABLE, "What the client calls itself" },
  { "ip", DYNO_ANY_TEXT, DYNO_NULLABLE, "Where it asked from last" },
  { "user_agent", DYNO_ANY_TEXT, DYNO_NULLABLE, "What program it is" },
  { "created_at", DYNO_TIME, 0, "Logged in" },
  { "last_seen_at", DYNO_TIME, 0, "Refreshed last" },
  { "expires_at", DYNO_TIME, 0, "Ends" },
  { "current", DYNO_BOOLEAN, 0, "Whether this request came in it" },
  { NULL }
};
static const DynoSchema session_schema = { "LoginSession", "A place where somebody is logged in",
                                           session_fields };
static const DynoField sessions_fields[] = {
  { "items", DYNO_LIST (DYNO_OBJECT (&session_schema)), 0, "The newest first" },
  { NULL }
};
static const DynoSchema sessions_schema = { "LoginSessions", "Where somebody is logged in",
                                            sessions_fields };
static const DynoField session_args[] = {
  { "sid", DYNO_TEXT (1, 64), DYNO_REQUIRED, "The login session" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/me", DYNO_AUTH, get_me, .reply = &me_schema,
              .summary = "Who asks"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/me", DYNO_AUTH, patch_me, .body = me_patch,
              .reply = &me_schema, .also = DYNO_STATUSES (409),
              .summary = "Changes one's own account"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/me/sessions", DYNO_SELF, list_sessions,
              .reply = &sessions_schema, .summary = "One's own login sessions"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/me/sessions/{sid}", DYNO_SELF, end_session,
              .flags = DYNO_ROUTE_NO_IF_MATCH, .args = session_args,
              .summary = "Logs out somewhere else"),
};

const DynoRouteTable dyno_api_me = {
  "Own account", "Who asks, and where he is logged in.", rows, G_N_ELEMENTS (rows)
};
