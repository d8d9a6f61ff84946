/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-json.h"

G_BEGIN_DECLS

/* The members of dyno_shape_analyse (), for an object that has more; "files" are these
 * of DynoArtefact. */
void dyno_shape_analyse_members (DynoJsonWriter    *w,
                                 const DynoAnalyse *analyse,
                                 GPtrArray         *files);

G_END_DECLS
