/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-patience.h"

#define SECONDS(n) ((gint64) (n) * G_USEC_PER_SEC)

const DynoPatience *
dyno_patience_default (void)
{
  static const DynoPatience patience = {
    .handshake_us = SECONDS (5),
    .head_us = SECONDS (10),
    .long_head_us = SECONDS (20),
    .head_bytes_s = 1000,
    .body_us = SECONDS (20),
    .body_bytes_s = 4096,
    .longest_body_us = SECONDS (300),
    .stall_us = SECONDS (30),
    .idle_us = SECONDS (60),
    .linger_us = SECONDS (2),
    .life_us = SECONDS (3600),
    .n_requests = 1000,
  };

  return &patience;
}

/* A second at a time, for as long as the bytes come fast enough. */
static gint64
head_deadline (const DynoPatience *self,
               gint64              since_us,
               guint64             received,
               gint64              now_us)
{
  gint64 elapsed_us = now_us - since_us;

  if (elapsed_us < self->head_us)
    return since_us + self->head_us;
  if (received * G_USEC_PER_SEC < self->head_bytes_s * (guint64) elapsed_us)
    return now_us;

  return MIN (since_us + self->long_head_us, now_us + G_USEC_PER_SEC);
}

static gint64
body_deadline (const DynoPatience *self,
               gint64              since_us,
               guint64             bytes)
{
  gint64 room_us = self->longest_body_us - self->body_us;
  guint64 most = (guint64) room_us / G_USEC_PER_SEC * self->body_bytes_s;
  gint64 earned_us = room_us;

  if (bytes < most)
    earned_us = (gint64) (bytes * G_USEC_PER_SEC / self->body_bytes_s);

  return since_us + self->body_us + earned_us;
}

gint64
dyno_patience_get_deadline (const DynoPatience *self,
                            DynoGuardPhase      phase,
                            gint64              since_us,
                            gint64              length,
                            guint64             received,
                            gint64              now_us)
{
  switch (phase)
    {
    case DYNO_GUARD_IDLE:
      return since_us + self->idle_us;

    case DYNO_GUARD_HEAD:
      return head_deadline (self, since_us, received, now_us);

    case DYNO_GUARD_BODY:
      return body_deadline (self, since_us, length >= 0 ? (guint64) length : received);

    case DYNO_GUARD_REPLY:
    case DYNO_GUARD_CLOSED:
    default:
      return 0;
    }
}
