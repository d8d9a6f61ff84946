/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-mapping-card.h"

G_BEGIN_DECLS

/* What a dyno's channels could be, for a person to look at: nothing of it is kept. Any thread. */

/* A kind of dyno, and the names that its channels have. */
typedef struct
{
  DynoChannel canonical; /* NONE ends the list */
  const char *name;
} DynoTemplateRow;

typedef struct
{
  const char            *id;
  const char            *title;
  const DynoTemplateRow *rows;
} DynoMappingTemplate;

/* Ended by one without an id. */
const DynoMappingTemplate *dyno_mapping_templates     (void);
const DynoMappingTemplate *dyno_mapping_template_find (const char             *id); /* (nullable) */

/* By the names of the capture, and where a template (nullable) is given by its own. */
DynoMappingCard           *dyno_mapping_suggest       (const DynoCaptureState    *state,
                                                       guint                      provider,
                                                       const DynoMappingTemplate *kind);

/* A channel that carries something else than its unit says: "afr", "lambda" or "rpm"; NULL:
 * nothing speaks for it. */
const char                *dyno_mapping_suspect       (const DynoChannelState *channel);

G_END_DECLS
