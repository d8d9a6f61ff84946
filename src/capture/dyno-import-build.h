/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-map.h"

G_BEGIN_DECLS

/* The samples of a log that is understood. Takes the numbers out of the table, and
 * `time_s` (nullable), so that nothing is there twice. NULL when cancelled. */
DynoSamples *dyno_import_build_samples (DynoImportMap         *map,
                                        double                *time_s,
                                        const DynoImportWatch *watch,
                                        GError               **error);

G_END_DECLS
