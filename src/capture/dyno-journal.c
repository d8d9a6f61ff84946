/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-json.h"

#define MAGIC "DYNOJDJ1"
#define HEADER_SUM_AT 60
#define RECORD_SUM_AT 28
#define BUFFER_SIZE (256 * 1024)
#define MOST_NS ((guint64) G_MAXINT64)

struct _DynoJournalReader
{
  int                fd;         /* −1: the bytes alone */
  GBytes            *bytes;      /* (owned) (nullable) */
  guint8            *buffer;     /* (owned) (nullable) */
  const guint8      *at;         /* next record */
  gsize              left;       /* bytes at `at` */
  gboolean           is_drained; /* the file has no more */
  DynoJournalHeader  header;
  DynoJournalRecord  record;
  guint64            position;
  guint64            n_records;
  gboolean           is_over;
  gboolean           is_complete;
  const char        *complaint;
  int                failure;    /* errno of a read that failed; 0 */
};

static void
put_le (guint8  *at,
        guint64  value,
        int      n_bytes)
{
  for (int i = 0; i < n_bytes; i++)
    at[i] = (guint8) (value >> (8 * i));
}

static guint64
get_le (const guint8 *at,
        int           n_bytes)
{
  guint64 value = 0;

  for (int i = 0; i < n_bytes; i++)
    value |= (guint64) at[i] << (8 * i);

  return value;
}

static void
put_address (guint8  *at,
             guint32  address)
{
  for (int i = 0; i < 4; i++)
    at[i] = (guint8) (address >> (24 - 8 * i));
}

static guint32
get_address (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
}

void
dyno_journal_write_header (guint8                  *data,
                           const DynoJournalHeader *header)
{
  memset (data, 0, DYNO_JOURNAL_HEADER_SIZE);
  memcpy (data, MAGIC, 8);
  put_le (data + 8, DYNO_JOURNAL_HEADER_SIZE, 4);
  put_le (data + 16, header->utc_ns, 8);
  put_le (data + 24, header->monotonic_ns, 8);
  memcpy (data + 32, header->id, sizeof header->id);
  put_address (data + 48, header->group);
  put_le (data + 52, header->port, 2);
  put_le (data + HEADER_SUM_AT, dyno_crypt_crc32 (0, data, HEADER_SUM_AT), 4);
}

gboolean
dyno_journal_read_header (const guint8      *data,
                          gsize              size,
                          DynoJournalHeader *header)
{
  if (size < DYNO_JOURNAL_HEADER_SIZE || memcmp (data, MAGIC, 8) != 0
      || get_le (data + 8, 4) != DYNO_JOURNAL_HEADER_SIZE || get_le (data + 12, 4) != 0
      || get_le (data + HEADER_SUM_AT, 4) != dyno_crypt_crc32 (0, data, HEADER_SUM_AT))
    return FALSE;

  header->utc_ns = get_le (data + 16, 8);
  header->monotonic_ns = get_le (data + 24, 8);
  memcpy (header->id, data + 32, sizeof header->id);
  header->group = get_address (data + 48);
  header->port = (guint16) get_le (data + 52, 2);

  return TRUE;
}

void
dyno_journal_append (GByteArray              *out,
                     const DynoJournalRecord *record)
{
  guint8 head[DYNO_JOURNAL_RECORD_SIZE];
  guint32 sum;

  g_assert (record->size <= DYNO_JOURNAL_MOST_PAYLOAD);
  put_le (head, DYNO_JOURNAL_RECORD_SIZE + record->size, 4);
  head[4] = (guint8) record->type;
  head[5] = record->flags;
  put_le (head + 6, record->port, 2);
  put_address (head + 8, record->address);
  put_le (head + 12, record->ifindex, 4);
  put_le (head + 16, (guint64) record->arrival_us * 1000, 8);
  put_le (head + 24, record->kernel_us, 4);
  sum = dyno_crypt_crc32 (0, head, RECORD_SUM_AT);
  put_le (head + RECORD_SUM_AT, dyno_crypt_crc32 (sum, record->payload, record->size), 4);

  g_byte_array_append (out, head, sizeof head);
  if (record->size > 0)
    g_byte_array_append (out, record->payload, (guint) record->size);
}

DynoJournalVerdict
dyno_journal_parse (const guint8      *data,
                    gsize              size,
                    DynoJournalRecord *record,
                    gsize             *total)
{
  guint64 arrival_ns;
  guint32 sum;

  if (size == 0)
    return DYNO_JOURNAL_NOTHING;
  if (size < DYNO_JOURNAL_RECORD_SIZE)
    return DYNO_JOURNAL_SHORT;
  *total = get_le (data, 4);
  if (*total < DYNO_JOURNAL_RECORD_SIZE
      || *total > DYNO_JOURNAL_RECORD_SIZE + DYNO_JOURNAL_MOST_PAYLOAD)
    return DYNO_JOURNAL_DAMAGED;
  if (size < *total)
    return DYNO_JOURNAL_SHORT;

  sum = dyno_crypt_crc32 (0, data, RECORD_SUM_AT);
  sum = dyno_crypt_crc32 (sum, data + DYNO_JOURNAL_RECORD_SIZE, *total - DYNO_JOURNAL_RECORD_SIZE);
  arrival_ns = get_le (data + 16, 8);
  if (sum != get_le (data + RECORD_SUM_AT, 4) || arrival_ns > MOST_NS)
    return DYNO_JOURNAL_DAMAGED;

  record->type = (DynoJournalType) data[4];
  record->flags = data[5];
  record->port = (guint16) get_le (data + 6, 2);
  record->address = get_address (data + 8);
  record->ifindex = (guint32) get_le (data + 12, 4);
  record->arrival_us = (gint64) (arrival_ns / 1000);
  record->kernel_us = (guint32) get_le (data + 24, 4);
  record->payload = data + DYNO_JOURNAL_RECORD_SIZE;
  record->size = *total - DYNO_JOURNAL_RECORD_SIZE;

  return DYNO_JOURNAL_WHOLE;
}

/* Moves what is left to the front and reads on, until the buffer is full or the
 * file has no more. */
static void
refill (DynoJournalReader *self)
{
  memmove (self->buffer, self->at, self->left);
  self->at = self->buffer;

  while (self->left < BUFFER_SIZE && !self->is_drained)
    {
      gssize n = read (self->fd, self->buffer + self->left, BUFFER_SIZE - self->left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        self->failure = errno;
      if (n <= 0)
        self->is_drained = TRUE;
      else
        self->left += (gsize) n;
    }
}

static void
skip (DynoJournalReader *self,
      gsize              size)
{
  self->at += size;
  self->left -= size;
  self->position += size;
}

static gboolean
begin (DynoJournalReader  *self,
       GError            **error)
{
  self->complaint = "";
  if (!dyno_journal_read_header (self->at, self->left, &self->header))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "journal",
                      "This is not a packet journal of DynoAI, or its first 64 bytes are damaged.");
      return FALSE;
    }
  skip (self, DYNO_JOURNAL_HEADER_SIZE);

  return TRUE;
}

DynoJournalReader *
dyno_journal_reader_new (GBytes  *bytes,
                         GError **error)
{
  g_autoptr(DynoJournalReader) self = g_new0 (DynoJournalReader, 1);

  self->fd = -1;
  self->is_drained = TRUE;
  self->bytes = g_bytes_ref (bytes);
  self->at = g_bytes_get_data (bytes, &self->left);

  return begin (self, error) ? g_steal_pointer (&self) : NULL;
}

DynoJournalReader *
dyno_journal_reader_open (const char  *path,
                          GError     **error)
{
  g_autoptr(DynoJournalReader) self = g_new0 (DynoJournalReader, 1);

  self->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (self->fd < 0)
    {
      int code = errno;

      dyno_error_set (error, code == ENOENT ? DYNO_ERROR_NOT_FOUND : DYNO_ERROR_UNAVAILABLE, NULL,
                      code == ENOENT ? "There is no file %s."
                                     : "The file %s cannot be opened: %s. Check its permissions.",
                      path, g_strerror (code));
      return NULL;
    }
  self->buffer = g_malloc (BUFFER_SIZE);
  self->at = self->buffer;
  refill (self);
  if (self->failure != 0)
    {
      dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL,
                      "The packet journal %s cannot be read: %s.", path,
                      g_strerror (self->failure));
      return NULL;
    }

  return begin (self, error) ? g_steal_pointer (&self) : NULL;
}

void
dyno_journal_reader_free (DynoJournalReader *self)
{
  if (self == NULL)
    return;

  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->buffer);
  g_free (self);
}

const DynoJournalHeader *
dyno_journal_reader_header (const DynoJournalReader *self)
{
  return &self->header;
}

static const DynoJournalRecord *
stop (DynoJournalReader *self,
      const char        *complaint)
{
  self->is_over = TRUE;
  self->complaint = complaint;

  return NULL;
}

static const DynoJournalRecord *
take_end (DynoJournalReader *self,
          gsize              total)
{
  self->is_complete = self->record.size == 8 && get_le (self->record.payload, 8) == self->n_records;
  if (!self->is_complete)
    return stop (self, "its end record counts other records");
  skip (self, total);

  return stop (self, "");
}

const DynoJournalRecord *
dyno_journal_reader_next (DynoJournalReader *self)
{
  DynoJournalVerdict verdict;
  gsize total = 0;

  if (self->is_over)
    return NULL;

  verdict = dyno_journal_parse (self->at, self->left, &self->record, &total);
  if ((verdict == DYNO_JOURNAL_SHORT || verdict == DYNO_JOURNAL_NOTHING) && !self->is_drained)
    {
      refill (self);
      verdict = dyno_journal_parse (self->at, self->left, &self->record, &total);
    }
  if (verdict == DYNO_JOURNAL_NOTHING)
    return stop (self, self->failure != 0 ? "the disk failed" : "it has no end record");
  if (verdict == DYNO_JOURNAL_SHORT)
    return stop (self, "it is cut short");
  if (verdict == DYNO_JOURNAL_DAMAGED)
    return stop (self, "a record is damaged");
  if (self->record.type == DYNO_JOURNAL_END)
    return take_end (self, total);

  skip (self, total);
  self->n_records++;

  return &self->record;
}

gboolean
dyno_journal_reader_is_complete (const DynoJournalReader *self)
{
  return self->is_complete;
}

const char *
dyno_journal_reader_complaint (const DynoJournalReader *self)
{
  return self->complaint;
}

guint64
dyno_journal_reader_position (const DynoJournalReader *self)
{
  return self->position;
}

guint64
dyno_journal_reader_n_records (const DynoJournalReader *self)
{
  return self->n_records;
}

/* The run of a start event; NULL for another event and for a day's journal. */
static char *
read_run_id (const DynoJournalRecord *record)
{
  g_autoptr(DynoJson) json
    = dyno_json_parse ((const char *) record->payload, (gssize) record->size, NULL);

  if (g_strcmp0 (dyno_json_get_string (json, "event"), "start") != 0)
    return NULL;

  return g_strdup (dyno_json_get_string (json, "run"));
}

static void
read_records (DynoJournalReader *reader,
              DynoJournalReport *report,
              GCancellable      *cancellable)
{
  const DynoJournalRecord *record;

  while ((record = dyno_journal_reader_next (reader)) != NULL)
    {
      if (report->n_records++ == 0)
        {
          report->first_us = record->arrival_us;
          if (record->type == DYNO_JOURNAL_EVENT)
            report->run_id = read_run_id (record);
        }
      report->last_us = record->arrival_us;
      if (record->type == DYNO_JOURNAL_RECEIVED)
        report->n_received++;
      if (g_cancellable_is_cancelled (cancellable))
        return;
    }
  report->is_complete = dyno_journal_reader_is_complete (reader);
  report->good_length = dyno_journal_reader_position (reader);
  report->complaint = dyno_journal_reader_complaint (reader);
}

static gboolean
sum_file (const char         *path,
          DynoJournalReport  *report,
          GCancellable       *cancellable,
          GError            **error)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n = fd >= 0 ? 1 : -1;

  while (n > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      n = read (fd, buffer, BUFFER_SIZE);
      if (n > 0)
        {
          g_checksum_update (sum, buffer, n);
          report->length += (guint64) n;
        }
    }
  if (n < 0)
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, NULL,
                    "The packet journal %s cannot be read: %s.", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  report->sha256 = g_strdup (g_checksum_get_string (sum));

  return n >= 0 && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

DynoJournalReport *
dyno_journal_verify (const char    *path,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(DynoJournalReader) reader = dyno_journal_reader_open (path, error);
  g_autoptr(DynoJournalReport) report = NULL;

  if (reader == NULL)
    return NULL;

  report = g_new0 (DynoJournalReport, 1);
  report->header = reader->header;
  report->complaint = "";
  read_records (reader, report, cancellable);
  if (!sum_file (path, report, cancellable, error))
    return NULL;
  if (report->is_complete && report->good_length < report->length)
    {
      report->is_complete = FALSE;
      report->complaint = "something stands after its end";
    }

  return g_steal_pointer (&report);
}

void
dyno_journal_report_free (DynoJournalReport *report)
{
  if (report == NULL)
    return;

  g_free (report->run_id);
  g_free (report->sha256);
  g_free (report);
}
