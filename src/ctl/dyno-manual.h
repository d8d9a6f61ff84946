/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-verbs.h"

G_BEGIN_DECLS

/* What is printed from the table of verbs. All (transfer full), whole texts. */

char *dyno_manual_help       (void);
char *dyno_manual_verb_help  (const DynoVerb *verb);
char *dyno_manual_man_page   (void);
char *dyno_manual_completion (void);

G_END_DECLS
