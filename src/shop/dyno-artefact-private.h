/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-artefact.h"

G_BEGIN_DECLS

/* Name and text are taken over. */
DynoArtefact *dyno_artefact_new (char       *name,
                                 const char *type,
                                 guint       n_rows,
                                 guint       n_columns,
                                 GString    *text);

G_END_DECLS
