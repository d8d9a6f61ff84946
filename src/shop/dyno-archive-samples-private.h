/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-archive-samples.h"

G_BEGIN_DECLS

/* samples.bin, read but not yet in rows. */

typedef struct
{
  gsize   n;
  double *t;    /* (owned) s */
  gsize  *rows; /* (owned) (nullable) where its stamps are among the rows; NULL: there */
} DynoArchiveAxis;

typedef struct
{
  char                  *name;    /* (owned) */
  char                  *unit;    /* (owned) */
  DynoChannel            channel;
  double                 scale;
  double                 offset;
  const DynoArchiveAxis *axis;    /* (borrowed) */
  double                *values;  /* (owned) */
  guint8                *updates; /* (owned) (nullable) */
  guint8                *reasons; /* (owned) (nullable) */
} DynoArchiveTrack;

typedef struct
{
  GPtrArray *axes;   /* (owned) of DynoArchiveAxis, at least one */
  GPtrArray *tracks; /* (owned) of DynoArchiveTrack */
} DynoArchiveParts;

/* Joining the axes would make far more of it than a run has. */
gboolean     dyno_archive_parts_are_too_wide (const DynoArchiveParts *self);
/* Rows at the union of all stamps; takes the numbers of the tracks. (transfer full) */
DynoSamples *dyno_archive_parts_join         (DynoArchiveParts       *self,
                                              const DynoArchiveNotes *notes);

G_END_DECLS
