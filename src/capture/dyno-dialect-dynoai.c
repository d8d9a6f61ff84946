/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

const DynoDialect dyno_dialect_dynoai = {
  .id = "dynoai",
  .title = "DynoAI table",
  .time_unit = "s",
};
