/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-limit.h"

G_BEGIN_DECLS

/* Counting in the memory of this process: `memory://`. */

extern const DynoLimitOps dyno_limit_memory_ops;

gpointer dyno_limit_memory_new (const DynoLimitRules *rules);

G_END_DECLS
