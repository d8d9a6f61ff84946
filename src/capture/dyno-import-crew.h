/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Threads of GLib's pool that help the importing one with large logs: n pieces of work
 * that do not touch each other, done at once. What each piece makes depends on nothing
 * but its number; so the result is that of one thread. */

#define DYNO_IMPORT_LEAST_PARALLEL (64 * 1024 * 1024) /* bytes of a log that needs helpers */
#define DYNO_IMPORT_MAX_CREW 4                        /* threads, the importing one included */

/* Piece `index` of those that were asked for, on any thread. */
typedef void (*DynoImportPiece) (guint    index,
                                 gpointer data);

typedef struct _DynoImportCrew DynoImportCrew;

/* The helpers that this computer has processors for, 1 to 3. */
guint           dyno_import_crew_helpers (void);

DynoImportCrew *dyno_import_crew_new   (guint            n_helpers);
void            dyno_import_crew_free  (DynoImportCrew  *self);

/* Returns at once; until join () the caller does something else. */
void            dyno_import_crew_start (DynoImportCrew  *self,
                                        guint            n_pieces,
                                        DynoImportPiece  piece,
                                        gpointer         data);
/* Helps with what is left and waits for the rest. Without a start: nothing. */
void            dyno_import_crew_join  (DynoImportCrew  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoImportCrew, dyno_import_crew_free)

G_END_DECLS
