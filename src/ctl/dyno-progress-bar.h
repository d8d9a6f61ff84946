/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* How far long work is, in one line on standard error that is written over and
 * over, and gone when it ends. Only on a terminal, and neither with --json nor
 * with -q; else all calls do nothing. What is left is said from 10 % and 3 s on:
 * before that nobody knows. */

typedef struct _DynoProgressBar DynoProgressBar;

DynoProgressBar *dyno_progress_bar_new   (DynoCtl          *ctl,
                                          const char       *title);
/* Wipes the line. */
void             dyno_progress_bar_free  (DynoProgressBar  *self);

/* 0…1; NaN while nobody knows. `stage` (nullable) stands behind the title. */
void             dyno_progress_bar_set   (DynoProgressBar  *self,
                                          double            fraction,
                                          const char       *stage);
/* Follows the jobs of the call's shop until the bar is freed. */
void             dyno_progress_bar_watch (DynoProgressBar  *self);
/* Takes the line away, so that something else can be printed; the next step
 * brings it back. */
void             dyno_progress_bar_hide  (DynoProgressBar  *self);

/* The line itself: pure. (transfer full) */
char            *dyno_progress_bar_line  (const char       *title,
                                          const char       *stage,
                                          double            fraction,
                                          double            elapsed_s,
                                          guint             width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoProgressBar, dyno_progress_bar_free)

G_END_DECLS
