/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the program counts about itself (service.md 7.3): one table of families
 * for the whole process, each with its name, type, labels, buckets and help.
 * Nothing is declared elsewhere; who has something to count names its row here.
 *
 * Any thread; the counting takes no lock. A family keeps at most
 * DYNO_METRICS_MAX_SERIES combinations of label values, the rest are counted
 * together under the value "other" in every label. */

#define DYNO_METRICS_MAX_SERIES 200
#define DYNO_METRICS_MAX_LABELS 3

/* Behind each row: how it is fed, with the labels in their order. Counters by
 * dyno_metrics_add (), histograms by dyno_metrics_observe (), gauges by
 * dyno_metrics_set () or, where it says "shift", dyno_metrics_shift (). */
typedef enum
{
  /* The ten of the first releases. */
  DYNO_METRIC_ANALYSIS,             /* add: status "success", "error", "cancelled"; source */
  DYNO_METRIC_ANALYSIS_DURATION,    /* observe s: source */
  DYNO_METRIC_VE_CORRECTIONS,       /* observe: cells that an analysis corrects */
  DYNO_METRIC_VE_MAGNITUDE,         /* observe: |correction| of each such cell, % */
  DYNO_METRIC_JETSTREAM_RUNS,       /* add: status "imported", "failed" */
  DYNO_METRIC_VIRTUAL_SESSIONS,     /* add: status, as the session ended */
  DYNO_METRIC_VIRTUAL_ITERATIONS,   /* observe: rounds of a session */
  DYNO_METRIC_FILE_UPLOAD,          /* observe: bytes of an accepted file */
  DYNO_METRIC_ACTIVE_SESSIONS,      /* shift: login, virtual and voice sessions */
  DYNO_METRIC_APP,                  /* set 1: version, environment; dyno_metrics_set_app () */

  /* The wire: server. */
  DYNO_METRIC_HTTP_DURATION,        /* observe s: method, route template, status */
  DYNO_METRIC_HTTP_ACTIVE,          /* shift: a request began, ended */
  DYNO_METRIC_HTTP_CONNECTIONS,     /* shift: listener "loopback", "lan", "admin" */
  DYNO_METRIC_SSE_CLIENTS,          /* shift: topic */
  DYNO_METRIC_ACCEPT_PAUSED,        /* add: accepting was paused, no descriptor left */
  DYNO_METRIC_GUARD_REJECTED,       /* add: reason */
  DYNO_METRIC_SHED,                 /* add: priority "P0" … "P3" */
  DYNO_METRIC_SSE_DROPPED,          /* add: topic */
  DYNO_METRIC_QUEUE_DELAY,          /* observe s: priority */
  DYNO_METRIC_LOOP_LAG,             /* observe s: loop "main", "server"; dyno-lag does it */
  DYNO_METRIC_AUTH_ATTEMPTS,        /* add: kind "password", "jwt", "key", …; result */
  DYNO_METRIC_RATE_LIMIT_REJECTED,  /* add: policy */
  DYNO_METRIC_FORWARDED_IGNORED,    /* add: a forwarded address of an untrusted peer */
  DYNO_METRIC_CIRCUIT_STATE,        /* set 0 closed, 1 half open, 2 open: name */
  DYNO_METRIC_PROVIDER_CALLS,       /* add: provider, outcome */

  /* The dyno: capture and the record. */
  DYNO_METRIC_CAPTURE_DATAGRAMS,    /* add: provider */
  DYNO_METRIC_CAPTURE_MALFORMED,    /* add: provider */
  DYNO_METRIC_CAPTURE_LOST,         /* add: provider */
  DYNO_METRIC_CAPTURE_SAMPLES,      /* add: provider */
  DYNO_METRIC_CAPTURE_CHANNEL_AGE,  /* set s; NAN where the channel is gone: channel */
  DYNO_METRIC_CAPTURE_STATE,        /* set 1 for the state that is, 0 for the others: state */

  /* What is kept: shop and store. */
  DYNO_METRIC_RUNS,                 /* add: source, status; a run is complete */
  DYNO_METRIC_TABLE_CHANGES,        /* add: kind "import", "apply", "rollback", "merge" */
  DYNO_METRIC_BACKUP,               /* add: result "success", "failed" */
  DYNO_METRIC_AUDIT_ROWS,           /* add: rows appended to the audit */
  DYNO_METRIC_JOBS,                 /* shift: kind, state */
  DYNO_METRIC_JOB_DURATION,         /* observe s: kind */
  DYNO_METRIC_SQLITE_TXN,           /* observe s: op "commit", "checkpoint" */
  DYNO_METRIC_SQLITE_WAL,           /* set: bytes */
  DYNO_METRIC_DB,                   /* set: bytes */
  DYNO_METRIC_WRITER_QUEUE,         /* set: calls that wait */
  DYNO_METRIC_BACKUP_VERIFIED,      /* set: seconds since 1970 of the newest verified one */

  /* The assistant. */
  DYNO_METRIC_ASSISTANT_TURNS,      /* add: path */
  DYNO_METRIC_ASSISTANT_TURN,       /* observe s */
  DYNO_METRIC_ASSISTANT_MISSES,     /* add: a question without an answer */
  DYNO_METRIC_MEMORY_OPS,           /* add: op */
  DYNO_METRIC_MEMORY_SEARCH,        /* observe s */
  DYNO_METRIC_VOICE_SESSIONS,       /* shift: a voice session began, ended */
  DYNO_METRIC_TRANSCRIPT_BROADCAST, /* add: role */
  DYNO_METRIC_TRANSCRIPT_DROPS,     /* add: role; a doubled line was dropped */
  DYNO_METRIC_TRANSCRIPT_CACHE,     /* set: lines remembered against doubling */

  /* The observers themselves, and the process; fed in this room. */
  DYNO_METRIC_LOG_DROPPED,
  DYNO_METRIC_TRACE_DROPPED,
  DYNO_METRIC_PROCESS_CPU,
  DYNO_METRIC_PROCESS_MEMORY,
  DYNO_METRIC_PROCESS_FDS,
  DYNO_METRIC_PROCESS_MAX_FDS,
  DYNO_METRIC_PROCESS_START,
  DYNO_N_METRICS
} DynoMetric;

typedef enum
{
  DYNO_METRIC_COUNTER,
  DYNO_METRIC_GAUGE,
  DYNO_METRIC_HISTOGRAM,
  DYNO_METRIC_INFO,
} DynoMetricType;

typedef struct
{
  const char    *name;    /* with "_total" of a counter, without "_info" of an info */
  DynoMetricType type;
  const char    *labels[DYNO_METRICS_MAX_LABELS + 1]; /* NULL ends them */
  const double  *bounds;  /* of a histogram, rising, without +Inf */
  guint          n_bounds;
  const char    *help;
} DynoMetricFamily;

const DynoMetricFamily *dyno_metrics_family (DynoMetric metric);

/* One combination of label values. Lives as long as the process: who counts the
 * same thing often keeps it. The label values follow in the order of the family,
 * then NULL; a NULL or empty value is "none". */
typedef struct _DynoSeries DynoSeries;

DynoSeries *dyno_metrics_series  (DynoMetric  metric,
                                  ...) G_GNUC_NULL_TERMINATED;

void        dyno_series_add      (DynoSeries *self,
                                  guint64     n);
void        dyno_series_set      (DynoSeries *self,
                                  double      value);
void        dyno_series_shift    (DynoSeries *self,
                                  double      by);
void        dyno_series_observe  (DynoSeries *self,
                                  double      value);

/* The same, the series looked up. */
void        dyno_metrics_add     (DynoMetric  metric,
                                  guint64     n,
                                  ...) G_GNUC_NULL_TERMINATED;
/* NAN: there is no such value now. */
void        dyno_metrics_set     (DynoMetric  metric,
                                  double      value,
                                  ...) G_GNUC_NULL_TERMINATED;
void        dyno_metrics_shift   (DynoMetric  metric,
                                  double      by,
                                  ...) G_GNUC_NULL_TERMINATED;
/* A NAN is not counted. */
void        dyno_metrics_observe (DynoMetric  metric,
                                  double      value,
                                  ...) G_GNUC_NULL_TERMINATED;

/* The one series of dynoai_app_info; again where the environment changes. */
void        dyno_metrics_set_app (const char *environment);

/* A series as it stands now. */
typedef struct
{
  DynoMetric metric;
  char      *labels[DYNO_METRICS_MAX_LABELS + 1]; /* (owned) values; NULL ends them */
  double     value;   /* counter, gauge, info; NAN: none. Histogram: sum */
  guint64    count;   /* histogram: observations */
  guint64   *buckets; /* (owned) (nullable) histogram: n_bounds + 1, each its own */
} DynoMetricSample;

/* All series, process values new, in the order of the table and then of the
 * labels: for the Health page. (transfer full) (element-type DynoMetricSample) */
GPtrArray  *dyno_metrics_snapshot (void);

/* Of a histogram: the value below which `q` (0…1) of the observations lie, within
 * its bucket on a line; NAN without any, the last bound beyond it. */
double      dyno_metric_sample_quantile (const DynoMetricSample *self,
                                         double                  q);

typedef enum
{
  DYNO_METRICS_TEXT,        /* Prometheus text 0.0.4 */
  DYNO_METRICS_OPENMETRICS, /* OpenMetrics 1.0.0, ends in "# EOF" */
} DynoMetricsFormat;

/* The whole exposition. Waits for nothing but /proc. (transfer full) */
char             *dyno_metrics_print         (DynoMetricsFormat  format);
/* What an Accept header (nullable) asks for, and the Content-Type of the answer. */
DynoMetricsFormat dyno_metrics_choose_format (const char        *accept);
const char       *dyno_metrics_content_type  (DynoMetricsFormat  format);

G_END_DECLS
