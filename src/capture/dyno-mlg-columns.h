/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-table.h"
#include "dyno-mlg.h"

G_BEGIN_DECLS

/* Records of a MegaLogViewer binary log as columns of numbers, several fields at once
 * where the log is large. */

typedef struct _DynoMlgColumns DynoMlgColumns;

/* A field a column of `table`; one column more takes the clock, in seconds, where
 * table->time_column is that column. `is_mixture[i]`: the raw 255 of an 8-bit field is
 * no reading. Borrowed but for is_mixture, which is copied. */
DynoMlgColumns *dyno_mlg_columns_new  (const DynoMlg       *mlg,
                                       DynoImportTable     *table,
                                       const gboolean      *is_mixture,
                                       guint64              file_size);
void            dyno_mlg_columns_free (DynoMlgColumns      *self);

/* Appends n rows: record i begins at records[i], its clock stood at ticks[i] · 10 µs. */
void            dyno_mlg_columns_take (DynoMlgColumns      *self,
                                       const guint8 *const *records,
                                       const guint64       *ticks,
                                       gsize                n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMlgColumns, dyno_mlg_columns_free)

G_END_DECLS
