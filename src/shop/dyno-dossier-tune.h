/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-dossier.h"

G_BEGIN_DECLS

/* The tune side of a run of the book, as parts of its archive (formats.md D): the tunes
 * of its vehicle as they are now, "tune/<name>.pvv" by name, and "changes.json", what
 * its analyses changed in tables, the oldest first, with what took that back. */

#define DYNO_DOSSIER_CHANGES_SCHEMA "org.dynoai.changes/1"

/* Adds them to the extras; run, vehicle and analyses must be there. Blocking. */
gboolean dyno_dossier_load_tune (DynoDossier       *self,
                                 const DynoErrand  *errand,
                                 GError           **error);

G_END_DECLS
