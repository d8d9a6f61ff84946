/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-journal-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-interfaces.h"
#include "dyno-json.h"
#include "dyno-worker.h"

/* The giver gathers batches into a block; a block is one task of the worker.
 * Tasks without an asker are never answered: an answer would wake a main loop
 * that waits for nothing. */

#define SYNC_US G_USEC_PER_SEC
#define BLOCK_BYTES (1024 * 1024)

struct _DynoJournal
{
  DynoClock  *clock;  /* (borrowed) */
  DynoWorker *worker; /* (owned) */
  GPtrArray  *files;  /* (owned) (thread dyno-journal) of the open DynoJournalFile, borrowed */
};

struct _DynoJournalFile
{
  DynoJournal    *journal;       /* (borrowed) */
  char           *path;          /* (owned) */
  GBytes         *head;          /* (owned) header and start record */
  gatomicrefcount n_refs;        /* the giver and each task */

  GPtrArray      *block;         /* (owned) (thread of the giver) of GBytes */
  gsize           block_bytes;
  gint64          block_us;      /* when it was begun */

  int             fd;            /* (thread dyno-journal) from here */
  GChecksum      *sum;           /* (owned) */
  guint64         length;
  guint64         n_records;
  gint64          synced_us;
  gboolean        is_dirty;
  char           *complaint;     /* (owned) (nullable) */

  atomic_int      status;        /* (atomic) DynoJournalFileStatus */
  atomic_size_t   n_pending;     /* (atomic) bytes given and not yet written */
  _Atomic guint64 n_dropped;     /* (atomic) */
};

/* What a task carries. */
typedef struct
{
  DynoJournalFile *file;   /* (owned) a reference */
  GPtrArray       *block;  /* (owned) of GBytes */
  gint64           end_us; /* of the end record; 0: not the end */
} Work;

static void
file_unref (DynoJournalFile *file)
{
  if (!g_atomic_ref_count_dec (&file->n_refs))
    return;

  if (file->fd >= 0)
    close (file->fd);
  g_free (file->path);
  g_bytes_unref (file->head);
  g_ptr_array_unref (file->block);
  g_checksum_free (file->sum);
  g_free (file->complaint);
  g_free (file);
}

static DynoJournalFile *
file_ref (DynoJournalFile *file)
{
  g_atomic_ref_count_inc (&file->n_refs);

  return file;
}

static void
work_free (Work *work)
{
  g_ptr_array_unref (work->block);
  file_unref (work->file);
  g_free (work);
}

static guint
count_records (GBytes *records)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (records, &size);
  guint n = 0;

  for (gsize at = 0; at + DYNO_JOURNAL_RECORD_SIZE <= size; n++)
    {
      guint32 total;

      memcpy (&total, data + at, sizeof total);
      at += GUINT32_FROM_LE (total);
    }

  return n;
}

/* thread dyno-journal: from here to the public functions */

static gboolean
is_good (DynoJournalFile *file)
{
  return atomic_load (&file->status) == DYNO_JOURNAL_FILE_WRITING;
}

/* What stands in the file stays whole: a record that fits in part is taken back. */
static void
give_up (DynoJournalFile *file,
         int              code,
         const char      *verb)
{
  gboolean is_full = code == ENOSPC || code == EDQUOT || code == EFBIG;

  if (file->fd >= 0 && ftruncate (file->fd, (off_t) file->length) != 0)
    g_warning ("The end of the journal %s cannot be cut: %s", file->path, g_strerror (errno));
  file->complaint
    = is_full ? g_strdup_printf ("The disk is full: the packet journal %s ends early; the run goes "
                                 "on. Make room before the next one.", file->path)
              : g_strdup_printf ("The packet journal %s cannot be %s: %s.", file->path, verb,
                                 g_strerror (code));
  atomic_store (&file->status, is_full ? DYNO_JOURNAL_FILE_FULL : DYNO_JOURNAL_FILE_FAILED);
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      size -= (gsize) n;
    }

  return TRUE;
}

static void
write_records (DynoJournalFile *file,
               GBytes          *records)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (records, &size);

  if (!is_good (file))
    {
      file->n_dropped += count_records (records);
      return;
    }
  if (!write_all (file->fd, data, size))
    {
      give_up (file, errno, "written");
      file->n_dropped += count_records (records);
      return;
    }
  g_checksum_update (file->sum, data, (gssize) size);
  file->length += size;
  file->n_records += count_records (records);
  file->is_dirty = TRUE;
}

static void
sync_file (DynoJournalFile *file,
           gint64           now_us)
{
  if (!file->is_dirty || !is_good (file))
    return;

  if (fdatasync (file->fd) != 0)
    give_up (file, errno, "written to the disk");
  file->is_dirty = FALSE;
  file->synced_us = now_us;
}

/* A new name is safe only when its folder is. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  if (fsync (fd) != 0)
    g_debug ("The folder %s cannot be synced: %s", folder, g_strerror (errno));
  close (fd);
}

static void
open_file (DynoJournalFile *file)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file->head, &size);

  file->fd = open (file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file->fd < 0)
    {
      give_up (file, errno, "created");
      return;
    }
  sync_folder (file->path);
  g_ptr_array_add (file->journal->files, file);
  if (!write_all (file->fd, data, size))
    {
      give_up (file, errno, "written");
      return;
    }
  g_checksum_update (file->sum, data, (gssize) size);
  file->length = size;
  file->n_records = 1;
  file->is_dirty = TRUE;
}

static void
write_end (DynoJournalFile *file,
           gint64           end_us)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint64 count = GUINT64_TO_LE (file->n_records);
  DynoJournalRecord record = { .type = DYNO_JOURNAL_END,
                               .arrival_us = end_us,
                               .kernel_us = DYNO_JOURNAL_KERNEL_UNKNOWN,
                               .payload = (const guint8 *) &count,
                               .size = sizeof count };

  if (!is_good (file))
    return;

  dyno_journal_append (bytes, &record);
  if (!write_all (file->fd, bytes->data, bytes->len))
    {
      give_up (file, errno, "written");
      return;
    }
  g_checksum_update (file->sum, bytes->data, bytes->len);
  file->length += bytes->len;
  file->is_dirty = TRUE;
}

static void
close_file (DynoJournalFile *file)
{
  if (file->fd >= 0 && close (file->fd) != 0)
    g_warning ("The journal %s does not close: %s", file->path, g_strerror (errno));
  file->fd = -1;
  g_ptr_array_remove_fast (file->journal->files, file);
}

static DynoJournalResult *
make_result (DynoJournalFile *file)
{
  DynoJournalResult *result = g_new0 (DynoJournalResult, 1);

  result->path = g_strdup (file->path);
  result->length = file->length;
  result->sha256 = g_strdup (g_checksum_get_string (file->sum));
  result->n_records = file->n_records;
  result->n_dropped = file->n_dropped;
  result->status = (DynoJournalFileStatus) atomic_load (&file->status);
  result->complaint = g_strdup (file->complaint);

  return result;
}

static void
write_block (DynoJournalFile *file,
             GPtrArray       *block)
{
  gsize n_bytes = 0;

  for (guint i = 0; i < block->len; i++)
    {
      GBytes *records = g_ptr_array_index (block, i);

      write_records (file, records);
      n_bytes += g_bytes_get_size (records);
    }
  atomic_fetch_sub (&file->n_pending, n_bytes);
}

static void
open_cb (GTask    *task,
         gpointer  owner)
{
  Work *work = g_task_get_task_data (task);

  open_file (work->file);
  write_block (work->file, work->block);
}

static void
write_cb (GTask    *task,
          gpointer  owner)
{
  DynoJournal *self = owner;
  Work *work = g_task_get_task_data (task);
  gint64 now_us = dyno_clock_monotonic_us (self->clock);

  write_block (work->file, work->block);
  if (now_us - work->file->synced_us >= SYNC_US)
    sync_file (work->file, now_us);
}

static void
finish_cb (GTask    *task,
           gpointer  owner)
{
  Work *work = g_task_get_task_data (task);

  write_block (work->file, work->block);
  write_end (work->file, work->end_us);
  sync_file (work->file, 0);
  close_file (work->file);
  g_task_return_pointer (task, make_result (work->file),
                         (GDestroyNotify) dyno_journal_result_free);
}

/* Nothing came for a second: what is written is made safe. */
static void
idle_cb (gpointer owner)
{
  DynoJournal *self = owner;

  for (guint i = 0; i < self->files->len; i++)
    sync_file (g_ptr_array_index (self->files, i), dyno_clock_monotonic_us (self->clock));
}

/* any thread */

static void
push (DynoJournalFile *file,
      GTask           *task,
      GPtrArray       *block,
      gint64           end_us,
      DynoWorkerFunc   func)
{
  Work *work = g_new0 (Work, 1);

  work->file = file_ref (file);
  work->block = block;
  work->end_us = end_us;
  g_task_set_task_data (task, work, (GDestroyNotify) work_free);
  dyno_worker_push (file->journal->worker, task, func);
}

static void
push_unasked (DynoJournalFile *file,
              GPtrArray       *block,
              DynoWorkerFunc   func)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  push (file, task, block, 0, func);
}

static GPtrArray *
new_block (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
start_block (DynoJournalFile *file)
{
  file->block = new_block ();
  file->block_bytes = 0;
}

DynoJournal *
dyno_journal_new (DynoClock *clock)
{
  static const DynoWorkerHooks hooks = { .idle = idle_cb, .idle_us = SYNC_US };
  DynoJournal *self = g_new0 (DynoJournal, 1);

  self->clock = clock;
  self->files = g_ptr_array_new ();
  self->worker = dyno_worker_new ("dyno-journal", &hooks, self);

  return self;
}

void
dyno_journal_free (DynoJournal *self)
{
  if (self == NULL)
    return;

  dyno_worker_free (self->worker);
  g_ptr_array_unref (self->files);
  g_free (self);
}

static char *
start_event (const char *run_id)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "event", "start");
  dyno_json_writer_add_string (w, "run", run_id);
  dyno_json_writer_add_string (w, "version", DYNO_VERSION);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

/* The header and the first record, which is as old as the pre-roll. */
static GBytes *
make_head (DynoClock  *clock,
           const char *run_id,
           const char *group,
           guint16     port,
           gint64      first_us)
{
  g_autofree char *event = start_event (run_id);
  GByteArray *bytes = g_byte_array_new ();
  DynoJournalHeader header = { .utc_ns = (guint64) dyno_clock_real_us (clock) * 1000,
                               .monotonic_ns = (guint64) dyno_clock_monotonic_us (clock) * 1000,
                               .port = port };
  DynoJournalRecord record = { .type = DYNO_JOURNAL_EVENT,
                               .arrival_us = first_us,
                               .kernel_us = DYNO_JOURNAL_KERNEL_UNKNOWN,
                               .payload = (const guint8 *) event,
                               .size = strlen (event) };

  dyno_address_parse (group, &header.group);
  dyno_crypt_random (header.id, sizeof header.id);
  g_byte_array_set_size (bytes, DYNO_JOURNAL_HEADER_SIZE);
  dyno_journal_write_header (bytes->data, &header);
  dyno_journal_append (bytes, &record);

  return g_byte_array_free_to_bytes (bytes);
}

DynoJournalFile *
dyno_journal_begin (DynoJournal *self,
                    const char  *path,
                    const char  *run_id,
                    const char  *group,
                    guint16      port,
                    GPtrArray   *records,
                    gint64       first_us)
{
  DynoJournalFile *file = g_new0 (DynoJournalFile, 1);
  GPtrArray *block = new_block ();

  file->journal = self;
  file->path = g_strdup (path);
  file->fd = -1;
  file->sum = g_checksum_new (G_CHECKSUM_SHA256);
  file->head = make_head (self->clock, run_id, group, port, first_us);
  g_atomic_ref_count_init (&file->n_refs);
  start_block (file);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      GBytes *piece = g_ptr_array_index (records, i);

      file->n_pending += g_bytes_get_size (piece);
      g_ptr_array_add (block, g_bytes_ref (piece));
    }
  push_unasked (file, block, open_cb);

  return file;
}

static void
push_block (DynoJournalFile *file)
{
  push_unasked (file, g_steal_pointer (&file->block), write_cb);
  start_block (file);
}

void
dyno_journal_file_append (DynoJournalFile *file,
                          GBytes          *records,
                          gint64           now_us)
{
  gsize size = g_bytes_get_size (records);

  g_return_if_fail (file != NULL);

  if (!is_good (file) || atomic_load (&file->n_pending) + size > DYNO_JOURNAL_MOST_PENDING)
    {
      file->n_dropped += count_records (records);
      return;
    }
  if (file->block->len > 0
      && (now_us - file->block_us >= DYNO_JOURNAL_BLOCK_US || file->block_bytes > BLOCK_BYTES))
    push_block (file);
  if (file->block->len == 0)
    file->block_us = now_us;

  g_ptr_array_add (file->block, g_bytes_ref (records));
  file->block_bytes += size;
  atomic_fetch_add (&file->n_pending, size);
}

DynoJournalFileStatus
dyno_journal_file_status (DynoJournalFile *file)
{
  return (DynoJournalFileStatus) atomic_load (&file->status);
}

guint64
dyno_journal_file_dropped (DynoJournalFile *file)
{
  return file->n_dropped;
}

void
dyno_journal_file_finish_async (DynoJournalFile     *file,
                                gint64               end_us,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GPtrArray *block;

  g_return_if_fail (file != NULL);

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, dyno_journal_file_finish_async);
  block = g_steal_pointer (&file->block);
  start_block (file);
  push (file, task, block, end_us, finish_cb);
  file_unref (file);
}

DynoJournalResult *
dyno_journal_file_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_journal_file_finish_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
dyno_journal_result_free (DynoJournalResult *result)
{
  if (result == NULL)
    return;

  g_free (result->path);
  g_free (result->sha256);
  g_free (result->complaint);
  g_free (result);
}
