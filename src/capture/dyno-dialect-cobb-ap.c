/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dialects-private.h"

#include <string.h>

/* Cobb Accessport. "Boost" is a gauge pressure there and stays an extra channel. */

static guint
score (const DynoDialectHead *head)
{
  const char *last = NULL;

  if (head->names == NULL || !dyno_dialect_line_begins (head->names[0], "Time (sec)"))
    return 0;
  for (guint i = 0; head->names[i] != NULL; i++)
    {
      if (head->names[i][0] != '\0')
        last = head->names[i];
    }

  return last != NULL && dyno_dialect_line_begins (last, "AP Info:[") ? 3 : 0;
}

const DynoDialect dyno_dialect_cobb_ap = {
  .id = "cobb-ap",
  .title = "Cobb Accessport log",
  .score = score,
  .time_unit = "s",
};
