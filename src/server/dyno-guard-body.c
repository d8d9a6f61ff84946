/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-guard-private.h"

/* A body (RFC 9112, 6 and 7), of a known length or in chunks, goes on in chunks of our
 * own: so it can end at any point. */

#define CHUNK_LINE 16 /* room for "4040\r\n", the CRLF behind the data, and the end */

void
dyno_guard_end_body (DynoGuard *self)
{
  dyno_guard_stage_text (self, "0\r\n\r\n");
  self->is_out_ready = TRUE;
}

/* Stages at most `left` of the bytes that came as one chunk. */
static void
pass_data (DynoGuard *self)
{
  gsize n = MIN (self->left, self->in_end - self->in_start);
  char line[CHUNK_LINE];

  n = MIN (n, OUT_SIZE - 2 * CHUNK_LINE);
  if (n == 0)
    return;
  g_snprintf (line, sizeof line, "%" G_GSIZE_MODIFIER "x\r\n", n);
  dyno_guard_stage_text (self, line);
  dyno_guard_stage (self, self->in + self->in_start, n);
  dyno_guard_stage (self, "\r\n", 2);
  self->in_start += n;
  self->left -= n;
  self->n_body += n;
  self->is_out_ready = TRUE;
}

static void
finish_body (DynoGuard *self)
{
  dyno_guard_end_body (self);
  self->phase = DYNO_GUARD_REPLY;
}

static gboolean
take_digit (DynoGuard *self,
            guint8     byte)
{
  int digit = g_ascii_xdigit_value (byte);

  if (digit < 0 || self->n_digits == 8)
    return FALSE;
  self->n_digits++;
  self->left = self->left << 4 | (guint64) digit;

  return TRUE;
}

/* The byte is one of the frame, not of the data. FALSE: it may not be there. */
static gboolean
take_frame_byte (DynoGuard *self,
                 guint8     byte)
{
  switch (self->chunk)
    {
    case CHUNK_SIZE:
      self->n_digits = 0;
      self->left = 0;
      self->chunk = CHUNK_SIZE_MORE;
      return take_digit (self, byte);

    case CHUNK_SIZE_MORE:
      if (byte != '\r')
        return take_digit (self, byte);
      self->chunk = CHUNK_SIZE_LF;
      return TRUE;

    case CHUNK_SIZE_LF:
      self->chunk = self->left > 0 ? CHUNK_DATA : CHUNK_LAST_CR;
      return byte == '\n';

    case CHUNK_DATA_CR:
      self->chunk = CHUNK_DATA_LF;
      return byte == '\r';

    case CHUNK_DATA_LF:
      self->chunk = CHUNK_SIZE;
      return byte == '\n';

    case CHUNK_LAST_CR:
      self->chunk = CHUNK_LAST_LF;
      return byte == '\r';

    case CHUNK_LAST_LF:
      self->chunk = CHUNK_OVER;
      return byte == '\n';

    case CHUNK_DATA:
    case CHUNK_OVER:
    default:
      g_assert_not_reached ();
    }
}

static void
read_chunks (DynoGuard *self)
{
  while (self->chunk != CHUNK_OVER && self->in_start < self->in_end && !self->is_out_ready)
    {
      if (self->chunk == CHUNK_DATA)
        {
          pass_data (self);
          if (self->left == 0)
            self->chunk = CHUNK_DATA_CR;
        }
      else if (!take_frame_byte (self, self->in[self->in_start++]))
        {
          dyno_guard_refuse (self, DYNO_REFUSAL_CHUNK);
          return;
        }
      else if (self->chunk == CHUNK_DATA && self->left > self->cap - self->n_body)
        {
          dyno_guard_refuse (self, DYNO_REFUSAL_BODY_SIZE);
          return;
        }
    }
  if (self->chunk == CHUNK_OVER && !self->is_out_ready)
    finish_body (self);
}

void
dyno_guard_read_body (DynoGuard *self)
{
  if (!self->is_body_open)
    return;
  if (self->body_length < 0)
    read_chunks (self);
  else
    {
      pass_data (self);
      if (self->left == 0)
        finish_body (self);
    }
}
