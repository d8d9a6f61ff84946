/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-export-csv.h"
#include "dyno-import-job.h"

G_BEGIN_DECLS

/* A run or a file of any kind, out of the house: as table, JSON, summary, picture,
 * archive or packets (formats.md C and D). Same input and options, same bytes. */

typedef struct _DynoShop DynoShop;

typedef enum
{
  DYNO_EXPORT_AS_CSV,
  DYNO_EXPORT_AS_JSON,
  DYNO_EXPORT_AS_TEXT,
  DYNO_EXPORT_AS_PNG,
  DYNO_EXPORT_AS_SVG,
  DYNO_EXPORT_AS_PDF,
  DYNO_EXPORT_AS_ARCHIVE,
  DYNO_EXPORT_AS_PCAP,
  DYNO_EXPORT_AS_PVV, /* the fuel correction alone: no tune */
  DYNO_N_EXPORT_FORMATS
} DynoExportFormat;

/* What is wanted. Strings are (owned) and may be NULL but for one of the first two. */
typedef struct
{
  char              *run_id;
  DynoImportRequest *file;           /* (owned) instead of a run */
  DynoExportFormat   format;
  char              *chart;          /* "power", "ve" or a channel; also CSV and text of "ve" */
  DynoExportCsv      csv;            /* its preamble is made here */
  gboolean           has_preamble;
  guint              scale;          /* of a PNG, 1…4 */
  gboolean           may_have_holes; /* cells without data, in text for pasting */
  gboolean           fills_holes;    /* likewise, of a PVV: no change there */
  gboolean           is_redacted;
  char              *output;         /* a file, or a folder for a name of our own; NULL: bytes
                                      * alone */
} DynoExportRequest;

typedef struct
{
  char   *path;   /* (owned) (nullable) where it lies */
  char   *name;   /* (owned) of our own */
  char   *type;   /* (owned) media type */
  char   *sha256; /* (owned) */
  GBytes *bytes;  /* (owned) */
} DynoExportOutcome;

DynoExportRequest *dyno_export_request_new  (void);
void               dyno_export_request_free (DynoExportRequest   *self);
void               dyno_export_outcome_free (DynoExportOutcome   *self);

/* −1 for a word that is none of csv, json, text, png, svg, pdf, archive, pcap, pvv. */
int                dyno_export_format_find  (const char          *name);

/* `request` is taken over. NOT_FOUND for run, file or channel; INVALID "export_no_pull",
 * "export_no_journal", "export_no_table", "export_holes", "export_over_source", and what
 * reading a file answers; UNAVAILABLE where the disk refuses. */
void               dyno_export_async        (DynoShop            *shop,
                                             DynoExportRequest   *request,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
DynoExportOutcome *dyno_export_finish       (GAsyncResult        *result,
                                             GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoExportRequest, dyno_export_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoExportOutcome, dyno_export_outcome_free)

G_END_DECLS
