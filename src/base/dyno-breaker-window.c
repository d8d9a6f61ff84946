/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-breaker-window.h"

#include <string.h>

static void
advance (DynoBreakerWindow *self,
         gint64             now_us)
{
  gint64 part = now_us / DYNO_BREAKER_PART_US;

  if (part - self->part >= DYNO_BREAKER_PARTS)
    {
      memset (self->counts, 0, sizeof self->counts);
      self->part = part;
    }
  while (self->part < part)
    self->counts[++self->part % DYNO_BREAKER_PARTS] = (DynoBreakerCount) { 0 };
}

void
dyno_breaker_window_add (DynoBreakerWindow *self,
                         gint64             now_us,
                         gboolean           is_failure,
                         gboolean           is_slow)
{
  DynoBreakerCount *count;

  advance (self, now_us);
  count = &self->counts[self->part % DYNO_BREAKER_PARTS];
  count->calls++;
  count->failures += is_failure ? 1 : 0;
  count->slow += is_slow ? 1 : 0;
}

DynoBreakerCount
dyno_breaker_window_total (DynoBreakerWindow *self,
                           gint64             now_us)
{
  DynoBreakerCount total = { 0 };

  advance (self, now_us);
  for (int i = 0; i < DYNO_BREAKER_PARTS; i++)
    {
      total.calls += self->counts[i].calls;
      total.failures += self->counts[i].failures;
      total.slow += self->counts[i].slow;
    }

  return total;
}
