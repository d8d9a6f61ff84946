/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-change-set.h"
#include "dyno-corrections.h"
#include "dyno-notes.h"

G_BEGIN_DECLS

/* What a correction would do to one table or to a pair (analysis.md 5.2): every cell
 * with its reasons, what forbids it, what is to be looked at. Nothing is written; what
 * is applied is exactly this. Immutable. */

#define DYNO_CHANGE_TABLES 2
#define DYNO_BLOCK_CELLS 10

/* VE in percent. The first three are walls, the others only warn. */
typedef enum
{
  DYNO_BOUNDS_NA_HARLEY, /* 15…115 */
  DYNO_BOUNDS_STAGE_1,   /* 15…120 */
  DYNO_BOUNDS_STAGE_2,   /* 15…125 */
  DYNO_BOUNDS_BOOSTED,   /* 10…200 */
  DYNO_BOUNDS_CUSTOM,    /* 0…999 */
  DYNO_N_BOUNDS
} DynoBounds;

typedef enum
{
  DYNO_OVERRIDE_ALLOW, /* an “extreme” cell may change, within its limit */
  DYNO_OVERRIDE_SKIP,  /* the cell is left alone */
} DynoOverrideAction;

typedef struct
{
  double             rpm;
  double             load;
  DynoTableSide      side; /* BOTH: of every table */
  DynoOverrideAction action;
  char              *reason; /* (owned) never empty */
} DynoOverride;

typedef struct
{
  double        limits[DYNO_N_LIMITS]; /* %, by class; never above those of the analysis */
  double        clamp_pct;             /* of all classes */
  DynoBounds    bounds;
  DynoTableSide side;       /* BOTH: all tables; else that cylinder only, on purpose */
  gboolean      is_shared;  /* one grid without a side is meant for both cylinders */
  gboolean      resample;   /* a foreign file may have another grid */
  gboolean      any_base;   /* the analysis may have been made on another base */
  GPtrArray    *overrides;  /* (owned) of DynoOverride */
} DynoChangeOptions;

/* Why a cell is as it is; bits. */
typedef enum
{
  DYNO_CHANGE_CLAMPED   = 1 << 0, /* the class allows less than was found */
  DYNO_CHANGE_NO_DATA   = 1 << 1,
  DYNO_CHANGE_FEW_HITS  = 1 << 2,
  DYNO_CHANGE_UNSURE    = 1 << 3, /* of no class: not touched */
  DYNO_CHANGE_BLANK     = 1 << 4, /* the base has no number there */
  DYNO_CHANGE_VE_BOUND  = 1 << 5,
  DYNO_CHANGE_OVERRIDE  = 1 << 6,
  DYNO_CHANGE_SKIPPED   = 1 << 7, /* a person said so */
  DYNO_CHANGE_RESAMPLED = 1 << 8,
  DYNO_CHANGE_SAME_TEXT = 1 << 9, /* rounds to what stands there */
  DYNO_CHANGE_PADDING   = 1 << 10,
  DYNO_CHANGE_EXTREME   = 1 << 11,
  DYNO_CHANGE_BAD_BASE  = 1 << 12,
} DynoChangeReason;

#define DYNO_N_CHANGE_REASONS 13

typedef struct
{
  guint          cell;     /* of the table */
  double         rpm;
  double         load;
  double         before;   /* NaN: blank */
  double         after;    /* `before` where it keeps its bytes */
  double         raw;      /* %, as are those below; NaN: none */
  double         smoothed;
  double         limited;
  double         limit;
  gint64         hits;     /* −1: the source does not know */
  DynoZone       zone;
  DynoConfidence confidence;
  guint          reasons;  /* of DynoChangeReason */
  gboolean       is_changed;
} DynoChangeCell;

typedef struct
{
  DynoTable     *base;   /* (owned) */
  DynoTable     *after;  /* (owned) (nullable) while something is blocked */
  DynoChangeSet *set;    /* (owned) */
  GArray        *cells;  /* (owned) of DynoChangeCell: the grid, then changed padding */
  guint          n_changed;
  guint          n_clamped;
  guint          n_floors;
  guint          n_ceilings;
  double         max_abs_delta_pct;
} DynoChangeTable;

typedef struct
{
  const char    *code; /* (borrowed) static: "extreme" */
  char          *text; /* (owned) a sentence */
  DynoTableSide  side; /* of its cells */
  GArray        *cells; /* (owned) of DynoChangeCell, at most DYNO_BLOCK_CELLS */
  guint          n_cells; /* all */
} DynoChangeBlock;

typedef struct
{
  DynoChangeTable   *tables[DYNO_CHANGE_TABLES]; /* (owned) */
  guint              n_tables;
  GPtrArray         *blocks;   /* (owned) of DynoChangeBlock; empty: may be applied */
  GPtrArray         *warnings; /* (owned) of DynoNote */
  DynoChangeOptions *options;  /* (owned) */
  DynoGridShape     *origin;   /* (owned) (nullable) the grid of a correction that was resampled */
  char              *math_version; /* (owned) (nullable) */
  char              *fingerprint;  /* (owned) */
  char              *result_id;    /* (owned) (nullable) */
  char              *preview_sha256; /* (owned) of bases, corrections and options */
} DynoChange;

/* Defaults: 7, 5, 3 %, na_harley, both. */
DynoChangeOptions *dyno_change_options_new   (void);
DynoChangeOptions *dyno_change_options_copy  (const DynoChangeOptions *self);
void               dyno_change_options_free  (DynoChangeOptions       *self);
/* `reason` must say something. BAD_OPTION. */
gboolean           dyno_change_options_override (DynoChangeOptions   *self,
                                                 double               rpm,
                                                 double               load,
                                                 DynoTableSide        side,
                                                 DynoOverrideAction   action,
                                                 const char          *reason,
                                                 DynoAnalysisError  **error);
/* "na_harley", … */
const char        *dyno_bounds_name          (DynoBounds              bounds);
gboolean           dyno_bounds_find          (const char             *name,
                                              DynoBounds             *bounds);
/* "clamped", "few-hits", …; `index` of the bit. */
const char        *dyno_change_reason_name   (guint                   index);

/* One table, or front and rear. Fails with REFUSED for results of the legacy
 * mathematics, GRID_MISMATCH naming both sizes, BAD_TABLE, BAD_OPTION; everything else
 * that is wrong stands among the blocks. (transfer full) */
DynoChange        *dyno_change_prepare       (DynoTable *const        *tables,
                                              guint                    n_tables,
                                              const DynoCorrections   *corrections,
                                              const DynoChangeOptions *options,
                                              DynoAnalysisError      **error);
void               dyno_change_free          (DynoChange              *self);

/* Sums over the tables. */
guint              dyno_change_n_changed     (const DynoChange        *self);
guint              dyno_change_n_clamped     (const DynoChange        *self);
double             dyno_change_max_delta_pct (const DynoChange        *self);
/* The cells of `origin` that make the value of a resampled cell; 0 for any other. */
guint              dyno_change_cell_shares   (const DynoChange       *self,
                                              const DynoChangeCell   *cell,
                                              DynoGridShare           shares[DYNO_GRID_SHARES]);
/* Has a cell of the grid a value that could change it? */
gboolean           dyno_change_cell_has_value (const DynoChangeCell   *cell);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoChangeOptions, dyno_change_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoChange, dyno_change_free)

G_END_DECLS
