/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <glib/gstdio.h>

#include "dyno-error.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"
#include "dyno-token-keeper.h"

#define MASTER "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define DAY_US (G_GINT64_CONSTANT (24) * 3600 * 1000000)

static DynoTokenRing *ring; /* (owned) (nullable) as it was told last */
static guint n_told;

static void
ring_cb (DynoTokenRing *told,
         gpointer       data)
{
  g_clear_pointer (&ring, dyno_token_ring_unref);
  ring = dyno_token_ring_ref (told);
  n_told++;
}

static void
open_shop (DynoTestShop *f)
{
  DynoVaultState state;

  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  dyno_vault_open_async (f->shop, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_vault_open_finish (dyno_await_wait (f->await), &state, NULL));
  g_assert_cmpint (state, ==, DYNO_VAULT_READY);
}

static void
set_up (DynoTestShop  *f,
        gconstpointer  unused)
{
  g_autofree char *path = NULL;

  dyno_test_shop_prepare (f, dyno_test_make_folder ());
  path = g_build_filename (f->folder, "master", NULL);
  g_assert_true (g_file_set_contents (path, MASTER, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  dyno_test_shop_set (f, "DYNOAI_MASTER_KEY_FILE", path);
  f->clock = dyno_clock_new_fake (0, G_GINT64_CONSTANT (1789000000000000));
  open_shop (f);
  n_told = 0;
}

static void
tear_down (DynoTestShop  *f,
           gconstpointer  unused)
{
  g_clear_pointer (&ring, dyno_token_ring_unref);
  dyno_test_shop_tear_down (f, NULL);
}

static void
turn (DynoTestShop    *f,
      DynoTokenKeeper *keeper)
{
  g_autoptr(GError) error = NULL;

  dyno_token_keeper_turn_async (keeper, NULL, dyno_await_cb, f->await);
  dyno_token_keeper_finish (dyno_await_wait (f->await), &error);
  g_assert_no_error (error);
}

static const char *
kid_of (DynoTokenKeyState state)
{
  const DynoTokenSlot *slot = dyno_token_ring_get (ring, state);

  return slot != NULL ? dyno_token_key_get_id (slot->key) : NULL;
}

static guint
n_secrets (DynoTestShop *f)
{
  g_autoptr(GPtrArray) keys = dyno_test_ask0 (f, dyno_signing_load, NULL);

  return keys->len;
}

/* A key's whole life, with a restart in the middle of it. */
static void
test_life (DynoTestShop  *f,
           gconstpointer  unused)
{
  DynoTokenKeeper *keeper = dyno_token_keeper_new (f->shop, ring_cb, NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  turn (f, keeper);
  first = g_strdup (kid_of (DYNO_TOKEN_KEY_ACTIVE));
  g_assert_nonnull (first);
  dyno_clock_advance (f->clock, 29 * DAY_US);
  turn (f, keeper);
  second = g_strdup (kid_of (DYNO_TOKEN_KEY_NEXT));
  g_assert_cmpstr (kid_of (DYNO_TOKEN_KEY_ACTIVE), ==, first);
  g_assert_nonnull (second);
  dyno_token_keeper_free (keeper);
  dyno_test_shop_close (f);

  open_shop (f);
  keeper = dyno_token_keeper_new (f->shop, ring_cb, NULL);
  dyno_clock_advance (f->clock, DAY_US);
  turn (f, keeper);
  g_assert_cmpstr (kid_of (DYNO_TOKEN_KEY_ACTIVE), ==, second);
  g_assert_cmpstr (kid_of (DYNO_TOKEN_KEY_RETIRED), ==, first);
  g_assert_cmpuint (n_secrets (f), ==, 2);
  dyno_clock_advance (f->clock, DAY_US);
  turn (f, keeper);
  g_assert_null (kid_of (DYNO_TOKEN_KEY_RETIRED));
  g_assert_cmpuint (n_secrets (f), ==, 1);
  dyno_token_keeper_free (keeper);
}

static void
test_nothing_to_do (DynoTestShop  *f,
                    gconstpointer  unused)
{
  g_autoptr(DynoTokenKeeper) keeper = dyno_token_keeper_new (f->shop, ring_cb, NULL);
  guint before;

  turn (f, keeper);
  before = n_told;
  turn (f, keeper);
  turn (f, keeper);
  g_assert_cmpuint (n_told, ==, before);
}

static void
test_emergency (DynoTestShop  *f,
                gconstpointer  unused)
{
  g_autoptr(DynoTokenKeeper) keeper = dyno_token_keeper_new (f->shop, ring_cb, NULL);
  g_autofree char *first = NULL;

  turn (f, keeper);
  first = g_strdup (kid_of (DYNO_TOKEN_KEY_ACTIVE));
  dyno_token_keeper_replace_async (keeper, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_token_keeper_finish (dyno_await_wait (f->await), NULL));
  g_assert_cmpstr (kid_of (DYNO_TOKEN_KEY_ACTIVE), !=, first);
  g_assert_null (kid_of (DYNO_TOKEN_KEY_RETIRED));
  g_assert_cmpuint (n_secrets (f), ==, 1);
}

/* It is freed while a key is being made: nothing is told, nothing is lost. */
static void
test_freed_early (DynoTestShop  *f,
                  gconstpointer  unused)
{
  DynoTokenKeeper *keeper = dyno_token_keeper_new (f->shop, ring_cb, NULL);

  dyno_token_keeper_turn_async (keeper, NULL, dyno_await_cb, f->await);
  dyno_token_keeper_free (keeper);
  g_assert_true (dyno_token_keeper_finish (dyno_await_wait (f->await), NULL));
  g_assert_cmpuint (n_told, ==, 0);
}

#define ADD(path, function) \
  g_test_add ("/server/keeper/" path, DynoTestShop, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("life", test_life);
  ADD ("nothing-to-do", test_nothing_to_do);
  ADD ("emergency", test_emergency);
  ADD ("freed-early", test_freed_early);

  return g_test_run ();
}
