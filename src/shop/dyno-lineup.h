/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-batch.h"

G_BEGIN_DECLS

/* Which channels there are on the wire and what they are taken for now, by the
 * index that samples carry: gathered from the events and states of the batches,
 * live and in a replay alike. One thread at a time. */

typedef struct
{
  DynoWireChannel *wire;       /* (owned) (nullable) not announced yet */
  DynoChannel      canonical;  /* NONE: an extra channel */
  double           confidence; /* 0…1; NaN unbound */
  const DynoUnit  *unit;       /* that the values are in */
  double           scale;      /* SI = raw · scale + offset, of the canonical channel */
  double           offset;
  gboolean         is_ours;    /* of the provider in use */
  gboolean         is_retired; /* the list it stood in is no longer */
} DynoLineupChannel;

typedef struct
{
  GArray  *channels; /* (owned) of DynoLineupChannel, by index */
  char    *provider; /* (owned) (nullable) name of the one in use */
  guint16  host_id;  /* 0: none */
} DynoLineup;

DynoLineup *dyno_lineup_new   (void);
void        dyno_lineup_free  (DynoLineup      *self);

/* Takes events and state of a batch; before its samples are looked at. */
void        dyno_lineup_push  (DynoLineup      *self,
                               const DynoBatch *batch);

/* NULL for a channel that nobody announced. */
static inline const DynoLineupChannel *
dyno_lineup_find (const DynoLineup *self,
                  guint32           index)
{
  const DynoLineupChannel *channel;

  if (index >= self->channels->len)
    return NULL;
  channel = &g_array_index (self->channels, DynoLineupChannel, index);

  return channel->wire != NULL ? channel : NULL;
}

/* SI = value · scale + offset for values in `unit` that mean `canonical` (NONE: of
 * the quantity): the rule of DynoSamples. */
void        dyno_lineup_scale (const DynoUnit  *unit,
                               DynoChannel      canonical,
                               double          *scale,
                               double          *offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLineup, dyno_lineup_free)

G_END_DECLS
