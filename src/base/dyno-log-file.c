/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* The file of the log. Whoever logs prints his line and leaves it in the queue of a
 * worker, thread dyno-log; that thread alone touches the file. It logs nothing itself:
 * what it cannot write is dropped and counted, and the number stands in the next line
 * that it can. */

#include "config.h"

#include "dyno-log-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dyno-error.h"
#include "dyno-metrics.h"
#include "dyno-worker.h"

#define KEEP 14
#define MAX_BYTES (50 * 1024 * 1024)
#define MAX_QUEUE 8192
#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  DynoWorker      *worker;    /* (owned) */
  DynoClock       *clock;     /* (borrowed) */
  char            *folder;    /* (owned) */
  char            *path;      /* (owned) */
  GLogLevelFlags   level;
  gboolean         is_alone;
  guint            keep;
  gsize            max_bytes;
  guint            max_queue;
  _Atomic guint    n_waiting; /* (atomic) */
  _Atomic guint64  n_dropped; /* (atomic) not told yet */
  int              fd;        /* (owned) (thread dyno-log) −1: none */
  gsize            n_bytes;   /* (thread dyno-log) */
  gint64           day;       /* (thread dyno-log) since 1970, of the file's lines */
} Sink;

static GRWLock door;          /* held for reading while a line is pushed */
static Sink *sink;            /* (owned) (lock door) (nullable) */

/* thread dyno-log */

static int
open_file (Sink *self)
{
  int fd = g_open (self->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat found;

  if (fd < 0)
    return -1;

  fchmod (fd, 0600);
  self->n_bytes = fstat (fd, &found) == 0 ? (gsize) found.st_size : 0;
  if (self->n_bytes > 0)
    self->day = (gint64) found.st_mtime * G_USEC_PER_SEC / DAY_US;

  return fd;
}

static void
close_file (Sink *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* A second one of the same second waits behind the first by its name. */
static char *
aside_path (Sink *self)
{
  gint64 now_us = dyno_clock_real_us (self->clock);
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%S");

  for (guint i = 0; ; i++)
    {
      g_autofree char *name = g_strdup_printf (DYNO_LOG_ASIDE "%sZ-%03u.log", time, i);
      g_autofree char *packed = g_strconcat (name, ".gz", NULL);
      g_autofree char *packed_path = g_build_filename (self->folder, packed, NULL);
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS)
          && !g_file_test (packed_path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

static void
put_aside (Sink *self)
{
  g_autofree char *path = aside_path (self);

  close_file (self);
  if (g_rename (self->path, path) == 0)
    dyno_log_pack (self->folder, self->keep);
  self->fd = open_file (self);
}

static gboolean
write_all (Sink       *self,
           const char *text,
           gsize       length)
{
  while (length > 0)
    {
      gssize n = write (self->fd, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      text += n;
      length -= (gsize) n;
      self->n_bytes += (gsize) n;
    }

  return TRUE;
}

static void
drop (Sink    *self,
      guint64  n)
{
  self->n_dropped += n;
  dyno_metrics_add (DYNO_METRIC_LOG_DROPPED, n, NULL);
}

static gboolean
write_line (Sink       *self,
            const char *line)
{
  g_autofree char *text = g_strconcat (line, "\n", NULL);

  return self->fd >= 0 && write_all (self, text, strlen (text));
}

static void
tell_dropped (Sink *self)
{
  guint64 n = atomic_exchange (&self->n_dropped, 0);
  g_autofree char *message = NULL;
  g_autofree char *line = NULL;

  if (n == 0)
    return;

  message = g_strdup_printf ("%" G_GUINT64_FORMAT " lines of the log were dropped.", n);
  line = dyno_log_print (DYNO_LOG_JSON, dyno_clock_real_us (self->clock), G_LOG_LEVEL_WARNING,
                         &(DynoLogLine){ .room = "dyno-base", .event = "log.dropped",
                                         .message = message });
  if (!write_line (self, line))
    self->n_dropped += n;
}

static void
write_cb (GTask   *task,
          gpointer owner)
{
  Sink *self = owner;
  gint64 day = dyno_clock_real_us (self->clock) / DAY_US;

  self->n_waiting--;
  if (self->n_bytes > 0 && (day != self->day || self->n_bytes >= self->max_bytes))
    put_aside (self);
  if (self->fd < 0)
    self->fd = open_file (self);
  self->day = day;
  tell_dropped (self);
  if (!write_line (self, g_task_get_task_data (task)))
    {
      drop (self, 1);
      close_file (self);
    }
}

/* Any thread */

static void
push (Sink *self,
      char *line)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, line, g_free);
  dyno_worker_push (self->worker, task, write_cb);
}

void
dyno_log_file_push (char *line)
{
  g_rw_lock_reader_lock (&door);
  if (sink != NULL && sink->n_waiting++ < sink->max_queue)
    {
      push (sink, line);
    }
  else
    {
      g_free (line);
      if (sink != NULL)
        {
          sink->n_waiting--;
          drop (sink, 1);
        }
    }
  g_rw_lock_reader_unlock (&door);
}

gint64
dyno_log_file_time (GLogLevelFlags level)
{
  gint64 real_us = -1;

  g_rw_lock_reader_lock (&door);
  if (sink != NULL && dyno_log_is_graver (level, sink->level))
    real_us = dyno_clock_real_us (sink->clock);
  g_rw_lock_reader_unlock (&door);

  return real_us;
}

gboolean
dyno_log_file_is_alone (void)
{
  gboolean is_alone;

  g_rw_lock_reader_lock (&door);
  is_alone = sink != NULL && sink->is_alone;
  g_rw_lock_reader_unlock (&door);

  return is_alone;
}

static void
sink_free (Sink *self)
{
  dyno_worker_free (self->worker);
  close_file (self);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

static Sink *
sink_new (const DynoLogFile *file)
{
  Sink *self = g_new0 (Sink, 1);

  self->clock = file->clock != NULL ? file->clock : dyno_clock_get_system ();
  self->folder = g_strdup (file->folder);
  self->path = g_build_filename (file->folder, DYNO_LOG_NAME, NULL);
  self->level = file->level;
  self->is_alone = file->is_alone;
  self->keep = file->keep > 0 ? file->keep : KEEP;
  self->max_bytes = file->max_bytes > 0 ? file->max_bytes : MAX_BYTES;
  self->max_queue = file->max_queue > 0 ? file->max_queue : MAX_QUEUE;
  self->fd = -1;

  return self;
}

gboolean
dyno_log_begin_file (const DynoLogFile  *file,
                     GError            **error)
{
  Sink *self = sink_new (file);

  dyno_log_end_file ();
  if (g_mkdir_with_parents (file->folder, 0700) != 0 || (self->fd = open_file (self)) < 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "log_file",
                      "The log %s cannot be written: %s. Give the folder back to the user who "
                      "runs the program.", self->path, g_strerror (errno));
      sink_free (self);
      return FALSE;
    }

  dyno_log_pack (self->folder, self->keep);
  self->worker = dyno_worker_new ("dyno-log", NULL, self);
  g_rw_lock_writer_lock (&door);
  sink = self;
  g_rw_lock_writer_unlock (&door);

  return TRUE;
}

typedef struct
{
  GMutex   lock;
  GCond    cond;
  gboolean is_done; /* (lock) */
} Mark;

static void
mark_cb (GTask   *task,
         gpointer owner)
{
  Mark *mark = g_task_get_task_data (task);

  g_mutex_lock (&mark->lock);
  mark->is_done = TRUE;
  g_cond_signal (&mark->cond);
  g_mutex_unlock (&mark->lock);
}

void
dyno_log_flush (void)
{
  Mark mark = { .is_done = FALSE };
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_mutex_init (&mark.lock);
  g_cond_init (&mark.cond);
  g_task_set_task_data (task, &mark, NULL);
  g_rw_lock_reader_lock (&door);
  if (sink != NULL)
    {
      dyno_worker_push (sink->worker, task, mark_cb);
      g_mutex_lock (&mark.lock);
      while (!mark.is_done)
        g_cond_wait (&mark.cond, &mark.lock);
      g_mutex_unlock (&mark.lock);
    }
  g_rw_lock_reader_unlock (&door);
  g_mutex_clear (&mark.lock);
  g_cond_clear (&mark.cond);
}

void
dyno_log_end_file (void)
{
  Sink *self;

  g_rw_lock_writer_lock (&door);
  self = g_steal_pointer (&sink);
  g_rw_lock_writer_unlock (&door);
  if (self != NULL)
    sink_free (self);
}
