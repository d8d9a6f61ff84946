/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-field.h"

G_BEGIN_DECLS

/* What a run is on the wire, for the tables of all its routes. */

extern const DynoSchema dyno_run_card_schema;       /* a row of a list */
extern const DynoSchema dyno_run_schema;            /* a whole one */
extern const DynoSchema dyno_run_file_schema;
extern const DynoSchema dyno_correction_schema;     /* the passport of a correction */
extern const DynoSchema dyno_run_peaks_schema;

extern const DynoField  dyno_run_args[];            /* the {id} of a run */

/* The names of corrections, between bars. */
#define DYNO_CORRECTIONS \
  "sae-1990|sae-2004|std-j607|din-70020|iso-1585|jis-d1001|none"

/* A figure that may be missing. */
#define DYNO_FIGURE(name, meaning) { (name), DYNO_ANY_NUMBER, DYNO_NULLABLE, (meaning) }

G_END_DECLS
