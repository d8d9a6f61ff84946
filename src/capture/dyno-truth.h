/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-json.h"

G_BEGIN_DECLS

/* The truth file of a simulation: a JSON object a line, what was really done.
 * Tests and people compare with it. Used on one thread. */

typedef struct _DynoTruth DynoTruth;

/* DYNO_ERROR_INVALID where the file cannot be made. */
DynoTruth      *dyno_truth_new   (const char     *path,
                                  GError        **error);
void            dyno_truth_free  (DynoTruth      *self);

/* A line begins: an object with "t_s" and "event", more members may follow.
 * `self` NULL: NULL. */
DynoJsonWriter *dyno_truth_begin (DynoTruth      *self,
                                  double          t_s,
                                  const char     *event);
/* Ends the object and writes it. Takes `w` over; NULL is nothing. */
void            dyno_truth_end   (DynoTruth      *self,
                                  DynoJsonWriter *w);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTruth, dyno_truth_free)

G_END_DECLS
