/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plate.h"

#include <math.h>

#define METRES_PER_FOOT 0.3048

void
dyno_plate_give (DynoConfig       *config,
                 const DynoDrum   *shown,
                 DynoDrum         *drum,
                 DynoPowerOptions *options)
{
  double slugs = dyno_config_get_number (config, "dyno.drum1_mass_slugs");
  double feet = dyno_config_get_number (config, "dyno.drum1_circumference_ft");

  if (!isnan (feet))
    options->circumference_m = feet * METRES_PER_FOOT;
  if (options->drum != NULL || (shown == NULL && isnan (slugs)))
    return;

  *drum = shown != NULL ? *shown : (DynoDrum){ .m_eff_kg = slugs * DYNO_KG_PER_SLUG };
  options->drum = drum;
}
