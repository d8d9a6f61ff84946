/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse-ledger.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* What the newest analysis of a run decided row by row, and why: its reason ledger, worked
 * out again with the options that are kept with it, to the same bits. Nothing is kept and
 * no job is made. */

typedef struct
{
  double  rpm;       /* only what counts for the cell nearest to this point; NaN: any */
  double  map_kpa;
  guint   cylinders; /* bits, 1 the front and 2 the rear; 0: both */
  guint64 offset;    /* decisions to be passed over */
  guint   limit;     /* 1…DYNO_LEDGER_MOST */
} DynoRunLedgerWanted;

typedef struct
{
  DynoAnalyse    *analyse; /* (owned) (nullable) with nothing but its result */
  DynoLedgerPage *page;    /* (owned) (nullable) both NULL: the run was never analysed */
} DynoRunLedger;

void           dyno_run_ledger_free   (DynoRunLedger             *self);

/* NOT_FOUND for the run; INVALID for a point outside the grid. */
void           dyno_run_ledger_async  (DynoShop                  *shop,
                                       const char                *run_id,
                                       const DynoRunLedgerWanted *wanted,
                                       GCancellable              *cancellable,
                                       GAsyncReadyCallback        callback,
                                       gpointer                   user_data);
DynoRunLedger *dyno_run_ledger_finish (GAsyncResult              *result,
                                       GError                   **error);

/* {"seq","action","reason","cell","cylinder","values":{…}} of the i-th decision of the page:
 * `seq` counts over the whole page list, from 1. */
void           dyno_run_ledger_shape  (DynoJsonWriter            *w,
                                       const DynoRunLedger       *self,
                                       guint                      i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunLedger, dyno_run_ledger_free)

G_END_DECLS
