/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The packet journal (jetdrive.md §13): datagrams kept as received, with what
 * steered their interpretation, so that a run can be derived again bit for bit.
 *
 *   file    header (64 bytes), records, end record
 *   record  32 bytes of head with a CRC over all of it, payload
 *
 * This file: the form, the reader, the verifier. Pure but for the reader's file.
 * Writing is dyno-journal-file.h, the ring in memory dyno-packet-ring.h. */

#define DYNO_JOURNAL_HEADER_SIZE 64
#define DYNO_JOURNAL_RECORD_SIZE 32
#define DYNO_JOURNAL_MOST_PAYLOAD 65536
#define DYNO_JOURNAL_KERNEL_UNKNOWN 0xFFFFFFFFu

typedef enum
{
  DYNO_JOURNAL_RECEIVED = 1,
  DYNO_JOURNAL_SENT = 2,
  DYNO_JOURNAL_EVENT = 3,    /* JSON object with a member "event" */
  DYNO_JOURNAL_COUNTERS = 4, /* u64 kernel, ring, file drops */
  DYNO_JOURNAL_CLOCK = 5,    /* i64 UTC ns, u64 monotonic ns */
  DYNO_JOURNAL_END = 6,      /* u64 records before it */
} DynoJournalType;

typedef enum
{
  DYNO_JOURNAL_TRUNCATED = 1 << 0,
  DYNO_JOURNAL_OWN = 1 << 1, /* sent by us, or our own echo */
} DynoJournalFlag;

typedef struct
{
  guint64 utc_ns;       /* when the file was opened */
  guint64 monotonic_ns;
  guint8  id[16];
  guint32 group;        /* IPv4, host byte order */
  guint16 port;
} DynoJournalHeader;

typedef struct
{
  DynoJournalType type;
  guint8          flags;     /* set of DynoJournalFlag */
  guint16         port;      /* of the sender */
  guint32         address;   /* of the sender, IPv4, host byte order */
  guint32         ifindex;
  gint64          arrival_us; /* monotonic; the file holds ns */
  guint32         kernel_us; /* from the kernel's stamp to arrival */
  const guint8   *payload;   /* (borrowed) */
  gsize           size;
} DynoJournalRecord;

/* How reading a record ended. */
typedef enum
{
  DYNO_JOURNAL_WHOLE,   /* a record */
  DYNO_JOURNAL_NOTHING, /* the data ends here, between records */
  DYNO_JOURNAL_SHORT,   /* the data ends inside a record */
  DYNO_JOURNAL_DAMAGED, /* the checksum or the size is wrong */
} DynoJournalVerdict;

/* `data` holds DYNO_JOURNAL_HEADER_SIZE bytes. */
void               dyno_journal_write_header    (guint8                  *data,
                                                 const DynoJournalHeader *header);
/* FALSE where it is no journal of this version. */
gboolean           dyno_journal_read_header     (const guint8            *data,
                                                 gsize                    size,
                                                 DynoJournalHeader       *header);

/* Appends one record to `out`. */
void               dyno_journal_append          (GByteArray              *out,
                                                 const DynoJournalRecord *record);
/* Reads the record at `data`; `total` is its length on WHOLE. The payload
 * points into `data`. */
DynoJournalVerdict dyno_journal_parse           (const guint8            *data,
                                                 gsize                    size,
                                                 DynoJournalRecord       *record,
                                                 gsize                   *total);

/* A file or bytes, record after record, as far as it is whole. */
typedef struct _DynoJournalReader DynoJournalReader;

/* DYNO_ERROR_NOT_FOUND, DYNO_ERROR_INVALID (reason "journal") where it is none,
 * DYNO_ERROR_UNAVAILABLE where the disk fails. */
DynoJournalReader *dyno_journal_reader_open     (const char              *path,
                                                 GError                 **error);
DynoJournalReader *dyno_journal_reader_new      (GBytes                  *bytes,
                                                 GError                 **error);
void               dyno_journal_reader_free     (DynoJournalReader       *self);
const DynoJournalHeader *
                   dyno_journal_reader_header   (const DynoJournalReader *self);

/* The next record, valid until the next call; NULL at the end, at the end
 * record, and at the first that is short or damaged. */
const DynoJournalRecord *
                   dyno_journal_reader_next     (DynoJournalReader       *self);

/* After the last record: was there an end record with the right count, and if
 * not, why reading stopped ("cut short", "damaged"); bytes up to there. */
gboolean           dyno_journal_reader_is_complete (const DynoJournalReader *self);
const char        *dyno_journal_reader_complaint (const DynoJournalReader *self); /* "" */
guint64            dyno_journal_reader_position (const DynoJournalReader *self);
guint64            dyno_journal_reader_n_records (const DynoJournalReader *self);

/* What a whole file is. */
typedef struct
{
  DynoJournalHeader header;
  char             *run_id;       /* (owned) (nullable) of its start event */
  guint64           length;       /* bytes of the file */
  char             *sha256;       /* (owned) of the file, hexadecimal */
  guint64           n_records;    /* whole ones */
  guint64           n_received;
  gint64            first_us;     /* arrival of the first and last record; 0 without */
  gint64            last_us;
  gboolean          is_complete;  /* ends with its end record */
  guint64           good_length;  /* bytes up to the last whole record */
  const char       *complaint;    /* static; "" where it is complete */
} DynoJournalReport;

/* Reads all of it. A cut or damaged file is no error: the report says so. */
DynoJournalReport *dyno_journal_verify          (const char              *path,
                                                 GCancellable            *cancellable,
                                                 GError                 **error);
void               dyno_journal_report_free     (DynoJournalReport       *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJournalReader, dyno_journal_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJournalReport, dyno_journal_report_free)

G_END_DECLS
