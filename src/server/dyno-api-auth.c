/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Coming in and going out: access tokens and refresh tokens. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-people.h"
#include "dyno-shape-user.h"
#include "dyno-token.h"

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
    dyno_api_refuse_attempt (request, error, retry_after_s);
}

static void
login (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = dyno_api_client (request, dyno_request_text (request, "client_label"), &ip);
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
  DynoLoginClient client = dyno_api_client (request, NULL, &ip);
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
    dyno_api_refuse_attempt (request, error, retry_after_s);
}

static void
reauth (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = dyno_api_client (request, NULL, &ip);

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
  DYNO_ROUTE (DYNO_GET, "/.well-known/jwks.json", DYNO_OPEN, get_jwks, .reply = &jwks_schema,
              .summary = "Keys that access tokens are signed with"),
};

const DynoRouteTable dyno_api_auth = {
  "Authentication", "Logging in and out, and what tokens are checked with.",
  rows, G_N_ELEMENTS (rows)
};
