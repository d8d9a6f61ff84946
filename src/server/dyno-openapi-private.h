/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-route.h"
#include "dyno-schema-book.h"

G_BEGIN_DECLS

/* The parts of the document that dyno-openapi.c puts together. */

/* One operation: parameters, body, responses, security. `n` is 0 for the row's path and
 * counts its aliases from 1. */
void dyno_openapi_write_operation  (DynoJsonWriter       *w,
                                    const DynoRouteTable *table,
                                    const DynoRoute      *route,
                                    const char           *path,
                                    guint                 n);
/* components.parameters, .headers, .responses, .securitySchemes: what all share. */
void dyno_openapi_write_shared     (DynoJsonWriter       *w);
/* The error body of 5.1. */
extern const DynoSchema dyno_problem_schema;

G_END_DECLS
