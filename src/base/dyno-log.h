/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-clock.h"

G_BEGIN_DECLS

/* The log (service.md 7.1): g_debug (), g_info (), g_message () and g_warning () of
 * every room, and lines with members by dyno_log_write (). It goes to standard error,
 * as text for a person or as JSON for a machine, and to a file of JSON lines, whose
 * thread of its own never makes the caller wait. The room is the log domain.
 *
 * What looks like a secret, by the name of its member or by its form, is struck out
 * before a line leaves, and control characters are escaped. Any thread. */

typedef enum
{
  DYNO_LOG_TEXT,
  DYNO_LOG_JSON,
} DynoLogFormat;

/* Installs the writer; once, early in main (). Lines below `level` are not printed;
 * G_LOG_LEVEL_DEBUG lets all through. */
void  dyno_log_install (GLogLevelFlags level,
                        DynoLogFormat  format);

/* One line. What is NULL or 0 is left out. */
typedef struct
{
  const char        *room;           /* NULL: "dynoai" */
  const char        *event;          /* "http.request" */
  const char        *message;
  const char        *correlation_id;
  const char        *trace_id;
  const char        *span_id;
  const char        *principal;      /* an id, never a name or an address of mail */
  const char        *ip;
  const char        *method;
  const char        *route;          /* the template, never the path */
  guint              status;
  gint64             duration_us;
  guint64            bytes_in;
  guint64            bytes_out;
  const char        *error_code;
  const char *const *fields;         /* further members: name, value, …, NULL */
} DynoLogLine;

void  dyno_log_write   (GLogLevelFlags     level,
                        const DynoLogLine *line);

/* The line as the writer would print it, without the newline; for tests. */
char *dyno_log_format  (DynoLogFormat      format,
                        gint64             real_us,
                        GLogLevelFlags     level,
                        const char        *domain,
                        const char        *message);
char *dyno_log_print   (DynoLogFormat      format,
                        gint64             real_us,
                        GLogLevelFlags     level,
                        const DynoLogLine *line);

/* `text` with what looks like a secret replaced by "[secret]". Long text is cut at
 * DYNO_LOG_MAX_TEXT bytes. */
#define DYNO_LOG_MAX_TEXT (8 * 1024)
char    *dyno_log_redact         (const char *text);
/* A member of this name is never told: "password", "refresh_token", "x-api-key". */
gboolean dyno_log_is_secret_name (const char *name);

/* The file `dynoai.log` (0600) of a folder (0700), which is made. Each day (UTC), and
 * when it is too long, it is put aside, packed, as dynoai-<UTC>.log.gz. */
typedef struct
{
  const char    *folder;
  GLogLevelFlags level;      /* of the file; that of standard error stays */
  guint          keep;       /* packed files; 0: 14 */
  gsize          max_bytes;  /* of the file; 0: 50 MiB */
  guint          max_queue;  /* lines that may wait; 0: 8,192. More are dropped, counted */
  DynoClock     *clock;      /* (nullable) of the lines of the file and its days */
  gboolean       is_alone;   /* nothing on standard error from now on */
} DynoLogFile;

/* UNAVAILABLE where the folder or the file cannot be written. */
gboolean dyno_log_begin_file     (const DynoLogFile  *file,
                                  GError            **error);
/* Waits until what was logged so far is in the file. */
void     dyno_log_flush          (void);
/* Writes what waits and closes; nothing where no file is open. */
void     dyno_log_end_file       (void);

/* Reading back, for the viewer. */
typedef struct
{
  guint          max;            /* newest lines; 0: 500 */
  GLogLevelFlags level;          /* 0: all; else this one and graver */
  const char    *room;           /* (nullable) */
  const char    *text;           /* (nullable) somewhere in the line, of either case */
  const char    *correlation_id; /* (nullable) */
} DynoLogQuery;

typedef struct
{
  gint64         real_us;
  GLogLevelFlags level;
  char          *room;           /* (owned) */
  char          *event;          /* (owned) (nullable) */
  char          *message;        /* (owned) */
  char          *correlation_id; /* (owned) (nullable) */
  char          *json;           /* (owned) the whole line */
} DynoLogRecord;

/* The newest first, from the file and then from the packed ones. Reads files: not on
 * the thread of a window. NOT_FOUND where there is no log. A line that is not whole is
 * left out. (transfer full) (element-type DynoLogRecord) */
GPtrArray *dyno_log_read         (const char         *folder,
                                  const DynoLogQuery *query,
                                  GError            **error);

G_END_DECLS
