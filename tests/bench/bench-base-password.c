/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What it takes to check a password where there is an account and where there is none:
 * the medians must not tell them apart. Taken in turns, so that a busy machine is busy
 * for both. */

#include "config.h"

#include <stdlib.h>

#include "dyno-bench.h"
#include "dyno-crypt-password.h"

/* In time of the processor: on a busy machine the clock tells of others. */
#define TRIES 500

static double
check_ms (GBytes     *pepper,
          const char *kept)
{
  gint64 begin_us = dyno_bench_thread_us ();

  dyno_crypt_password_verify (pepper, "not the password at all", kept);

  return (double) (dyno_bench_thread_us () - begin_us) / 1000;
}

int
main (int   argc,
      char *argv[])
{
  gsize n = argc > 1 ? (gsize) MAX (1, atoi (argv[1])) : TRIES;
  g_autoptr(GBytes) pepper = g_bytes_new_static ("a pepper of thirty-two bytes: 1.", 32);
  g_autofree char *kept = dyno_crypt_password_hash (pepper, "ruddy pelican gearbox violin");
  g_autofree double *known = g_new0 (double, n);
  g_autofree double *unknown = g_new0 (double, n);
  double of_known, of_unknown;

  dyno_bench_begin ("base-password");
  for (gsize i = 0; i < n; i++)
    {
      known[i] = check_ms (pepper, kept);
      unknown[i] = check_ms (pepper, NULL);
    }
  of_known = dyno_bench_quantile (known, n, 0.5);
  of_unknown = dyno_bench_quantile (unknown, n, 0.5);
  dyno_bench_figure ("known_p50", of_known, "ms");
  dyno_bench_figure ("unknown_p50", of_unknown, "ms");
  dyno_bench_figure ("difference_p50", of_known - of_unknown, "ms");

  return 0;
}
