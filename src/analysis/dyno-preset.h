/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-grid.h"

G_BEGIN_DECLS

/* House presets (analysis.md 4.14): starting points for an engine that was rebuilt,
 * never results. A page that shows them says so with DYNO_PRESET_SOURCE. Pure. */

#define DYNO_PRESET_SOURCE "starting point, source: house preset"
#define DYNO_PRESET_NOTES 5

typedef struct
{
  double idle;
  double cruise;
  double wot;
} DynoPresetAfr;

typedef struct
{
  const char    *id;    /* "stage_1" */
  const char    *title;
  const char    *description;
  double         ve_more_min; /* fraction by which VE is expected to grow */
  double         ve_more_max;
  DynoPresetAfr  afr;
  double         clamp_pct;   /* of the first analyses */
  double         idle_rpm;
  const char    *notes[DYNO_PRESET_NOTES + 1]; /* NULL behind the last */
} DynoStagePreset;

typedef struct
{
  const char    *id;    /* "bolt_in" */
  const char    *title;
  const char    *description;
  const char    *lift;        /* 1/1000 inch, a range as the trade says it */
  double         vacuum_inhg; /* at idle */
  double         idle_min_rpm;
  double         idle_rpm;
  double         idle_ve_offset_pct;
  DynoPresetAfr  afr;
  double         decel_multiplier; /* of the decel overlay, analysis.md 4.3 */
  const char    *notes[DYNO_PRESET_NOTES + 1];
} DynoCamPreset;

/* In the order in which they are offered. */
const DynoStagePreset *dyno_preset_stages    (guint               *n);
const DynoCamPreset   *dyno_preset_cams      (guint               *n);
/* NULL for an unknown id. */
const DynoStagePreset *dyno_preset_stage     (const char          *id);
const DynoCamPreset   *dyno_preset_cam       (const char          *id);

/* VE to add at idle, in percentage points; 0 above 1500 rpm or 45 kPa. Only axes with
 * rows below 1500 rpm get anything: the page must say so. (transfer full) */
DynoGrid              *dyno_preset_idle      (const DynoGridShape *shape,
                                              double               offset_pct);

G_END_DECLS
