/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why a sample counts or not (analysis.md 3.3). The codes are stable numbers in
 * files and on the wire. */

typedef enum
{
  DYNO_GATE_ACCEPTED = 0,
  DYNO_GATE_NOT_AN_UPDATE = 1,
  DYNO_GATE_EXCLUDED = 2,
  DYNO_GATE_NO_RPM = 3,
  DYNO_GATE_NO_MAP = 4,
  DYNO_GATE_NO_MIXTURE = 5,
  DYNO_GATE_NO_TARGET = 6,
  DYNO_GATE_RPM_RANGE = 7,
  DYNO_GATE_MAP_RANGE = 8,
  DYNO_GATE_TPS_RANGE = 9,
  DYNO_GATE_IAT_RANGE = 10,
  DYNO_GATE_ENGINE_COLD = 11,
  DYNO_GATE_SENSOR_NOT_READY = 12,
  DYNO_GATE_SENSOR_PEGGED = 13,
  DYNO_GATE_SENSOR_FROZEN = 14,
  DYNO_GATE_MIX_WINDOW = 15,
  DYNO_GATE_MIX_NEIGHBOUR = 16,
  DYNO_GATE_TARGET_IMPLAUSIBLE = 17,
  DYNO_GATE_FUEL_CUT = 18,
  DYNO_GATE_TRANSIENT = 19,
  DYNO_GATE_SETTLING = 20,
  DYNO_GATE_NO_PARTNER = 21,
  DYNO_GATE_OUT_OF_GRID = 22,
  DYNO_GATE_OUTLIER = 23,
  DYNO_GATE_LOW_WEIGHT = 24,
  DYNO_N_GATES
} DynoGate;

/* "accepted", "not-an-update", … */
const char *dyno_gate_name        (DynoGate    gate);
/* FALSE for a name nobody knows. */
gboolean    dyno_gate_find        (const char *name,
                                   DynoGate   *gate);
/* A gate that an option may switch off: one that judges, not one without which
 * there is no sample. */
gboolean    dyno_gate_is_optional (DynoGate    gate);
/* What is wrong with a log that loses most of its rows to this gate: the end of a
 * sentence that begins "71 % transient: ". For gettext in the faces. */
const char *dyno_gate_explanation (DynoGate    gate);
/* What to do when nothing counts because of it, whole sentences; "" where nothing can
 * be done. For gettext in the faces. */
const char *dyno_gate_remedy      (DynoGate    gate);

G_END_DECLS
