/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-klhdv.h"

#include <string.h>

typedef struct
{
  guint8 *at;
  guint8 *end;
} Pen;

guint
dyno_klhdv_entries_fit (gsize value_limit)
{
  gsize limit = CLAMP (value_limit, DYNO_KLHDV_VALUE_LIMIT_LOW, DYNO_KLHDV_VALUE_LIMIT_HIGH);

  return (guint) ((limit - DYNO_KLHDV_PROVIDER_SIZE) / DYNO_KLHDV_ENTRY_SIZE);
}

guint
dyno_klhdv_records_fit (gsize value_limit)
{
  gsize limit = CLAMP (value_limit, DYNO_KLHDV_VALUE_LIMIT_LOW, DYNO_KLHDV_VALUE_LIMIT_HIGH);

  return (guint) (limit / DYNO_KLHDV_RECORD_SIZE);
}

static guint8 *
claim (Pen   *pen,
       gsize  size)
{
  guint8 *at = pen->at;

  g_assert ((gsize) (pen->end - pen->at) >= size);
  pen->at += size;

  return at;
}

static void
put_u8 (Pen    *pen,
        guint8  value)
{
  *claim (pen, 1) = value;
}

static void
put_u16 (Pen     *pen,
         guint16  value)
{
  guint8 *at = claim (pen, 2);

  at[0] = value & 0xff;
  at[1] = value >> 8;
}

static void
put_u32 (Pen     *pen,
         guint32  value)
{
  put_u16 (pen, value & 0xffff);
  put_u16 (pen, (guint16) (value >> 16));
}

static void
put_f32 (Pen   *pen,
         float  value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  put_u32 (pen, bits);
}

/* The bytes of `text` that fit into `width` without cutting a character. */
static gsize
fitting_length (const char *text,
                gsize       width)
{
  gsize length = strnlen (text, width + 1);

  if (length <= width)
    return length;
  for (length = width; length > 0 && ((guint8) text[length] & 0xc0) == 0x80; length--)
    ;

  return length;
}

static void
put_text (Pen        *pen,
          const char *text,
          gsize       width)
{
  guint8 *at = claim (pen, width);
  gsize length = fitting_length (text, width);

  memcpy (at, text, length);
  memset (at + length, 0, width - length);
}

static Pen
begin_message (guint8                *data,
               const DynoKlhdvHeader *header,
               DynoKlhdvKey           key)
{
  Pen pen = { data, data + DYNO_KLHDV_DATAGRAM_SIZE };

  put_u8 (&pen, (guint8) key);
  put_u16 (&pen, 0);
  put_u16 (&pen, header->host);
  put_u8 (&pen, header->seq);
  put_u16 (&pen, header->destination);

  return pen;
}

/* Fills in the length; answers the size of the datagram. */
static gsize
end_message (guint8    *data,
             const Pen *pen)
{
  gsize size = (gsize) (pen->at - data);
  Pen length = { data + 1, data + 3 };

  put_u16 (&length, (guint16) (size - DYNO_KLHDV_HEADER_SIZE));

  return size;
}

gsize
dyno_klhdv_write_empty (guint8                *data,
                        const DynoKlhdvHeader *header,
                        DynoKlhdvKey           key)
{
  Pen pen = begin_message (data, header, key);

  return end_message (data, &pen);
}

gsize
dyno_klhdv_write_info (guint8                *data,
                       const DynoKlhdvHeader *header,
                       const char            *provider,
                       const DynoKlhdvEntry  *entries,
                       guint                  n_entries)
{
  Pen pen = begin_message (data, header, DYNO_KLHDV_CHANNEL_INFO);

  put_text (&pen, provider, DYNO_KLHDV_PROVIDER_SIZE);
  for (guint i = 0; i < n_entries; i++)
    {
      put_u16 (&pen, entries[i].id);
      put_u8 (&pen, 0);
      put_text (&pen, entries[i].name, DYNO_KLHDV_NAME_SIZE);
      put_u8 (&pen, entries[i].unit);
    }

  return end_message (data, &pen);
}

gsize
dyno_klhdv_write_values (guint8                *data,
                         const DynoKlhdvHeader *header,
                         const DynoKlhdvRecord *records,
                         guint                  n_records)
{
  Pen pen = begin_message (data, header, DYNO_KLHDV_CHANNEL_VALUES);

  for (guint i = 0; i < n_records; i++)
    {
      put_u16 (&pen, records[i].id);
      put_u32 (&pen, records[i].time_ms);
      put_f32 (&pen, records[i].value);
    }

  return end_message (data, &pen);
}

static void
put_echo (Pen                 *pen,
          const DynoKlhdvPing *ping)
{
  gsize room = (gsize) (pen->end - pen->at);
  gsize size = MIN (ping->size, room);

  if (size > 0)
    memcpy (claim (pen, size), ping->data, size);
}

gsize
dyno_klhdv_write_ping (guint8                *data,
                       const DynoKlhdvHeader *header,
                       const DynoKlhdvPing   *ping)
{
  Pen pen = begin_message (data, header, DYNO_KLHDV_PING);

  put_u8 (&pen, ping->version);
  put_u32 (&pen, ping->clock_ms);
  put_echo (&pen, ping);

  return end_message (data, &pen);
}

gsize
dyno_klhdv_write_pong (guint8                *data,
                       const DynoKlhdvHeader *header,
                       const DynoKlhdvPing   *pong)
{
  Pen pen = begin_message (data, header, DYNO_KLHDV_PONG);

  put_u8 (&pen, pong->version);
  put_u32 (&pen, pong->host_ms);
  put_u32 (&pen, pong->remote_ms);
  put_echo (&pen, pong);

  return end_message (data, &pen);
}

gsize
dyno_klhdv_write_control (guint8                 *data,
                          const DynoKlhdvHeader  *header,
                          DynoKlhdvKey            key,
                          const DynoKlhdvControl *control)
{
  Pen pen = begin_message (data, header, key);

  put_u8 (&pen, control->state);
  if (key == DYNO_KLHDV_LOGGING)
    put_u32 (&pen, control->time_ms);
  if (key == DYNO_KLHDV_REQUEST_LOAD || key == DYNO_KLHDV_LOAD)
    {
      put_u8 (&pen, control->type);
      put_f32 (&pen, control->target);
    }

  return end_message (data, &pen);
}

void
dyno_klhdv_set_entry (DynoKlhdvEntry *entry,
                      guint16         id,
                      const char     *name,
                      guint8          unit)
{
  gsize length = fitting_length (name, DYNO_KLHDV_NAME_SIZE);

  memset (entry, 0, sizeof *entry);
  entry->id = id;
  entry->unit = unit;
  entry->is_full_width = length == DYNO_KLHDV_NAME_SIZE;
  memcpy (entry->name, name, length);
}
