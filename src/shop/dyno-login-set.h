/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-scope.h"
#include "dyno-store-logins.h"

G_BEGIN_DECLS

/* Who may come in, as of one moment: users with their roles and epochs, login sessions
 * that live, access tokens that were revoked. Immutable, counted, any thread. A change
 * makes a new one before its answer leaves (dyno_login_ref_set). */

typedef struct _DynoLoginSet DynoLoginSet;

typedef struct
{
  char     *id;
  char     *email;     /* (nullable) */
  char     *name;
  DynoRole  role;
  gboolean  is_active;
  gint64    epoch;
  guint     per_day;   /* requests */
} DynoLoginUser;

/* The local rows are left out: nobody comes in as one of them. */
DynoLoginSet        *dyno_login_set_new           (const DynoLoginAuthority *authority);
DynoLoginSet        *dyno_login_set_ref           (DynoLoginSet             *self);
void                 dyno_login_set_unref         (DynoLoginSet             *self);

/* NULL: none of that id. */
const DynoLoginUser *dyno_login_set_get_user      (const DynoLoginSet       *self,
                                                   const char               *user_id);
/* Whose session that is; NULL where it has ended. */
const DynoLoginUser *dyno_login_set_get_session   (const DynoLoginSet       *self,
                                                   const char               *sid,
                                                   gint64                    now_ms);
gboolean             dyno_login_set_is_revoked    (const DynoLoginSet       *self,
                                                   const char               *jti);
/* There is an administrator who can log in. */
gboolean             dyno_login_set_has_admin     (const DynoLoginSet       *self);
guint                dyno_login_set_n_sessions    (const DynoLoginSet       *self,
                                                   gint64                    now_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLoginSet, dyno_login_set_unref)

G_END_DECLS
