/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files that belong together, written all or not at all: each is on the disk under
 * another name before the first one takes its place, and what stood there comes back
 * when a later one is refused. Blocking; any thread, one at a time. */

typedef struct _DynoFileSet DynoFileSet;

DynoFileSet *dyno_file_set_new   (void);
void         dyno_file_set_free  (DynoFileSet  *self);

/* They take their places in the order in which they are added. */
void         dyno_file_set_add   (DynoFileSet  *self,
                                  const char   *path,
                                  GBytes       *bytes);
/* Once. UNAVAILABLE "io" names the file that was refused. */
gboolean     dyno_file_set_write (DynoFileSet  *self,
                                  GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFileSet, dyno_file_set_free)

G_END_DECLS
