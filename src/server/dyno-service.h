/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-clock.h"
#include "dyno-router.h"

G_BEGIN_DECLS

/* What the handlers of all routes can reach: the owners that were built before the
 * server. Filled once by who builds the server, then read only but for the ring of keys that
 * tokens are signed with; lives longer than it. */

typedef struct _DynoIdempotency DynoIdempotency;
typedef struct _DynoOpenapi     DynoOpenapi;
typedef struct _DynoOrigin      DynoOrigin;
typedef struct _DynoShop        DynoShop;
typedef struct _DynoTokenRing   DynoTokenRing;

/* What access tokens are made with. */
typedef struct
{
  DynoTokenRing *ring;   /* (borrowed) (nullable) in force now; another one as time goes by */
  const char    *issuer; /* (borrowed) */
} DynoServiceTokens;

typedef struct
{
  DynoShop        *shop;           /* (borrowed) (nullable) in tests of the wire alone */
  DynoClock       *clock;          /* (borrowed) */
  DynoRouter      *router;         /* (borrowed) */
  DynoOpenapi     *openapi;        /* (borrowed) */
  DynoOrigin      *origin;         /* (borrowed) */
  DynoIdempotency *idempotency;    /* (borrowed) (nullable) NULL: keys are checked, not kept */
  DynoServiceTokens tokens;        /* (thread dyno-server) */
  const char      *upload_folder;  /* (borrowed) where bodies of uploads wait, unnamed */
  guint64          max_upload;     /* bytes */
  guint8           cursor_key[32]; /* of the purpose "cursor" */
  gboolean         is_checked;     /* every reply is held against its schema: for tests and */
                                   /* development, a deviation is a critical warning */
} DynoService;

G_END_DECLS
