/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-packet-ring.h"

typedef struct
{
  GBytes *records;   /* (owned) */
  guint   n_records;
  gint64  begin_us;
  gint64  end_us;
  gssize  key_at;
} Piece;

struct _DynoPacketRing
{
  gint64  span_us;
  gsize   most_bytes;
  GQueue  pieces;    /* of Piece, oldest first */
  gsize   n_bytes;
  guint64 n_dropped;
};

static void
piece_free (Piece *piece)
{
  g_bytes_unref (piece->records);
  g_free (piece);
}

DynoPacketRing *
dyno_packet_ring_new (gint64 span_us,
                      gsize  most_bytes)
{
  DynoPacketRing *self = g_new0 (DynoPacketRing, 1);

  self->span_us = span_us;
  self->most_bytes = most_bytes;
  g_queue_init (&self->pieces);

  return self;
}

void
dyno_packet_ring_free (DynoPacketRing *self)
{
  if (self == NULL)
    return;

  g_queue_clear_full (&self->pieces, (GDestroyNotify) piece_free);
  g_free (self);
}

static void
let_go (DynoPacketRing *self,
        gboolean        is_early)
{
  Piece *piece = g_queue_pop_head (&self->pieces);

  self->n_bytes -= g_bytes_get_size (piece->records);
  if (is_early)
    self->n_dropped += piece->n_records;
  piece_free (piece);
}

static void
trim (DynoPacketRing *self,
      gint64          now_us)
{
  Piece *oldest;

  while ((oldest = g_queue_peek_head (&self->pieces)) != NULL)
    {
      gboolean is_old = now_us - oldest->end_us > self->span_us;

      if (!is_old && self->n_bytes <= self->most_bytes)
        return;
      let_go (self, !is_old);
    }
}

void
dyno_packet_ring_push (DynoPacketRing *self,
                       DynoBatch      *batch)
{
  if (batch->records != NULL)
    {
      Piece *piece = g_new0 (Piece, 1);

      piece->records = g_bytes_ref (batch->records);
      piece->n_records = batch->n_records;
      piece->begin_us = batch->begin_us;
      piece->end_us = batch->end_us;
      piece->key_at = batch->key_at;
      g_queue_push_tail (&self->pieces, piece);
      self->n_bytes += g_bytes_get_size (piece->records);
    }
  trim (self, batch->end_us);
}

/* The piece with the last key frame at or before `since_us`; else the first
 * with one at all. */
static const GList *
find_key (const DynoPacketRing *self,
          gint64                since_us)
{
  const GList *first = NULL;

  for (const GList *l = self->pieces.tail; l != NULL; l = l->prev)
    {
      const Piece *piece = l->data;

      if (piece->key_at < 0)
        continue;
      first = l;
      if (piece->end_us <= since_us)
        return l;
    }

  return first;
}

static GBytes *
from_key (const Piece *piece)
{
  gsize at = (gsize) piece->key_at;

  return g_bytes_new_from_bytes (piece->records, at, g_bytes_get_size (piece->records) - at);
}

GPtrArray *
dyno_packet_ring_copy_since (const DynoPacketRing *self,
                             gint64                since_us,
                             gint64               *begin_us)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const GList *key = find_key (self, since_us);

  if (key == NULL)
    return all;

  if (begin_us != NULL)
    *begin_us = ((const Piece *) key->data)->begin_us;
  g_ptr_array_add (all, from_key (key->data));
  for (const GList *l = key->next; l != NULL; l = l->next)
    g_ptr_array_add (all, g_bytes_ref (((const Piece *) l->data)->records));

  return all;
}

gsize
dyno_packet_ring_n_bytes (const DynoPacketRing *self)
{
  return self->n_bytes;
}

guint64
dyno_packet_ring_n_dropped (const DynoPacketRing *self)
{
  return self->n_dropped;
}
