/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-asker.h"
#include "dyno-await.h"
#include "dyno-jobs.h"

G_BEGIN_DECLS

/* What the shop does when it is asked: straight, blocking code that runs on a
 * thread of GLib's pool and may wait for store, journal and capture. The answer
 * goes to the asker's context. The shop counts what runs, so that its closing can
 * cancel all of it and wait for the end. */

typedef struct _DynoShop DynoShop;

/* What an operation works with. */
typedef struct
{
  DynoShop     *shop;        /* (borrowed) alive until the answer */
  GCancellable *cancellable; /* (borrowed) never NULL: the asker's, or the shop's closing */
  DynoAwait    *await;       /* (borrowed) to wait for calls of the rooms below */
  DynoJob      *job;         /* (borrowed) (nullable) where it is one: tell it how far you are */
  DynoAsker    *asker;       /* (borrowed) who asks */
} DynoErrand;

/* Answers what `_finish` will give, or NULL with `error` set. */
typedef gpointer (*DynoOperationFunc) (const DynoErrand  *errand,
                                       gpointer           data,
                                       GError           **error);

typedef struct
{
  const char        *name;
  DynoOperationFunc  run;
  GDestroyNotify     free_result; /* (nullable) */
  gboolean           needs_store; /* fails at once with the shop's trouble */
  gboolean           is_kept;     /* the closing waits for it and does not end it: it is */
                                  /* short and keeps what a person has just said */
  gboolean           is_hashing;  /* works on passwords: at most two of these run at a time and */
                                  /* eight wait, then UNAVAILABLE "KDF_BUSY" */
} DynoOperation;

/* The answer of an operation that has nothing to tell but success. */
#define DYNO_OPERATION_DONE GINT_TO_POINTER (TRUE)

/* The running operations of a shop. */
typedef struct _DynoOperations DynoOperations;

DynoOperations *dyno_operations_new   (void);
void            dyno_operations_free  (DynoOperations       *self);
/* From now on nothing begins; what runs is asked to end, where it is not to be kept.
 * Blocks until it has. */
void            dyno_operations_close (DynoOperations       *self);

/* `data` (nullable) is taken over. */
void            dyno_operation_start  (DynoShop             *shop,
                                       const DynoOperation  *operation,
                                       gpointer              data,
                                       GDestroyNotify        free_data,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);

/* What is long, or what is to be seen and cancelled, is a job beside. */
typedef struct
{
  const char  *kind;   /* "import" */
  const char  *title;  /* for a person */
  const char  *unit;   /* of its progress */
  const char  *input;  /* (nullable) JSON: what it takes to do it again */
  char       **job_id; /* (nullable) where the id goes, at once; free it */
} DynoJobOffer;

void            dyno_operation_start_job (DynoShop            *shop,
                                          const DynoOperation *operation,
                                          const DynoJobOffer  *offer,
                                          gpointer             data,
                                          GDestroyNotify       free_data,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);

/* (transfer full) */
gpointer        dyno_operation_finish (GAsyncResult         *result,
                                       const DynoOperation  *operation,
                                       GError              **error);

G_END_DECLS
