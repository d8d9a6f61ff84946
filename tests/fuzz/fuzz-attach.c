/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-attach.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) pdf = g_bytes_new (data, size);
  g_autoptr(GBytes) run = dyno_attach_take (pdf, DYNO_ATTACH_SOURCE, 1 << 20, NULL);
  const DynoAttachment file = { "a.csv", "again", DYNO_ATTACH_DATA, pdf };
  g_autoptr(GBytes) again = dyno_attach_add (pdf, "en", &file, 1, 0, NULL);

  /* A damaged document may hide what is hung behind it; it may not break the hand. */
  if (again != NULL)
    {
      g_autoptr(GBytes) got = dyno_attach_take (again, DYNO_ATTACH_DATA, size, NULL);

      g_assert (got == NULL || g_bytes_equal (got, pdf));
    }

  return 0;
}
