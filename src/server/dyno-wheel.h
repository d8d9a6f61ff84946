/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A timer wheel of seconds: many deadlines that are mostly moved and seldom passed. To
 * set, move or clear one costs the same however many there are. One thread.
 *
 * An entry is part of what it watches; the wheel owns none. Times are µs of one
 * monotonic clock, which the caller brings. */

typedef struct _DynoWheel DynoWheel;

typedef struct _DynoWheelEntry
{
  struct _DynoWheelEntry *previous; /* (borrowed) NULL: not on the wheel */
  struct _DynoWheelEntry *next;     /* (borrowed) */
  gint64                  deadline_us;
} DynoWheelEntry;

/* The entry is off the wheel when its deadline is told; it may be set again, or freed. */
typedef void (*DynoWheelFunc) (DynoWheelEntry *entry,
                               gint64          now_us,
                               gpointer        data);

DynoWheel *dyno_wheel_new   (gint64          now_us);
void       dyno_wheel_free  (DynoWheel      *self);

/* Told at the first turn at or after `deadline_us`, so up to a second late. */
void       dyno_wheel_set   (DynoWheel      *self,
                             DynoWheelEntry *entry,
                             gint64          deadline_us);
void       dyno_wheel_clear (DynoWheelEntry *entry);

/* To be called once a second, or later: tells all that have passed. */
void       dyno_wheel_turn  (DynoWheel      *self,
                             gint64          now_us,
                             DynoWheelFunc   passed,
                             gpointer        data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoWheel, dyno_wheel_free)

G_END_DECLS
