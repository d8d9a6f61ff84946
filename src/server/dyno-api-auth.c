/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Coming in and going out: passwords, access tokens, refresh tokens. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-people.h"
#include "dyno-error.h"
#include "dyno-login.h"
#include "dyno-shape-user.h"
#include "dyno-token.h"
#include "dyno-users.h"

/* Tickets */

static gint64
now_ms (DynoRequest *request)
{
  return dyno_clock_real_us (dyno_request_get_service (request)->clock) / 1000;
}

/* NULL: there is no key to sign with. (transfer full) */
static char *
issue (DynoRequest           *request,
       const DynoLoginTicket *ticket)
{
  const DynoServiceTokens *tokens = &dyno_request_get_service (request)->tokens;
  const DynoTokenSubject subject = { .user_id = ticket->user->id,
                                     .email = ticket->user->email,
                                     .role = ticket->user->role,
                                     .sid = ticket->sid,
                                     .auth_time_ms = ticket->auth_time_ms,
                                     .epoch = ticket->user->epoch };

  return tokens->ring != NULL
         ? dyno_token_issue (tokens->ring, tokens->issuer, &subject, now_ms (request)) : NULL;
}

static void
add_access (DynoJsonWriter *w,
            const char     *token)
{
  dyno_json_writer_add_string (w, "access_token", token);
  dyno_json_writer_add_string (w, "token_type", "Bearer");
  dyno_json_writer_add_integer (w, "expires_in", DYNO_TOKEN_LIFE_S);
}

/* After a proof there is no new refresh token. */
static void
reply_ticket (DynoRequest     *request,
              DynoLoginTicket *ticket)
{
  g_autofree char *token = issue (request, ticket);
  gint64 left_ms = ticket->refresh_expires_ms - now_ms (request);
  DynoJsonWriter *w;

  if (token == NULL)
    {
      dyno_reply_refuse (request, "SERVICE_UNAVAILABLE");
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  add_access (w, token);
  if (ticket->refresh_token != NULL)
    {
      dyno_json_writer_add_string (w, "refresh_token", ticket->refresh_token);
      dyno_json_writer_add_integer (w, "refresh_expires_in", MAX (left_ms, 0) / 1000);
      dyno_json_writer_name (w, "user");
      dyno_shape_user (w, ticket->user);
    }
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

/* `retry_after_s`: when it may be tried again; 0: nobody said. */
static void
refuse_attempt (DynoRequest  *request,
                const GError *error,
                gint64        retry_after_s)
{
  DynoProblem problem = dyno_problem_from_error (error);

  if (retry_after_s <= 0)
    {
      dyno_reply_error (request, error);
      return;
    }
  problem.retry_after_s = (guint) MIN (retry_after_s, G_MAXINT);
  dyno_reply_problem (request, &problem);
}

/* What the client is; `ip` is (transfer full). */
static DynoLoginClient
client_of (DynoRequest *request,
           const char  *label,
           char       **ip)
{
  *ip = dyno_api_dup_ip (request);

  return (DynoLoginClient) { .label = label, .ip = *ip,
                             .user_agent = dyno_request_get_header (request, "User-Agent") };
}

/* Logging in */

static void
opened (GObject      *unused,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  gint64 retry_after_s = 0;
  g_autoptr(DynoLoginTicket) ticket = dyno_login_open_finish (result, &retry_after_s, &error);

  dyno_api_count_attempt ("password", ticket != NULL);
  if (ticket != NULL)
    reply_ticket (request, ticket);
  else
    refuse_attempt (request, error, retry_after_s);
}

static void
login (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = client_of (request, dyno_request_text (request, "client_label"), &ip);
  DynoAsker *nobody = dyno_api_push_nobody (request);

  DYNO_API_ASK (request, opened, dyno_login_open_async, dyno_request_text (request, "email"),
                dyno_request_text (request, "password"),
                dyno_request_boolean (request, "remember_me"), &client);
  dyno_api_pop_nobody (nobody);
}

static void
refreshed (GObject      *unused,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoLoginTicket) ticket = dyno_login_refresh_finish (result, &error);

  dyno_api_count_attempt ("refresh", ticket != NULL);
  if (ticket != NULL)
    reply_ticket (request, ticket);
  else
    dyno_reply_error (request, error);
}

static void
refresh (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = client_of (request, NULL, &ip);
  DynoAsker *nobody = dyno_api_push_nobody (request);

  DYNO_API_ASK (request, refreshed, dyno_login_refresh_async,
                dyno_request_text (request, "refresh_token"), &client);
  dyno_api_pop_nobody (nobody);
}

static void
proved (GObject      *unused,
        GAsyncResult *result,
        gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  gint64 retry_after_s = 0;
  g_autoptr(DynoLoginTicket) ticket = dyno_login_prove_finish (result, &retry_after_s, &error);

  dyno_api_count_attempt ("password", ticket != NULL);
  if (ticket != NULL)
    reply_ticket (request, ticket);
  else
    refuse_attempt (request, error, retry_after_s);
}

static void
reauth (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = client_of (request, NULL, &ip);

  DYNO_API_ASK (request, proved, dyno_login_prove_async, dyno_request_get_principal (request),
                dyno_request_text (request, "password"), &client);
}

static void
logged_out (GObject      *unused,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  DynoJsonWriter *w;
  guint n = 0;

  if (!dyno_login_end_finish (result, &n, &error))
    {
      dyno_reply_error (request, error);
      return;
    }

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_integer (w, "revoked", n);
  dyno_json_writer_end_object (w);
  dyno_reply_json (request, w);
}

static void
logout (DynoRequest *request)
{
  DYNO_API_ASK (request, logged_out, dyno_login_end_async, dyno_request_get_principal (request),
                dyno_request_boolean (request, "all"));
}

/* A first password, and another one */

DYNO_API_ANSWER (registered, DynoUser, dyno_users_register_finish, dyno_api_reply_user)

static void
post_register (DynoRequest *request)
{
  const DynoRegistration registration = { .email = dyno_request_text (request, "email"),
                                          .password = dyno_request_text (request, "password"),
                                          .display_name = dyno_request_text (request, "display_name"),
                                          .code = dyno_request_text (request, "invite_code"),
                                          .is_local = dyno_request_is_local (request) };
  DynoAsker *nobody = dyno_api_push_nobody (request);

  DYNO_API_ASK (request, registered, dyno_users_register_async, &registration);
  dyno_api_pop_nobody (nobody);
}

static void
changed (GObject      *unused,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(DynoRequest) request = data;
  g_autoptr(GError) error = NULL;
  gint64 retry_after_s = 0;

  if (dyno_login_change_password_finish (result, &retry_after_s, &error))
    dyno_reply_empty (request);
  else
    refuse_attempt (request, error, retry_after_s);
}

static void
change_password (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = client_of (request, NULL, &ip);

  DYNO_API_ASK (request, changed, dyno_login_change_password_async,
                dyno_request_get_principal (request),
                dyno_request_text (request, "current_password"),
                dyno_request_text (request, "new_password"), &client);
}

DYNO_API_DONE (reset_done, dyno_login_reset_password_finish)

static void
reset_password (DynoRequest *request)
{
  DynoAsker *nobody = dyno_api_push_nobody (request);

  DYNO_API_ASK (request, reset_done, dyno_login_reset_password_async,
                dyno_request_text (request, "email"), dyno_request_text (request, "reset_code"),
                dyno_request_text (request, "new_password"));
  dyno_api_pop_nobody (nobody);
}

static void
post_password (DynoRequest *request)
{
  gboolean is_known = dyno_request_get_principal (request) != NULL;

  if (dyno_request_text (request, "email") != NULL
      && dyno_request_text (request, "reset_code") != NULL)
    reset_password (request);
  else if (is_known && dyno_request_text (request, "current_password") != NULL)
    change_password (request);
  else if (is_known)
    dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR",
                                                  .message = "Send the current password, too." });
  else
    dyno_reply_problem (request, &(DynoProblem) {
      .code = "AUTHENTICATION_ERROR",
      .message = "Log in to change your password, or send your address and a reset code." });
}

/* Keys that tokens are signed with */

static void
get_jwks (DynoRequest *request)
{
  const DynoServiceTokens *tokens = &dyno_request_get_service (request)->tokens;
  g_autofree char *jwks = NULL;
  DynoJsonWriter *w;

  if (tokens->ring == NULL)
    {
      dyno_reply_refuse (request, "SERVICE_UNAVAILABLE");
      return;
    }

  jwks = dyno_token_ring_to_jwks (tokens->ring);
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_raw (w, jwks);
  dyno_reply_header (request, "Cache-Control", "public, max-age=3600");
  dyno_reply_json (request, w);
}

/* The rows */

#define PASSWORD DYNO_SECRET (1, 256)
#define TOKEN    DYNO_SECRET (1, 4096)
#define QUIET    (DYNO_ROUTE_NO_KEY | DYNO_ROUTE_SMALL_BODY | DYNO_ROUTE_SECRET_REPLY)

static const DynoField register_body[] = {
  { "email", DYNO_EMAIL, DYNO_REQUIRED, "E-mail address to log in with" },
  { "password", PASSWORD, DYNO_REQUIRED, "At least 12 characters" },
  { "display_name", DYNO_NAME, DYNO_REQUIRED, "Name for others to read" },
  { "invite_code", DYNO_SECRET (1, 64), DYNO_NULLABLE, "Code of an invitation" },
  { NULL }
};
static const DynoField login_body[] = {
  { "email", DYNO_EMAIL, DYNO_REQUIRED, "E-mail address" },
  { "password", PASSWORD, DYNO_REQUIRED, "Password" },
  { "remember_me", DYNO_BOOLEAN, 0, "Stays logged in for 30 days instead of 12 hours", "false" },
  { "client_label", DYNO_TEXT (0, 100), DYNO_NULLABLE, "What the client calls itself" },
  { NULL }
};
static const DynoField refresh_body[] = {
  { "refresh_token", TOKEN, DYNO_REQUIRED, "The newest one" },
  { NULL }
};
static const DynoField logout_body[] = {
  { "all", DYNO_BOOLEAN, 0, "Ends all login sessions, not this one alone", "false" },
  { NULL }
};
static const DynoField reauth_body[] = {
  { "password", PASSWORD, DYNO_REQUIRED, "Password" },
  { NULL }
};
static const DynoField password_body[] = {
  { "current_password", PASSWORD, 0, "With an access token: the password so far" },
  { "new_password", PASSWORD, DYNO_REQUIRED, "At least 12 characters" },
  { "email", DYNO_EMAIL, 0, "Without an access token: whose password" },
  { "reset_code", DYNO_SECRET (1, 64), 0, "And the code that an administrator gave" },
  { NULL }
};

#define ACCESS_FIELDS                                                                          \
  { "access_token", TOKEN, 0, "For Authorization: Bearer" },                                   \
  { "token_type", DYNO_WORD ("Bearer"), 0, "Always Bearer" },                                  \
  { "expires_in", DYNO_COUNT, 0, "Seconds that the access token is good for" }

static const DynoField ticket_fields[] = {
  ACCESS_FIELDS,
  { "refresh_token", TOKEN, 0, "For the next access token; serves once" },
  { "refresh_expires_in", DYNO_COUNT, 0, "Seconds until a password is needed again" },
  { "user", DYNO_OBJECT (&dyno_user_schema), 0, "Who has logged in" },
  { NULL }
};
static const DynoField access_fields[] = { ACCESS_FIELDS, { NULL } };
static const DynoField logout_fields[] = {
  { "revoked", DYNO_COUNT, 0, "Login sessions that have ended" },
  { NULL }
};
static const DynoField jwks_fields[] = {
  { "keys", DYNO_LIST (DYNO_MAP (20, DYNO_ANY)), 0, "Public keys (RFC 7517)" },
  { NULL }
};
static const DynoSchema ticket_schema = { "Login", "Tokens of a login session", ticket_fields };
static const DynoSchema access_schema = { "AccessToken", "A fresh access token", access_fields };
static const DynoSchema logout_schema = { "Logout", "What has ended", logout_fields };
static const DynoSchema jwks_schema = { "Jwks", "Keys that access tokens are signed with",
                                        jwks_fields };

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/register", DYNO_OPEN, post_register,
              .flags = DYNO_ROUTE_NO_KEY | DYNO_ROUTE_SMALL_BODY, .limit = DYNO_CLASS (REGISTER),
              .body = register_body, .status = 201, .reply = &dyno_user_schema,
              .also = DYNO_STATUSES (409), .summary = "A new account",
              .description = "With the code of an invitation; where registration is open, also "
                             "without one, from the same machine."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/login", DYNO_OPEN, login, .flags = QUIET,
              .limit = DYNO_CLASS (LOGIN), .body = login_body, .reply = &ticket_schema,
              .summary = "Logs in"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/refresh", DYNO_OPEN, refresh, .flags = QUIET,
              .limit = DYNO_CLASS (REFRESH), .body = refresh_body, .reply = &ticket_schema,
              .summary = "The next tokens of a login session",
              .description = "Sent again within 30 seconds it answers the same; later its "
                             "session ends."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/logout", DYNO_AUTH, logout,
              .flags = DYNO_ROUTE_NO_KEY | DYNO_ROUTE_SMALL_BODY | DYNO_ROUTE_BODY_OPTIONAL,
              .body = logout_body, .reply = &logout_schema, .summary = "Logs out"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/reauth", DYNO_AUTH, reauth, .flags = QUIET,
              .limit = DYNO_CLASS (LOGIN), .body = reauth_body, .reply = &access_schema,
              .summary = "The password once more",
              .description = "For what needs it to be recent."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/password", DYNO_OPEN, post_password,
              .flags = DYNO_ROUTE_NO_KEY | DYNO_ROUTE_SMALL_BODY, .limit = DYNO_CLASS (LOGIN),
              .body = password_body, .status = 204, .summary = "Another password",
              .description = "With an access token and the password so far, or with an address "
                             "and a reset code. All login sessions end."),
  DYNO_ROUTE (DYNO_GET, "/.well-known/jwks.json", DYNO_OPEN, get_jwks, .reply = &jwks_schema,
              .summary = "Keys that access tokens are signed with"),
};

const DynoRouteTable dyno_api_auth = {
  "Authentication", "Logging in and out, and what tokens are checked with.",
  rows, G_N_ELEMENTS (rows)
};
