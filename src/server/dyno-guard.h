/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-refusal.h"

G_BEGIN_DECLS

/* What a client sends, judged before libsoup sees a byte of it: raw bytes in, a head made
 * anew and a body in chunks out.
 *
 *   IDLE → HEAD → BODY → REPLY → IDLE …        CLOSED from anywhere
 *
 * A machine over bytes: it does no input or output, knows no clock, and allocates
 * nothing after dyno_guard_new (). One thread at a time.
 *
 * The head is judged line by line as it comes. The first bad line makes a refusal: the
 * output is then `GET /` with nothing of the client's in it, and after it the end. A body
 * that breaks a rule ends early, so that libsoup has a whole request in every case and
 * the reply is made where all replies are made. No byte of the next request is looked at
 * before dyno_guard_next ().
 *
 * Sources: RFC 9112 (messages), RFC 9110 (fields). Beyond it, on purpose: no chunk
 * extensions, no trailers, no obs-fold, no HTTP/1.0. */

#define DYNO_GUARD_MAX_HEAD    (16 * 1024) /* bytes, request line to empty line */
#define DYNO_GUARD_MAX_HEADERS 64
#define DYNO_GUARD_MAX_TARGET  4096        /* bytes */

typedef struct _DynoGuard DynoGuard;

typedef enum
{
  DYNO_GUARD_IDLE,   /* no byte of a request */
  DYNO_GUARD_HEAD,   /* a head has begun */
  DYNO_GUARD_BODY,   /* the head is out, its body is not */
  DYNO_GUARD_REPLY,  /* the request is out: it waits for its reply */
  DYNO_GUARD_CLOSED, /* nothing more is taken; what is staged may still go out */
} DynoGuardPhase;

DynoGuard         *dyno_guard_new             (void);
void               dyno_guard_free            (DynoGuard         *self);

DynoGuardPhase     dyno_guard_get_phase       (const DynoGuard   *self);

/* Input: room for `*size` bytes, 0 when none are wanted now; then how many were put
 * there, or that no more will come. */
guint8            *dyno_guard_room            (DynoGuard         *self,
                                               gsize             *size);
void               dyno_guard_fill            (DynoGuard         *self,
                                               gsize              n);
void               dyno_guard_end             (DynoGuard         *self);
/* No more came before the end of the body in hand: what there is of it is none. libsoup
 * 3.2.3 takes the end of the stream for the end of the body. */
gboolean           dyno_guard_is_cut          (const DynoGuard   *self);
gboolean           dyno_guard_wants_input     (const DynoGuard   *self);
/* Bytes of the head or body in hand that have come: for the slow ones. */
guint64            dyno_guard_get_received    (const DynoGuard   *self);
/* Bytes of the client's stand unread. */
gboolean           dyno_guard_has_leftover    (const DynoGuard   *self);

/* Output: moves at most `size` staged bytes. 0: nothing is there now, or at the end of
 * all (dyno_guard_is_over). */
gsize              dyno_guard_take            (DynoGuard         *self,
                                               guint8            *bytes,
                                               gsize              size);
gboolean           dyno_guard_has_output      (const DynoGuard   *self);
gboolean           dyno_guard_is_over         (const DynoGuard   *self);

/* The body goes on from here, at most `cap` bytes of it (`dyno_guard_open_body`); before,
 * none is looked at. A cap below the announced length refuses at once. */
void               dyno_guard_open_body       (DynoGuard         *self,
                                               guint64            cap);
/* The reply is there already: the body ends here, the connection after it. */
void               dyno_guard_skip_body       (DynoGuard         *self);
/* The reply is complete: the next request, or the end. */
void               dyno_guard_next            (DynoGuard         *self);
/* The end, whatever is in hand. */
void               dyno_guard_close           (DynoGuard         *self);
/* The request that libsoup has or will read next is none of the client's: libsoup 3.2.3
 * keeps a connection for good that ends between two requests, so the end is told to it as
 * a last request, which nobody answers and nobody sees. */
gboolean           dyno_guard_is_void         (const DynoGuard   *self);
/* Refuses what is in hand from outside (TIMEOUT, BODY_SIZE). Only in HEAD and BODY. */
void               dyno_guard_refuse          (DynoGuard         *self,
                                               DynoRefusalReason  reason);

/* Of the request in hand; of a refused head "GET" and "/". */
const char        *dyno_guard_get_method      (const DynoGuard   *self);
const char        *dyno_guard_get_target      (const DynoGuard   *self);
gint64             dyno_guard_get_body_length (const DynoGuard   *self); /* -1: unknown */
gboolean           dyno_guard_expects_continue (const DynoGuard  *self);
/* The client closes after this one. */
gboolean           dyno_guard_says_close      (const DynoGuard   *self);
/* (nullable) */
const DynoRefusal *dyno_guard_get_refusal     (const DynoGuard   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoGuard, dyno_guard_free)

G_END_DECLS
