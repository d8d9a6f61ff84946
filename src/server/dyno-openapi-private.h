/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-route.h"
#include "dyno-schema-book.h"

G_BEGIN_DECLS

/* The parts of the document that dyno-openapi.c puts together. */

/* An operation of a path: a row, or one of its aliases. */
typedef struct
{
  const DynoRouteTable *table;
  const DynoRoute      *route;
  const char           *path;
  guint                 n;     /* of the alias; 0: the row's own path */
} DynoOperationId;

/* Parameters, body, responses, security. The shared components that it refers to are
 * added to the set `used`. */
void dyno_openapi_write_operation  (DynoJsonWriter        *w,
                                    const DynoOperationId *operation,
                                    GHashTable            *used);
/* components.parameters, .responses, .securitySchemes: what all share, as far as it is
 * used. */
void dyno_openapi_write_shared     (DynoJsonWriter        *w,
                                    GHashTable            *used);
/* The error body of 5.1. */
extern const DynoSchema dyno_problem_schema;

G_END_DECLS
