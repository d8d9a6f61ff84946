/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import.h"

G_BEGIN_DECLS

/* A log in memory as a source of an import that reads it piece by piece, for tests and
 * benchmarks that must not say how long it is, or read it by parts. */

typedef struct
{
  DynoImportSource source; /* points into this struct: do not copy it */
  const char      *bytes;  /* (borrowed) what is left */
  gsize            left;
} DynoTestSource;

/* `told` is the size that the source names: n, or 0 for one that does not know. */
void dyno_test_source_init (DynoTestSource *self,
                            const char     *bytes,
                            gsize           n,
                            gsize           told);

G_END_DECLS
