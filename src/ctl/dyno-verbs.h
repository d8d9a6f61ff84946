/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The table of verbs: help, man page and bash completion are printed from it. */

/* FALSE with an error: the exit status follows from it. A verb that found damage
 * and has said so answers TRUE and sets *status to DYNO_EXIT_FAILED. */
typedef gboolean (*DynoVerbFunc) (DynoCtl  *ctl,
                                  int      *status,
                                  GError  **error);

typedef struct
{
  const char         *name;      /* "runs" */
  const char         *subs;      /* (nullable) "list|show|delete|note|tag" */
  const char         *arguments; /* "[RUN…]" */
  const char         *summary;   /* a sentence without a dot */
  const GOptionEntry *entries;   /* (nullable) ends with an empty one */
  DynoVerbFunc        run;
} DynoVerb;

/* Ends with a row without a name. */
const DynoVerb *dyno_verbs           (void);
const DynoVerb *dyno_verbs_find      (const char *name); /* (nullable) */

/* Whole texts. (transfer full) */
char           *dyno_verbs_help      (void);
char           *dyno_verbs_man_page  (void);
char           *dyno_verbs_completion (void);

G_END_DECLS
