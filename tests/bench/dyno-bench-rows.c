/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "dyno-bench-rows.h"

static void
append_stamp (GString        *text,
              DynoBenchStamp  stamp,
              gsize           ms)
{
  char clock[32];

  g_snprintf (clock, sizeof clock, "%02u:%02u:%02u.%03u", (guint) (ms / 3600000 % 24),
              (guint) (ms / 60000 % 60), (guint) (ms / 1000 % 60), (guint) (ms % 1000));
  switch (stamp)
    {
    case DYNO_BENCH_SECONDS:
      g_string_append_printf (text, "%" G_GSIZE_FORMAT ".%02u", ms / 1000, (guint) (ms / 10 % 100));
      break;
    case DYNO_BENCH_MILLISECONDS:
      g_string_append_printf (text, "%" G_GSIZE_FORMAT, ms);
      break;
    case DYNO_BENCH_CLOCK:
      g_string_append (text, clock);
      break;
    case DYNO_BENCH_DATE:
    default:
      g_string_append_printf (text, "\"2025-12-%02u %s\"", (guint) (1 + ms / 86400000 % 28), clock);
      break;
    }
}

GString *
dyno_bench_rows (const char     *head,
                 DynoBenchStamp  stamp,
                 guint           step_ms,
                 DynoBenchRest   make_rest,
                 gconstpointer   kind,
                 gsize           size)
{
  GString *text = g_string_new (head);
  g_autoptr(GPtrArray) rests = g_ptr_array_new_with_free_func (g_free);

  for (gsize row = 0; row < DYNO_BENCH_BODY_ROWS; row++)
    g_ptr_array_add (rests, make_rest (row, kind));
  for (gsize row = 0; text->len < size; row++)
    {
      append_stamp (text, stamp, row * step_ms);
      g_string_append (text, rests->pdata[row % DYNO_BENCH_BODY_ROWS]);
    }

  return text;
}
