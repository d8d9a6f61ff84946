/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-router.h"

G_BEGIN_DECLS

/* The OpenAPI 3.1 document of all routes, printed from their rows once at start, then
 * immutable: any thread. Two schemas of one name are a programming mistake and end the
 * program. */

typedef struct _DynoOpenapi DynoOpenapi;

DynoOpenapi *dyno_openapi_new      (const DynoRouteTable *const *tables);
void         dyno_openapi_free     (DynoOpenapi                 *self);

/* (transfer none) JSON. */
GBytes      *dyno_openapi_get      (DynoOpenapi                 *self);
/* For an ETag: changes with the document. */
const char  *dyno_openapi_get_hash (DynoOpenapi                 *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoOpenapi, dyno_openapi_free)

G_END_DECLS
