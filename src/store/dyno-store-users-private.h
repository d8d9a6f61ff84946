/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-statement.h"
#include "dyno-store-users.h"

G_BEGIN_DECLS

/* Rows of users, codes and login sessions inside a verb, for the files of their
 * families. */

/* In the order of USER_SELECT. */
gpointer    dyno_user_rows_make       (DynoStatement  *row);
DynoUser   *dyno_user_rows_get        (DynoTurn       *turn,
                                       const char     *user_id,
                                       GError        **error);
/* TRUE with `user` NULL where nobody has that address. */
gboolean    dyno_user_rows_find       (DynoTurn       *turn,
                                       const char     *email,
                                       DynoUser      **user,
                                       GError        **error);
/* A new row; without an id one is made. */
DynoUser   *dyno_user_rows_add        (DynoTurn       *turn,
                                       const DynoUser *user,
                                       GError        **error);
/* The service user of that label, made where there is none. */
DynoUser   *dyno_user_rows_ensure     (DynoTurn       *turn,
                                       const char     *label,
                                       GError        **error);
gboolean    dyno_user_rows_set_password (DynoTurn     *turn,
                                         const char   *user_id,
                                         const char   *password,
                                         gboolean      is_same,
                                         GError      **error);

/* `code` in the place of an open one of that kind for the same user. */
gboolean    dyno_code_rows_put        (DynoTurn       *turn,
                                       const DynoCode *code,
                                       const char     *user_id,
                                       GError        **error);
/* Used up from now on. DENIED "code" where it was, or is over. */
gboolean    dyno_code_rows_use        (DynoTurn       *turn,
                                       DynoCodeKind    kind,
                                       GBytes         *sha256,
                                       const char     *used_by,
                                       GError        **error);

/* Ends the session `sid`, or (NULL) all of the user; answers in `n` (nullable) how
 * many there were. */
gboolean    dyno_login_rows_end       (DynoTurn       *turn,
                                       const char     *user_id,
                                       const char     *sid,
                                       const char     *reason,
                                       guint          *n,
                                       GError        **error);

G_END_DECLS
