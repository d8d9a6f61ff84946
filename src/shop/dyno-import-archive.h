/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"
#include "dyno-import-read.h"

G_BEGIN_DECLS

/* A run archive into the run book (formats.md D). Everything in it is checked before
 * anything is written; files first, then one transaction. Blocking; on a thread that
 * may wait.
 *
 * Errors: those of dyno-archive.h; CONFLICT "archive_conflict" where the book has
 * another run of that id. Nothing is kept then.
 *
 * A run that is there with the same data is the same run, also where it has been
 * analysed since or where its vehicle has another tune by now: an archive carries the
 * tune of the day of its export. Nothing is written then; a tune that differs is told. */

/* An archive in a file that is to be judged: also where it is so damaged that only its
 * name says that it was one. NULL, without an error, where it has none. (transfer full) */
GBytes            *dyno_import_archive_claim (const char             *path);

/* Its samples and nothing else. (transfer full) */
DynoImportReading *dyno_import_archive_read (GBytes                  *archive,
                                             GError                 **error);

/* Into the book: a new run, or the one that is there already with the same content
 * (`is_known`; `notice` where the tune differs).
 * With `as_new` of the request a new id in any case; the run remembers the old one.
 * (transfer full) */
DynoImportOutcome *dyno_import_archive      (const DynoErrand        *errand,
                                             const DynoImportRequest *request,
                                             GBytes                  *archive,
                                             GError                 **error);

G_END_DECLS
