/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What a check costs: one policy of each algorithm, an ordinary call of four policies,
 * and calls of ever new names in a full store. The goal is 1 µs a check. */

#include "config.h"

#include "dyno-bench.h"
#include "dyno-limit.h"

#define ROUNDS 1000000
#define N_CALLERS 1000

typedef struct
{
  DynoLimitRules rules;
  DynoLimit *limit;
  char names[N_CALLERS][16];
} Bench;

static double
ns_per_take (Bench         *bench,
             DynoLimitTake *takes,
             gsize          n,
             gint64         step_us)
{
  gint64 from_us = dyno_bench_thread_us ();
  DynoLimitVerdict verdict;

  for (gint64 i = 0; i < ROUNDS; i++)
    {
      for (gsize t = 0; t < n; t++)
        takes[t].subject = bench->names[i % N_CALLERS];
      dyno_limit_take (bench->limit, n, takes, i * step_us, &verdict);
    }

  return (dyno_bench_thread_us () - from_us) * 1000.0 / ROUNDS;
}

static void
measure_each (Bench *bench)
{
  DynoLimitTake sliding = { DYNO_POLICY_READ, NULL, 600, 1 };
  DynoLimitTake bucket = { DYNO_POLICY_LIVE, NULL, 3000, 1 };
  DynoLimitTake day = { DYNO_POLICY_DEFAULT_DAY, NULL, 1000000, 1 };
  DynoLimitTake ordinary[] = {
    { DYNO_POLICY_ADDRESS, NULL, 600, 1 },
    { DYNO_POLICY_DEFAULT_MINUTE, NULL, 6000, 1 },
    { DYNO_POLICY_DEFAULT_HOUR, NULL, 60000, 1 },
    { DYNO_POLICY_DEFAULT_DAY, NULL, 1000000, 1 },
  };

  dyno_bench_figure ("sliding_window", ns_per_take (bench, &sliding, 1, 125), "ns");
  dyno_bench_figure ("token_bucket", ns_per_take (bench, &bucket, 1, 125), "ns");
  dyno_bench_figure ("fixed_window", ns_per_take (bench, &day, 1, 125), "ns");
  dyno_bench_figure ("refused", ns_per_take (bench, &sliding, 1, 0), "ns");
  dyno_bench_figure ("ordinary_call", ns_per_take (bench, ordinary, 4, 125), "ns");
}

static void
measure_flood (Bench *bench)
{
  DynoLimitTake take = { DYNO_POLICY_READ, NULL, 600, 1 };
  DynoLimitVerdict verdict;
  gint64 from_us;
  char name[24];

  from_us = dyno_bench_thread_us ();
  for (int i = 0; i < ROUNDS; i++)
    {
      g_snprintf (name, sizeof name, "new%d", i);
      take.subject = name;
      dyno_limit_take (bench->limit, 1, &take, i, &verdict);
    }
  dyno_bench_figure ("flood_of_new_names", (dyno_bench_thread_us () - from_us) * 1000.0 / ROUNDS,
                     "ns");
  dyno_bench_figure ("store_size", dyno_limit_store_size () / 1048576.0, "MiB");
}

int
main (void)
{
  g_autofree Bench *bench = g_new0 (Bench, 1);

  dyno_bench_begin ("server-limit");
  dyno_limit_rules_init (&bench->rules, &dyno_limit_settings_default, NULL);
  bench->limit = dyno_limit_new (&bench->rules, dyno_clock_get_system ());
  for (int i = 0; i < N_CALLERS; i++)
    g_snprintf (bench->names[i], sizeof bench->names[i], "key_%d", i);

  measure_each (bench);
  measure_flood (bench);
  dyno_limit_free (bench->limit);

  return 0;
}
