/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-audit.h"
#include "dyno-login-set.h"
#include "dyno-operation.h"
#include "dyno-principal.h"

G_BEGIN_DECLS

/* Who may come in, among the owners of a shop: the set of the moment. */

typedef struct _DynoAccess DynoAccess;

DynoAccess   *dyno_access_new       (void);
void          dyno_access_free      (DynoAccess          *self);

/* (transfer full); empty until it is loaded. Any thread. */
DynoLoginSet *dyno_access_ref_set   (DynoAccess          *self);

/* Reads the set anew. What was changed before the call is in force after it, whatever
 * others change and read at the same time. */
gboolean      dyno_access_renew     (const DynoErrand    *errand,
                                     GError             **error);
/* The same after a change of that user, and tells it; where his role or state are other
 * ones ("changed"), his keys are read anew, too. */
gboolean      dyno_access_changed   (const DynoErrand    *errand,
                                     const char          *user_id,
                                     const char          *detail,
                                     GError             **error);

/* The next write takes a row of the audit along, of the user himself (NULL: of that
 * address) where nobody is logged in yet; dyno_audit_carry () is for all others. */
void          dyno_access_note      (const DynoErrand    *errand,
                                     DynoAuditEvent       event,
                                     const char          *user_id,
                                     const char          *ip,
                                     const char          *resource_type,
                                     const char          *resource_id);
/* The same as a write of its own: for what changes nothing. */
gboolean      dyno_access_tell      (const DynoErrand    *errand,
                                     DynoAuditEvent       event,
                                     const char          *user_id,
                                     const char          *ip,
                                     GError             **error);

/* DENIED "AUTHORIZATION_ERROR". */
gboolean      dyno_access_may       (const DynoPrincipal *asker,
                                     DynoScope            scope,
                                     GError             **error);

/* The SHA-256 of a code as it was typed; NULL: it can be none. */
GBytes       *dyno_access_code_sum  (const char          *typed);
/* A text's. */
GBytes       *dyno_access_sum       (const char          *text);

G_END_DECLS
