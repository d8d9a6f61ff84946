/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-units.h"

G_BEGIN_DECLS

/* The JETDRIVE wire: one message a datagram, header "key, length, host,
 * sequence, destination, value" (jetdrive.md §1), little-endian and SI. Reading
 * goes through a cursor that cannot leave the buffer; nothing is allocated.
 * Pure: no clock, no socket, any thread. */

#define DYNO_KLHDV_GROUP "224.0.2.10"
#define DYNO_KLHDV_PORT 22344
#define DYNO_KLHDV_VERSION 1
#define DYNO_KLHDV_NO_HOST 0x0000
#define DYNO_KLHDV_ALL_HOSTS 0xFFFF

#define DYNO_KLHDV_HEADER_SIZE 8
#define DYNO_KLHDV_PROVIDER_SIZE 50
#define DYNO_KLHDV_NAME_SIZE 30
#define DYNO_KLHDV_ENTRY_SIZE 34
#define DYNO_KLHDV_RECORD_SIZE 10

/* Bytes of value in one message of ours: the default, and what a setting may be. */
#define DYNO_KLHDV_VALUE_LIMIT 1400
#define DYNO_KLHDV_VALUE_LIMIT_LOW 256
#define DYNO_KLHDV_VALUE_LIMIT_HIGH 1464
#define DYNO_KLHDV_DATAGRAM_SIZE (DYNO_KLHDV_HEADER_SIZE + DYNO_KLHDV_VALUE_LIMIT_HIGH)

/* Text as read: each bad byte becomes the three of U+FFFD; with the NUL. */
#define DYNO_KLHDV_NAME_TEXT (3 * DYNO_KLHDV_NAME_SIZE + 1)
#define DYNO_KLHDV_PROVIDER_TEXT (3 * DYNO_KLHDV_PROVIDER_SIZE + 1)

typedef enum
{
  DYNO_KLHDV_CHANNEL_INFO = 0x01,
  DYNO_KLHDV_CHANNEL_VALUES = 0x02,
  DYNO_KLHDV_CLEAR = 0x03,
  DYNO_KLHDV_PING = 0x04,
  DYNO_KLHDV_PONG = 0x05,
  DYNO_KLHDV_REQUEST_INFO = 0x06,
  /* The control set: read, shown, never sent by a client of this version. */
  DYNO_KLHDV_REQUEST_LOGGING = 0x10,
  DYNO_KLHDV_REQUEST_LOAD = 0x11,
  DYNO_KLHDV_REQUEST_BRAKE = 0x12,
  DYNO_KLHDV_LOGGING = 0x20,
  DYNO_KLHDV_LOAD = 0x21,
  DYNO_KLHDV_BRAKE = 0x22,
} DynoKlhdvKey;

typedef enum
{
  DYNO_KLHDV_ACCEPTED,
  DYNO_KLHDV_MALFORMED,       /* no whole message; nothing of it is to be believed */
  DYNO_KLHDV_MALFORMED_VALUE, /* the header is good, the value too short for its key */
  DYNO_KLHDV_IGNORED_HOST,    /* host 0xFFFF, or content of a host without an id */
  DYNO_KLHDV_IGNORED_KEY,     /* a key nobody knows */
} DynoKlhdvVerdict;

/* What a datagram adds to the counters; a set. */
typedef enum
{
  DYNO_KLHDV_COUNT_MALFORMED = 1 << 0,
  DYNO_KLHDV_COUNT_BAD_HOST = 1 << 1,
  DYNO_KLHDV_COUNT_TRAILING = 1 << 2,
  DYNO_KLHDV_COUNT_UNKNOWN_KEY = 1 << 3,
  DYNO_KLHDV_COUNT_UNNEGOTIATED = 1 << 4,
  DYNO_KLHDV_COUNT_REMAINDER = 1 << 5,
} DynoKlhdvCount;

typedef struct
{
  guint16 host;
  guint8  seq;
  guint16 destination;
} DynoKlhdvHeader;

typedef struct
{
  guint8           key;     /* a DynoKlhdvKey where the verdict is ACCEPTED */
  guint16          length;  /* as the header says it */
  DynoKlhdvHeader  header;
  const guint8    *value;   /* (borrowed) of the datagram; NULL unless a whole message */
  gsize            size;    /* bytes at `value` */
  DynoKlhdvVerdict verdict;
  gboolean         is_tracked; /* its number counts for the sender's sequence */
  guint            counts;     /* set of DynoKlhdvCount */
} DynoKlhdvFrame;

/* One channel of a list. */
typedef struct
{
  guint16  id;
  guint8   vendor;
  guint8   unit;
  gboolean is_full_width; /* no NUL in the 30 bytes: the name may be cut */
  char     name[DYNO_KLHDV_NAME_TEXT];
} DynoKlhdvEntry;

typedef struct
{
  guint16 id;
  guint32 time_ms; /* the provider's clock */
  float   value;
} DynoKlhdvRecord;

typedef struct
{
  guint8        version;
  guint32       clock_ms; /* Ping: the sender's clock */
  guint32       host_ms;  /* Pong: the asker's clock, sent back */
  guint32       remote_ms; /* Pong: the clock of who answers */
  const guint8 *data;     /* (borrowed) what is to be, or was, sent back */
  gsize         size;
} DynoKlhdvPing;

/* Fields of the control set; those a key does not have are 0. */
typedef struct
{
  guint8  state; /* command of a request, state of a response */
  guint8  type;
  guint32 time_ms;
  float   target;
} DynoKlhdvControl;

/* Judges one datagram. `frame` is filled as far as the datagram goes. */
DynoKlhdvVerdict dyno_klhdv_decode         (const guint8          *data,
                                            gsize                  size,
                                            DynoKlhdvFrame        *frame);

/* Versions 1…9 understand each other. */
gboolean         dyno_klhdv_is_compatible  (guint8                 version);

/* Of an accepted ChannelInfo. An empty provider name stays "". */
void             dyno_klhdv_read_provider  (const DynoKlhdvFrame  *frame,
                                            char                   name[DYNO_KLHDV_PROVIDER_TEXT]);
guint            dyno_klhdv_n_entries      (const DynoKlhdvFrame  *frame);
gboolean         dyno_klhdv_read_entry     (const DynoKlhdvFrame  *frame,
                                            guint                  index,
                                            DynoKlhdvEntry        *entry);

/* Of accepted ChannelValues. */
guint            dyno_klhdv_n_records      (const DynoKlhdvFrame  *frame);
gboolean         dyno_klhdv_read_record    (const DynoKlhdvFrame  *frame,
                                            guint                  index,
                                            DynoKlhdvRecord       *record);

/* Of an accepted Ping or Pong; FALSE for another key. */
gboolean         dyno_klhdv_read_ping      (const DynoKlhdvFrame  *frame,
                                            DynoKlhdvPing         *ping);
/* Of the control set; FALSE for another key. */
gboolean         dyno_klhdv_read_control   (const DynoKlhdvFrame  *frame,
                                            DynoKlhdvControl      *control);

/* How many fit into one message at a limit of value bytes. */
guint            dyno_klhdv_entries_fit    (gsize                  value_limit);
guint            dyno_klhdv_records_fit    (gsize                  value_limit);

/* Writers. `data` has room for DYNO_KLHDV_DATAGRAM_SIZE bytes; the answer is
 * the size of the datagram. More entries or records than fit are a mistake of
 * the caller. Names longer than their field are cut between characters. */
gsize            dyno_klhdv_write_empty    (guint8                *data,
                                            const DynoKlhdvHeader *header,
                                            DynoKlhdvKey           key);
gsize            dyno_klhdv_write_info     (guint8                *data,
                                            const DynoKlhdvHeader *header,
                                            const char            *provider,
                                            const DynoKlhdvEntry  *entries,
                                            guint                  n_entries);
gsize            dyno_klhdv_write_values   (guint8                *data,
                                            const DynoKlhdvHeader *header,
                                            const DynoKlhdvRecord *records,
                                            guint                  n_records);
gsize            dyno_klhdv_write_ping     (guint8                *data,
                                            const DynoKlhdvHeader *header,
                                            const DynoKlhdvPing   *ping);
gsize            dyno_klhdv_write_pong     (guint8                *data,
                                            const DynoKlhdvHeader *header,
                                            const DynoKlhdvPing   *pong);
gsize            dyno_klhdv_write_control  (guint8                *data,
                                            const DynoKlhdvHeader *header,
                                            DynoKlhdvKey           key,
                                            const DynoKlhdvControl *control);

/* A name as an entry holds it: what does not fit into 30 bytes is cut. */
void             dyno_klhdv_set_entry      (DynoKlhdvEntry        *entry,
                                            guint16                id,
                                            const char            *name,
                                            guint8                 unit);

/* The unit of a wire code; the plain number for 255 and codes nobody assigned. */
#define DYNO_KLHDV_UNIT_NONE 255
const DynoUnit  *dyno_klhdv_unit           (guint8                 code);

G_END_DECLS
