/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-map.h"
#include "dyno-import-rows.h"

G_BEGIN_DECLS

/* What an import found, as a person shall read it: the channels of the report and
 * the findings that formats.md A.10 asks for. */

/* Delimiter, decimal mark, encoding, form of the stamps, names that repeat. */
void dyno_import_findings_add_layout   (DynoImportReport          *report,
                                        const DynoImportLayout    *layout,
                                        const DynoImportOptions   *options,
                                        const DynoImportTable     *table);

/* The column that holds the time, names that repeat; part of the former. */
void dyno_import_findings_add_columns  (DynoImportReport          *report,
                                        const DynoImportTable     *table);

/* Cells and rows that were dropped or odd. */
void dyno_import_findings_add_rows     (DynoImportReport          *report,
                                        const DynoImportRowCounts *counts);

/* Channels, units, mappings, offers, dead and equal columns, rejected cells. */
void dyno_import_findings_add_channels (const DynoImportMap       *map);

G_END_DECLS
