/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What it costs to look up a key (service.md 11.1: at most 5 µs), good and bad ones,
 * among ten and among ten thousand. */

#include "config.h"

#include <string.h>

#include "dyno-bench.h"
#include "dyno-crypt-text.h"
#include "dyno-key-set.h"

#define N_CHECKS 200000

static DynoKeyRecord *
make_record (const char *text,
             guint       number)
{
  DynoKeyRecord *record = g_new0 (DynoKeyRecord, 1);

  dyno_key_sum (text, record->sha256);
  record->id = g_strdup_printf ("key_%u", number);
  record->user_id = g_strdup ("usr_1");
  record->owner_role = g_strdup ("tuner");
  record->scopes = g_strdup ("[\"runs:read\"]");
  record->cidrs = g_strdup ("[\"192.168.0.0/16\"]");

  return record;
}

static void
measure (DynoKeySet *set,
         const char *text,
         const char *figure)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string ("192.168.1.2");
  gint64 begin_us = dyno_bench_thread_us ();

  for (guint i = 0; i < N_CHECKS; i++)
    {
      DynoPrincipal *principal = dyno_key_set_check (set, text, address, 1);

      if (principal != NULL)
        dyno_principal_unref (principal);
    }
  dyno_bench_figure (figure, (double) (dyno_bench_thread_us () - begin_us) / N_CHECKS, "us");
}

static void
measure_among (guint       n,
               const char *good,
               const char *unknown,
               const char *mistyped)
{
  g_autoptr(GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_key_record_free);
  g_autoptr(DynoKeySet) set = NULL;
  g_autofree char *text = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  g_autofree char *other = dyno_crypt_new_token (DYNO_KEY_PREFIX);
  g_autofree char *broken = g_strdup (text);

  g_ptr_array_add (records, make_record (text, 0));
  for (guint i = 1; i < n; i++)
    {
      g_autofree char *next = dyno_crypt_new_token (DYNO_KEY_PREFIX);

      g_ptr_array_add (records, make_record (next, i));
    }
  set = dyno_key_set_new (records);
  broken[20] = broken[20] == 'a' ? 'b' : 'a';
  measure (set, text, good);
  measure (set, other, unknown);
  measure (set, broken, mistyped);
}

int
main (void)
{
  dyno_bench_begin ("shop-keys");
  measure_among (10, "good_of_10", "unknown_of_10", "mistyped_of_10");
  measure_among (10000, "good_of_10000", "unknown_of_10000", "mistyped_of_10000");

  return 0;
}
