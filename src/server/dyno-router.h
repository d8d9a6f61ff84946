/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-path.h"
#include "dyno-route.h"

G_BEGIN_DECLS

/* Finds the row of a request in as many steps as its path has segments. A name that a
 * template spells out goes before a {name}. Filled at start, then read only: any thread. */

typedef struct _DynoRouter DynoRouter;

typedef struct
{
  const DynoRoute *route;  /* (nullable) NULL: that path does not know the method */
  GHashTable      *args;   /* (owned) name to decoded segment, both text */
  char            *allow;  /* (owned) "GET, HEAD, OPTIONS, PATCH" */
} DynoMatch;

/* `tables` ends with NULL and outlives the router. A row that is wrong, or the second
 * one for a method and path, is a programming mistake and ends the program. */
DynoRouter                  *dyno_router_new        (const DynoRouteTable *const *tables);
void                         dyno_router_free       (DynoRouter                  *self);

/* The tables in their order, NULL-terminated. */
const DynoRouteTable *const *dyno_router_get_tables (DynoRouter                  *self);

/* `method` as on the wire; HEAD is GET. Arguments that are malformed are no match. NULL:
 * no such path. */
DynoMatch                   *dyno_router_match      (DynoRouter                  *self,
                                                     const char                  *method,
                                                     const DynoPath              *path);
void                         dyno_match_free        (DynoMatch                   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMatch, dyno_match_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRouter, dyno_router_free)

G_END_DECLS
