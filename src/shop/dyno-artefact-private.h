/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-artefact.h"
#include "dyno-json.h"
#include "dyno-load-map.h"

G_BEGIN_DECLS

#define DYNO_ARTEFACT_CRLF "\r\n"
#define DYNO_ARTEFACT_LEDGER "ledger.csv.gz"

/* Name and text are taken over. */
DynoArtefact *dyno_artefact_new (char       *name,
                                 const char *type,
                                 guint       n_rows,
                                 guint       n_columns,
                                 GString    *text);

/* The ledger, which stands on the disk already. */
DynoArtefact *dyno_artefact_new_ledger (gsize       n_rows,
                                        gsize       size,
                                        const char *sha256);

/* Fixed decimals, half to even of the exact double; nothing for a missing number,
 * no minus before a zero. */
void          dyno_artefact_append_number (GString             *text,
                                           double               value,
                                           int                  decimals);

/* Writes one cell; FALSE where it has nothing to say. */
typedef gboolean (*DynoCellWriter) (GString       *text,
                                    gconstpointer  data,
                                    guint          cell);

/* One row an engine speed, one column a MAP; `corner` is the first cell of the header.
 * Left out when no cell says anything. `name` is taken over. */
void          dyno_artefacts_add_grid     (GPtrArray           *artefacts,
                                           char                *name,
                                           const char          *corner,
                                           const DynoGridShape *shape,
                                           DynoCellWriter       write,
                                           gconstpointer        data);

/* The groups of files that dyno_artefacts_make () is made of. */
void          dyno_artefacts_add_ve       (GPtrArray           *artefacts,
                                           const DynoVeResult  *result);
/* paste_ve_….txt without a base table: the correction. */
void          dyno_artefacts_add_paste    (GPtrArray           *artefacts,
                                           const DynoVeResult  *result);
/* ve_updated_….csv and paste_ve_….txt with one: what applying would make of it, in
 * every cell of the grid. */
void          dyno_artefacts_add_updated  (GPtrArray           *artefacts,
                                           const DynoVeResult  *result,
                                           DynoTable *const     bases[DYNO_VE_CYLINDERS]);
void          dyno_artefacts_add_spark    (GPtrArray           *artefacts,
                                           const DynoVeResult  *result,
                                           const DynoSpark     *spark);
void          dyno_artefacts_add_load     (GPtrArray           *artefacts,
                                           const DynoVeResult  *result,
                                           DynoUnitSet          units);
void          dyno_artefacts_add_power    (GPtrArray           *artefacts,
                                           const DynoPullPower *power);
void          dyno_artefacts_add_report   (GPtrArray           *artefacts,
                                           const DynoVeResult  *result);

void          dyno_artefacts_add_findings (GPtrArray          *artefacts,
                                           const DynoVeResult *result,
                                           const DynoCounsel  *counsel);

/* Sorts by name. */
void          dyno_artefacts_sort (GPtrArray  *artefacts);

/* Members of a manifest that every engine has. "input" is the first; all others stand in
 * "further_inputs", which is left out where there is none. */
void          dyno_manifest_write_further_inputs (DynoJsonWriter   *w,
                                                  GPtrArray        *inputs);
void          dyno_manifest_write_input   (DynoJsonWriter          *w,
                                           GPtrArray               *inputs);
/* "channels" of the first run. */
void          dyno_manifest_write_channels (DynoJsonWriter         *w,
                                            const DynoSamples      *samples);
/* Any value of ours with the members of its objects sorted. */
void          dyno_manifest_write_sorted  (DynoJsonWriter          *w,
                                           const DynoJson          *value);
void          dyno_manifest_write_outputs (DynoJsonWriter          *w,
                                           GPtrArray               *artefacts);
void          dyno_manifest_write_base    (DynoJsonWriter          *w,
                                           const char              *sha256,
                                           const char *const       *sums);
/* Ends the object and frees the writer. (transfer full) */
DynoArtefact *dyno_manifest_finish        (DynoJsonWriter          *w);

G_END_DECLS
