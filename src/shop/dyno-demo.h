/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A dyno that is not there, in one call: the simulator of room capture on lo, in
 * the group and on the port that the capture listens to. It goes over the wire
 * like any dyno; its runs carry the source "simulator". */

typedef struct _DynoShop DynoShop;

/* All zero: rt150-104, twin114, a pull every 12 s without end. Copied. */
typedef struct
{
  const char *profile;  /* (nullable) */
  const char *engine;   /* (nullable) */
  const char *cycle;    /* (nullable) "pulls", "pull", "cells", "idle" */
  guint       n_pulls;  /* 0: endless */
  double      period_s; /* between pulls; 0: that of the engine */
  double      speed;    /* simulated over real time; 0: 1 */
  guint64     seed;
  gboolean    is_exact; /* without noise */
  double      throttle_pct; /* held by hand with cycle "idle"; 0: shut */
} DynoDemoOptions;

/* Starts it; one that runs is replaced. INVALID for an unknown profile, engine or
 * cycle; UNAVAILABLE where lo does not do multicast. */
void     dyno_demo_start_async  (DynoShop              *shop,
                                 const DynoDemoOptions *options,
                                 GCancellable          *cancellable,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data);
gboolean dyno_demo_start_finish (GAsyncResult          *result,
                                 GError               **error);

/* Answers when it has left; nothing where none runs. */
void     dyno_demo_stop_async   (DynoShop              *shop,
                                 GCancellable          *cancellable,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data);
gboolean dyno_demo_stop_finish  (GAsyncResult          *result,
                                 GError               **error);

/* The operator of it makes one pull more, from where the bike is. CONFLICT "NO_SIMULATOR" where
 * none runs. */
void     dyno_demo_pull_async   (DynoShop              *shop,
                                 GCancellable          *cancellable,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data);
gboolean dyno_demo_pull_finish  (GAsyncResult          *result,
                                 GError               **error);

/* Any thread, at once. */
gboolean dyno_demo_is_running   (DynoShop              *shop);
/* With what it was started last; the defaults where it never was. (transfer full) */
DynoDemoOptions *
         dyno_demo_dup_options  (DynoShop              *shop);
void     dyno_demo_options_free (DynoDemoOptions       *options);

/* NULL-terminated names for the options. */
const char *const *
         dyno_demo_profiles     (void);
const char *const *
         dyno_demo_engines      (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoDemoOptions, dyno_demo_options_free)

G_END_DECLS
