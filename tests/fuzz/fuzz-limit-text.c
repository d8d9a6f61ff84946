/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>

#include "dyno-limit-policy.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
is_within (gint64 number,
           gint64 max)
{
  return number >= 0 && number <= max;
}

/* Whatever a limit's text says, the numbers are within their bounds and at least one is
 * there, or the error is a sentence in UTF-8. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(GError) error = NULL;
  DynoLimitAlgorithm algorithm;
  DynoLimitNumbers numbers;

  if (dyno_limit_parse_numbers ("RATE_LIMIT_DEFAULT", text, &numbers, &error))
    {
      g_assert_true (is_within (numbers.per_minute, DYNO_LIMIT_MAX_PER_MINUTE));
      g_assert_true (is_within (numbers.per_hour, DYNO_LIMIT_MAX_PER_HOUR));
      g_assert_true (is_within (numbers.per_day, DYNO_LIMIT_MAX_PER_DAY));
      g_assert_cmpint (numbers.per_minute + numbers.per_hour + numbers.per_day, >, 0);
    }
  else
    g_assert_true (g_utf8_validate (error->message, -1, NULL));

  if (dyno_limit_parse_algorithm (text, &algorithm, NULL))
    g_assert_cmpuint (algorithm, <=, DYNO_LIMIT_TOKEN_BUCKET);

  return 0;
}
