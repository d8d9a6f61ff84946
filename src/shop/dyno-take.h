/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-lineup.h"
#include "dyno-store-runs.h"
#include "dyno-store-samples.h"

G_BEGIN_DECLS

/* One run, cut out of the stream: the samples of one provider whose stamps lie in a
 * window, in seconds for the store, with the channels they are of, marks and gaps.
 *
 * What comes out depends on the order of the samples and on the window alone, never
 * on how the stream was cut into batches: so the same run comes out of its journal,
 * byte for byte. Pure; one thread at a time; nothing is allocated per sample. */

typedef struct _DynoTake DynoTake;

/* A second is complete (transfer full): with the channels that are new or mean
 * something else since the last one. */
typedef void (*DynoTakeFunc) (DynoSecond *second,
                              gpointer    user_data);

/* `provider` is the name of the only one that is taken. The window begins at
 * `from_us` and ends, until it is set, never. */
DynoTake  *dyno_take_new         (const char       *provider,
                                  gint64            from_us,
                                  DynoTakeFunc      func,
                                  gpointer          user_data);
void       dyno_take_free        (DynoTake         *self);

/* The last stamp that belongs to the run. */
void       dyno_take_set_end     (DynoTake         *self,
                                  gint64            to_us);

/* `lineup` has seen the batch. */
void       dyno_take_push        (DynoTake         *self,
                                  const DynoLineup *lineup,
                                  const DynoBatch  *batch);
/* Gives what is left as the last second. */
void       dyno_take_finish      (DynoTake         *self);

gint64     dyno_take_from_us     (const DynoTake   *self);
/* Greatest stamp in it; that of the beginning before the first sample. */
gint64     dyno_take_last_us     (const DynoTake   *self);
guint64    dyno_take_n_samples   (const DynoTake   *self);
/* Messages of the provider that were lost while it ran, and those that came. */
guint64    dyno_take_n_lost      (const DynoTake   *self);
double     dyno_take_loss_pct    (const DynoTake   *self); /* NaN: nothing came */
guint      dyno_take_n_gaps      (const DynoTake   *self);
guint      dyno_take_n_marks     (const DynoTake   *self);

/* Copies of the channels as they are now, by index. (transfer full) of DynoRunChannel */
GPtrArray *dyno_take_dup_channels (const DynoTake  *self);
/* (transfer full) of DynoRunMark */
GPtrArray *dyno_take_dup_marks   (const DynoTake   *self);
/* [{"from","to","lost"}] with times in seconds of the run. (transfer full) */
char      *dyno_take_gaps_json   (const DynoTake   *self);
/* {"rpm":{"source_id","source_name","unit","provider","confidence"}, …}: which
 * channel was taken for what. (transfer full) */
char      *dyno_take_mapping_json (const DynoTake  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTake, dyno_take_free)

G_END_DECLS
