/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-palette.h"
#include "dyno-pull-power.h"
#include "dyno-runbook.h"

G_BEGIN_DECLS

/* What is said of a run: names, states, reasons. Texts that are built are (transfer
 * full). */

/* "Run 14" */
char       *dyno_run_words_name     (const DynoRun          *run);
/* Its title, else the vehicle, else "No vehicle". */
const char *dyno_run_words_subject  (const DynoRun          *run);
/* "Captured", "Imported", … */
const char *dyno_run_words_source   (const DynoRun          *run);

/* What sets a run apart from one that is whole and real, the gravest first. The
 * words and statuses are of static memory; the answer is their number. */
typedef struct
{
  const char *word;
  DynoStatus  status;
} DynoRunBadge;

#define DYNO_RUN_MAX_BADGES 6

guint       dyno_run_words_badges   (const DynoRun          *run,
                                     DynoRunBadge           *badges);
/* "SIMULATOR · incomplete · stage 2 pipes": the second line of a row. */
char       *dyno_run_words_caption  (const DynoRun          *run);
/* "2 gaps, 0.4 % of the readings lost"; NULL for a run without. */
char       *dyno_run_words_gaps     (const DynoRun          *run);
/* "stage2, dyno day"; "" without tags. */
char       *dyno_run_words_tags     (const DynoRun          *run);
/* "1.024"; a dash for NaN. */
char       *dyno_run_words_factor   (double                  factor,
                                     int                     decimals);
/* What a screen reader says of a row. */
char       *dyno_run_words_row      (const DynoRun          *run,
                                     DynoUnitSet             units,
                                     gint64                  now_ms);

/* Why there is no curve, as a sentence; NULL where there is one. */
const char *dyno_run_words_no_curve (const DynoPower        *power);
/* "SAE (as Dynojet prints it) × 1.024, smoothing 2 (±50 rpm)" */
char       *dyno_run_words_view     (const DynoPower        *power);

G_END_DECLS
