/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plate.h"

#include <math.h>

#define METRES_PER_FOOT 0.3048

/* All that turns with the first drum: its brake, a second drum and that one's brake. */
static double
mass_of (DynoConfig *config)
{
  static const char *const others[] = { "dyno.drum1_retarder_mass_slugs", "dyno.drum2_mass_slugs",
                                        "dyno.drum2_retarder_mass_slugs" };
  double slugs = dyno_config_get_number (config, "dyno.drum1_mass_slugs");

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      double more = dyno_config_get_number (config, others[i]);

      if (!isnan (more))
        slugs += more;
    }

  return slugs;
}

void
dyno_plate_give (DynoConfig       *config,
                 const DynoDrum   *shown,
                 DynoDrum         *drum,
                 DynoPowerOptions *options)
{
  double slugs = mass_of (config);
  double feet = dyno_config_get_number (config, "dyno.drum1_circumference_ft");

  if (!isnan (feet))
    options->circumference_m = feet * METRES_PER_FOOT;
  if (options->drum != NULL || (shown == NULL && isnan (slugs)))
    return;

  *drum = shown != NULL ? *shown : (DynoDrum){ .m_eff_kg = slugs * DYNO_KG_PER_SLUG };
  options->drum = drum;
}
