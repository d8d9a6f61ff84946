/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-artefact.h"
#include "dyno-legacy.h"

G_BEGIN_DECLS

/* The files of the legacy engine and report.txt, by name. (transfer full) of
 * DynoArtefact */
GPtrArray    *dyno_artefacts_make_legacy         (const DynoLegacyResult  *result);

/* Their manifest.json, which says that nothing of it is applicable. `log` is the log
 * that was read. (transfer full) */
DynoArtefact *dyno_artefact_make_legacy_manifest (const DynoLegacyResult  *result,
                                                  const char              *options,
                                                  GBytes                  *log,
                                                  GPtrArray               *artefacts,
                                                  const DynoManifestFacts *facts);

G_END_DECLS
