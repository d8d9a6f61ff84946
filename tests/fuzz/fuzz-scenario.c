/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>

#include "dyno-faults.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What passes keeps its promises: order of time, a line that reads the same. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(GPtrArray) faults = dyno_faults_parse (text, NULL);
  g_autofree char *option = dyno_fault_from_option (text, NULL);
  double last_s = 0;

  for (guint i = 0; faults != NULL && i < faults->len; i++)
    {
      const DynoFault *fault = g_ptr_array_index (faults, i);

      g_assert (fault->t_s >= last_s && fault->verb < DYNO_N_FAULTS);
      last_s = fault->t_s;
    }
  if (option != NULL)
    {
      g_autoptr(GPtrArray) again = dyno_faults_parse (option, NULL);

      g_assert (again != NULL && again->len == 1);
    }

  return 0;
}
