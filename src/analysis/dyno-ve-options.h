/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-gate.h"
#include "dyno-grid.h"
#include "dyno-json.h"
#include "dyno-math-version.h"
#include "dyno-target.h"

G_BEGIN_DECLS

/* The options of a VE analysis (analysis.md 3.1), profile `default`. They are set
 * by name, each value is checked, an unknown name is an error. The canonical text
 * names all of them, defaults included, and is part of the fingerprint. */

typedef enum
{
  DYNO_GRID_AUTO, /* the base table's axes, else 11x9 */
  DYNO_GRID_11X9,
  DYNO_GRID_11X5,
  DYNO_GRID_GIVEN,
} DynoGridChoice;

typedef enum
{
  DYNO_TARGET_AUTO, /* commanded where plausible, else the table */
  DYNO_TARGET_COMMANDED,
  DYNO_TARGET_TABLE,
} DynoTargetChoice;

typedef enum
{
  DYNO_DELAY_AUTO,
  DYNO_DELAY_NONE,
  DYNO_DELAY_FIXED,
  DYNO_DELAY_FLOW,
  DYNO_DELAY_TABLE,
} DynoDelayMode;

/* What weighs a row of the legacy engine. */
typedef enum
{
  DYNO_LEGACY_WEIGHT_TORQUE,
  DYNO_LEGACY_WEIGHT_HP,
} DynoLegacyWeight;

typedef enum
{
  DYNO_DECEL_LOW,
  DYNO_DECEL_MEDIUM,
  DYNO_DECEL_HIGH,
  DYNO_N_DECEL_SEVERITIES
} DynoDecelSeverity;

typedef enum
{
  DYNO_BALANCE_EQUALIZE, /* both meet in the middle */
  DYNO_BALANCE_MATCH_FRONT,
  DYNO_BALANCE_MATCH_REAR,
  DYNO_N_BALANCE_MODES
} DynoBalanceMode;

enum
{
  DYNO_LIMIT_HIGH,
  DYNO_LIMIT_MEDIUM,
  DYNO_LIMIT_LOW,
  DYNO_N_LIMITS
};

typedef struct
{
  DynoMathVersion  math_version;
  DynoGridChoice   grid_choice;
  DynoGridShape    grid;          /* of DYNO_GRID_GIVEN */
  DynoTargetChoice target;
  DynoTarget      *target_table;  /* (owned) (nullable): the default table */
  double           afr_stoich;
  gboolean         one_sensor_for_both;
  double           gain;
  DynoDelayMode    delay;
  double           delay_ms;      /* of DYNO_DELAY_FIXED */
  double           delay_flow_base_ms;
  double           delay_flow_ref_ms;
  DynoGrid        *delay_table;   /* (owned) (nullable) ms, for DYNO_DELAY_TABLE */
  double           min_hits;
  double           mad_limit;     /* 0: no outliers */
  double           smooth_passes;
  double           smooth_threshold; /* percentage points */
  double           clamp_pct;
  double           limits[DYNO_N_LIMITS]; /* % */
  double           edge_rpm[2];
  double           rpm_range[2];
  double           map_range[2];  /* kPa */
  double           iat_range[2];  /* °C */
  double           warm_c;
  double           mix_window[2]; /* AFR of petrol */
  double           mix_neighbour_ms;
  double           rate_map;      /* kPa/s */
  double           rate_tps;      /* %/s */
  double           rate_rpm;      /* 1/min a second */
  double           settle_ms;
  guint32          gates_off;     /* a bit a DynoGate */
  double           rear_bias_pct;
  gboolean         spark_rear_rule; /* the rear retard of the original (dyno-spark.h) */
  double           rear_rule_deg;
  double           hot_extra_deg;   /* ≤ 0 */
  DynoLegacyWeight legacy_weight;   /* of legacy-cli-1.2 only */
  DynoDecelSeverity decel_severity;
  DynoBalanceMode  balance_mode;
  double           balance_max_pct;
} DynoVeOptions;

DynoVeOptions *dyno_ve_options_new       (void);
DynoVeOptions *dyno_ve_options_copy      (const DynoVeOptions  *self);
void           dyno_ve_options_free      (DynoVeOptions        *self);

/* One option from a JSON value. FALSE with BAD_OPTION naming option, value and
 * what is allowed; the options are unchanged then. */
gboolean       dyno_ve_options_set       (DynoVeOptions        *self,
                                          const char           *name,
                                          const DynoJson       *value,
                                          DynoAnalysisError   **error);
/* The same from a command line: JSON, or a bare word for a string. */
gboolean       dyno_ve_options_set_text  (DynoVeOptions        *self,
                                          const char           *name,
                                          const char           *text,
                                          DynoAnalysisError   **error);
/* All members of a JSON object; stops at the first error. */
gboolean       dyno_ve_options_set_all   (DynoVeOptions        *self,
                                          const DynoJson       *object,
                                          DynoAnalysisError   **error);

/* JSON, keys sorted, no blanks, shortest numbers. (transfer full) */
char          *dyno_ve_options_canonical (const DynoVeOptions  *self);

static inline gboolean
dyno_ve_options_has_gate (const DynoVeOptions *self,
                          DynoGate             gate)
{
  return (self->gates_off >> gate & 1) == 0;
}

/* Names of the options, sorted; NULL behind the last. */
const char *const *dyno_ve_options_names (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVeOptions, dyno_ve_options_free)

G_END_DECLS
