/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-login.h"
#include "dyno-operation.h"

G_BEGIN_DECLS

/* What the files of logging in share. */

#define DYNO_REFRESH_PREFIX "dynort_"

/* A client kept; never NULL inside. */
typedef struct
{
  char *label;      /* (owned) (nullable) */
  char *ip;         /* (owned) */
  char *address;    /* (owned) by which attempts are counted: the ip, of IPv6 its /64 */
  char *user_agent; /* (owned) */
} DynoLoginPlace;

void      dyno_login_place_init   (DynoLoginPlace        *self,
                                   const DynoLoginClient *client);
void      dyno_login_place_clear  (DynoLoginPlace        *self);

/* Of a session; `user` is taken over. */
DynoLoginTicket *dyno_login_ticket_new (DynoUser               *user,
                                        const DynoLoginSession *session,
                                        const char             *refresh_token);

/* DENIED "AUTHENTICATION_ERROR" with the one sentence for all reasons. */
void      dyno_login_refuse       (GError               **error);

G_END_DECLS
