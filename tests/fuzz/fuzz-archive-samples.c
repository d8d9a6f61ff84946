/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* samples.bin: what is read on one axis is written again as the same bytes. */

#include "config.h"

#include <stdint.h>

#include "dyno-archive-samples.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(DynoSamples) samples = dyno_archive_samples_read (bytes, NULL, NULL);
  g_autoptr(GBytes) once = NULL;
  g_autoptr(GBytes) twice = NULL;
  g_autoptr(DynoSamples) again = NULL;

  if (samples == NULL)
    return 0;
  once = dyno_archive_samples_write (samples);
  again = dyno_archive_samples_read (once, NULL, NULL);
  g_assert (again != NULL);
  twice = dyno_archive_samples_write (again);
  g_assert (g_bytes_equal (once, twice));

  return 0;
}
