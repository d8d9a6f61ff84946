/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-files.h"

G_BEGIN_DECLS

/* A file of a run, to be read by somebody outside: found by the ids of run and file, never
 * by a name, and opened below the data folder only, without following links. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  DynoRunFile  *file;   /* (owned) */
  GInputStream *stream; /* (owned) its bytes */
} DynoRunFileOpened;

void               dyno_run_file_opened_free (DynoRunFileOpened   *self);

/* NOT_FOUND: no such file of that run, or one that was let go by the rules; CORRUPT where
 * it should be there and is not, or has another size. */
void               dyno_run_file_open_async  (DynoShop            *shop,
                                              const char          *run_id,
                                              const char          *file_id,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
DynoRunFileOpened *dyno_run_file_open_finish (GAsyncResult        *result,
                                              GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunFileOpened, dyno_run_file_opened_free)

G_END_DECLS
