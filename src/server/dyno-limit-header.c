/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-limit-header.h"

#include <string.h>

#define FMT G_GINT64_FORMAT

static gint64
seconds_up (gint64 us)
{
  return (us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
}

static void
write_number (char   text[24],
              gint64 number)
{
  g_snprintf (text, 24, "%" FMT, number);
}

static void
write_policies (const DynoLimitVerdict *verdict,
                char                   *text,
                gsize                   size)
{
  gsize length = 0;

  *text = '\0';
  for (gsize i = 0; i < verdict->n; i++)
    {
      const DynoLimitReading *reading = &verdict->readings[i];

      length += g_snprintf (text + length, size - length, "%s\"%s\";q=%" FMT ";w=%" FMT,
                            i > 0 ? ", " : "", reading->policy, reading->limit,
                            reading->window_us / G_USEC_PER_SEC);
      g_assert (length < size);
    }
}

void
dyno_limit_write_headers (const DynoLimitVerdict *verdict,
                          DynoLimitHeaders       *headers)
{
  const DynoLimitReading *tightest;

  g_return_if_fail (verdict != NULL && verdict->n > 0 && headers != NULL);

  tightest = &verdict->readings[verdict->tightest];
  write_number (headers->limit, tightest->limit);
  write_number (headers->remaining, tightest->remaining);
  write_number (headers->reset, seconds_up (verdict->wall_us + tightest->until_us));
  write_policies (verdict, headers->policies, sizeof headers->policies);
  g_snprintf (headers->tightest, sizeof headers->tightest, "\"%s\";r=%" FMT ";t=%" FMT,
              tightest->policy, tightest->remaining, seconds_up (tightest->until_us));

  headers->retry[0] = '\0';
  if (!verdict->is_admitted)
    write_number (headers->retry, verdict->retry_after_s);
}

char *
dyno_limit_write_sentence (const DynoLimitVerdict *verdict)
{
  const DynoLimitReading *tightest;

  g_return_val_if_fail (verdict != NULL && verdict->n > 0, NULL);

  tightest = &verdict->readings[verdict->tightest];
  return g_strdup_printf ("Policy %s allows %" FMT " requests per %" FMT " s.", tightest->policy,
                          tightest->limit, tightest->window_us / G_USEC_PER_SEC);
}
