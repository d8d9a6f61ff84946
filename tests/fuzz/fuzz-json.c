/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-json.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What the scanner passes must be written and read again as the same text. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(DynoJson) json = dyno_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr(DynoJson) again = NULL;
  DynoJsonWriter *w;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (json == NULL)
    return 0;

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_value (w, json);
  first = dyno_json_writer_finish (w);
  again = dyno_json_parse (first, -1, NULL);
  g_assert (again != NULL);
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_value (w, again);
  second = dyno_json_writer_finish (w);
  g_assert_cmpstr (first, ==, second);

  return 0;
}
