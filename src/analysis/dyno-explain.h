/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* From a cell back to its samples, and the story of a cell (analysis.md 3.9). */

/* Samples that have a weight in a cell, ascending by row of the set. Summed over
 * `weights · factors` in chunks of DYNO_VE_CHUNK rows of a run and divided by the
 * sum of the weights they give the cell's factor to the last bit. */
typedef struct
{
  gsize    n;
  guint32 *rows;    /* (owned) */
  double  *weights; /* (owned) */
  double  *factors; /* (owned) */
  double  *rpm;     /* (owned) 1/min; engine state that placed the sample: at its time
                     * less the transport delay, not that of its row */
  double  *map;     /* (owned) kPa, likewise */
} DynoVeSamples;

/* What happened to a cell, from all rows near it to the number that is applied. */
typedef struct
{
  guint          cylinder;
  guint          cell;
  double         rpm;      /* of the cell */
  double         map;
  guint64        seen;     /* rows with engine state nearest to it */
  DynoGateCounts counts;   /* these rows by reason; [ACCEPTED] is the hits */
  DynoVeCell     value;
  char          *sentence; /* (owned) */
} DynoVeStory;

/* (transfer full) Empty for a cell without accepted samples near it. */
DynoVeSamples *dyno_ve_result_cell_samples (DynoVeResult       *result,
                                            guint               cylinder,
                                            guint               cell);
void           dyno_ve_samples_free        (DynoVeSamples      *self);

/* (transfer full) */
DynoVeStory   *dyno_ve_explain_cell        (const DynoVeResult *result,
                                            guint               cylinder,
                                            guint               cell);
void           dyno_ve_story_free          (DynoVeStory        *self);

/* Of a result: made empty with it, filled when a cell is first asked for. */
DynoVeIndex   *dyno_ve_index_new           (void);
void           dyno_ve_index_free          (DynoVeIndex        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVeSamples, dyno_ve_samples_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVeStory, dyno_ve_story_free)

G_END_DECLS
