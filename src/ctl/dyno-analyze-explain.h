/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse-ledger.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* `analyze --explain`: of a cell how it came to its number, of a moment of the log why
 * its readings count or not. */

typedef enum
{
  DYNO_EXPLAIN_NOTHING,
  DYNO_EXPLAIN_CELL,
  DYNO_EXPLAIN_MOMENT,
} DynoExplainKind;

typedef struct
{
  DynoExplainKind kind;
  double          rpm;     /* of a cell */
  double          map_kpa;
  guint           run;     /* of a moment, from 0 */
  double          time_s;
} DynoExplainWish;

/* What was found: a story a cylinder, or a sample a cylinder. */
typedef struct
{
  DynoExplainKind kind;
  GPtrArray      *stories; /* (owned) of DynoVeStory */
  GArray         *samples; /* (owned) (nullable) of DynoVeSample */
} DynoExplained;

/* "3000,60", "12.35s" or, of several runs, "2:12.35s"; NULL: nothing. Usage. */
gboolean       dyno_analyze_explain_read  (const char            *word,
                                           DynoExplainWish       *wish,
                                           GError               **error);
/* (transfer full) INVALID for what lies outside of grid or log. */
DynoExplained *dyno_analyze_explain_find  (DynoAnalyse           *found,
                                           const DynoExplainWish *wish,
                                           GError               **error);
void           dyno_explained_free        (DynoExplained         *self);
/* The array. */
void           dyno_analyze_explain_write (DynoJsonWriter        *w,
                                           DynoAnalyse           *found,
                                           const DynoExplained   *explained);
/* For people, a text a cylinder. (transfer full) of char * */
GPtrArray     *dyno_analyze_explain_texts (DynoAnalyse           *found,
                                           const DynoExplained   *explained,
                                           DynoUnitSet            units);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoExplained, dyno_explained_free)

G_END_DECLS
