/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ve-set.h"

G_BEGIN_DECLS

/* Measures the transport delay in the log itself (analysis.md 3.4, mode `auto`):
 * changes of the wanted mixture are looked for in the changes of the read one.
 * Sets the bins of the cylinder's delay; those without an accepted value fall back
 * to `flow`. A log longer than ten minutes is measured in 20 stretches of 30 s
 * spread over it. */
void dyno_delay_measure (DynoVeSet *set,
                         guint      cylinder);

G_END_DECLS
