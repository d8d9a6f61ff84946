/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-channel.h"
#include "dyno-samples.h"

G_BEGIN_DECLS

/* The samples of runs. A captured run is kept as it was heard: a channel's
 * readings of one second, their stamps, float bits and flags. An imported one is
 * kept in columns, as it was read. Both load into one DynoSamples. */

typedef struct _DynoStore DynoStore;

typedef enum
{
  DYNO_AXIS_OWN    = -1, /* captured: each reading has its stamp */
  DYNO_AXIS_SHARED = 0,  /* imported: a row has one time for all columns */
} DynoAxisKind;

/* A channel of a run: what it was called where, and what it was taken for. */
typedef struct
{
  guint        index;      /* 0, 1, 2 … in the run */
  char        *name;
  char        *module;     /* of a log, or the provider; "" where there is none */
  guint        wire_id;    /* of JETDRIVE; 0 for an imported run */
  guint        generation; /* of the provider's list */
  guint        occurrence; /* n-th of that name, from 0 */
  char        *unit;       /* symbol, dyno_unit_find () knows it */
  char        *unit_text;  /* as the source spelt it */
  double       scale;      /* SI = value · scale + offset, to the bit */
  double       offset;
  DynoChannel  channel;    /* DYNO_CHANNEL_NONE: an extra channel */
  double       confidence; /* 0…1; NaN: nobody judged */
  DynoAxisKind axis;
} DynoRunChannel;

/* What one captured channel said in one second, in the order of its coming. */
typedef struct
{
  guint         channel; /* index in the run */
  gsize         n;
  const gint64 *t_us;
  const float  *raw;     /* the bits of the wire */
  const guint8 *flags;   /* of the capture; never looked at here */
} DynoSampleBlock;

/* One second of a captured run: blocks of its channels, and channels that are
 * new or changed since. Plain memory, one thread at a time. */
typedef struct _DynoSecond DynoSecond;

/* Which part of a run is wanted; all zero is everything. */
typedef struct
{
  guint64      canonical; /* set of 1 << DynoChannel; 0: also the extra ones */
  const guint *indices;   /* (nullable) of channels of the run; all, where NULL */
  guint        n_indices;
  double       from_s;    /* rows from_s ≤ time ≤ to_s of the run; */
  double       to_s;      /* to_s ≤ from_s: no limit */
} DynoLoad;

/* Every canonical channel, for DynoLoad.canonical. */
#define DYNO_LOAD_CANONICAL (~G_GUINT64_CONSTANT (1))

DynoRunChannel *
            dyno_run_channel_new    (guint                 index,
                                     const char           *name);
DynoRunChannel *
            dyno_run_channel_copy   (const DynoRunChannel *self);
void        dyno_run_channel_free   (DynoRunChannel       *self);

/* `number` counts the seconds of the run from 0; each (number, channel) is
 * stored once, so what comes late belongs to the second in hand. */
DynoSecond *dyno_second_new         (gint64                number);
void        dyno_second_free        (DynoSecond           *self);
/* Copies n readings, 1 ≤ n ≤ 65,536; a channel at most once. `flags` (nullable):
 * all 0. */
void        dyno_second_add         (DynoSecond           *self,
                                     guint                 channel,
                                     gsize                 n,
                                     const gint64         *t_us,
                                     const float          *raw,
                                     const guint8         *flags);
/* `channel` is taken over. */
void        dyno_second_add_channel (DynoSecond           *self,
                                     DynoRunChannel       *channel);
gint64      dyno_second_number      (const DynoSecond     *self);
guint       dyno_second_n_blocks    (const DynoSecond     *self);
gsize       dyno_second_n_samples   (const DynoSecond     *self);
/* Valid until the next dyno_second_add (). */
DynoSampleBlock
            dyno_second_block       (const DynoSecond     *self,
                                     guint                 index);
/* The same blocks of the same channels, to the bit. */
gboolean    dyno_second_equal       (const DynoSecond     *a,
                                     const DynoSecond     *b);

/* The channels of a run by index. NOT_FOUND. (element-type DynoRunChannel) */
void         dyno_store_list_run_channels_async  (DynoStore           *self,
                                                  const char          *run_id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray   *dyno_store_list_run_channels_finish (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* The samples of a run, or the part that `load` (nullable) asks for. Time is in
 * seconds of the whole run. A captured run: rows are the union of the stamps,
 * late readings in their places; of several channels bound to one canonical name
 * the one with the most readings has it. NOT_FOUND; CORRUPT "samples". */
void         dyno_store_load_samples_async       (DynoStore           *self,
                                                  const char          *run_id,
                                                  const DynoLoad      *load,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
DynoSamples *dyno_store_load_samples_finish      (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* The seconds first…last (both included) of a captured run exactly as they were
 * appended: stamps, bits, flags, order. Without channels. Empty for an imported
 * run. NOT_FOUND; CORRUPT "samples". (element-type DynoSecond) */
void         dyno_store_load_seconds_async       (DynoStore           *self,
                                                  const char          *run_id,
                                                  gint64               first,
                                                  gint64               last,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray   *dyno_store_load_seconds_finish      (DynoStore           *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunChannel, dyno_run_channel_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSecond, dyno_second_free)

G_END_DECLS
