/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-samples.h"
#include "dyno-store-analyses.h"
#include "dyno-store-files.h"
#include "dyno-store-vehicles.h"

G_BEGIN_DECLS

/* A run with all that belongs to it, as it comes out of an archive. */

typedef struct _DynoStore DynoStore;

typedef struct
{
  DynoRun      *run;        /* (owned) */
  DynoSamples  *samples;    /* (owned) */
  double       *confidence; /* (owned) (nullable) a number for each column */
  GPtrArray    *files;      /* (owned) (nullable) of DynoRunFile */
  GPtrArray    *marks;      /* (owned) (nullable) of DynoRunMark */
  GPtrArray    *analyses;   /* (owned) (nullable) of DynoAnalysisRecord; id NULL: a new one */
  DynoVehicle  *vehicle;    /* (owned) (nullable) the one of that label, or a new one */
  DynoCustomer *customer;   /* (owned) (nullable) of a vehicle that is new, looked for by name */
} DynoRunBundle;

void     dyno_run_bundle_free           (DynoRunBundle       *self);

/* Keeps all of it (transfer full) or nothing. An analysis whose id is known is joined
 * to the run. Answers the run. CONFLICT "exists" for an id that is there. */
void     dyno_store_add_bundle_async    (DynoStore           *self,
                                         DynoRunBundle       *bundle,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
DynoRun *dyno_store_add_bundle_finish   (DynoStore           *self,
                                         GAsyncResult        *result,
                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunBundle, dyno_run_bundle_free)

G_END_DECLS
