/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an analysis took for granted, or warns of: a code for programs and a
 * sentence for people, each code once. */

typedef struct
{
  char *code; /* (owned) "shared-target" */
  char *text; /* (owned) */
} DynoNote;

/* (transfer full): of DynoNote, freed with it. */
GPtrArray      *dyno_notes_new (void);
/* Does nothing when the code is there already. */
void            dyno_notes_add (GPtrArray  *notes,
                                const char *code,
                                const char *format,
                                ...) G_GNUC_PRINTF (3, 4);
/* NULL when the code is not there. */
const DynoNote *dyno_notes_find (GPtrArray *notes,
                                 const char *code);

G_END_DECLS
