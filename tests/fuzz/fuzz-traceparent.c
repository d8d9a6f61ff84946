/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-trace.h"

/* Of whatever stands in the two heads, what is taken prints back to itself. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *parent = g_strndup ((const char *) data, size);
  gsize used = MIN (strlen (parent) + 1, size);
  g_autofree char *state = g_strndup ((const char *) data + used, size - used);
  g_autofree char *printed = NULL;
  DynoTraceContext context;

  if (!dyno_trace_parse (parent, state, &context))
    {
      g_assert_cmpint (context.trace_id[0], ==, '\0');
      return 0;
    }
  printed = dyno_trace_print (&context);
  g_assert_cmpmem (printed, 53, parent, 53);
  g_assert_true (*context.trace_state == '\0' || g_str_equal (context.trace_state, state));

  return 0;
}
