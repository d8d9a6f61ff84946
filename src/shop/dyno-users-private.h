/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-operation.h"
#include "dyno-users.h"

G_BEGIN_DECLS

/* What users, logins and registration share. */

/* The user without the kept password; the same pointer, NULL included. */
DynoUser *dyno_users_strip       (DynoUser         *user);
/* INVALID "display_name": 1 to 100 code points, no control characters. Normalised,
 * blanks around it are gone. (transfer full) */
char     *dyno_users_check_name  (const char       *text,
                                  GError          **error);
/* A password as it is kept. Takes 0.2 s. Errors of the vault. (transfer full) */
char     *dyno_users_hash        (const DynoErrand *errand,
                                  const char       *password,
                                  GError          **error);
/* Overwrites and frees. */
void      dyno_users_forget_text (char             *text);

G_END_DECLS
