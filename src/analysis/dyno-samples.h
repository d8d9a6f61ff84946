/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-channel.h"
#include "dyno-numbers.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* A log or a run in columns: one time column, one column of numbers a channel,
 * all of the same length. Immutable once built, reference counted, any thread.
 *
 * - A column keeps the numbers of its source and a unit tag. Conversion to SI
 *   happens in the accessor, so that a log is exported as it came.
 * - Missing is NaN, of one payload, and only NaN. Infinities become NaN.
 * - Time is seconds from the start, never decreasing; equal stamps are allowed.
 *   Without time (has_time FALSE) the row index stands there.
 * - Update bits say which rows carry a new reading of that channel; a column
 *   without them is judged by dyno_samples_dup_updates ().
 * - Reason bytes say why a cell of the source was rejected (0: it was not).
 */

typedef struct _DynoSamples        DynoSamples;
typedef struct _DynoSamplesBuilder DynoSamplesBuilder;

/* Why an import rejected a cell: the closed list of formats.md A.6. */
typedef enum
{
  DYNO_REJECT_NONE,
  DYNO_REJECT_SENTINEL,
  DYNO_REJECT_SENSOR_OFF,
  DYNO_REJECT_OUT_OF_RANGE,
  DYNO_REJECT_UNPARSABLE,
  DYNO_REJECT_NOT_FINITE,
  DYNO_REJECT_EXTRA_CELLS,
  DYNO_REJECT_CHECKSUM,
  DYNO_N_REJECTS
} DynoReject;

typedef struct
{
  const char     *name;      /* of the source, without "(module) " */
  const char     *module;    /* "DWRT CPU"; "" where the source names none */
  DynoChannel     channel;   /* DYNO_CHANNEL_NONE: an extra column */
  const DynoUnit *unit;      /* of the numbers */
  const char     *unit_text; /* as the source spelt it; "" where it named none */
  double          scale;     /* SI = value · scale + offset, in the canonical channel's unit */
  double          offset;    /* (pulse width in ms) or, for an extra column, the quantity's */
  DynoNumbers     numbers;   /* n_rows of the source; read by dyno_column_value () */
  const guint8   *updates;   /* (nullable) one bit a row, lowest bit first */
  const guint8   *reasons;   /* (nullable) one DynoReject a row */
  gint            always;    /* (atomic) dyno_samples_updates_always (); 0: nobody has asked */
  gint            whole;     /* (atomic) dyno_column_is_whole (), likewise */
} DynoColumn;

const char       *dyno_reject_name            (DynoReject            reason);

DynoSamples      *dyno_samples_ref            (DynoSamples          *self);
void              dyno_samples_unref          (DynoSamples          *self);
gsize             dyno_samples_n_rows         (const DynoSamples    *self);
guint             dyno_samples_n_columns      (const DynoSamples    *self);
gboolean          dyno_samples_has_time       (const DynoSamples    *self);
const double     *dyno_samples_time           (const DynoSamples    *self); /* s */
double            dyno_samples_duration       (const DynoSamples    *self); /* s; 0 without rows */
const DynoColumn *dyno_samples_column         (const DynoSamples    *self,
                                               guint                 index);

/* The column of a canonical channel, or NULL. At most one column has it. */
const DynoColumn *dyno_samples_find           (const DynoSamples    *self,
                                               DynoChannel           channel);
/* The first column of that source name, exactly, or NULL. */
const DynoColumn *dyno_samples_find_name      (const DynoSamples    *self,
                                               const char           *name);

/* One number of a column as in its source; NaN where it is missing. */
static inline double
dyno_column_value (const DynoColumn *column,
                   gsize             row)
{
  return dyno_numbers_at (&column->numbers, row);
}

static inline gboolean
dyno_column_is_missing (const DynoColumn *column,
                        gsize             row)
{
  return dyno_numbers_is_missing (&column->numbers, row);
}

/* TRUE when no number is missing. */
gboolean          dyno_column_is_whole        (const DynoColumn     *column);

/* The rows first … first + n − 1: faster than one by one. */
static inline void
dyno_column_copy (const DynoColumn *column,
                  gsize             first,
                  gsize             n,
                  double           *values)
{
  dyno_numbers_copy (&column->numbers, first, n, values);
}

/* One number of a column in SI; NaN stays NaN. `column` may be NULL: NaN. */
double            dyno_column_si              (const DynoColumn     *column,
                                               gsize                 row);
/* The whole column in SI. (transfer full), n_rows numbers. */
double           *dyno_samples_dup_si         (const DynoSamples    *self,
                                               const DynoColumn     *column);
/* Mixture as AFR of a fuel with that stoichiometric ratio, whatever the unit. */
double            dyno_column_afr             (const DynoColumn     *column,
                                               gsize                 row,
                                               double                stoich);

/* Which rows carry a new reading: the update bits, or the rule for logs without
 * them (analysis.md 1.1). One byte a row, 0 or 1. (transfer full) */
guint8           *dyno_samples_dup_updates    (const DynoSamples    *self,
                                               const DynoColumn     *column);

/* TRUE when every row with a value is a new reading of that column, so that no
 * flags are needed. */
gboolean          dyno_samples_updates_always (const DynoSamples    *self,
                                               const DynoColumn     *column);

/* Rows the operator brushed out; NULL when there are none. One bit a row. */
const guint8     *dyno_samples_excluded       (const DynoSamples    *self);

/* The step in time above which two rows have a gap between them:
 * max (0.5 s, 10 × median step). */
double            dyno_samples_gap_s          (const DynoSamples    *self);
/* Median positive step in s; NaN with fewer than two distinct stamps. */
double            dyno_samples_step_s         (const DynoSamples    *self);
/* TRUE where a gap lies between row − 1 and row. */
gboolean          dyno_samples_is_gap         (const DynoSamples    *self,
                                               gsize                 row);

/* The rows first…last (both included) as samples of their own, time from 0. */
DynoSamples      *dyno_samples_slice          (DynoSamples          *self,
                                               gsize                 first,
                                               gsize                 last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSamples, dyno_samples_unref)

/* Building. The arrays given are taken over (g_free); missing is any NaN or
 * infinity. */
DynoSamplesBuilder *dyno_samples_builder_new        (gsize               n_rows);
void                dyno_samples_builder_free       (DynoSamplesBuilder *self);
/* Seconds, never decreasing (asserted). Not called: the row index is the time. */
void                dyno_samples_builder_take_time  (DynoSamplesBuilder *self,
                                                     double             *time_s);
/* Scale and offset follow from the unit and the channel. The answer is the column's index. A canonical
 * channel that an earlier column has already becomes DYNO_CHANNEL_NONE. */
guint               dyno_samples_builder_take       (DynoSamplesBuilder *self,
                                                     const char         *name,
                                                     const char         *module,
                                                     DynoChannel         channel,
                                                     const DynoUnit     *unit,
                                                     double             *values);
/* The same with numbers that are taken over and then none. */
guint               dyno_samples_builder_take_numbers (DynoSamplesBuilder *self,
                                                       const char         *name,
                                                       const char         *module,
                                                       DynoChannel         channel,
                                                       const DynoUnit     *unit,
                                                       DynoNumbers        *numbers);
void                dyno_samples_builder_set_scale     (DynoSamplesBuilder *self,
                                                        guint               column,
                                                        const char         *unit_text,
                                                        double              scale,
                                                        double              offset);
/* How the source spelt the unit, where that is not the unit's own symbol. */
void                dyno_samples_builder_set_unit_text (DynoSamplesBuilder *self,
                                                        guint               column,
                                                        const char         *unit_text);
void                dyno_samples_builder_take_updates  (DynoSamplesBuilder *self,
                                                        guint               column,
                                                        guint8             *bits);
void                dyno_samples_builder_take_reasons  (DynoSamplesBuilder *self,
                                                        guint               column,
                                                        guint8             *reasons);
void                dyno_samples_builder_take_excluded (DynoSamplesBuilder *self,
                                                        guint8             *bits);
/* Frees the builder. */
DynoSamples        *dyno_samples_builder_finish     (DynoSamplesBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSamplesBuilder, dyno_samples_builder_free)

G_END_DECLS
