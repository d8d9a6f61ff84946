/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-crypt.h"

G_BEGIN_DECLS

/* A change that a client may ask for twice and that must happen once: what names the
 * change (the row of the table `idempotency`), and how the reply to it is made.
 *
 * The record is written in the transaction of the effect, so that neither is there
 * without the other: a face hands a DynoOnce down with the call, the operation calls
 * dyno_once_make_reply () with its result inside its transaction and stores what comes
 * of it. Immutable once it is handed down, counted, any thread. */

/* What was answered, as it is kept. */
typedef struct
{
  guint8  fingerprint[DYNO_SHA256_SIZE]; /* of the body that asked */
  guint   status;
  char   *headers;                       /* (owned) a JSON object: "ETag", "Location" */
  char   *body;                          /* (owned) (nullable) at most 64 KiB; NULL: it held a */
                                         /* secret, and is not told twice */
  char   *resource_id;                   /* (owned) (nullable) what was made */
} DynoOnceReply;

/* Made of the operation's result; pure, on the thread of the store. */
typedef DynoOnceReply *(*DynoOnceShape) (gconstpointer result);

typedef struct
{
  gatomicrefcount ref_count;
  char           *principal; /* (owned) who asks: id of user or key */
  char           *method;    /* (owned) "POST" */
  char           *route;     /* (owned) the path */
  char           *key;       /* (owned) of the header Idempotency-Key, without quotes */
  guint8          fingerprint[DYNO_SHA256_SIZE];
  DynoOnceShape   shape;     /* (nullable) until a handler hands it down */
} DynoOnce;

DynoOnce      *dyno_once_new        (const char      *principal,
                                     const char      *method,
                                     const char      *route,
                                     const char      *key,
                                     const guint8     fingerprint[DYNO_SHA256_SIZE]);
DynoOnce      *dyno_once_ref        (DynoOnce        *self);
void           dyno_once_unref      (DynoOnce        *self);

/* What to store beside the effect that `result` tells of. (transfer full) */
DynoOnceReply *dyno_once_make_reply (const DynoOnce  *self,
                                     gconstpointer    result);

/* All empty; fill the members. */
DynoOnceReply *dyno_once_reply_new  (guint            status);
void           dyno_once_reply_free (DynoOnceReply   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoOnce, dyno_once_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoOnceReply, dyno_once_reply_free)

G_END_DECLS
