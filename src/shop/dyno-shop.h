/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

/* The program's table of contents: what it can do, in the order in which a day
 * in the shop needs it. A face includes this file, or the parts it uses; structs
 * of the rooms below (DynoRun, DynoCaptureState, DynoPower …) come with them. */

#include "dyno-config.h"      /* settings and folders */
#include "dyno-settings.h"    /* changing them */
#include "dyno-bus.h"         /* what has changed */
#include "dyno-jobs.h"        /* long work: progress and cancel */
#include "dyno-live.h"        /* numbers, channels and providers now */
#include "dyno-demo.h"        /* a dyno that is not there */
#include "dyno-mapping.h"     /* which channel is what */
#include "dyno-preflight.h"   /* is all as it must be before a pull */
#include "dyno-arm.h"         /* runs begin and end */
#include "dyno-import-job.h"  /* logs of other programs as runs */
#include "dyno-watch.h"       /* of a folder, by themselves */
#include "dyno-cloud.h"       /* of Jetstream */
#include "dyno-runbook.h"     /* the runs that are kept */
#include "dyno-people.h"      /* vehicles and customers */
#include "dyno-pull-power.h"  /* power and torque of a run */
#include "dyno-compare.h"     /* several of them over each other; is a gain real */
#include "dyno-analyse.h"     /* what its mixture says of the fuel */
#include "dyno-planner-book.h" /* what to run next */
#include "dyno-virtual-tune.h" /* tuning an ECU that is not there */
#include "dyno-tune.h"        /* tables of tunes: preview, apply, roll back, merge */
#include "dyno-timeline.h"    /* and their history */
#include "dyno-verify.h"      /* is a run what was recorded */
#include "dyno-retention.h"   /* what is let go, and when */
#include "dyno-database.h"    /* care of the store */
#include "dyno-health.h"      /* how the program is; the doctor */
#include "dyno-alert.h"       /* what a person has to know now */
#include "dyno-breaker.h"     /* services outside that are left alone */
#include "dyno-secret.h"      /* the system keyring */
#include "dyno-audit.h"       /* who did what */
#include "dyno-backup.h"      /* sealed copies of all of it */
#include "dyno-restore.h"     /* and their way back */
#include "dyno-privacy.h"     /* what is kept of people, and its end */
#include "dyno-daily.h"       /* what is done by itself */
#include "dyno-keys.h"        /* API keys */
#include "dyno-once.h"        /* requests that come twice */
#include "dyno-vault.h"       /* the master key, and what is sealed with it */
#include "dyno-users.h"      /* who may come in */
#include "dyno-login.h"      /* logging in and out */
#include "dyno-pairing.h"    /* a key for the device that reads a code from the screen */
#include "dyno-signing.h"    /* where the keys of access tokens are kept */
#include "dyno-shape.h"       /* JSON of all of it */

G_BEGIN_DECLS

/* The owners of everything below the faces: folders, settings, lock, store, live
 * ring, jobs, capture, demonstration. One in a process, as a rule.
 *
 * Functions that take a DynoShop may be called from any thread, and an _async
 * one answers in the context that was the caller's thread default. Its GTask has
 * no source object. None of them blocks. Cancelling is a request: the answer
 * still comes.
 *
 * Errors that any of them may give beside its own: what dyno_shop_get_trouble ()
 * says, while it says something, and DYNO_ERROR_UNAVAILABLE "closed" once the
 * closing has begun. */

typedef struct _DynoShop DynoShop;

typedef enum
{
  DYNO_SHOP_DEFAULT    = 0,
  DYNO_SHOP_NO_STORE   = 1 << 0, /* for work on files alone: no lock, no database, no runs */
  DYNO_SHOP_NO_CAPTURE = 1 << 1, /* does not listen: no arming */
  DYNO_SHOP_NO_CREATE  = 1 << 2, /* a data folder without a database is NOT_FOUND */
} DynoShopFlags;

/* All zero: the program as a person starts it. Everything is copied. */
typedef struct
{
  const char        *data_dir;    /* (nullable) then the environment, then XDG */
  const char        *config_path; /* (nullable) then <config>/dynoai.conf */
  const char *const *environment; /* (nullable) then that of the process */
  const char        *socket_path; /* (nullable) of the admin socket, for the lock file */
  const char        *interface;   /* (nullable) to listen on, over all settings, not kept */
  DynoShopFlags      flags;
  DynoClock         *clock;       /* (borrowed) (nullable) the system's; outlives the shop */
} DynoShopOptions;

/* Builds everything in the order: folders, settings, lock, store (opened, checked,
 * brought up to date), runs that the last end of the program cut short, capture.
 * `options` may be NULL.
 *
 * Fails only for settings that are wrong (INVALID "config", names key and bounds).
 * Any other trouble leaves a shop that can say what it is: see below. */
void          dyno_shop_open_async     (const DynoShopOptions *options,
                                        GCancellable          *cancellable,
                                        GAsyncReadyCallback    callback,
                                        gpointer               user_data);
DynoShop     *dyno_shop_open_finish    (GAsyncResult          *result,
                                        GError               **error);

/* Ends all of it, in order: what is in hand is closed as interrupted and kept,
 * jobs are cancelled, the simulator leaves, the database is closed. The answer
 * comes when nothing runs any more; only then may the last reference go. FALSE
 * with the error of the database, where its closing had one. */
void          dyno_shop_close_async    (DynoShop              *self,
                                        GCancellable          *cancellable,
                                        GAsyncReadyCallback    callback,
                                        gpointer               user_data);
gboolean      dyno_shop_close_finish   (DynoShop              *self,
                                        GAsyncResult          *result,
                                        GError               **error);

DynoShop     *dyno_shop_ref            (DynoShop              *self);
void          dyno_shop_unref          (DynoShop              *self);

/* Why the data folder cannot be used, or NULL: held by another process (CONFLICT
 * "folder_in_use", names it), no room, damaged (CORRUPT), written by a newer
 * program (CONFLICT "schema_newer"). Never changes. With DYNO_SHOP_NO_STORE:
 * UNAVAILABLE "no_store". */
const GError *dyno_shop_get_trouble    (DynoShop              *self);
gboolean      dyno_shop_has_store      (DynoShop              *self);
gboolean      dyno_shop_has_capture    (DynoShop              *self);

/* All (transfer none), alive as long as the shop. */
const DynoFolders *dyno_shop_get_folders (DynoShop            *self);
DynoConfig   *dyno_shop_get_config     (DynoShop              *self);
DynoBus      *dyno_shop_get_bus        (DynoShop              *self);
DynoClock    *dyno_shop_get_clock      (DynoShop              *self);
/* The circuit breakers of all outside services. */
DynoBreakerSet *dyno_shop_get_breakers (DynoShop              *self);
DynoLive     *dyno_shop_get_live       (DynoShop              *self);
DynoJobs     *dyno_shop_get_jobs       (DynoShop              *self);

/* The socket on which this process can be asked from now on; NULL: none. */
void          dyno_shop_set_socket     (DynoShop              *self,
                                        const char            *socket_path);

/* A setting of the window: checked, kept in the store, in force at once, told on
 * the bus (DYNO_TOPIC_CONFIG, subject: the key). `text` NULL takes it back.
 * NOT_FOUND, INVALID, DENIED as dyno_config_set (). */
void          dyno_shop_set_config_async  (DynoShop            *self,
                                           const char          *key,
                                           const char          *text,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
gboolean      dyno_shop_set_config_finish (GAsyncResult        *result,
                                           GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoShop, dyno_shop_unref)

G_END_DECLS
