/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-node.h"

#include <string.h>

#define LISTEN_US 250000
#define ASK_US 1000000
#define FIRST_PAUSE_US 1000000
#define LONGEST_PAUSE_US 30000000

static gboolean
was_heard (const DynoNode *self,
           guint16         host)
{
  return (self->heard[host / 8] >> (host % 8) & 1) != 0;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
guint64
dyno_node_chance (guint64 *state)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);

  z = (z ^ z >> 30) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * G_GUINT64_CONSTANT (0x94D049BB133111EB);

  return z ^ z >> 31;
}

/* A usable id that nobody was heard with. When all are taken any usable one:
 * the collision that follows is handled. */
static guint16
draw (DynoNode *self)
{
  guint16 id = 1;

  for (int attempt = 0; attempt < 100000; attempt++)
    {
      id = (guint16) (1 + dyno_node_chance (&self->chance) % 0xFFFE);
      if (!was_heard (self, id))
        break;
    }

  return id;
}

void
dyno_node_start (DynoNode *self,
                 guint64   seed,
                 gboolean  is_passive,
                 gint64    now_us)
{
  memset (self, 0, sizeof *self);
  self->chance = seed;
  self->seq = (guint8) dyno_node_chance (&self->chance);
  self->phase = is_passive ? DYNO_NODE_PASSIVE : DYNO_NODE_LISTENING;
  self->due_us = now_us + LISTEN_US;
  self->origin_us = now_us / 1000 * 1000; /* whole ms: stamps subtract without a rest */
}

void
dyno_node_stop (DynoNode *self)
{
  self->phase = DYNO_NODE_OFF;
  self->id = DYNO_KLHDV_NO_HOST;
}

static gint64
pause_after (guint n_collisions)
{
  gint64 pause_us = FIRST_PAUSE_US;

  for (guint i = 1; i < n_collisions && pause_us < LONGEST_PAUSE_US; i++)
    pause_us *= 2;

  return MIN (pause_us, LONGEST_PAUSE_US);
}

gboolean
dyno_node_hear (DynoNode *self,
                guint16   host,
                gint64    now_us)
{
  if (host == DYNO_KLHDV_NO_HOST || host == DYNO_KLHDV_ALL_HOSTS)
    return FALSE;
  self->heard[host / 8] |= (guint8) (1 << (host % 8));
  if (self->phase != DYNO_NODE_READY || host != self->id)
    return FALSE;

  self->n_collisions++;
  self->phase = DYNO_NODE_COLLIDED;
  self->id = DYNO_KLHDV_NO_HOST;
  self->due_us = now_us + pause_after (self->n_collisions);

  return TRUE;
}

DynoNodeStep
dyno_node_step (DynoNode *self,
                gint64    now_us)
{
  gboolean is_waiting = self->phase == DYNO_NODE_LISTENING || self->phase == DYNO_NODE_ASKING
                        || self->phase == DYNO_NODE_COLLIDED;

  if (!is_waiting || now_us < self->due_us)
    return DYNO_NODE_NOTHING;

  if (self->phase == DYNO_NODE_LISTENING)
    {
      self->phase = DYNO_NODE_ASKING;
      self->due_us = now_us + ASK_US;
      return DYNO_NODE_SEND_PING;
    }

  self->id = draw (self);
  self->phase = DYNO_NODE_READY;

  return DYNO_NODE_HAS_ID;
}

gboolean
dyno_node_speaks (const DynoNode *self)
{
  return self->phase == DYNO_NODE_LISTENING || self->phase == DYNO_NODE_ASKING
         || self->phase == DYNO_NODE_READY;
}

void
dyno_node_header (DynoNode        *self,
                  guint16          destination,
                  DynoKlhdvHeader *header)
{
  header->host = self->id;
  header->seq = self->seq++;
  header->destination = destination;
}

guint32
dyno_node_clock (const DynoNode *self,
                 gint64          now_us)
{
  return (guint32) ((now_us - self->origin_us) / 1000);
}
