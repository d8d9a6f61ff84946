/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-mapping-suggest.h"
#include "dyno-shape.h"

G_BEGIN_DECLS

/* Members {"signature","provider","heard","version","channels":{"rpm":{"source_id", …}}}, for
 * an object that the caller begins and ends. */
void dyno_shape_mapping_members (DynoJsonWriter            *w,
                                 const DynoMappingCard     *card);
/* {"id","title","channels":{"rpm":"Engine RPM"}} */
void dyno_shape_template        (DynoJsonWriter            *w,
                                 const DynoMappingTemplate *kind);
/* The members of a mapping and {"confidence","missing_required","suspected_mislabels"}. */
void dyno_shape_suggestion      (DynoJsonWriter            *w,
                                 const DynoMappingCard     *card,
                                 const DynoCaptureState    *state,
                                 guint                      provider);

G_END_DECLS
