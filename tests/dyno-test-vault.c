/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-vault.h"

#include <glib/gstdio.h>

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

char *
dyno_test_vault_path (DynoTestShop *f)
{
  return g_strconcat (f->folder, "/master", NULL);
}

void
dyno_test_vault_give (DynoTestShop *f)
{
  g_autofree char *path = dyno_test_vault_path (f);

  g_assert_true (g_file_set_contents (path, KEY, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  dyno_test_shop_set (f, "DYNOAI_MASTER_KEY_FILE", path);
}

void
dyno_test_vault_open (DynoTestShop *f)
{
  DynoVaultState state = DYNO_VAULT_CLOSED;
  g_autoptr(GError) error = NULL;

  dyno_vault_open_async (f->shop, NULL, dyno_await_cb, f->await);
  dyno_vault_open_finish (dyno_await_wait (f->await), &state, &error);
  g_assert_no_error (error);
  g_assert_cmpint (state, ==, DYNO_VAULT_READY);
}
