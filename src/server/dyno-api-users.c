/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* People who may come in, and the codes that let them in. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-page.h"
#include "dyno-api-people.h"
#include "dyno-shape-user.h"
#include "dyno-users.h"

/* Reading */

static void
shape_user (DynoJsonWriter *w,
            gconstpointer   item)
{
  dyno_shape_user (w, item);
}

static char *
place_of (gconstpointer item)
{
  return g_strdup (((const DynoUser *) item)->id);
}

static void
reply_users (DynoRequest *request,
             GPtrArray   *users)
{
  dyno_api_page_reply (request, users, shape_user, place_of);
}

DYNO_API_ANSWER (users_listed, GPtrArray, dyno_users_list_finish, reply_users)

static void
list_users (DynoRequest *request)
{
  DYNO_API_ASK (request, users_listed, dyno_users_list_async, dyno_request_get_principal (request),
                dyno_request_get_cursor (request), dyno_api_page_wanted (request));
}

DYNO_API_ANSWER (user_found, DynoUser, dyno_users_get_finish, dyno_api_reply_user)

static void
get_user (DynoRequest *request)
{
  DYNO_API_ASK (request, user_found, dyno_users_get_async, dyno_request_get_principal (request),
                dyno_request_text (request, "id"));
}

/* Changing */

static int
role_of (DynoRequest *request)
{
  const char *word = dyno_request_text (request, "role");
  DynoRole role;

  return word != NULL && dyno_role_find (word, &role) ? (int) role : -1;
}

static int
status_of (DynoRequest *request)
{
  const char *word = dyno_request_text (request, "status");
  DynoUserStatus status;

  return word != NULL && dyno_user_status_find (word, &status) ? (int) status : -1;
}

DYNO_API_ANSWER (user_edited, DynoUser, dyno_users_edit_finish, dyno_api_reply_user)

static void
patch_user (DynoRequest *request)
{
  DynoUserEdit edit = DYNO_USER_EDIT_NOTHING;

  edit.role = role_of (request);
  edit.status = status_of (request);
  edit.display_name = dyno_request_text (request, "display_name");
  if (dyno_request_has (request, "max_requests_per_day"))
    edit.per_day = (int) dyno_request_integer (request, "max_requests_per_day");
  DYNO_API_ASK (request, user_edited, dyno_users_edit_async, dyno_request_get_principal (request),
                dyno_request_text (request, "id"), dyno_request_get_version (request), &edit);
}

/* Codes, told once */

/* A code and its end, with the user that it is for before them. */
static void
reply_code (DynoRequest  *request,
            DynoUserCode *told,
            const char   *name)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *time = dyno_clock_format_utc (told->expires_ms * 1000);

  dyno_json_writer_begin_object (w);
  if (told->user != NULL && g_str_equal (name, "invite_code"))
    {
      dyno_json_writer_name (w, "user");
      dyno_shape_user (w, told->user);
      dyno_reply_tag (request, told->user->id, told->user->revision);
    }
  dyno_json_writer_add_string (w, name, told->code);
  dyno_json_writer_add_string (w, "expires_at", time);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

static void
reply_invitation (DynoRequest  *request,
                  DynoUserCode *told)
{
  reply_code (request, told, "invite_code");
}

static void
reply_reset (DynoRequest  *request,
             DynoUserCode *told)
{
  reply_code (request, told, "reset_code");
}

DYNO_API_ANSWER (user_made, DynoUserCode, dyno_users_create_finish, reply_invitation)

static void
post_user (DynoRequest *request)
{
  DynoUser *user = g_new0 (DynoUser, 1);

  user->email = g_strdup (dyno_request_text (request, "email"));
  user->display_name = g_strdup (dyno_request_text (request, "display_name"));
  user->role = g_strdup (dyno_request_text (request, "role"));
  DYNO_API_ASK (request, user_made, dyno_users_create_async, dyno_request_get_principal (request),
                user, NULL);
}

DYNO_API_ANSWER (invited, DynoUserCode, dyno_users_invite_finish, reply_invitation)

static void
post_invitation (DynoRequest *request)
{
  DYNO_API_ASK (request, invited, dyno_users_invite_async, dyno_request_get_principal (request),
                (DynoRole) role_of (request), dyno_request_text (request, "email"),
                (guint) dyno_request_integer (request, "expires_hours"));
}

DYNO_API_ANSWER (reset_made, DynoUserCode, dyno_users_make_reset_finish, reply_reset)

static void
post_reset_code (DynoRequest *request)
{
  DYNO_API_ASK (request, reset_made, dyno_users_make_reset_async,
                dyno_request_get_principal (request), dyno_request_text (request, "id"));
}

/* The rows */

#define CODE      DYNO_SECRET (1, 64)
#define ROLE      DYNO_WORD (DYNO_ROLE_WORDS)
#define TOLD_ONCE (DYNO_ROUTE_RECENT | DYNO_ROUTE_SECRET_REPLY)

static const DynoField user_post[] = {
  { "email", DYNO_EMAIL, DYNO_REQUIRED, "E-mail address to log in with" },
  { "display_name", DYNO_NAME, DYNO_REQUIRED, "Name for others to read" },
  { "role", ROLE, DYNO_REQUIRED, "What he may do" },
  { NULL }
};
static const DynoField user_patch[] = {
  { "display_name", DYNO_NAME, 0, "Name for others to read" },
  { "role", ROLE, 0, "What he may do" },
  { "status", DYNO_WORD ("active|disabled"), 0, "Whether he may come in" },
  { "max_requests_per_day", DYNO_INTEGER (1, 1000000), 0, "Requests a day" },
  { NULL }
};
static const DynoField invitation_post[] = {
  { "role", ROLE, DYNO_REQUIRED, "What he may do who comes" },
  { "email", DYNO_EMAIL, DYNO_NULLABLE, "For this address alone" },
  { "expires_hours", DYNO_INTEGER (1, 720), 0, "Hours that the code serves", "72" },
  { NULL }
};
static const DynoField user_args[] = { DYNO_ID_ARG ("usr", "The user"), { NULL } };

static const DynoField invited_fields[] = {
  { "user", DYNO_OBJECT (&dyno_user_schema), 0, "Who was invited" },
  { "invite_code", CODE, 0, "What he registers with; told once" },
  { "expires_at", DYNO_TIME, 0, "Until when the code serves" },
  { NULL }
};
static const DynoField invitation_fields[] = {
  { "invite_code", CODE, 0, "What somebody registers with; told once" },
  { "expires_at", DYNO_TIME, 0, "Until when it serves" },
  { NULL }
};
static const DynoField reset_fields[] = {
  { "reset_code", CODE, 0, "With what a new password is taken; told once" },
  { "expires_at", DYNO_TIME, 0, "Until when it serves" },
  { NULL }
};
static const DynoSchema invited_schema = { "InvitedUser", "A user and his code", invited_fields };
static const DynoSchema invitation_schema = { "Invitation", "A code for anybody",
                                              invitation_fields };
static const DynoSchema reset_schema = { "ResetCode", "A code for a new password", reset_fields };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/users", DYNO_MAY (USERS_READ), list_users,
              .flags = DYNO_ROUTE_PAGE, .reply = &dyno_user_schema,
              .summary = "Users, the oldest first"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/users", DYNO_MAY (USERS_WRITE), post_user, .flags = TOLD_ONCE,
              .body = user_post, .status = 201, .reply = &invited_schema,
              .also = DYNO_STATUSES (409), .summary = "A new user, who comes in by a code"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/users/invitations", DYNO_MAY (USERS_WRITE), post_invitation,
              .flags = TOLD_ONCE, .body = invitation_post, .status = 201,
              .reply = &invitation_schema, .summary = "A code for somebody new"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/users/{id}", DYNO_MAY (USERS_READ), get_user, .args = user_args,
              .reply = &dyno_user_schema, .summary = "One user"),
  DYNO_ROUTE (DYNO_PATCH, "/api/v1/users/{id}", DYNO_MAY (USERS_WRITE), patch_user,
              .flags = DYNO_ROUTE_RECENT, .args = user_args, .body = user_patch,
              .reply = &dyno_user_schema, .also = DYNO_STATUSES (409),
              .summary = "Changes a user",
              .description = "Another role or status ends what he may do at once. The last "
                             "administrator stays one."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/users/{id}/reset-code", DYNO_MAY (USERS_WRITE),
              post_reset_code, .flags = TOLD_ONCE, .args = user_args, .status = 201,
              .reply = &reset_schema, .summary = "A code for a new password",
              .description = "Serves once, within 30 minutes."),
};

const DynoRouteTable dyno_api_users = {
  "People", "Who may come in, and the codes that let them in.", rows, G_N_ELEMENTS (rows)
};
