/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-math-version.h"

static const char *const names[DYNO_N_MATH_VERSIONS] = { "2.0.0", "1.0.0", "legacy-cli-1.2" };

const char *
dyno_math_version_name (DynoMathVersion version)
{
  g_return_val_if_fail (version < DYNO_N_MATH_VERSIONS, NULL);

  return names[version];
}

gboolean
dyno_math_version_find (const char         *name,
                        DynoMathVersion    *version,
                        DynoAnalysisError **error)
{
  for (guint i = 0; i < DYNO_N_MATH_VERSIONS; i++)
    {
      if (g_strcmp0 (name, names[i]) == 0)
        {
          *version = (DynoMathVersion) i;
          return TRUE;
        }
    }

  dyno_analysis_error_set (error, DYNO_ANALYSIS_BAD_OPTION,
                           "The option math_version cannot be “%s”; it is 2.0.0, 1.0.0 or legacy-cli-1.2.",
                           name != NULL ? name : "");

  return FALSE;
}

gboolean
dyno_math_version_is_applicable (DynoMathVersion version)
{
  return version != DYNO_MATH_LEGACY_CLI_1_2;
}

const char *
dyno_math_version_warning (DynoMathVersion version)
{
  if (version == DYNO_MATH_2_0_0)
    return NULL;
  if (version == DYNO_MATH_LEGACY_CLI_1_2)
    return "LEGACY – NOT FOR USE: the corrections of legacy-cli-1.2 have the wrong sign.";

  return "Math version 1.0.0 is a straight line that falls short of the ratio of 2.0.0: an "
         "engine 1 AFR lean at 13 gets 7.00 % instead of 7.69 %.";
}
