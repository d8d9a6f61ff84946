/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-metrics.h"

/* service.md 7.3, name by name. */

static const double analysis_s[] = { .01, .05, .1, .5, 1, 5, 10, 30, 60, 120, 300 };
static const double cells[] = { 0, 10, 25, 50, 100, 250, 500, 1000 };
static const double percent[] = { 0.5, 1, 2, 5, 7, 10, 15 };
static const double rounds[] = { 1, 2, 3, 5, 7, 10, 15, 20 };
static const double bytes[] = { 1024, 10240, 102400, 1048576, 10485760, 52428800 };
static const double request_s[] = { .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5,
                                    10 };
static const double delay_s[] = { .001, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5, 10 };
static const double job_s[] = { .1, .5, 1, 5, 10, 30, 60, 300, 900, 3600 };
static const double txn_s[] = { .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5 };
static const double turn_s[] = { .01, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 60 };

#define COUNTER(name, help, ...) { name, DYNO_METRIC_COUNTER, { __VA_ARGS__ }, NULL, 0, help }
#define GAUGE(name, help, ...) { name, DYNO_METRIC_GAUGE, { __VA_ARGS__ }, NULL, 0, help }
#define INFO(name, help, ...) { name, DYNO_METRIC_INFO, { __VA_ARGS__ }, NULL, 0, help }
#define HISTOGRAM(name, bounds, help, ...) \
  { name, DYNO_METRIC_HISTOGRAM, { __VA_ARGS__ }, bounds, G_N_ELEMENTS (bounds), help }

static const DynoMetricFamily families[DYNO_N_METRICS] = {
  [DYNO_METRIC_ANALYSIS]
    = COUNTER ("dynoai_analysis_total", "Analyses that ended.", "status", "source"),
  [DYNO_METRIC_ANALYSIS_DURATION]
    = HISTOGRAM ("dynoai_analysis_duration_seconds", analysis_s, "Time of an analysis.", "source"),
  [DYNO_METRIC_VE_CORRECTIONS]
    = HISTOGRAM ("dynoai_ve_corrections_count", cells, "Cells that an analysis corrects.", NULL),
  [DYNO_METRIC_VE_MAGNITUDE]
    = HISTOGRAM ("dynoai_ve_corrections_magnitude_percent", percent,
                 "Size of each correction, without its sign.", NULL),
  [DYNO_METRIC_JETSTREAM_RUNS]
    = COUNTER ("dynoai_jetstream_runs_total", "Runs taken from Jetstream.", "status"),
  [DYNO_METRIC_VIRTUAL_SESSIONS]
    = COUNTER ("dynoai_virtual_tuning_sessions_total", "Virtual tuning sessions that ended.",
               "status"),
  [DYNO_METRIC_VIRTUAL_ITERATIONS]
    = HISTOGRAM ("dynoai_virtual_tuning_iterations", rounds,
                 "Rounds of a virtual tuning session.", NULL),
  [DYNO_METRIC_FILE_UPLOAD]
    = HISTOGRAM ("dynoai_file_upload_bytes", bytes, "Size of an accepted file.", NULL),
  [DYNO_METRIC_ACTIVE_SESSIONS]
    = GAUGE ("dynoai_active_sessions", "Login, virtual tuning and voice sessions now.", NULL),
  [DYNO_METRIC_APP] = INFO ("dynoai_app", "The program.", "version", "environment"),

  [DYNO_METRIC_HTTP_DURATION]
    = HISTOGRAM ("http_server_request_duration_seconds", request_s, "Time of a request.",
                 "method", "route", "status"),
  [DYNO_METRIC_HTTP_ACTIVE]
    = GAUGE ("http_server_active_requests", "Requests in hand.", NULL),
  [DYNO_METRIC_HTTP_CONNECTIONS]
    = GAUGE ("dynoai_http_connections", "Open connections.", "listener"),
  [DYNO_METRIC_SSE_CLIENTS]
    = GAUGE ("dynoai_sse_clients", "Clients of an event stream.", "topic"),
  [DYNO_METRIC_ACCEPT_PAUSED]
    = COUNTER ("dynoai_http_accept_paused_total",
               "Times that accepting was paused for want of descriptors.", NULL),
  [DYNO_METRIC_GUARD_REJECTED]
    = COUNTER ("dynoai_guard_rejected_total", "Requests that the wire guard refused.", "reason"),
  [DYNO_METRIC_SHED]
    = COUNTER ("dynoai_shed_total", "Requests refused because the house was full.", "priority"),
  [DYNO_METRIC_SSE_DROPPED]
    = COUNTER ("dynoai_sse_dropped_total", "Events dropped for slow readers.", "topic"),
  [DYNO_METRIC_QUEUE_DELAY]
    = HISTOGRAM ("dynoai_queue_delay_seconds", delay_s, "Wait of an admitted request.",
                 "priority"),
  [DYNO_METRIC_LOOP_LAG]
    = HISTOGRAM ("dynoai_loop_lag_seconds", delay_s, "How late a main loop ran its timer.",
                 "loop"),
  [DYNO_METRIC_AUTH_ATTEMPTS]
    = COUNTER ("dynoai_auth_attempts_total", "Credentials judged.", "kind", "result"),
  [DYNO_METRIC_RATE_LIMIT_REJECTED]
    = COUNTER ("dynoai_rate_limit_rejected_total", "Requests over a limit.", "policy"),
  [DYNO_METRIC_FORWARDED_IGNORED]
    = COUNTER ("dynoai_forwarded_ignored_total", "Forwarded addresses of untrusted peers.", NULL),
  [DYNO_METRIC_CIRCUIT_STATE]
    = GAUGE ("dynoai_circuit_state", "Circuit breaker: 0 closed, 1 half open, 2 open.", "name"),
  [DYNO_METRIC_PROVIDER_CALLS]
    = COUNTER ("dynoai_provider_calls_total", "Calls of outside services.", "provider", "outcome"),

  [DYNO_METRIC_CAPTURE_DATAGRAMS]
    = COUNTER ("dynoai_capture_datagrams_total", "Datagrams received.", "provider"),
  [DYNO_METRIC_CAPTURE_MALFORMED]
    = COUNTER ("dynoai_capture_malformed_total", "Datagrams that did not decode.", "provider"),
  [DYNO_METRIC_CAPTURE_LOST]
    = COUNTER ("dynoai_capture_lost_total", "Datagrams missing by their numbers.", "provider"),
  [DYNO_METRIC_CAPTURE_SAMPLES]
    = COUNTER ("dynoai_capture_samples_total", "Samples received.", "provider"),
  [DYNO_METRIC_CAPTURE_CHANNEL_AGE]
    = GAUGE ("dynoai_capture_channel_age_seconds", "Age of the newest sample.", "channel"),
  [DYNO_METRIC_CAPTURE_STATE]
    = GAUGE ("dynoai_capture_state", "1 for the state of the recording.", "state"),

  [DYNO_METRIC_RUNS] = COUNTER ("dynoai_runs_total", "Runs kept.", "source", "status"),
  [DYNO_METRIC_TABLE_CHANGES]
    = COUNTER ("dynoai_table_changes_total", "Changes of tables.", "kind"),
  [DYNO_METRIC_BACKUP] = COUNTER ("dynoai_backup_total", "Backups that ended.", "result"),
  [DYNO_METRIC_AUDIT_ROWS] = COUNTER ("dynoai_audit_rows_total", "Rows of the audit.", NULL),
  [DYNO_METRIC_JOBS] = GAUGE ("dynoai_jobs", "Jobs of this start, by state.", "kind", "state"),
  [DYNO_METRIC_JOB_DURATION]
    = HISTOGRAM ("dynoai_job_duration_seconds", job_s, "Time of a job.", "kind"),
  [DYNO_METRIC_SQLITE_TXN]
    = HISTOGRAM ("dynoai_sqlite_txn_seconds", txn_s, "Time of a transaction.", "op"),
  [DYNO_METRIC_SQLITE_WAL]
    = GAUGE ("dynoai_sqlite_wal_bytes", "Write-ahead log of the database.", NULL),
  [DYNO_METRIC_DB] = GAUGE ("dynoai_db_bytes", "The database.", NULL),
  [DYNO_METRIC_WRITER_QUEUE]
    = GAUGE ("dynoai_writer_queue", "Calls that wait for the writer.", NULL),
  [DYNO_METRIC_BACKUP_VERIFIED]
    = GAUGE ("dynoai_backup_verified_timestamp_seconds", "When a backup was verified last.", NULL),

  [DYNO_METRIC_ASSISTANT_TURNS]
    = COUNTER ("dynoai_assistant_turns_total", "Turns of conversations.", "path"),
  [DYNO_METRIC_ASSISTANT_TURN]
    = HISTOGRAM ("dynoai_assistant_turn_seconds", turn_s, "Time of a turn.", NULL),
  [DYNO_METRIC_ASSISTANT_MISSES]
    = COUNTER ("dynoai_assistant_misses_total", "Questions without an answer.", NULL),
  [DYNO_METRIC_MEMORY_OPS]
    = COUNTER ("dynoai_memory_ops_total", "Operations on memories.", "op"),
  [DYNO_METRIC_MEMORY_SEARCH]
    = HISTOGRAM ("dynoai_memory_search_seconds", txn_s, "Time of a search of memories.", NULL),
  [DYNO_METRIC_VOICE_SESSIONS]
    = GAUGE ("dynoai_voice_sessions_active", "Voice sessions now.", NULL),
  [DYNO_METRIC_TRANSCRIPT_BROADCAST]
    = COUNTER ("dynoai_transcript_broadcasted_total", "Transcript lines passed on.", "role"),
  [DYNO_METRIC_TRANSCRIPT_DROPS]
    = COUNTER ("dynoai_transcript_dedupe_drops_total", "Doubled transcript lines.", "role"),
  [DYNO_METRIC_TRANSCRIPT_CACHE]
    = GAUGE ("dynoai_transcript_dedupe_cache_entries", "Lines remembered against doubling.", NULL),

  [DYNO_METRIC_LOG_DROPPED]
    = COUNTER ("dynoai_log_dropped_total", "Log lines dropped, the queue being full.", NULL),
  [DYNO_METRIC_TRACE_DROPPED]
    = COUNTER ("dynoai_trace_dropped_total", "Spans dropped, not sent.", NULL),
  [DYNO_METRIC_PROCESS_CPU]
    = COUNTER ("process_cpu_seconds_total", "Processor time of the process.", NULL),
  [DYNO_METRIC_PROCESS_MEMORY]
    = GAUGE ("process_resident_memory_bytes", "Memory of the process.", NULL),
  [DYNO_METRIC_PROCESS_FDS] = GAUGE ("process_open_fds", "Open descriptors.", NULL),
  [DYNO_METRIC_PROCESS_MAX_FDS] = GAUGE ("process_max_fds", "Most descriptors allowed.", NULL),
  [DYNO_METRIC_PROCESS_START]
    = GAUGE ("process_start_time_seconds", "Start of the process since 1970.", NULL),
};

const DynoMetricFamily *
dyno_metrics_family (DynoMetric metric)
{
  g_return_val_if_fail ((guint) metric < DYNO_N_METRICS, NULL);

  return &families[metric];
}
