/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dialects.h"
#include "dyno-import-cell.h"
#include "dyno-import-map.h"

G_BEGIN_DECLS

/* The rows of the table and what their files share. */

extern const DynoDialect dyno_dialect_cobb_ap;
extern const DynoDialect dyno_dialect_dynoai;
extern const DynoDialect dyno_dialect_ecumaster;
extern const DynoDialect dyno_dialect_haltech_nsp;
extern const DynoDialect dyno_dialect_hptuners;
extern const DynoDialect dyno_dialect_jetdrive_capture;
extern const DynoDialect dyno_dialect_msl;
extern const DynoDialect dyno_dialect_pv_flat;
extern const DynoDialect dyno_dialect_pv_multiline;
extern const DynoDialect dyno_dialect_romraider;
extern const DynoDialect dyno_dialect_vcds;
extern const DynoDialect dyno_dialect_winpep;
extern const DynoDialect dyno_dialect_zeitronix;

/* The line at `line` begins so, letters of either case. */
gboolean    dyno_dialect_line_begins   (const char            *line,
                                        const char            *begin);

/* The first line of a text that begins so, or NULL. All lines end. */
const char *dyno_dialect_find_line     (const char            *text,
                                        gsize                  length,
                                        const char            *begin);

/* The text holds the word, as it is spelt. */
gboolean    dyno_dialect_head_has      (const DynoDialectHead *head,
                                        const char            *word);

/* The cell, as a name without module and unit, folds to `wanted`. */
gboolean    dyno_dialect_cell_is       (const char            *cell,
                                        const char            *wanted);

/* The name of a column without module and unit, folded. (transfer full) */
char       *dyno_dialect_dup_folded    (const DynoImportMap   *map,
                                        guint                  column);

/* Rejects the numbers of a column from `low` to `high`. */
void        dyno_dialect_reject        (DynoImportMap         *map,
                                        guint                  column,
                                        double                 low,
                                        double                 high,
                                        DynoReject             reason);

/* pv-multiline: its lines, layout->kinds being the index of each column's signal. */
extern const DynoDialectLines dyno_dialect_pv_readings;

/* The index of a signal, or −1. */
int         dyno_dialect_pv_parse_index (const DynoImportCell *cell);

/* winpep: units of the columns that the dyno has written. */
void        dyno_dialect_assign_dyno   (DynoImportMap         *map);

/* pv-flat, pv-multiline: 5.1 is an absent sensor. */
void        dyno_dialect_reject_absent (DynoImportMap         *map);

G_END_DECLS
