/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-virtual-tune.h"

G_BEGIN_DECLS

/* Virtual tuning that goes on by itself: sessions with an id, each a job, known until the
 * program ends, the newest 100 of them. Any thread, nothing blocks. */

typedef struct _DynoVirtualBook DynoVirtualBook;

typedef enum
{
  DYNO_VIRTUAL_INITIALIZING, /* waits for its thread */
  DYNO_VIRTUAL_RUNNING,
  DYNO_VIRTUAL_ENDED,        /* `loop` says how; without one it was stopped or failed */
} DynoVirtualState;

/* Immutable, counted: what a session was at one moment. */
typedef struct
{
  char            *id;         /* (owned) vts_… */
  char            *job_id;     /* (owned) (nullable) until it runs */
  DynoLoopOptions  options;
  DynoVirtualState state;
  DynoLoop        *loop;       /* (owned) (nullable) */
  char            *error;      /* (owned) (nullable) why it failed; NULL: it was stopped */
  gint64           created_ms; /* UTC */
} DynoVirtualSession;

DynoVirtualSession *dyno_virtual_session_ref   (DynoVirtualSession    *self);
void                dyno_virtual_session_unref (DynoVirtualSession    *self);

DynoVirtualBook    *dyno_virtual_book_new      (void);
void                dyno_virtual_book_free     (DynoVirtualBook       *self);

/* Begins a session of the thread's asker. (transfer full) */
DynoVirtualSession *dyno_virtual_book_begin    (DynoShop              *shop,
                                                const DynoLoopOptions *options);
/* The newest first. (element-type DynoVirtualSession) (transfer full) */
GPtrArray          *dyno_virtual_book_list     (DynoShop              *shop);
/* (transfer full) (nullable) */
DynoVirtualSession *dyno_virtual_book_get      (DynoShop              *shop,
                                                const char            *id);
/* Stops it where it runs, and forgets it. FALSE for one that is not there. */
gboolean            dyno_virtual_book_remove   (DynoShop              *shop,
                                                const char            *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVirtualSession, dyno_virtual_session_unref)

G_END_DECLS
