/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-daily.h"

G_BEGIN_DECLS

typedef struct
{
  GMutex   lock;
  GSource *timer;       /* (owned) (nullable) (lock) */
  gboolean is_closed;   /* (lock) */
  gint64   retained_ms; /* (lock) when the last retention was; 0: at the start */
} DynoDaily;

DynoDaily *dyno_daily_new   (void);
/* No further look begins. Any thread. */
void       dyno_daily_close (DynoDaily *self);
void       dyno_daily_free  (DynoDaily *self);

G_END_DECLS
