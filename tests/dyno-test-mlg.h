/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes a MegaLogViewer binary log piece by piece: fields first, then text, then
 * blocks. Counter and clock go on with each block (the clock by 10 ms). */

typedef struct _DynoTestMlg DynoTestMlg;

DynoTestMlg *dyno_test_mlg_new        (guint              version);
void         dyno_test_mlg_free       (DynoTestMlg       *self);

/* `type` as in the file; scale and transform as floats. */
void         dyno_test_mlg_add_field  (DynoTestMlg       *self,
                                       guint              type,
                                       const char        *name,
                                       const char        *unit,
                                       guint              style,
                                       double             scale,
                                       double             transform);
/* `names` ends with NULL; their place is written as one in the file. */
void         dyno_test_mlg_add_bits   (DynoTestMlg       *self,
                                       guint              type,
                                       const char        *name,
                                       const char *const *names);
void         dyno_test_mlg_add_info   (DynoTestMlg       *self,
                                       const char        *text);

/* One raw number a field. */
void         dyno_test_mlg_add_record (DynoTestMlg       *self,
                                       const double      *raw);
void         dyno_test_mlg_add_marker (DynoTestMlg       *self,
                                       const char        *text);
/* What no logger writes: as it stands, between two blocks. */
void         dyno_test_mlg_add_bytes  (DynoTestMlg       *self,
                                       gconstpointer      bytes,
                                       gsize              n);
/* As if n blocks had been lost. */
void         dyno_test_mlg_skip       (DynoTestMlg       *self,
                                       guint              n);

/* The whole file so far. (transfer full) */
GByteArray  *dyno_test_mlg_finish     (const DynoTestMlg *self);

/* Where the blocks begin in it. */
gsize        dyno_test_mlg_data_start (const DynoTestMlg *self);
/* Bytes of a record's block. */
gsize        dyno_test_mlg_block_size (const DynoTestMlg *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestMlg, dyno_test_mlg_free)

G_END_DECLS
