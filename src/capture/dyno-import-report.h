/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-channel.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* What an import found, assumed and threw away (formats.md A.10). Counts are exact;
 * rows are counted from 1 in the samples, lines from 1 in the file, times in seconds
 * from the first row. NaN where there is no number. */

/* One sentence about one thing. */
typedef struct
{
  char   *code;       /* "unit_assumed": a word that a program can test */
  char   *column;     /* (nullable) as the file names it */
  char   *text;
  double  confidence; /* 0…1 of an assumption, NaN of a warning */
  char   *change;     /* (nullable) the option that decides otherwise */
  guint64 count;      /* of a warning: how often */
} DynoImportFinding;

/* A column of numbers that was kept. */
typedef struct
{
  char           *column;      /* whole header cell, "name#2" where it repeats */
  guint           index;       /* in the file, from 1 */
  DynoChannel     channel;     /* DYNO_CHANNEL_NONE: an extra channel */
  DynoChannel     offered;     /* what it may be where confidence is too low */
  const DynoUnit *unit;        /* (nullable) of the numbers */
  char           *unit_text;   /* as the file spells it; "" where it does not */
  const char     *unit_from;   /* (nullable) operator, header, unit-row, name, dialect, value, */
                               /* default */
  double          confidence;  /* NaN where nothing matches */
  gsize           n;           /* numbers kept */
  double          min;
  double          max;
  char           *identical_to; /* (nullable) name of the column that is equal cell by cell */
  guint64         rejected[DYNO_N_REJECTS];
} DynoImportChannel;

typedef struct
{
  gsize  after_row;
  double at_s;     /* of that row */
  double length_s;
} DynoImportGap;

typedef struct
{
  gsize  before_row; /* one more than there are rows: behind the last */
  double at_s;       /* of that row, or of the last */
  char  *text;
} DynoImportMarker;

/* A file within the log; its bytes are those of the source from `offset` on. */
typedef struct
{
  char   *name;
  char   *type;   /* "msq"; "" where the log does not say */
  guint64 offset;
  guint64 size;
} DynoImportAttachment;

typedef struct
{
  char       *column;     /* (nullable) whole header cell of the stamps */
  const char *form;       /* seconds, milliseconds, microseconds, unix-seconds, */
                          /* unix-milliseconds, time-of-day, wall-clock, rate, row-index */
  char       *first;      /* (nullable) "23:00:24.584", or the first number */
  char       *date;       /* (nullable) "2025-12-18" */
  char       *offset;     /* (nullable) "Z", "+01:00"; NULL: the shop's own zone */
  guint64     wraps;
  guint64     restarts;
  guint64     equal;
  guint64     backward;
  guint64     midnights;
  guint64     clock_jumps; /* the strays included */
  guint64     strays;      /* single stamps far beyond those around them */
} DynoImportTime;

typedef struct
{
  char       *file;
  char       *sha256;      /* of the source as it is on disk */
  guint64     bytes;
  char       *dialect;
  const char *encoding;
  gboolean    is_gzip;
  const char *newline;     /* (nullable) lf, crlf, cr, mixed; NULL of a binary log */
  char        delimiter;   /* '\0' of a binary log, as decimal */
  char        decimal;
  char       *preamble;    /* all lines above the header, as text */
  guint64     preamble_lines;
  guint64     header_line; /* 0: given by the operator */
  gboolean    has_unit_row;
  char       *header_hash; /* the same for every log with these column names */

  gsize       rows;
  guint       columns;          /* with a name, time included */
  guint       nameless_columns;
  guint64     cells;            /* rows × channels */
  guint64     blank;            /* cells with nothing in them */
  guint64     missing;          /* cells that say so: NaN, N/A, --, … */
  guint64     values;           /* numbers read, the rejected ones included */
  guint64     held_rows;        /* equal to the row before, with a stamp of their own */
  guint64     dropped_equal;    /* equal to the row before, stamp included: dropped */
  guint64     dropped_no_time;  /* rows without a readable stamp: dropped */
  guint64     ragged_rows;      /* more than one cell too few or too many */

  double      duration_s;
  double      rate_hz;
  double      step_median_ms;   /* of the steps above 0 */
  double      step_min_ms;
  double      step_p99_ms;
  double      step_max_ms;
  DynoImportTime time;

  GPtrArray  *channels;         /* (owned) of DynoImportChannel, in file order */
  GPtrArray  *empty;            /* (owned) names of columns without a number */
  GPtrArray  *constant;         /* (owned) names of columns with one number, at least twice */
  GArray     *gaps;             /* (owned) of DynoImportGap */
  GArray     *markers;          /* (owned) of DynoImportMarker */
  GArray     *attachments;      /* (owned) of DynoImportAttachment */
  guint64     rejected[DYNO_N_REJECTS];
  GPtrArray  *assumptions;      /* (owned) of DynoImportFinding */
  GPtrArray  *warnings;         /* (owned) of DynoImportFinding */
} DynoImportReport;

DynoImportReport *dyno_import_report_new     (const char             *file);
void              dyno_import_report_free    (DynoImportReport       *self);

/* A finding may be said again; it is listed once a column. `change` and `column`
 * may be NULL. */
void              dyno_import_report_assume  (DynoImportReport       *self,
                                              const char             *code,
                                              const char             *column,
                                              double                  confidence,
                                              const char             *change,
                                              const char             *format,
                                              ...) G_GNUC_PRINTF (6, 7);
void              dyno_import_report_warn    (DynoImportReport       *self,
                                              const char             *code,
                                              const char             *column,
                                              guint64                 count,
                                              const char             *format,
                                              ...) G_GNUC_PRINTF (5, 6);

/* A number for a sentence, with a point whatever the locale: printf () must not do
 * it. Answers `text`. */
const char       *dyno_import_report_number  (char                    text[G_ASCII_DTOSTR_BUF_SIZE],
                                              double                  value,
                                              int                     significant_digits);

/* The column of a canonical channel, or NULL. */
const DynoImportChannel *dyno_import_report_find         (const DynoImportReport *self,
                                                          DynoChannel             channel);
/* By the whole header cell. */
const DynoImportChannel *dyno_import_report_find_column  (const DynoImportReport *self,
                                                          const char             *column);
/* The first finding of that code, or NULL. */
const DynoImportFinding *dyno_import_report_find_warning (const DynoImportReport *self,
                                                          const char             *code);
const DynoImportFinding *dyno_import_report_find_assumption (const DynoImportReport *self,
                                                             const char             *code);

/* One finding a line, plain words. (transfer full) */
char             *dyno_import_report_to_text (const DynoImportReport *self);

/* The `import` object of cli.md with the members of formats.md A.10, on one line.
 * `run_id` may be NULL. (transfer full) */
char             *dyno_import_report_to_json (const DynoImportReport *self,
                                              const char             *run_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportReport, dyno_import_report_free)

G_END_DECLS
