/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-klhdv.h"

#include <string.h>

#define BAD_HOST 0xFFFF

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Cursor;

/* What a key asks of its value. */
static const struct
{
  guint8 key;
  guint8 minimum; /* bytes */
} keys[] = {
  { DYNO_KLHDV_CHANNEL_INFO, DYNO_KLHDV_PROVIDER_SIZE },
  { DYNO_KLHDV_CHANNEL_VALUES, 0 },
  { DYNO_KLHDV_CLEAR, 0 },
  { DYNO_KLHDV_PING, 5 },
  { DYNO_KLHDV_PONG, 9 },
  { DYNO_KLHDV_REQUEST_INFO, 0 },
  { DYNO_KLHDV_REQUEST_LOGGING, 1 },
  { DYNO_KLHDV_REQUEST_LOAD, 6 },
  { DYNO_KLHDV_REQUEST_BRAKE, 1 },
  { DYNO_KLHDV_LOGGING, 5 },
  { DYNO_KLHDV_LOAD, 6 },
  { DYNO_KLHDV_BRAKE, 1 },
};

/* §1.7: the symbol of each wire code. */
static const char *const unit_symbols[] = {
  "s", "m", "km/h", "N", "kW", "N·m", "°C", "kPa", "rpm", "rpm/(km/h)", "km/h/s",
  "AFR", "kg/h", "λ", "V", "A", "%",
};

/* Past the end a cursor reads nothing and stays where it is: what is missing
 * is 0, whatever the bytes say. */
static const guint8 *
take (Cursor *cursor,
      gsize   size)
{
  const guint8 *at = cursor->at;

  if ((gsize) (cursor->end - cursor->at) < size)
    return NULL;
  cursor->at += size;

  return at;
}

static guint8
take_u8 (Cursor *cursor)
{
  const guint8 *at = take (cursor, 1);

  return at != NULL ? at[0] : 0;
}

static guint16
take_u16 (Cursor *cursor)
{
  const guint8 *at = take (cursor, 2);

  return at != NULL ? (guint16) (at[0] | at[1] << 8) : 0;
}

static guint32
take_u32 (Cursor *cursor)
{
  const guint8 *at = take (cursor, 4);

  if (at == NULL)
    return 0;

  return at[0] | (guint32) at[1] << 8 | (guint32) at[2] << 16 | (guint32) at[3] << 24;
}

static float
take_f32 (Cursor *cursor)
{
  guint32 bits = take_u32 (cursor);
  float value;

  memcpy (&value, &bits, sizeof value);

  return value;
}

static Cursor
value_cursor (const DynoKlhdvFrame *frame,
              gsize                 offset)
{
  Cursor cursor = { frame->value, frame->value };

  if (frame->value == NULL || offset > frame->size)
    return cursor;
  cursor.at = frame->value + offset;
  cursor.end = frame->value + frame->size;

  return cursor;
}

static gboolean
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* One character of a field; a byte that begins none counts as U+FFFD. */
static gunichar
next_character (const char **at,
                const char  *end)
{
  gunichar c = g_utf8_get_char_validated (*at, end - *at);

  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      (*at)++;
      return 0xFFFD;
    }
  *at = g_utf8_next_char (*at);

  return c;
}

/* §1.4: cut at the first NUL, mend UTF-8, drop controls, trim blanks. `text`
 * has room for 3 · width + 1 bytes. */
static void
clean_text (const guint8 *field,
            gsize         width,
            char         *text)
{
  const char *at = (const char *) field;
  const char *nul = memchr (at, '\0', width);
  const char *end = nul != NULL ? nul : at + width;
  char *out = text;

  while (at < end)
    {
      gunichar c = next_character (&at, end);

      if (!is_control (c) && !(c == ' ' && out == text))
        out += g_unichar_to_utf8 (c, out);
    }
  while (out > text && out[-1] == ' ')
    out--;
  *out = '\0';
}

static int
minimum_of (guint8 key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (keys[i].key == key)
        return keys[i].minimum;
    }

  return -1;
}

static gboolean
has_remainder (const DynoKlhdvFrame *frame)
{
  if (frame->key == DYNO_KLHDV_CHANNEL_INFO)
    return (frame->size - DYNO_KLHDV_PROVIDER_SIZE) % DYNO_KLHDV_ENTRY_SIZE != 0;

  return frame->key == DYNO_KLHDV_CHANNEL_VALUES && frame->size % DYNO_KLHDV_RECORD_SIZE != 0;
}

static DynoKlhdvVerdict
conclude (DynoKlhdvFrame  *frame,
          DynoKlhdvVerdict verdict,
          guint            counts)
{
  frame->verdict = verdict;
  frame->counts |= counts;

  return verdict;
}

/* The message is whole and from a possible host. */
static DynoKlhdvVerdict
judge_value (DynoKlhdvFrame *frame)
{
  int minimum = minimum_of (frame->key);

  frame->is_tracked = frame->header.host != DYNO_KLHDV_NO_HOST;
  if (minimum < 0)
    return conclude (frame, DYNO_KLHDV_IGNORED_KEY, DYNO_KLHDV_COUNT_UNKNOWN_KEY);
  if (frame->size < (gsize) minimum)
    return conclude (frame, DYNO_KLHDV_MALFORMED_VALUE, DYNO_KLHDV_COUNT_MALFORMED);
  if (frame->header.host == DYNO_KLHDV_NO_HOST && frame->key <= DYNO_KLHDV_CLEAR)
    return conclude (frame, DYNO_KLHDV_IGNORED_HOST, DYNO_KLHDV_COUNT_UNNEGOTIATED);

  return conclude (frame, DYNO_KLHDV_ACCEPTED,
                   has_remainder (frame) ? DYNO_KLHDV_COUNT_REMAINDER : 0);
}

DynoKlhdvVerdict
dyno_klhdv_decode (const guint8   *data,
                   gsize           size,
                   DynoKlhdvFrame *frame)
{
  Cursor cursor = { data, data + size };

  memset (frame, 0, sizeof *frame);
  if (size < DYNO_KLHDV_HEADER_SIZE)
    return conclude (frame, DYNO_KLHDV_MALFORMED, DYNO_KLHDV_COUNT_MALFORMED);

  frame->key = take_u8 (&cursor);
  frame->length = take_u16 (&cursor);
  frame->header.host = take_u16 (&cursor);
  frame->header.seq = take_u8 (&cursor);
  frame->header.destination = take_u16 (&cursor);

  frame->value = take (&cursor, frame->length);
  if (frame->value == NULL)
    return conclude (frame, DYNO_KLHDV_MALFORMED, DYNO_KLHDV_COUNT_MALFORMED);
  frame->size = frame->length;
  if (frame->header.host == BAD_HOST)
    return conclude (frame, DYNO_KLHDV_IGNORED_HOST, DYNO_KLHDV_COUNT_BAD_HOST);
  if (cursor.at < cursor.end)
    frame->counts |= DYNO_KLHDV_COUNT_TRAILING;

  return judge_value (frame);
}

gboolean
dyno_klhdv_is_compatible (guint8 version)
{
  return version >= 1 && version <= 9;
}

void
dyno_klhdv_read_provider (const DynoKlhdvFrame *frame,
                          char                  name[DYNO_KLHDV_PROVIDER_TEXT])
{
  Cursor cursor = value_cursor (frame, 0);
  const guint8 *field = take (&cursor, DYNO_KLHDV_PROVIDER_SIZE);

  name[0] = '\0';
  if (field != NULL)
    clean_text (field, DYNO_KLHDV_PROVIDER_SIZE, name);
}

guint
dyno_klhdv_n_entries (const DynoKlhdvFrame *frame)
{
  if (frame->key != DYNO_KLHDV_CHANNEL_INFO || frame->size < DYNO_KLHDV_PROVIDER_SIZE)
    return 0;

  return (guint) ((frame->size - DYNO_KLHDV_PROVIDER_SIZE) / DYNO_KLHDV_ENTRY_SIZE);
}

gboolean
dyno_klhdv_read_entry (const DynoKlhdvFrame *frame,
                       guint                 index,
                       DynoKlhdvEntry       *entry)
{
  Cursor cursor;
  const guint8 *field;

  if (index >= dyno_klhdv_n_entries (frame))
    return FALSE;

  cursor = value_cursor (frame, DYNO_KLHDV_PROVIDER_SIZE + (gsize) index * DYNO_KLHDV_ENTRY_SIZE);
  entry->id = take_u16 (&cursor);
  entry->vendor = take_u8 (&cursor);
  field = take (&cursor, DYNO_KLHDV_NAME_SIZE);
  g_assert (field != NULL);
  entry->unit = take_u8 (&cursor);
  entry->is_full_width = memchr (field, '\0', DYNO_KLHDV_NAME_SIZE) == NULL;
  clean_text (field, DYNO_KLHDV_NAME_SIZE, entry->name);
  if (entry->name[0] == '\0')
    g_snprintf (entry->name, sizeof entry->name, "chan_%u", entry->id);

  return TRUE;
}

guint
dyno_klhdv_n_records (const DynoKlhdvFrame *frame)
{
  if (frame->key != DYNO_KLHDV_CHANNEL_VALUES)
    return 0;

  return (guint) (frame->size / DYNO_KLHDV_RECORD_SIZE);
}

gboolean
dyno_klhdv_read_record (const DynoKlhdvFrame *frame,
                        guint                 index,
                        DynoKlhdvRecord      *record)
{
  Cursor cursor;

  if (index >= dyno_klhdv_n_records (frame))
    return FALSE;

  cursor = value_cursor (frame, (gsize) index * DYNO_KLHDV_RECORD_SIZE);
  record->id = take_u16 (&cursor);
  record->time_ms = take_u32 (&cursor);
  record->value = take_f32 (&cursor);

  return TRUE;
}

gboolean
dyno_klhdv_read_ping (const DynoKlhdvFrame *frame,
                      DynoKlhdvPing        *ping)
{
  Cursor cursor = value_cursor (frame, 0);

  memset (ping, 0, sizeof *ping);
  if (frame->key != DYNO_KLHDV_PING && frame->key != DYNO_KLHDV_PONG)
    return FALSE;

  ping->version = take_u8 (&cursor);
  if (frame->key == DYNO_KLHDV_PING)
    {
      ping->clock_ms = take_u32 (&cursor);
    }
  else
    {
      ping->host_ms = take_u32 (&cursor);
      ping->remote_ms = take_u32 (&cursor);
    }
  ping->data = cursor.at;
  ping->size = (gsize) (cursor.end - cursor.at);

  return TRUE;
}

/* Five bytes with the time at 1, or at least seven with it at 3. */
static guint32
take_logging_time (Cursor *cursor,
                   gsize   size)
{
  if (size >= 7)
    take (cursor, 2);

  return take_u32 (cursor);
}

gboolean
dyno_klhdv_read_control (const DynoKlhdvFrame *frame,
                         DynoKlhdvControl     *control)
{
  Cursor cursor = value_cursor (frame, 0);

  memset (control, 0, sizeof *control);
  if (frame->key < DYNO_KLHDV_REQUEST_LOGGING || minimum_of (frame->key) < 0)
    return FALSE;

  control->state = take_u8 (&cursor);
  if (frame->key == DYNO_KLHDV_LOGGING)
    control->time_ms = take_logging_time (&cursor, frame->size);
  if (frame->key == DYNO_KLHDV_REQUEST_LOAD || frame->key == DYNO_KLHDV_LOAD)
    {
      control->type = take_u8 (&cursor);
      control->target = take_f32 (&cursor);
    }

  return TRUE;
}

const DynoUnit *
dyno_klhdv_unit (guint8 code)
{
  if (code >= G_N_ELEMENTS (unit_symbols))
    return dyno_unit_none ();

  return dyno_unit_find (unit_symbols[code]);
}
