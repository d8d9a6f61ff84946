/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* A first password, which makes an account, and another one. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-people.h"

/* The first one */

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

/* Another one */

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
    dyno_api_refuse_attempt (request, error, retry_after_s);
}

static void
change_password (DynoRequest *request)
{
  g_autofree char *ip = NULL;
  DynoLoginClient client = dyno_api_client (request, NULL, &ip);

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

/* The rows */

#define PASSWORD DYNO_SECRET (1, 256)
#define QUIET    (DYNO_ROUTE_NO_KEY | DYNO_ROUTE_SMALL_BODY)

static const DynoField register_body[] = {
  { "email", DYNO_EMAIL, DYNO_REQUIRED, "E-mail address to log in with" },
  { "password", PASSWORD, DYNO_REQUIRED, "At least 12 characters" },
  { "display_name", DYNO_NAME, DYNO_REQUIRED, "Name for others to read" },
  { "invite_code", DYNO_SECRET (1, 64), DYNO_NULLABLE, "Code of an invitation" },
  { NULL }
};
static const DynoField password_body[] = {
  { "current_password", PASSWORD, 0, "With an access token: the password so far" },
  { "new_password", PASSWORD, DYNO_REQUIRED, "At least 12 characters" },
  { "email", DYNO_EMAIL, 0, "Without an access token: whose password" },
  { "reset_code", DYNO_SECRET (1, 64), 0, "And the code that an administrator gave" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/register", DYNO_OPEN, post_register,
              .flags = QUIET, .limit = DYNO_CLASS (REGISTER),
              .body = register_body, .status = 201, .reply = &dyno_user_schema,
              .also = DYNO_STATUSES (409), .summary = "A new account",
              .description = "With the code of an invitation; where registration is open, also "
                             "without one, from the same machine."),
  DYNO_ROUTE (DYNO_POST, "/api/v1/auth/password", DYNO_OPEN, post_password,
              .flags = QUIET, .limit = DYNO_CLASS (LOGIN),
              .body = password_body, .status = 204, .summary = "Another password",
              .description = "With an access token and the password so far, or with an address "
                             "and a reset code. All login sessions end."),
};

const DynoRouteTable dyno_api_password = {
  "Passwords", "Making an account, and taking another password.", rows, G_N_ELEMENTS (rows)
};
