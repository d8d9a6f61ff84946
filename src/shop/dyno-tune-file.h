/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-pvv.h"

G_BEGIN_DECLS

/* A file with tables in it: a Power Vision tune, or one table as CSV. What it is says
 * its content, never its name. Any thread; reading from a disk blocks. */

typedef struct
{
  char      *path;   /* (owned) (nullable) */
  GBytes    *bytes;  /* (owned) */
  char      *sha256; /* (owned) */
  DynoPvv   *pvv;    /* (owned) (nullable) of a tune */
  GPtrArray *tables; /* (owned) of DynoTable; of a tune only items with several cells */
  GArray    *items;  /* (owned) of guint: the place of each table in the tune */
} DynoTuneFile;

/* INVALID "BAD_TABLE" or a reason of dyno-pvv.h; for a path also NOT_FOUND, TOO_LARGE.
 * (transfer full) */
DynoTuneFile *dyno_tune_file_parse (GBytes       *bytes,
                                    GError      **error);
DynoTuneFile *dyno_tune_file_read  (const char   *path,
                                    GCancellable *cancellable,
                                    GError      **error);
void          dyno_tune_file_free  (DynoTuneFile *self);

/* "pvv" or "csv" */
const char   *dyno_tune_file_form  (const DynoTuneFile *self);
/* The place of a table by its name, or by kind and side; −1 without an error where
 * there is none of the latter. INVALID "pvv_ambiguous", NOT_FOUND for a name. */
int           dyno_tune_file_find_name (const DynoTuneFile *self,
                                        const char         *name,
                                        GError            **error);
int           dyno_tune_file_find_kind (const DynoTuneFile *self,
                                        DynoTableKind       kind,
                                        DynoTableSide       side);
/* The file with other bytes for some tables: one a table, NULL as it was. (transfer
 * full) */
GBytes       *dyno_tune_file_replace   (const DynoTuneFile *self,
                                        GBytes *const      *tables);

/* A file whole, up to 16 MiB. NOT_FOUND, TOO_LARGE, INVALID "io". (transfer full) */
GBytes       *dyno_tune_read_bytes     (const char   *path,
                                        GCancellable *cancellable,
                                        GError      **error);
/* Whole or not at all, flushed to the disk. UNAVAILABLE "io". */
gboolean      dyno_tune_write_bytes    (const char   *path,
                                        GBytes       *bytes,
                                        GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTuneFile, dyno_tune_file_free)

G_END_DECLS
