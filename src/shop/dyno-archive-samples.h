/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-samples.h"

G_BEGIN_DECLS

/* samples.bin of a run archive (formats.md D): the columns of a run to the bit,
 * little-endian.
 *
 *   "DYNS", u32 version 1, u32 columns, u32 axes
 *   axis    u64 n, n × f64 seconds
 *   column  name, canonical (or empty), unit: u16 length and UTF-8 each; f64 scale,
 *           f64 offset, u32 axis, u8 flags (1 update bits, 2 reasons); n × f64 (missing
 *           is 7ff8000000000000 only); ⌈n/8⌉ update bytes, lowest bit first; n reasons
 *
 * SI = value · scale + offset. We write one axis; columns with axes of their own are
 * joined into the union of their stamps when they are read. Pure, any thread. */

/* What the form has no place for; it stands in run.json. */
typedef struct
{
  char *module;    /* (owned) */
  char *unit_text; /* (owned) as the source spelt it */
} DynoArchiveColumn;

typedef struct
{
  GPtrArray *columns;  /* (owned) of DynoArchiveColumn, as many as there are columns, or none */
  GArray    *excluded; /* (owned) of gsize: first and last row in turn, ascending */
  gboolean   has_time; /* FALSE: the axis counts rows */
} DynoArchiveNotes;

DynoArchiveNotes *dyno_archive_notes_new     (void);
DynoArchiveNotes *dyno_archive_notes_of      (const DynoSamples       *samples);
void              dyno_archive_notes_free    (DynoArchiveNotes        *self);
void              dyno_archive_notes_add     (DynoArchiveNotes        *self,
                                              const char              *module,
                                              const char              *unit_text);

/* (transfer full) */
GBytes           *dyno_archive_samples_write (const DynoSamples       *samples);
/* `notes` (nullable). INVALID "archive_corrupt", "archive_version". (transfer full) */
DynoSamples      *dyno_archive_samples_read  (GBytes                  *bytes,
                                              const DynoArchiveNotes  *notes,
                                              GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoArchiveNotes, dyno_archive_notes_free)

G_END_DECLS
