/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse-input.h"
#include "dyno-pull-power.h"
#include "dyno-counsel.h"
#include "dyno-table.h"
#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* The files of an analysis (analysis.md 7.1), in memory: what `--out` writes and
 * what the fingerprint is made of. Same result, same bytes; nothing in them names a
 * path, a host, a clock or an id. Pure. */

typedef struct
{
  char       *name;   /* (owned) "ve_delta_front.csv" */
  const char *type;   /* "csv", "text", "json", "gzip" */
  gsize       n_rows; /* of a table, its header line left out */
  guint       n_columns;
  GBytes     *bytes;  /* (owned) (nullable) of the ledger, which goes to the disk as it is made */
  gsize       size;   /* bytes */
  char       *sha256; /* (owned) */
} DynoArtefact;

/* Sorted by name; those without content are left out. `power` (nullable) is the
 * curve of the first run; `bases` are the tables that the correction is for, on the axes
 * of the result: none, one of both cylinders or of one, or a pair; `units` are those of
 * the maps of torque and power. (transfer full) of DynoArtefact */
GPtrArray *dyno_artefacts_make     (const DynoVeResult  *result,
                                    const DynoPullPower *power,
                                    const DynoCounsel   *counsel,
                                    DynoTable *const     bases[DYNO_VE_CYLINDERS],
                                    DynoUnitSet          units);

/* What the manifest says beside the files. */
typedef struct
{
  const char *math_version;
  const char *fingerprint;
  GPtrArray  *inputs;      /* of DynoAnalyseInput */
  const char *base_sha256; /* (nullable) */
  const char *const *base_sums; /* (nullable) of each of several tables */
} DynoManifestFacts;

/* manifest.json for these files. (transfer full) */
DynoArtefact *dyno_artefact_make_manifest (const DynoVeResult      *result,
                                           const DynoPullPower     *power,
                                           GPtrArray               *artefacts,
                                           const DynoManifestFacts *facts);

/* manifest.json of an analysis that failed: "status": "error", stage, code, message
 * and no outputs. (transfer full) */
DynoArtefact *dyno_artefact_make_failure  (const GError            *failure);

/* The bytes are shared. (transfer full) */
DynoArtefact *dyno_artefact_copy          (const DynoArtefact      *self);
void          dyno_artefact_free          (DynoArtefact            *self);

G_END_DECLS
