/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the person was before, and where he came back from: names of pages, of which
 * the last 64 are kept. Main thread. */

typedef struct _DynoHistory DynoHistory;

DynoHistory *dyno_history_new         (void);
void         dyno_history_free        (DynoHistory *self);

/* He leaves `page` (interned or static) for one that is not in the history. */
void         dyno_history_leave       (DynoHistory *self,
                                       const char  *page);
/* From `here` (nullable) to the answer; NULL: there is no further. */
const char  *dyno_history_back        (DynoHistory *self,
                                       const char  *here);
const char  *dyno_history_forward     (DynoHistory *self,
                                       const char  *here);
gboolean     dyno_history_has_back    (DynoHistory *self);
gboolean     dyno_history_has_forward (DynoHistory *self);
void         dyno_history_clear       (DynoHistory *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoHistory, dyno_history_free)

G_END_DECLS
