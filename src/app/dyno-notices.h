/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-banner.h"
#include "dyno-watch.h"

G_BEGIN_DECLS

/* What lasts, brought to the banner and taken from it when its cause ends: a run
 * book that cannot be written, a disk that is slow or full, a lost link, a recording
 * that was cut short, the simulator. Main thread. */

typedef struct _DynoNotices DynoNotices;

DynoNotices *dyno_notices_new  (DynoShop    *shop,
                                DynoWatch   *watch,
                                DynoBanner  *banner);
void         dyno_notices_free (DynoNotices *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoNotices, dyno_notices_free)

G_END_DECLS
