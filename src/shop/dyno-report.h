/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-job.h"
#include "dyno-sheet.h"

G_BEGIN_DECLS

/* The PDF for the customer, with the run inside (formats.md C.7). Same runs, settings
 * and options, same bytes. */

typedef struct _DynoShop DynoShop;

#define DYNO_REPORT_MAX_RUNS 20
/* What is attached is left without its log beyond this. */
#define DYNO_REPORT_MAX_ATTACHED (32 << 20)

/* A run of the book, or a file: a log, a packet journal, a run archive. */
typedef struct
{
  char              *run_id; /* (owned) (nullable) */
  DynoImportRequest *file;   /* (owned) (nullable) */
} DynoReportSubject;

typedef struct
{
  GPtrArray     *subjects;     /* (owned) of DynoReportSubject; the first is what the sheet is
                                * about */
  int            baseline;     /* index of the first subject to compare with, others may
                                * follow it; −1: none */
  DynoSheetForm  form;
  DynoPaperSize  size;
  gboolean       has_units;
  DynoUnitSet    units;        /* else the shop's */
  gboolean       has_standard;
  DynoStandard   standard;     /* else the shop's */
  int            level;        /* of smoothing; −1: the shop's */
  gboolean       without_data; /* nothing is attached */
  gboolean       is_redacted;  /* without customer, plate, VIN and notes, inside too */
} DynoReportRequest;

/* Immutable. */
typedef struct
{
  GBytes *pdf;       /* (owned) */
  char   *sha256;    /* (owned) */
  char   *name;      /* (owned) what it may be called: "2026-03-01_Rosa_run_….pdf" */
  guint   n_pages;
  guint   n_attached;
} DynoReport;

DynoReportRequest *dyno_report_request_new     (void);
void               dyno_report_request_free    (DynoReportRequest   *self);
void               dyno_report_request_add_run (DynoReportRequest   *self,
                                                const char          *run_id);
/* `file` is taken over. */
void               dyno_report_request_take_file (DynoReportRequest *self,
                                                  DynoImportRequest *file);
void               dyno_report_free            (DynoReport          *self);

/* `request` is taken over. Files need no store. A job (kind "report"); `job_id` may be
 * NULL. INVALID without a subject or for a logo that cannot be read; TOO_LARGE for too
 * many; NOT_FOUND; CORRUPT. */
void               dyno_report_async           (DynoShop            *shop,
                                                DynoReportRequest   *request,
                                                char               **job_id,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
DynoReport        *dyno_report_finish          (GAsyncResult        *result,
                                                GError             **error);

/* Whole or not at all. UNAVAILABLE where the disk refuses. */
gboolean           dyno_report_write           (const DynoReport    *self,
                                                const char          *path,
                                                GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoReportRequest, dyno_report_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoReport, dyno_report_free)

G_END_DECLS
