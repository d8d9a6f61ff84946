/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-runs.h"

G_BEGIN_DECLS

/* Finding runs: filters, full text, order, pages. */

typedef enum
{
  DYNO_SORT_NEWEST,
  DYNO_SORT_OLDEST,
  DYNO_SORT_POWER_DOWN, /* runs without a peak stand last in both directions */
  DYNO_SORT_POWER_UP,
  DYNO_SORT_NUMBER_DOWN,
  DYNO_SORT_NUMBER_UP,
  DYNO_SORT_VEHICLE_UP, /* by its label; runs without a vehicle first */
  DYNO_SORT_VEHICLE_DOWN,
  DYNO_N_SORTS
} DynoRunSort;

typedef enum
{
  DYNO_TRASH_HIDDEN,
  DYNO_TRASH_INCLUDED,
  DYNO_TRASH_ONLY,
} DynoTrash;

/* All that is set must hold. All zero: every run outside the trash, newest
 * first. */
typedef struct
{
  char       *text;          /* (nullable) words, each the beginning of a word in title, notes, */
                             /* tags, vehicle, customer or file names; any characters */
  char       *vehicle_text;  /* (nullable) the same, in the vehicle only */
  char       *customer_text; /* (nullable) in the customer only */
  guint       statuses;      /* set of 1 << DynoRunStatus; 0: all */
  guint       sources;       /* set of 1 << DynoRunSource; 0: all */
  char       *vehicle_id;    /* (nullable) */
  char       *customer_id;   /* (nullable) */
  char      **tags;          /* (nullable) all of them, whole, without case */
  gboolean    is_starred;
  gboolean    is_plain;      /* without a star; not both */
  gint64      from_ms;       /* from_ms ≤ started < to_ms; 0: no limit */
  gint64      to_ms;
  double      min_power_kw;  /* 0: no limit, for all four */
  double      max_power_kw;
  double      min_afr;
  double      max_afr;
  DynoTrash   trash;
  DynoRunSort sort;
  guint       limit;         /* 1…1000; 0: 50 */
  char       *cursor;        /* (nullable) of the page before */
} DynoRunQuery;

typedef struct
{
  GPtrArray *runs;    /* (owned) of DynoRun without long texts */
  char      *cursor;  /* (owned) (nullable) for the next page; NULL: this is the last */
  gint64     n_found; /* on all pages */
  gint64     n_all;   /* runs outside the trash */
} DynoRunPage;

DynoRunQuery *dyno_run_query_new   (void);
DynoRunQuery *dyno_run_query_copy  (const DynoRunQuery *self);
void          dyno_run_query_free  (DynoRunQuery       *self);
void          dyno_run_page_free   (DynoRunPage        *self);

/* Adds what a person typed into a search field: words, and the terms
 *
 *   tag:x customer:x vehicle:x source:upload state:complete
 *   after:2026-03-14 before:2026-03 (local time; before excludes, after includes)
 *   >80kW <120hp >12.5afr <13.0afr is:star is:incomplete
 *
 * A value with blanks stands in double quotes. What looks like a term and is
 * none is added to `unknown` (nullable, element-type utf8) and not searched. */
void          dyno_run_query_parse (DynoRunQuery       *self,
                                    const char         *text,
                                    GPtrArray          *unknown);

/* One page. A cursor stays good while runs come and go: nothing is shown twice
 * and nothing that stayed is left out. INVALID "cursor" for one that is none or
 * that belongs to another query. */
void          dyno_store_list_runs_async  (DynoStore           *self,
                                           const DynoRunQuery  *query,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
DynoRunPage  *dyno_store_list_runs_finish (DynoStore           *self,
                                           GAsyncResult        *result,
                                           GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunQuery, dyno_run_query_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunPage, dyno_run_page_free)

G_END_DECLS
