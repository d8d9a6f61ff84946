/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What makes an analysis the same as another one (analysis.md 7.3). */

typedef struct
{
  const char *name;   /* of the file, without its folder */
  const char *sha256; /* 64 hexadecimal digits */
} DynoFingerprintOutput;

/* "sha256:…" (transfer full). `inputs` are the sums of the runs' sources in their
 * order, `base` that of the base table's content or NULL. The order of the outputs
 * does not matter. */
char *dyno_fingerprint (const char                  *math_version,
                        const char                  *canonical_options,
                        const char *const           *inputs,
                        guint                        n_inputs,
                        const char                  *base,
                        const DynoFingerprintOutput *outputs,
                        guint                        n_outputs);

G_END_DECLS
