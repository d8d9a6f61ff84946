/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-principal.h"

G_BEGIN_DECLS

/* On whose behalf something is done: for the audit, and for what each may. A face
 * that serves others says so around each call,
 *
 *   dyno_asker_push (asker);
 *   dyno_runbook_delete_async (shop, …);
 *   dyno_asker_pop (asker);
 *
 * and every operation that the thread starts in between is his; the pairs may nest. Without it the
 * owner of the machine asks: the window, dynoctl.
 *
 * Filled before it is pushed, then immutable; counted, any thread. */

typedef struct
{
  gatomicrefcount  ref_count;
  DynoPrincipal   *principal;      /* (owned) */
  char            *ip;             /* (owned) (nullable) */
  char            *correlation_id; /* (owned) (nullable) */

  /* A request that may have its effect only once: what is kept with the effect says
   * that it has had it (dyno-once.h). All NULL: it may have it again. */
  char            *once_method;    /* (owned) (nullable) */
  char            *once_route;     /* (owned) (nullable) the template */
  char            *once_key;       /* (owned) (nullable) as the asker named it */
  guint8           once_sum[32];   /* SHA-256 of the request's body */
} DynoAsker;

DynoAsker *dyno_asker_new         (DynoPrincipal *principal,
                                   const char    *ip,
                                   const char    *correlation_id);
void       dyno_asker_set_once    (DynoAsker     *self,
                                   const char    *method,
                                   const char    *route,
                                   const char    *key,
                                   const guint8   sum[32]);
DynoAsker *dyno_asker_ref         (DynoAsker     *self);
void       dyno_asker_unref       (DynoAsker     *self);

void       dyno_asker_push        (DynoAsker     *self);
void       dyno_asker_pop         (DynoAsker     *self);
/* The one of this thread, else the owner. (transfer full) */
DynoAsker *dyno_asker_ref_current (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoAsker, dyno_asker_unref)

G_END_DECLS
