/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-ve-options.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What was accepted is written so that it sets the same options again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(DynoJson) json = dyno_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr(DynoVeOptions) options = dyno_ve_options_new ();
  g_autoptr(DynoVeOptions) again = dyno_ve_options_new ();
  g_autoptr(DynoAnalysisError) error = NULL;
  g_autoptr(DynoJson) canonical = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (json == NULL)
    return 0;

  if (!dyno_ve_options_set_all (options, json, &error))
    g_assert_cmpint (error->reason, ==, DYNO_ANALYSIS_BAD_OPTION);
  first = dyno_ve_options_canonical (options);
  canonical = dyno_json_parse (first, -1, NULL);
  g_assert (canonical != NULL);
  g_assert (dyno_ve_options_set_all (again, canonical, NULL));
  second = dyno_ve_options_canonical (again);
  g_assert_cmpstr (first, ==, second);

  return 0;
}
