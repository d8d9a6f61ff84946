/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-artefact.h"
#include "dyno-json.h"
#include "dyno-load-map.h"

G_BEGIN_DECLS

#define DYNO_ARTEFACT_CRLF "\r\n"

/* Name and text are taken over. */
DynoArtefact *dyno_artefact_new (char       *name,
                                 const char *type,
                                 guint       n_rows,
                                 guint       n_columns,
                                 GString    *text);

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

/* Members of a manifest that every engine has. */
void          dyno_manifest_write_inputs  (DynoJsonWriter          *w,
                                           const DynoManifestFacts *facts);
void          dyno_manifest_write_outputs (DynoJsonWriter          *w,
                                           GPtrArray               *artefacts);
void          dyno_manifest_write_base    (DynoJsonWriter          *w,
                                           const char              *sha256,
                                           const char *const       *sums);
/* Ends the object and frees the writer. (transfer full) */
DynoArtefact *dyno_manifest_finish        (DynoJsonWriter          *w);

G_END_DECLS
