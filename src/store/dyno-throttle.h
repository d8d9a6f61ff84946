/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-logins.h"

G_BEGIN_DECLS

/* The brake on guessing passwords, over three rows of login_throttle: account with
 * address (5 at once, then one a minute), address (20, then one in 30 s), account (a
 * growing pause after 5 failures from places that are not known, the end at 100).
 * Inside a verb. */

#define DYNO_THROTTLE_STOP 100 /* failures on end */

/* Judges one attempt on an account (the address as typed) from an IP address, and
 * counts it as a failure where it may go on; a refused one is not counted. `user_id`
 * (nullable) is whose account it is. */
gboolean dyno_throttle_take  (DynoTurn             *turn,
                              const char           *email,
                              const char           *user_id,
                              const char           *address,
                              DynoLoginTurn        *verdict,
                              GError              **error);

/* The password was right: the counts of the account begin anew, and the address gets
 * its try back. */
gboolean dyno_throttle_clear (DynoTurn             *turn,
                              const char           *email,
                              const char           *address,
                              GError              **error);

/* The account alone, by an administrator. */
gboolean dyno_throttle_unlock (DynoTurn            *turn,
                               const char          *email,
                               GError             **error);

G_END_DECLS
