/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-progress.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* What the knock channels say in each cell (analysis.md 4.1), for all who ask: advisers
 * and spark. A row counts for its nearest cell by the gates excluded, no-rpm, no-map,
 * rpm-range, map-range and out-of-grid alone, since knock needs no mixture. A reading
 * that repeats the one before it counts, so that a steady knock is not lost. Of the
 * options count rpm_range, map_range and gates_off. Any thread. */

typedef struct
{
  guint32  rows;            /* with a knock value */
  guint32  knock_rows;      /* of these above 0 */
  double   max;             /* NaN without rows */
  double   knock;           /* k: 90th percentile of values above 0, of fewer than
                             * three the largest; 0 without them; NaN without rows */
  gboolean is_single_event; /* fewer than three rows knocked */
  double   iat_max_c;       /* NaN without */
} DynoKnockCell;

typedef struct
{
  gboolean       has_channel; /* in some run */
  gboolean       is_live;     /* it moves, or says knock all along of an engine held still */
  gboolean       is_plain;    /* in some run it is the channel of both */
  gboolean       is_count;    /* events, not degrees: how much is not known */
  DynoKnockCell *cells;       /* (owned) row-major on the grid of the result */
} DynoKnockCylinder;

typedef struct
{
  gboolean          is_shared; /* one plain channel stands for both */
  guint             n_cells;
  DynoKnockCylinder cylinders[DYNO_VE_CYLINDERS];
} DynoKnock;

/* (transfer full) Cut short when cancelled. */
DynoKnock *dyno_knock_new         (const DynoVeResult *result,
                                   const DynoProgress *progress);
void       dyno_knock_free        (DynoKnock          *self);
/* In either cylinder. */
gboolean   dyno_knock_is_live     (const DynoKnock    *self);

/* How bad it is, 0, −2 or −4: above a tenth of the rows, any row, none. A figure to
 * sort by, never degrees to pull; silence earns nothing. */
double     dyno_knock_severity    (guint32             rows,
                                   guint32             knock_rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoKnock, dyno_knock_free)

G_END_DECLS
