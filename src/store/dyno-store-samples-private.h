/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-call.h"
#include "dyno-store-samples.h"

G_BEGIN_DECLS

/* In the table of chunks: the time axis of an imported run. */
#define DYNO_CHUNK_TIME (-1)

/* Writing samples, inside the verbs of dyno-store-capture.c. */

/* The columns of an imported run as its channels. `confidence` (nullable) has a number
 * for each. (transfer full) of DynoRunChannel */
GPtrArray *dyno_sample_rows_describe     (const DynoSamples *samples,
                                          const double      *confidence);

/* Adds channels or puts them in the place of those of the same index. `channels`
 * (nullable) has DynoRunChannel elements. */
gboolean   dyno_sample_rows_set_channels (DynoTurn         *turn,
                                          gint64            number,
                                          GPtrArray        *channels,
                                          GError          **error);

gboolean   dyno_sample_rows_add_second   (DynoTurn         *turn,
                                          gint64            number,
                                          const DynoSecond *second,
                                          GError          **error);

gboolean   dyno_sample_rows_add_columns  (DynoTurn         *turn,
                                          gint64            number,
                                          DynoSamples      *samples,
                                          GError          **error);

/* Removes all channels and samples. */
gboolean   dyno_sample_rows_clear        (DynoTurn         *turn,
                                          gint64            number,
                                          GError          **error);

/* (element-type DynoRunChannel) */
GPtrArray *dyno_sample_rows_channels     (DynoTurn         *turn,
                                          gint64            number,
                                          GError          **error);

G_END_DECLS
