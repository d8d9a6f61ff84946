/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-metrics.h"

G_BEGIN_DECLS

/* Reads /proc into the families process_…; nothing where there is none. */
void dyno_metrics_read_process (void);

G_END_DECLS
