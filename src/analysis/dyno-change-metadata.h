/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-change.h"

G_BEGIN_DECLS

/* What is written down about a change (analysis.md 5.5): JSON "org.dynoai.change/1",
 * keys sorted, two blanks a level, LF. With the base bytes in it the file is enough to
 * undo the change, and it carries the sum of itself. */

/* The edits of one table, by its name. */
typedef struct
{
  char          *name;       /* (owned) */
  guint          occurrence; /* among the items of that name */
  DynoTableSide  side;
  GArray        *edits;      /* (owned) of DynoEdit: cell, before, after, padding */
} DynoChangeEdits;

/* Texts are NULL where they are not known. */
typedef struct
{
  gboolean    is_rollback;
  char       *change_id;       /* (owned), as all texts */
  char       *result_id;
  char       *fingerprint;
  char       *math_version;
  char       *tool_version;
  char       *user;
  char       *applied_at;
  char       *rolled_back_at;  /* (nullable) when an apply was taken back, by its files */
  char       *comment;
  char       *form;            /* "csv", "pvv": of the bytes */
  char       *group;           /* the same for all tables of one change */
  char       *preview_sha256;
  DynoTableSide side;
  char       *bytes_before;    /* SHA-256 */
  char       *content_before;
  char       *bytes_after;
  char       *content_after;
  guint       cells_changed;
  guint       cells_clamped;
  double      max_abs_delta_pct;
  double      limits[DYNO_N_LIMITS];
  GPtrArray  *overrides;       /* (owned) of DynoOverride */
  GPtrArray  *warnings;        /* (owned) of char *: codes */
  GPtrArray  *table_ids;       /* (owned) of char *: of the store, all of the change */
  GPtrArray  *tables;          /* (owned) of DynoChangeEdits */
  GBytes     *base;            /* (owned) (nullable) */
} DynoChangeMetadata;

DynoChangeMetadata *dyno_change_metadata_new     (void);
void                dyno_change_metadata_free    (DynoChangeMetadata *self);

/* What a change says of itself: options, warnings, and the edits of its tables `first`
 * up to before `end`. Sums, ids, user, time and comment are the caller's. */
DynoChangeMetadata *dyno_change_metadata_of      (const DynoChange   *change,
                                                  guint               first,
                                                  guint               end);
DynoChangeEdits    *dyno_change_metadata_add_table (DynoChangeMetadata *self,
                                                    const char         *name,
                                                    guint               occurrence,
                                                    DynoTableSide       side);

/* Pretty, and with `self_sha256`, where the base is in it; else on one line without.
 * (transfer full) */
char               *dyno_change_metadata_to_json (const DynoChangeMetadata *self);
/* REFUSED where the sum of itself or of the base is not what it says; BAD_TABLE for
 * what is no such file. (transfer full) */
DynoChangeMetadata *dyno_change_metadata_parse   (GBytes             *bytes,
                                                  DynoAnalysisError **error);
/* The base table with the noted edits; NULL where they do not belong to it. */
DynoTable          *dyno_change_edits_replay     (const DynoChangeEdits *self,
                                                  const DynoTable       *base);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoChangeMetadata, dyno_change_metadata_free)

G_END_DECLS
