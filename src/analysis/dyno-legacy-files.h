/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-legacy.h"

G_BEGIN_DECLS

/* The files of the legacy engine (analysis-legacy.md A.5), byte for byte those of
 * the original: CSV with CRLF, text to paste with TAB and LF and no last line end.
 * Texts that begin with a sign have an apostrophe before it. */

typedef struct
{
  const char *name;      /* static: "VE_Correction_Delta_DYNO.csv" */
  gboolean    is_csv;    /* with a header line and the engine speeds */
  GString    *text;      /* (owned) */
} DynoLegacyFile;

void       dyno_legacy_file_free (DynoLegacyFile         *self);
/* (transfer full) of DynoLegacyFile */
GPtrArray *dyno_legacy_files     (const DynoLegacyResult *result);

G_END_DECLS
