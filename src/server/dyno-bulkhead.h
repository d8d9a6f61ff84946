/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A named number of places for one kind of work, so that it cannot take the whole house
 * (service.md 6). Who finds none waits in line, at most so many. Thread dyno-server
 * alone. */

typedef struct
{
  const char *name;
  guint       places;
  guint       max_waiting; /* 0: full is full */
} DynoBulkheadKind;

typedef enum
{
  DYNO_BULKHEAD_GO,
  DYNO_BULKHEAD_WAIT,
  DYNO_BULKHEAD_FULL,
} DynoBulkheadAnswer;

typedef struct _DynoBulkhead      DynoBulkhead;
typedef struct _DynoBulkheadPlace DynoBulkheadPlace;

/* A place came free for one that waited. May call into the bulkhead again. */
typedef void (*DynoBulkheadFunc) (gpointer data);

/* analysis max (1, cores − 1), bcrypt 2 (8 in line, then KDF_BUSY), uploads 4 (16 in
 * line), exports 1; NULL for another name. `n_cores` is that of the machine. */
DynoBulkhead       *dyno_bulkhead_new_named (const char              *name,
                                             guint                    n_cores);
DynoBulkhead       *dyno_bulkhead_new       (const DynoBulkheadKind  *kind);
/* Nobody may wait or be inside. */
void                dyno_bulkhead_free      (DynoBulkhead            *self);

/* GO and WAIT give a place, FULL gives NULL. `func` is called only, and once, after
 * WAIT. */
DynoBulkheadAnswer  dyno_bulkhead_enter     (DynoBulkhead            *self,
                                             DynoBulkheadFunc         func,
                                             gpointer                 data,
                                             DynoBulkheadPlace      **place);
/* The work is done; or it is waited for no more. */
void                dyno_bulkhead_leave     (DynoBulkhead            *self,
                                             DynoBulkheadPlace       *place);

const char         *dyno_bulkhead_get_name    (const DynoBulkhead    *self);
guint               dyno_bulkhead_get_inside  (const DynoBulkhead    *self);
guint               dyno_bulkhead_get_waiting (const DynoBulkhead    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBulkhead, dyno_bulkhead_free)

G_END_DECLS
