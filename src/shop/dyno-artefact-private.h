/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-artefact.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* Name and text are taken over. */
DynoArtefact *dyno_artefact_new (char       *name,
                                 const char *type,
                                 guint       n_rows,
                                 guint       n_columns,
                                 GString    *text);

/* Sorts by name. */
void          dyno_artefacts_sort (GPtrArray  *artefacts);

/* Members of a manifest that every engine has. */
void          dyno_manifest_write_inputs  (DynoJsonWriter          *w,
                                           const DynoManifestFacts *facts);
void          dyno_manifest_write_outputs (DynoJsonWriter          *w,
                                           GPtrArray               *artefacts);
void          dyno_manifest_write_base    (DynoJsonWriter          *w,
                                           const char              *sha256);
/* Ends the object and frees the writer. (transfer full) */
DynoArtefact *dyno_manifest_finish        (DynoJsonWriter          *w);

G_END_DECLS
