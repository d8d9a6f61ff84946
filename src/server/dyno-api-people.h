/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-asker.h"
#include "dyno-login.h"
#include "dyno-reply.h"
#include "dyno-users.h"

G_BEGIN_DECLS

/* What the routes of people, logins and keys have in common. Thread dyno-server. */

#define DYNO_ROLE_WORDS "viewer|operator|tuner|admin"

/* Members of a user on the wire (dyno-shape-user.h); the name User. */
#define DYNO_USER_FIELDS                                                                       \
  { "id", DYNO_TEXT (1, 32), 0, "Id; local:owner sits at the machine" },                       \
  { "email", DYNO_ANY_TEXT, DYNO_NULLABLE, "E-mail address" },                                 \
  { "display_name", DYNO_ANY_TEXT, 0, "Name" },                                                \
  { "role", DYNO_WORD (DYNO_ROLE_WORDS "|service|owner|developer"), 0, "What he may do" },     \
  { "status", DYNO_WORD ("invited|active|disabled|erased"), 0, "Whether he may come in" },     \
  { "max_requests_per_day", DYNO_COUNT, 0, "Requests a day" },                                 \
  { "created_at", DYNO_TIME, DYNO_NULLABLE, "Made" },                                          \
  { "last_login_at", DYNO_TIME, DYNO_NULLABLE, "Logged in last" },                             \
  { "version", DYNO_COUNT, 0, "For If-Match" }

extern const DynoSchema dyno_user_schema;

/* A user with his ETag. */
void       dyno_api_reply_user   (DynoRequest *request,
                                  DynoUser    *user);

/* The address of the client as text; NULL on the admin socket. (transfer full) */
char      *dyno_api_dup_ip       (DynoRequest *request);

/* Around an operation for a client that has shown no credential: the audit then has its
 * address and the correlation id, and no permission comes with it. NULL where the owner
 * of the machine asks, on the admin socket: then it is his. */
DynoAsker *dyno_api_push_nobody  (DynoRequest *request);
void       dyno_api_pop_nobody   (DynoAsker   *nobody);

/* What the client is; `label` (nullable) is borrowed, `ip` (transfer full). */
DynoLoginClient dyno_api_client   (DynoRequest *request,
                                   const char  *label,
                                   char       **ip);

/* A password, token or code did not serve; `retry_after_s`: when it may be tried again,
 * 0: nobody said. */
void       dyno_api_refuse_attempt (DynoRequest  *request,
                                    const GError *error,
                                    gint64        retry_after_s);
/* "password", "refresh" or "pair" was tried. */
void       dyno_api_count_attempt (const char *kind,
                                   gboolean    is_good);

G_END_DECLS
