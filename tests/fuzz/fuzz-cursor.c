/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-sealed-cursor.h"

/* No text is a cursor but one that was made here. */

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const guint8 key[DYNO_CURSOR_KEY_SIZE] = { 7 };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *opened = dyno_sealed_cursor_open (key, text, "filter", NULL);
  g_autofree char *made = dyno_sealed_cursor_make (key, text, "filter");
  g_autofree char *back = dyno_sealed_cursor_open (key, made, "filter", NULL);

  g_assert (opened == NULL);
  g_assert (text[0] == '\0' || g_strcmp0 (back, text) == 0);

  return 0;
}
