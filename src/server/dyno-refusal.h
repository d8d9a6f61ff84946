/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why the wire would not take a request: one row a reason, constant, any thread. The
 * guard names the reason, the ordinary error path makes the reply, the counter
 * dynoai_guard_rejected_total has `name` as its label. */

typedef enum
{
  DYNO_REFUSAL_REQUEST_LINE,  /* 400 not `method SP target SP HTTP/1.1 CRLF` */
  DYNO_REFUSAL_VERSION,       /* 505 another HTTP */
  DYNO_REFUSAL_METHOD,        /* 405 none of the seven; `allow` names them */
  DYNO_REFUSAL_TARGET,        /* 400 */
  DYNO_REFUSAL_TARGET_LENGTH, /* 414 */
  DYNO_REFUSAL_HEADER,        /* 400 a line that is no header, a byte that may not be in one */
  DYNO_REFUSAL_DUPLICATE,     /* 400 twice what may be there once */
  DYNO_REFUSAL_HEAD_SIZE,     /* 431 too many headers, too long a head */
  DYNO_REFUSAL_HOST,          /* 400 none, two, or not the name of a host */
  DYNO_REFUSAL_EXPECTATION,   /* 417 */
  DYNO_REFUSAL_FRAMING,       /* 400 Content-Length, Transfer-Encoding */
  DYNO_REFUSAL_CHUNK,         /* 400 a chunk of the body */
  DYNO_REFUSAL_BODY_SIZE,     /* 413 over the cap of the route */
  DYNO_REFUSAL_TIMEOUT,       /* 408 head or body came too slowly */
  DYNO_N_REFUSALS
} DynoRefusalReason;

typedef struct
{
  const char *name;     /* "request_line" */
  guint       status;   /* of the reply */
  const char *code;     /* "BAD_REQUEST": of the error body */
  const char *sentence; /* for a person, says what to do */
  const char *allow;    /* (nullable) value of the header Allow: of a 405 */
} DynoRefusal;

/* Never NULL; the same pointer for the same reason. */
const DynoRefusal *dyno_refusal_of         (DynoRefusalReason  reason);
DynoRefusalReason  dyno_refusal_get_reason (const DynoRefusal *refusal);

G_END_DECLS
