/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-faults.h"

#include <string.h>

/* The parts of which the malformed datagrams are made. */

#define PROVIDER_ID 0x3BBC
#define CLIENT_ID 0x1234

static gsize
write_good_values (guint8 *data)
{
  static const DynoKlhdvRecord records[]
    = { { 0, 123456, 33.8f }, { 1, 123456, 2712 }, { 1, 123476, 2713.5f },
        { 2, G_MAXUINT32, -0.5f } };
  DynoKlhdvHeader header = { PROVIDER_ID, 255, DYNO_KLHDV_ALL_HOSTS };

  return dyno_klhdv_write_values (data, &header, records, G_N_ELEMENTS (records));
}

static gsize
write_one_value (guint8  *data,
                 guint16  host,
                 guint8   seq,
                 guint32  time_ms)
{
  DynoKlhdvHeader header = { host, seq, DYNO_KLHDV_ALL_HOSTS };
  DynoKlhdvRecord record = { 1, time_ms, 1 };

  return dyno_klhdv_write_values (data, &header, &record, 1);
}

/* A header with any length, then zeros. */
static gsize
write_bare (guint8   *data,
            guint8    key,
            guint16   length,
            guint16   host,
            guint8    seq,
            guint16   destination,
            gsize     n_value)
{
  const guint8 head[] = { key, length & 0xff, (guint8) (length >> 8), host & 0xff,
                          (guint8) (host >> 8), seq, destination & 0xff,
                          (guint8) (destination >> 8) };

  memcpy (data, head, sizeof head);
  memset (data + sizeof head, 0, n_value);

  return sizeof head + n_value;
}

static gsize
grow_value (guint8       *data,
            gsize         size,
            const guint8 *more,
            gsize         n_more)
{
  guint length = (guint) (size - DYNO_KLHDV_HEADER_SIZE + n_more);

  memcpy (data + size, more, n_more);
  data[1] = length & 0xff;
  data[2] = (guint8) (length >> 8);

  return size + n_more;
}

static gsize
write_malformed (int     number,
                 guint8 *data)
{
  guint8 room[DYNO_KLHDV_DATAGRAM_SIZE] = { 0 };
  DynoKlhdvHeader header = { PROVIDER_ID, 12, DYNO_KLHDV_ALL_HOSTS };
  DynoKlhdvEntry entry;
  guint8 stray[33];
  gsize size = 0;

  switch (number)
    {
    case 1:
      room[0] = 2;
      size = 1;
      break;
    case 2:
      size = write_bare (room, 2, 10, PROVIDER_ID, 0, DYNO_KLHDV_ALL_HOSTS, 0);
      break;
    case 3:
      size = write_bare (room, 1, 49, PROVIDER_ID, 0, DYNO_KLHDV_ALL_HOSTS, 49);
      break;
    case 4:
      size = write_good_values (room) - 3;
      break;
    case 5:
      size = write_good_values (room);
      memset (room + size, 0x55, 5);
      size += 5;
      break;
    case 6:
      size = write_good_values (room);
      room[3] = room[4] = 0xff;
      break;
    case 7:
      size = write_bare (room, 0xff, 0, CLIENT_ID, 0, DYNO_KLHDV_ALL_HOSTS, 0);
      break;
    case 9:
      size = write_bare (room, 3, 0, PROVIDER_ID, 2, DYNO_KLHDV_ALL_HOSTS, 0) - 1;
      break;
    case 10:
      size = write_bare (room, 4, 4, CLIENT_ID, 1, DYNO_KLHDV_ALL_HOSTS, 4);
      room[8] = 1;
      break;
    case 11:
      size = write_bare (room, 5, 8, PROVIDER_ID, 1, CLIENT_ID, 8);
      room[8] = 1;
      break;
    case 12:
      size = write_one_value (room, PROVIDER_ID, 11, 1);
      size = grow_value (room, size, (const guint8[]){ 1, 2, 3 }, 3);
      break;
    case 13:
      size = write_one_value (room, DYNO_KLHDV_NO_HOST, 0, 1);
      break;
    case 14:
      size = write_bare (room, 1, 0xffff, PROVIDER_ID, 0, DYNO_KLHDV_ALL_HOSTS, 50);
      break;
    case 15:
      dyno_klhdv_set_entry (&entry, 0, "Speed", 2);
      memset (stray, 0x41, sizeof stray);
      size = dyno_klhdv_write_info (room, &header, "Dynojet Power Core", &entry, 1);
      size = grow_value (room, size, stray, sizeof stray);
      break;
    default: /* 8: nothing at all */
      break;
    }
  memcpy (data, room, size);

  return size;
}

gboolean
dyno_fault_malformed (const char *name,
                      guint8     *data,
                      gsize      *size)
{
  guint64 number;

  *size = 0;
  if (name[0] != 'N' || !g_ascii_string_to_unsigned (name + 1, 10, 1, 15, &number, NULL))
    return FALSE;
  *size = write_malformed ((int) number, data);

  return TRUE;
}
