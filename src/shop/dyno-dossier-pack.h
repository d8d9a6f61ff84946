/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"

G_BEGIN_DECLS

/* A dossier as a run archive and back (formats.md D). What goes in comes out: packing
 * what was unpacked gives the same bytes. Pure. */

typedef struct
{
  gboolean is_without_source; /* neither log nor packets, where a sheet would become too large */
} DynoPackOptions;

/* `options` may be NULL. (transfer full) */
DynoArchive *dyno_dossier_pack        (DynoDossier            *self,
                                       const DynoPackOptions  *options);
/* The bytes of the file. */
GBytes      *dyno_dossier_pack_file   (DynoDossier            *self,
                                       const DynoPackOptions  *options,
                                       GError                **error);

/* Errors as dyno_archive_read () gives them; `bad` (nullable) likewise. */
DynoDossier *dyno_dossier_unpack      (const DynoArchive      *archive,
                                       char                  **bad,
                                       GError                **error);
/* The bytes of a file: all limits and sums are checked before anything else. */
DynoDossier *dyno_dossier_unpack_file (GBytes                 *file,
                                       guint64                 most_bytes,
                                       GError                **error);

/* From the manifest of the archive that the run came out of: whose it is. */
void         dyno_dossier_take_origin (DynoDossier            *self,
                                       GBytes                 *manifest);

/* run.json, the reading half of dyno-shape-export.h: run, marks, vehicle, customer.
 * The samples come from `archive`. NULL where it is none of ours. */
DynoDossier *dyno_dossier_read_run    (const DynoArchive      *archive,
                                       char                  **bad,
                                       GError                **error);

G_END_DECLS
