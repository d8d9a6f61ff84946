/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import.h"

G_BEGIN_DECLS

/* The bytes of a log as blocks of whole lines of UTF-8: summed, unzipped, judged
 * by their first bytes, decoded. Memory: one block and the line that it cuts. A binary
 * log is given as it stands. */

#define DYNO_IMPORT_BLOCK_SIZE (4 * 1024 * 1024)
#define DYNO_IMPORT_HEAD_SIZE (1024 * 1024) /* within which all is decided */
#define DYNO_IMPORT_MAX_LINE (1024 * 1024)
#define DYNO_IMPORT_LEAST_PARALLEL (6 * 1024 * 1024) /* bytes of a log that needs helpers */

/* Who is told and who may stop it; on the stack of dyno_import_run (). */
typedef struct
{
  GCancellable      *cancellable; /* (borrowed) (nullable) */
  DynoImportProgress progress;    /* (nullable) */
  gpointer           data;
} DynoImportWatch;

/* FALSE with G_IO_ERROR_CANCELLED when the import is to stop. */
gboolean dyno_import_watch_step (const DynoImportWatch *watch,
                                 double                 fraction,
                                 const char            *stage,
                                 GError               **error);

typedef struct _DynoImportReader DynoImportReader;

/* Reads the head of the log. NULL with the refusal of what is no text log. Source
 * and watch must outlive the reader. */
DynoImportReader *dyno_import_reader_new      (const DynoImportSource *source,
                                               const DynoImportWatch  *watch,
                                               GError                **error);
void              dyno_import_reader_free     (DynoImportReader       *self);

/* The next block: lines that all end, then DYNO_NUMBER_PADDING readable bytes. The
 * first one holds DYNO_IMPORT_HEAD_SIZE or the whole log. Empty at the end. Valid
 * until the next call. */
gboolean          dyno_import_reader_next     (DynoImportReader       *self,
                                               const char            **text,
                                               gsize                  *length,
                                               GError                **error);

/* TRUE for a binary log: then its bytes are asked for, not its lines. */
gboolean          dyno_import_reader_is_mlg   (const DynoImportReader *self);

/* Lets go of the first `n_used` of the bytes given last and reads on until `wanted`
 * are there or the log ends (*is_last). Valid until the next call. */
gboolean          dyno_import_reader_next_bytes (DynoImportReader     *self,
                                                 gsize                 n_used,
                                                 gsize                 wanted,
                                                 const guint8        **bytes,
                                                 gsize                *n,
                                                 gboolean             *is_last,
                                                 GError              **error);

/* TRUE when the log ends in a line without an end of its own and that line was given. */
gboolean          dyno_import_reader_is_cut   (const DynoImportReader *self);

/* Bytes of the source, 0 when unknown. */
guint64           dyno_import_reader_size     (const DynoImportReader *self);

/* 0…1 of the source read so far; −1 when its size is unknown. */
double            dyno_import_reader_fraction (const DynoImportReader *self);

/* Encoding, replaced bytes, odd byte, gzip, size and sum; call at the end. */
void              dyno_import_reader_describe (DynoImportReader       *self,
                                               DynoImportReport       *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportReader, dyno_import_reader_free)

G_END_DECLS
