/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-error.h"
#include "dyno-reader.h"
#include "dyno-statement.h"
#include "dyno-store.h"
#include "dyno-writer.h"

G_BEGIN_DECLS

struct _DynoStore
{
  char           *folder; /* (owned) */
  char           *path;   /* (owned) of the database */
  DynoClock      *clock;  /* (borrowed) */
  DynoStoreFlags  flags;
  DynoWriter     *writer; /* (owned) (nullable) NULL: read only */
  DynoReader     *reader; /* (owned) */
};

/* Send one call of a verb to a thread. `args` (nullable) is taken over. */
void     dyno_store_write      (DynoStore           *self,
                                const DynoVerb      *verb,
                                gpointer             args,
                                GDestroyNotify       free_args,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data);
void     dyno_store_read       (DynoStore           *self,
                                const DynoVerb      *verb,
                                gpointer             args,
                                GDestroyNotify       free_args,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data);

G_END_DECLS
