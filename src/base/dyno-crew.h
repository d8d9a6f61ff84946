/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Threads of GLib's pool that help the calling one with large work: n pieces that do not
 * touch each other, done at once. What each piece makes depends on nothing but its number;
 * so the result is that of one thread. */

#define DYNO_CREW_MAX 4 /* threads, the calling one included */

/* Piece `index` of those that were asked for, on any thread. */
typedef void (*DynoCrewPiece) (guint    index,
                               gpointer data);

typedef struct _DynoCrew DynoCrew;

/* The helpers that this computer has processors for, 1 to 3. */
guint     dyno_crew_helpers (void);

DynoCrew *dyno_crew_new     (guint          n_helpers);
void      dyno_crew_free    (DynoCrew      *self);

/* Returns at once; until join () the caller does something else. */
void      dyno_crew_start   (DynoCrew      *self,
                             guint          n_pieces,
                             DynoCrewPiece  piece,
                             gpointer       data);
/* Helps with what is left and waits for the rest. Without a start: nothing. */
void      dyno_crew_join    (DynoCrew      *self);

/* All of that in one: every piece is done when it returns. One piece, or not `is_large`:
 * no other thread is asked. */
void      dyno_crew_share   (guint          n_pieces,
                             gboolean       is_large,
                             DynoCrewPiece  piece,
                             gpointer       data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoCrew, dyno_crew_free)

G_END_DECLS
