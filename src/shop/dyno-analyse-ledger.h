/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-explain-sample.h"

G_BEGIN_DECLS

/* The reason ledger of an analysis, to be asked: what became of each row (a line a row
 * and cylinder that has a sensor, as in ledger.csv.gz), by pages, and of one moment.
 * Pure, any thread; a page of a log of millions of rows takes milliseconds. */

#define DYNO_LEDGER_MOST 1000 /* lines of a page */

/* All zero but `cell` and `limit`: everything. */
typedef struct
{
  gsize   first_row; /* of all runs, one behind the other */
  gsize   end_row;   /* the first that is not wanted; 0: all */
  guint   cylinders; /* bits, 1 the front and 2 the rear; 0: both */
  guint32 reasons;   /* bits of DynoGate; 0: any */
  guint   cell;      /* what counts for it; DYNO_NO_CELL: any or none */
  guint64 offset;    /* lines to be passed over */
  guint   limit;     /* 1…DYNO_LEDGER_MOST */
} DynoLedgerQuery;

typedef struct
{
  DynoLedgerQuery query;
  guint64         n_lines; /* that the query finds, on all pages */
  GArray         *samples; /* (owned) of DynoVeSample, by row, the front first */
} DynoLedgerPage;

void            dyno_ledger_query_init      (DynoLedgerQuery       *self);

/* (transfer full) */
DynoLedgerPage *dyno_analyse_ledger         (const DynoAnalyse     *analyse,
                                             const DynoLedgerQuery *query);
void            dyno_ledger_page_free       (DynoLedgerPage        *self);

/* The row nearest to a moment, `run` from 0: one of DynoVeSample a cylinder that has a
 * sensor. INVALID "out_of_log" says how far the run reaches, or how many there are.
 * (transfer full) */
GArray         *dyno_analyse_explain_moment (const DynoAnalyse     *analyse,
                                             guint                  run,
                                             double                 time_s,
                                             GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLedgerPage, dyno_ledger_page_free)

G_END_DECLS
