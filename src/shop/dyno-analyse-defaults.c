/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-analyse-private.h"

#include "dyno-config.h"

#include <string.h>

/* What the shop's settings say of every analysis: the keys analysis.…, each named as
 * the option that it sets. They were judged when they were read. */

#define GROUP "analysis."

void
dyno_analyse_take_defaults (DynoConfig    *config,
                            DynoVeOptions *options)
{
  for (const DynoConfigRow *row = dyno_config_rows (); row->key != NULL; row++)
    {
      g_autofree char *value = NULL;

      if (!g_str_has_prefix (row->key, GROUP))
        continue;
      value = dyno_config_dup (config, row->key);
      if (*value != '\0')
        dyno_ve_options_set_text (options, row->key + strlen (GROUP), value, NULL);
    }
}
