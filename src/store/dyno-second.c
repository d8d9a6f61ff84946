/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-store-samples.h"

#include <math.h>
#include <string.h>

#include "dyno-pack.h"
#include "dyno-second-private.h"

typedef struct
{
  guint channel;
  gsize first; /* in the arrays of the second */
  gsize n;
} Block;

struct _DynoSecond
{
  gint64     number;
  GArray    *blocks;   /* (owned) of Block */
  GArray    *t_us;     /* (owned) of gint64 */
  GArray    *raw;      /* (owned) of float */
  GArray    *flags;    /* (owned) of guint8 */
  GPtrArray *channels; /* (owned) of DynoRunChannel */
};

DynoRunChannel *
dyno_run_channel_new (guint       index,
                      const char *name)
{
  DynoRunChannel *self = g_new0 (DynoRunChannel, 1);

  self->index = index;
  self->name = g_strdup (name);
  self->module = g_strdup ("");
  self->unit = g_strdup ("");
  self->unit_text = g_strdup ("");
  self->scale = 1;
  self->confidence = NAN;
  self->axis = DYNO_AXIS_OWN;

  return self;
}

DynoRunChannel *
dyno_run_channel_copy (const DynoRunChannel *self)
{
  DynoRunChannel *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->module = g_strdup (self->module);
  copy->unit = g_strdup (self->unit);
  copy->unit_text = g_strdup (self->unit_text);

  return copy;
}

void
dyno_run_channel_free (DynoRunChannel *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->module);
  g_free (self->unit);
  g_free (self->unit_text);
  g_free (self);
}

DynoSecond *
dyno_second_new (gint64 number)
{
  DynoSecond *self = g_new0 (DynoSecond, 1);

  self->number = number;
  self->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  self->t_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->raw = g_array_new (FALSE, FALSE, sizeof (float));
  self->flags = g_array_new (FALSE, TRUE, sizeof (guint8));
  self->channels = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_run_channel_free);

  return self;
}

void
dyno_second_free (DynoSecond *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->blocks);
  g_array_unref (self->t_us);
  g_array_unref (self->raw);
  g_array_unref (self->flags);
  g_ptr_array_unref (self->channels);
  g_free (self);
}

void
dyno_second_add (DynoSecond   *self,
                 guint         channel,
                 gsize         n,
                 const gint64 *t_us,
                 const float  *raw,
                 const guint8 *flags)
{
  Block block = { channel, self->t_us->len, n };

  g_return_if_fail (n >= 1 && n <= DYNO_PACK_MAX);

  g_array_append_val (self->blocks, block);
  g_array_append_vals (self->t_us, t_us, (guint) n);
  g_array_append_vals (self->raw, raw, (guint) n);
  if (flags != NULL)
    g_array_append_vals (self->flags, flags, (guint) n);
  else
    g_array_set_size (self->flags, self->flags->len + (guint) n);
}

void
dyno_second_add_channel (DynoSecond     *self,
                         DynoRunChannel *channel)
{
  g_ptr_array_add (self->channels, channel);
}

GPtrArray *
dyno_second_channels (const DynoSecond *self)
{
  return self->channels;
}

gint64
dyno_second_number (const DynoSecond *self)
{
  return self->number;
}

guint
dyno_second_n_blocks (const DynoSecond *self)
{
  return self->blocks->len;
}

gsize
dyno_second_n_samples (const DynoSecond *self)
{
  return self->t_us->len;
}

DynoSampleBlock
dyno_second_block (const DynoSecond *self,
                   guint             index)
{
  const Block *block = &g_array_index (self->blocks, Block, index);

  g_assert (index < self->blocks->len);

  return (DynoSampleBlock) {
    .channel = block->channel,
    .n = block->n,
    .t_us = &g_array_index (self->t_us, gint64, block->first),
    .raw = &g_array_index (self->raw, float, block->first),
    .flags = &g_array_index (self->flags, guint8, block->first),
  };
}

static int
compare_blocks (gconstpointer a,
                gconstpointer b)
{
  const DynoSampleBlock *x = a;
  const DynoSampleBlock *y = b;

  return x->channel < y->channel ? -1 : x->channel > y->channel;
}

static GArray *
dup_sorted_blocks (const DynoSecond *self)
{
  GArray *blocks = g_array_new (FALSE, FALSE, sizeof (DynoSampleBlock));

  for (guint i = 0; i < self->blocks->len; i++)
    {
      DynoSampleBlock block = dyno_second_block (self, i);

      g_array_append_val (blocks, block);
    }
  g_array_sort (blocks, compare_blocks);

  return blocks;
}

static gboolean
have_same_bits (const DynoSampleBlock *x,
                const DynoSampleBlock *y)
{
  return x->channel == y->channel && x->n == y->n
         && memcmp (x->t_us, y->t_us, x->n * sizeof *x->t_us) == 0
         && memcmp (x->raw, y->raw, x->n * sizeof *x->raw) == 0
         && memcmp (x->flags, y->flags, x->n) == 0;
}

gboolean
dyno_second_equal (const DynoSecond *a,
                   const DynoSecond *b)
{
  g_autoptr(GArray) blocks_a = dup_sorted_blocks (a);
  g_autoptr(GArray) blocks_b = dup_sorted_blocks (b);

  if (a->number != b->number || blocks_a->len != blocks_b->len)
    return FALSE;
  for (guint i = 0; i < blocks_a->len; i++)
    {
      if (!have_same_bits (&g_array_index (blocks_a, DynoSampleBlock, i),
                           &g_array_index (blocks_b, DynoSampleBlock, i)))
        return FALSE;
    }

  return TRUE;
}

void
dyno_second_get_span (const DynoSecond *self,
                      gint64           *first_us,
                      gint64           *last_us)
{
  *first_us = G_MAXINT64;
  *last_us = G_MININT64;
  for (guint i = 0; i < self->t_us->len; i++)
    {
      gint64 t_us = g_array_index (self->t_us, gint64, i);

      *first_us = MIN (*first_us, t_us);
      *last_us = MAX (*last_us, t_us);
    }
}
