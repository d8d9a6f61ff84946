/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"

G_BEGIN_DECLS

/* The reading side: two threads, dyno-store-r1 and -r2, with a read-only
 * connection each. Calls wait in one line and the thread that is free takes the
 * next, so a long one holds up nobody while the other thread is free. A call
 * sees the database as it is at one moment. */

typedef struct _DynoReader DynoReader;

/* `mode` is DYNO_DB_READ or DYNO_DB_FROZEN. `clock` is borrowed. */
DynoReader *dyno_reader_new  (const char *path,
                              DynoDbMode  mode,
                              DynoClock  *clock,
                              GError    **error);

/* Any thread. After the stop the call is answered with UNAVAILABLE. */
void        dyno_reader_push (DynoReader *self,
                              GTask      *call);

/* Does what waits, then closes the connections. May be called twice. */
void        dyno_reader_stop (DynoReader *self);
void        dyno_reader_free (DynoReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoReader, dyno_reader_free)

G_END_DECLS
