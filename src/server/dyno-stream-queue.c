/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-stream-queue.h"

#include <string.h>

typedef struct
{
  GBytes  *bytes; /* (owned) */
  guint64  seq;   /* of a live frame; 0: news */
} Chunk;

static void
chunk_free (gpointer data)
{
  Chunk *chunk = data;

  g_bytes_unref (chunk->bytes);
  g_free (chunk);
}

void
dyno_stream_queue_init (DynoStreamQueue *self)
{
  *self = (DynoStreamQueue) { G_QUEUE_INIT };
}

void
dyno_stream_queue_clear (DynoStreamQueue *self)
{
  g_queue_clear_full (&self->chunks, chunk_free);
  dyno_stream_queue_init (self);
}

GBytes *
dyno_stream_gap (guint64 from,
                 guint64 to)
{
  char *text = g_strdup_printf ("event: gap\ndata: {\"from\":%" G_GUINT64_FORMAT
                                ",\"to\":%" G_GUINT64_FORMAT "}\n\n", from, to);

  return g_bytes_new_take (text, strlen (text));
}

/* Lost frames stay one gap, told before the first frame that is left. */
static void
let_go (DynoStreamQueue *self,
        GList           *link)
{
  Chunk *chunk = link->data;

  if (self->gap_from == 0)
    self->gap_from = chunk->seq;
  self->gap_to = chunk->seq;
  self->n_bytes -= g_bytes_get_size (chunk->bytes);
  g_queue_delete_link (&self->chunks, link);
  chunk_free (chunk);
}

static void
make_room (DynoStreamQueue *self)
{
  GList *next;

  for (GList *link = self->chunks.head;
       link != NULL && self->n_bytes > DYNO_STREAM_QUEUE_FULL; link = next)
    {
      next = link->next;
      if (((Chunk *) link->data)->seq != 0)
        let_go (self, link);
    }
}

gboolean
dyno_stream_queue_push (DynoStreamQueue *self,
                        GBytes          *bytes,
                        guint64          seq)
{
  Chunk *chunk = g_new0 (Chunk, 1);

  chunk->bytes = g_bytes_ref (bytes);
  chunk->seq = seq;
  g_queue_push_tail (&self->chunks, chunk);
  self->n_bytes += g_bytes_get_size (bytes);
  make_room (self);

  return self->n_bytes <= DYNO_STREAM_QUEUE_HOPELESS;
}

GBytes *
dyno_stream_queue_pop (DynoStreamQueue *self)
{
  Chunk *chunk = g_queue_peek_head (&self->chunks);
  GBytes *bytes;

  if (self->gap_from != 0 && (chunk == NULL || chunk->seq != 0))
    {
      bytes = dyno_stream_gap (self->gap_from, self->gap_to);
      self->gap_from = 0;
      return bytes;
    }
  if (chunk == NULL)
    return NULL;

  g_queue_pop_head (&self->chunks);
  bytes = g_bytes_ref (chunk->bytes);
  self->n_bytes -= g_bytes_get_size (bytes);
  chunk_free (chunk);

  return bytes;
}
