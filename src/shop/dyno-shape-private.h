/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-shape.h"

G_BEGIN_DECLS

/* Words that several shapes use. */

/* A time; null for 0 (and for before 1970). */
void dyno_shape_add_time_us (DynoJsonWriter *w,
                             const char     *name,
                             gint64          utc_us);
void dyno_shape_add_time_ms (DynoJsonWriter *w,
                             const char     *name,
                             gint64          utc_ms);
/* A text; null for NULL and "". */
void dyno_shape_add_text    (DynoJsonWriter *w,
                             const char     *name,
                             const char     *text);
/* Parsed and written again; null for NULL and for what is no JSON. */
void dyno_shape_add_json    (DynoJsonWriter *w,
                             const char     *name,
                             const char     *json);
/* "0x3BBC"; null for 0. */
void dyno_shape_add_host    (DynoJsonWriter *w,
                             const char     *name,
                             guint16         host_id);
/* The name of a canonical channel; null for none. */
void dyno_shape_add_channel (DynoJsonWriter *w,
                             const char     *name,
                             DynoChannel     channel);
/* What a gauge would show of a channel, in the unit of the wire; NaN: nothing. */
double dyno_shape_wire_value (const DynoChannelState *channel);
/* "peaks":{"peak_power_kw", …} of a curve */
void dyno_shape_add_peaks   (DynoJsonWriter  *w,
                             const DynoPower *power);
/* What every list of runs shows: "id" to "correction". */
void dyno_shape_add_run     (DynoJsonWriter *w,
                             const DynoRun  *run);
/* "tags":[…]; NULL has none. */
void dyno_shape_add_tags    (DynoJsonWriter *w,
                             char          **tags);
/* "channels":[…] and "markers":[…] */
void dyno_shape_add_run_lists (DynoJsonWriter      *w,
                               const DynoRunDetail *detail);
/* "grid":{"rpm","map_kpa"}, and "files":[{"name","sha256","bytes"}] of DynoArtefact. */
void dyno_shape_add_grid    (DynoJsonWriter      *w,
                             const DynoGridShape *shape);
void dyno_shape_add_files   (DynoJsonWriter      *w,
                             GPtrArray           *files);

G_END_DECLS
