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

/* Options that stand together in the help. */
typedef struct
{
  const char         *title;
  const GOptionEntry *entries;   /* ends with an empty one */
} DynoVerbGroup;

#define DYNO_VERB_GROUPS 4

/* How a verb is done while another process holds the data folder: that process is asked
 * on these routes of the API. What has no route is refused then, unless it needs no
 * store. */
typedef struct
{
  const char         *sub;       /* (nullable) of a verb that has none */
  const char         *route;     /* "GET /runs" */
  DynoVerbFunc        run;       /* that asks */
} DynoVerbRoute;

typedef struct
{
  const char         *name;      /* "runs" */
  const char         *subs;      /* (nullable) "list|show|delete": one of them follows */
  const char         *arguments; /* "[RUN…]", "" */
  const char         *summary;   /* a sentence without a dot */
  const char         *details;   /* paragraphs with an empty line between */
  const char         *examples;  /* lines "runs list --limit 5", without the program's name */
  DynoVerbGroup       groups[DYNO_VERB_GROUPS]; /* the last one has no title */
  DynoVerbFunc        run;
  const DynoVerbRoute *routes;   /* (nullable) ends with a row without a route */
} DynoVerb;

/* Ends with a row without a name. */
const DynoVerb *dyno_verbs      (void);
const DynoVerb *dyno_verbs_find (const char *name); /* (nullable) */
const DynoVerbRoute *dyno_verbs_find_route (const DynoVerb *verb,
                                            const char     *sub); /* both (nullable) */

G_END_DECLS
