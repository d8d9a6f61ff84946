/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The runs that are recorded while a verb waits: each is printed once, as soon as
 * it is saved. Main thread. */

typedef struct _DynoRunNews DynoRunNews;

/* `notes` (nullable, borrowed) is a text that each run gets before it is printed. */
DynoRunNews *dyno_run_news_new      (DynoCtl      *ctl,
                                     const char   *notes);
void         dyno_run_news_free     (DynoRunNews  *self);

/* The bus has named a run since it was looked at last. */
gboolean     dyno_run_news_is_there (DynoRunNews  *self);
/* Prints what was saved since. FALSE where a run cannot be read or noted. */
gboolean     dyno_run_news_tell     (DynoRunNews  *self,
                                     GError      **error);
guint        dyno_run_news_n_told   (DynoRunNews  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoRunNews, dyno_run_news_free)

G_END_DECLS
