/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The toasts of a window: one of the same cause takes the place of the one before, so
 * that news that repeats does not queue up. Main thread. */

typedef struct _DynoToasts DynoToasts;

DynoToasts *dyno_toasts_new  (AdwToastOverlay *overlay);
void        dyno_toasts_free (DynoToasts      *self);
void        dyno_toasts_show (DynoToasts      *self,
                              AdwToast        *toast,
                              const char      *cause);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoToasts, dyno_toasts_free)

G_END_DECLS
