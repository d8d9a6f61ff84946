/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-guard-private.h"

#include <string.h>

/* Two buffers: what came (`in`) and what libsoup may have (`out`). A head is staged line
 * by line while it is judged and shown when it is whole. A body is staged chunk by chunk,
 * the next when the one before has been taken, so it never grows. */

DynoGuard *
dyno_guard_new (void)
{
  DynoGuard *self = g_new (DynoGuard, 1);

  /* The buffers are filled before they are read. */
  memset (self, 0, G_STRUCT_OFFSET (DynoGuard, in));
  self->out_start = 0;
  self->out_end = 0;
  self->is_out_ready = FALSE;

  return self;
}

void
dyno_guard_free (DynoGuard *self)
{
  g_free (self);
}

void
dyno_guard_stage (DynoGuard  *self,
                  const void *bytes,
                  gsize       n)
{
  g_assert (n <= OUT_SIZE - self->out_end);
  memcpy (self->out + self->out_end, bytes, n);
  self->out_end += n;
}

void
dyno_guard_stage_text (DynoGuard  *self,
                       const char *text)
{
  dyno_guard_stage (self, text, strlen (text));
}

/* Refusals and ends */

/* A request without a word of the client's. */
static void
stage_own_head (DynoGuard *self)
{
  self->method = "GET";
  memcpy (self->target, "/", 2);
  self->body_length = 0;
  self->expects_continue = FALSE;
  self->out_start = 0;
  self->out_end = 0;
  dyno_guard_stage_text (self, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  self->is_out_ready = TRUE;
}

void
dyno_guard_refuse (DynoGuard         *self,
                   DynoRefusalReason  reason)
{
  g_return_if_fail (self->phase == DYNO_GUARD_HEAD || self->phase == DYNO_GUARD_BODY);

  self->refusal = dyno_refusal_of (reason);
  if (self->phase == DYNO_GUARD_HEAD)
    stage_own_head (self);
  else
    dyno_guard_end_body (self);
  self->phase = DYNO_GUARD_CLOSED;
}

gboolean
dyno_guard_is_void (const DynoGuard *self)
{
  return self->is_void;
}

/* Nothing is staged here but for libsoup to come to its end. */
static void
take_leave (DynoGuard *self)
{
  self->phase = DYNO_GUARD_CLOSED;
  self->is_void = TRUE;
  stage_own_head (self);
}

void
dyno_guard_close (DynoGuard *self)
{
  if (self->phase == DYNO_GUARD_IDLE || self->phase == DYNO_GUARD_HEAD)
    take_leave (self);
  else if (!self->is_void)
    {
      self->phase = DYNO_GUARD_CLOSED;
      self->is_out_ready = FALSE;
    }
}

/* A head */

static void
begin_head (DynoGuard *self)
{
  memmove (self->in, self->in + self->in_start, self->in_end - self->in_start);
  self->in_end -= self->in_start;
  self->in_start = 0;
  self->method = NULL;
  self->target[0] = '\0';
  self->n_authority = 0;
  self->line = LINE_EMPTY_ALLOWED;
  self->line_start = 0;
  self->scanned = 0;
  self->n_headers = 0;
  self->seen = 0;
  self->says_close = FALSE;
  self->expects_continue = FALSE;
  self->body_length = 0;
  self->out_start = 0;
  self->out_end = 0;
  self->is_out_ready = FALSE;
}

static void
finish_head (DynoGuard *self,
             gsize      end)
{
  self->in_start = end;
  self->is_out_ready = TRUE;
  self->is_body_open = FALSE;
  self->n_body = 0;
  self->left = self->body_length > 0 ? self->body_length : 0;
  self->chunk = CHUNK_SIZE;
  self->phase = self->body_length == 0 ? DYNO_GUARD_REPLY : DYNO_GUARD_BODY;
}

/* The line [line_start, end) is complete, its CRLF is behind it. FALSE: the head is
 * over, one way or the other. */
static gboolean
take_line (DynoGuard *self,
           gsize      end)
{
  const char *line = (const char *) self->in + self->line_start;
  gsize length = end - self->line_start;
  DynoRefusalReason reason = DYNO_REFUSAL_REQUEST_LINE;
  gboolean is_empty = length == 0;
  gboolean is_good;

  if (is_empty && self->line == LINE_EMPTY_ALLOWED)
    {
      self->in_start = end + 2;
      self->line = LINE_REQUEST;
      return TRUE;
    }

  if (self->line != LINE_HEADER)
    is_good = dyno_guard_judge_request (self, line, length, &reason);
  else if (is_empty)
    is_good = dyno_guard_judge_head (self, &reason);
  else
    is_good = dyno_guard_judge_header (self, line, length, &reason);
  if (!is_good)
    dyno_guard_refuse (self, reason);
  else if (is_empty)
    finish_head (self, end + 2);
  self->line = LINE_HEADER;

  return is_good && !is_empty;
}

static gboolean
is_lawful (guint8 byte)
{
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

static gboolean
is_head_too_long (DynoGuard *self,
                  gsize      end)
{
  return end - self->in_start > DYNO_GUARD_MAX_HEAD;
}

/* A byte that may not be there, or one too many. */
static void
refuse_at_byte (DynoGuard *self,
                gsize      at)
{
  gboolean is_first_line = self->line != LINE_HEADER;

  if (is_head_too_long (self, at + 1))
    dyno_guard_refuse (self, is_first_line ? DYNO_REFUSAL_TARGET_LENGTH : DYNO_REFUSAL_HEAD_SIZE);
  else
    dyno_guard_refuse (self, is_first_line ? DYNO_REFUSAL_REQUEST_LINE : DYNO_REFUSAL_HEADER);
}

static void
read_head (DynoGuard *self)
{
  for (gsize at = self->scanned; at < self->in_end; at++)
    {
      guint8 byte = self->in[at];
      gboolean ends_line = byte == '\n' && at > self->line_start && self->in[at - 1] == '\r';
      gboolean follows_cr = at > self->line_start && self->in[at - 1] == '\r';

      if (is_head_too_long (self, at + 1)
          || follows_cr != ends_line
          || (!ends_line && byte != '\r' && !is_lawful (byte)))
        {
          refuse_at_byte (self, at);
          return;
        }
      if (!ends_line)
        continue;
      if (!take_line (self, at - 1))
        return;
      self->line_start = at + 1;
    }
  self->scanned = self->in_end;
}

/* Looks at what has come, as far as it may be looked at. */
static void
look (DynoGuard *self)
{
  if (self->is_out_ready)
    return;
  if (self->phase == DYNO_GUARD_IDLE && self->in_end > self->in_start)
    {
      begin_head (self);
      self->phase = DYNO_GUARD_HEAD;
    }
  if (self->phase == DYNO_GUARD_HEAD)
    read_head (self);
  else if (self->phase == DYNO_GUARD_BODY)
    dyno_guard_read_body (self);
  /* The client left in the middle: there is nobody to refuse. */
  if (self->is_at_end && !self->is_out_ready && self->phase != DYNO_GUARD_REPLY
      && self->phase != DYNO_GUARD_CLOSED
      && (self->phase != DYNO_GUARD_BODY || self->is_body_open))
    {
      self->is_cut = self->phase == DYNO_GUARD_BODY;
      dyno_guard_close (self);
    }
}

/* Input */

guint8 *
dyno_guard_room (DynoGuard *self,
                 gsize     *size)
{
  if (self->in_start == self->in_end && self->phase != DYNO_GUARD_HEAD)
    {
      self->in_start = 0;
      self->in_end = 0;
    }
  *size = dyno_guard_wants_input (self) ? IN_SIZE - self->in_end : 0;

  return self->in + self->in_end;
}

void
dyno_guard_fill (DynoGuard *self,
                 gsize      n)
{
  g_assert (n <= IN_SIZE - self->in_end);
  self->in_end += n;
  look (self);
}

void
dyno_guard_end (DynoGuard *self)
{
  self->is_at_end = TRUE;
  look (self);
}

gboolean
dyno_guard_is_cut (const DynoGuard *self)
{
  return self->is_cut;
}

gboolean
dyno_guard_wants_input (const DynoGuard *self)
{
  if (self->is_at_end || self->is_out_ready)
    return FALSE;

  return self->phase == DYNO_GUARD_IDLE || self->phase == DYNO_GUARD_HEAD
         || (self->phase == DYNO_GUARD_BODY && self->is_body_open);
}

guint64
dyno_guard_get_received (const DynoGuard *self)
{
  return self->phase == DYNO_GUARD_BODY ? self->n_body : self->in_end - self->in_start;
}

gboolean
dyno_guard_has_leftover (const DynoGuard *self)
{
  return self->in_end > self->in_start;
}

/* Output */

gsize
dyno_guard_take (DynoGuard *self,
                 guint8    *bytes,
                 gsize      size)
{
  gsize n = self->is_out_ready ? MIN (size, self->out_end - self->out_start) : 0;

  memcpy (bytes, self->out + self->out_start, n);
  self->out_start += n;
  if (self->is_out_ready && self->out_start == self->out_end)
    {
      self->out_start = 0;
      self->out_end = 0;
      self->is_out_ready = FALSE;
      look (self);
    }

  return n;
}

gboolean
dyno_guard_has_output (const DynoGuard *self)
{
  return self->is_out_ready;
}

gboolean
dyno_guard_is_over (const DynoGuard *self)
{
  return self->phase == DYNO_GUARD_CLOSED && !self->is_out_ready;
}

/* The life of a request */

void
dyno_guard_open_body (DynoGuard *self,
                      guint64    cap)
{
  if (self->phase != DYNO_GUARD_BODY || self->is_body_open)
    return;

  self->cap = cap;
  self->is_body_open = TRUE;
  if (self->body_length >= 0 && (guint64) self->body_length > cap)
    dyno_guard_refuse (self, DYNO_REFUSAL_BODY_SIZE);
  else
    look (self);
}

void
dyno_guard_skip_body (DynoGuard *self)
{
  if (self->phase != DYNO_GUARD_BODY)
    return;

  dyno_guard_end_body (self);
  self->phase = DYNO_GUARD_CLOSED;
}

void
dyno_guard_next (DynoGuard *self)
{
  if (self->phase == DYNO_GUARD_CLOSED)
    take_leave (self);
  if (self->phase != DYNO_GUARD_REPLY)
    return;

  self->phase = DYNO_GUARD_IDLE;
  look (self);
}

/* The request in hand */

DynoGuardPhase
dyno_guard_get_phase (const DynoGuard *self)
{
  return self->phase;
}

const char *
dyno_guard_get_method (const DynoGuard *self)
{
  return self->method;
}

const char *
dyno_guard_get_target (const DynoGuard *self)
{
  return self->target;
}

gint64
dyno_guard_get_body_length (const DynoGuard *self)
{
  return self->body_length;
}

gboolean
dyno_guard_expects_continue (const DynoGuard *self)
{
  return self->expects_continue;
}

gboolean
dyno_guard_says_close (const DynoGuard *self)
{
  return self->says_close;
}

const DynoRefusal *
dyno_guard_get_refusal (const DynoGuard *self)
{
  return self->refusal;
}
