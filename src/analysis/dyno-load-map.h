/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-result.h"

G_BEGIN_DECLS

/* Mean torque and power of the rows that a VE analysis accepted, in their home cells
 * (the front's, else the rear's): how hard the engine was driven where. */

typedef struct
{
  gboolean is_corrected; /* of a log that has corrected figures alone */
  double  *torque_nm;    /* (owned) a number a cell, NaN without */
  double  *power_kw;     /* (owned) likewise */
} DynoLoadMap;

/* One of the two channels gives the other by engine speed. NULL when no run has
 * either. (transfer full) */
DynoLoadMap *dyno_load_map_new  (const DynoVeResult *result);
void         dyno_load_map_free (DynoLoadMap        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLoadMap, dyno_load_map_free)

G_END_DECLS
