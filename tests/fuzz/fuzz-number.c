/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-number.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What strtod () would take but a log's number must not be. */
static gboolean
has_decimal_form (const char *text)
{
  return text[0] != '\0' && strspn (text, "+-.0123456789eE") == strlen (text);
}

/* A number is read with the bits of strtod (), and where it reads the whole text
 * as one, so do we. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  double value = 0;
  double expected;
  char *end;

  if (strlen (text) != size)
    return 0;

  expected = strtod (text, &end);
  if (dyno_number_parse (text, size, '.', &value))
    {
      g_assert_true (*end == '\0');
      g_assert_true (memcmp (&value, &expected, sizeof value) == 0);
    }
  else
    g_assert_false (has_decimal_form (text) && *end == '\0');

  return 0;
}
