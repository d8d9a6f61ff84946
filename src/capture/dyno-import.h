/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-import-report.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* Logs of other programs as samples (formats.md A). One pass over the bytes, no
 * clock, no locale, no network; the name of a file is shown, never believed. Any
 * thread; blocking.
 *
 * What a log leaves open is decided from its own numbers and stated in the report
 * with the option that changes it. A preview runs the same way and gives the same
 * report; only the samples are not made.
 *
 * Refusals are DYNO_ERROR_INVALID with a reason word of formats.md A.11
 * ("import_no_time"); "import_option" names an option that does not fit the log.
 * Reading errors: "import_io" (INTERNAL; NOT_FOUND for a path that is not there).
 * Cancelled: G_IO_ERROR_CANCELLED. */

typedef struct
{
  const char *name;                  /* for messages and the report; no path */
  guint64     size;                  /* bytes; 0 when unknown (then no progress) */
  /* As read (2): up to `size` bytes, 0 at the end, −1 with `error` set. */
  gssize    (*read) (gpointer   data,
                     void      *buffer,
                     gsize      size,
                     GError   **error);
  gpointer    data;                  /* (borrowed) */
} DynoImportSource;

/* Several times a second, on the importing thread. `stage` is "read" or "columns";
 * `fraction` 0…1, −1 where the size is unknown. */
typedef void (*DynoImportProgress) (double      fraction,
                                    const char *stage,
                                    gpointer    data);

/* All zero: everything is found out. All strings are (borrowed). A column is named
 * as in the file, with or without its "(module) " and unit. */
typedef struct
{
  const char        *name;       /* of a file, for messages; else the last part of its path */
  const char *const *map;        /* "COLUMN=channel"; the channel "none" unmaps */
  const char *const *unit;       /* "COLUMN=unit" */
  const char *const *remembered; /* as `map`, from an earlier import of this header */
  double             rate_hz;    /* > 0: rows at this rate, whatever stamps say */
  gboolean           row_index;  /* without stamps: samples without time */
  const char        *dialect;    /* an id of dyno-dialects.h */
  const char        *header;     /* names, a comma between */
  const char        *delimiter;  /* "comma", "semicolon", "tab" or the character */
  const char        *decimal;    /* "point" or "comma" */
  gboolean           force;      /* take ragged rows and a disordered clock */
  double             stoich;     /* of the vehicle's fuel; 0: petrol */

  DynoImportProgress progress;   /* (nullable) */
  gpointer           progress_data;
} DynoImportOptions;

/* `samples` NULL: preview. `options` NULL: none. (transfer full), NULL on error;
 * then `samples` is untouched. */
DynoImportReport *dyno_import_run   (const DynoImportSource  *source,
                                     const DynoImportOptions *options,
                                     GCancellable            *cancellable,
                                     DynoSamples            **samples,
                                     GError                 **error);

DynoImportReport *dyno_import_bytes (const char              *name,
                                     gconstpointer            bytes,
                                     gsize                    size,
                                     const DynoImportOptions *options,
                                     GCancellable            *cancellable,
                                     DynoSamples            **samples,
                                     GError                 **error);

DynoImportReport *dyno_import_file  (const char              *path,
                                     const DynoImportOptions *options,
                                     GCancellable            *cancellable,
                                     DynoSamples            **samples,
                                     GError                 **error);

G_END_DECLS
