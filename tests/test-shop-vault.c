/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"
#include "dyno-test-keyring.h"
#include "dyno-test-shop.h"
#include "dyno-test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define KEY_ONE "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_TWO "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* The master key of the next opening of the shop. */
static void
give_file (DynoTestShop *f,
           const char   *content,
           int           mode)
{
  g_autofree char *path = g_build_filename (f->folder, "master", NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  dyno_test_shop_set (f, "DYNOAI_MASTER_KEY_FILE", path);
}

static DynoVaultState
open_vault (DynoTestShop *f)
{
  DynoVaultState state = DYNO_VAULT_CLOSED;
  g_autoptr(GError) error = NULL;

  dyno_vault_open_async (f->shop, NULL, dyno_await_cb, f->await);
  g_assert_true (dyno_vault_open_finish (dyno_await_wait (f->await), &state, &error));
  g_assert_no_error (error);
  g_assert_cmpint (dyno_vault_get_state (f->shop), ==, state);

  return state;
}

static DynoVaultState
reopen_with (DynoTestShop *f,
             const char   *content,
             int           mode)
{
  dyno_test_shop_close (f);
  give_file (f, content, mode);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);

  return open_vault (f);
}

static GBytes *
key_for (DynoTestShop     *f,
         DynoVaultPurpose  purpose)
{
  g_autoptr(GError) error = NULL;
  GBytes *key = dyno_vault_ref_key (f->shop, purpose, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (key), ==, 32);

  return key;
}

static void
assert_closed (DynoTestShop *f,
               int           code,
               const char   *reason)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_vault_ref_key (f->shop, DYNO_VAULT_AUDIT, &error));
  g_assert_error (error, DYNO_ERROR, code);
  g_assert_cmpstr (dyno_error_get_reason (error), ==, reason);
}

/* One key a purpose, the same ones after a restart, with or without a newline. */
static void
test_keys_from_a_file (DynoTestShop *f,
                       gconstpointer unused)
{
  GBytes *keys[DYNO_N_VAULT_PURPOSES];

  assert_closed (f, DYNO_ERROR_UNAVAILABLE, "keyring_closed");
  g_assert_cmpint (reopen_with (f, KEY_ONE, 0600), ==, DYNO_VAULT_READY);
  for (guint i = 0; i < DYNO_N_VAULT_PURPOSES; i++)
    {
      keys[i] = key_for (f, (DynoVaultPurpose) i);
      for (guint j = 0; j < i; j++)
        g_assert_false (g_bytes_equal (keys[i], keys[j]));
    }
  g_assert_cmpint (open_vault (f), ==, DYNO_VAULT_READY);
  g_assert_cmpint (reopen_with (f, KEY_ONE "\n", 0400), ==, DYNO_VAULT_READY);
  for (guint i = 0; i < DYNO_N_VAULT_PURPOSES; i++)
    {
      g_autoptr(GBytes) again = key_for (f, (DynoVaultPurpose) i);

      g_assert_true (g_bytes_equal (again, keys[i]));
      g_bytes_unref (keys[i]);
    }
}

static void
test_bad_files (DynoTestShop *f,
                gconstpointer unused)
{
  static const struct
  {
    const char *content;
    int         mode;
  } bad[] = {
    { KEY_ONE, 0640 },  { KEY_ONE, 0604 }, { KEY_ONE, 0644 },      { "", 0600 },
    { "00010203", 0600 }, { KEY_ONE "00", 0600 }, { KEY_ONE "\n\n", 0600 },
    { "g" KEY_ONE, 0600 }, { "0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                             0600 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_cmpint (reopen_with (f, bad[i].content, bad[i].mode), ==, DYNO_VAULT_BAD_FILE);
      assert_closed (f, DYNO_ERROR_UNAVAILABLE, "keyring_bad_file");
    }
  dyno_test_shop_close (f);
  dyno_test_shop_set (f, "DYNOAI_MASTER_KEY_FILE", "/nonexistent/master");
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  g_assert_cmpint (open_vault (f), ==, DYNO_VAULT_BAD_FILE);

  /* None of them has sealed anything. */
  g_assert_cmpint (reopen_with (f, KEY_TWO, 0600), ==, DYNO_VAULT_READY);
}

static void
test_another_key (DynoTestShop *f,
                  gconstpointer unused)
{
  g_assert_cmpint (reopen_with (f, KEY_ONE, 0600), ==, DYNO_VAULT_READY);
  g_assert_cmpint (reopen_with (f, KEY_TWO, 0600), ==, DYNO_VAULT_MISMATCH);
  assert_closed (f, DYNO_ERROR_UNAVAILABLE, "keyring_mismatch");
  g_assert_nonnull (dyno_vault_state_fix (DYNO_VAULT_MISMATCH));
  g_assert_cmpint (reopen_with (f, KEY_ONE, 0600), ==, DYNO_VAULT_READY);
}

static void
test_credential (DynoTestShop *f,
                 gconstpointer unused)
{
  g_autofree char *folder = g_build_filename (f->folder, "credentials", NULL);
  g_autofree char *path = g_build_filename (folder, "dynoai-master", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, KEY_TWO, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0400), ==, 0);
  dyno_test_shop_close (f);
  dyno_test_shop_set (f, "CREDENTIALS_DIRECTORY", folder);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  g_assert_cmpint (open_vault (f), ==, DYNO_VAULT_READY);
  g_assert_cmpint (reopen_with (f, KEY_TWO, 0600), ==, DYNO_VAULT_READY);
}

static void
keep (DynoTestShop *f,
      const char   *name,
      const char   *text)
{
  g_autoptr(GBytes) secret = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;

  g_assert_true (dyno_test_ask (f, dyno_vault_keep_secret, &error, name, secret));
  g_assert_no_error (error);
}

static void
assert_kept (DynoTestShop *f,
             const char   *name,
             const char   *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) secret = dyno_test_ask (f, dyno_vault_load_secret, &error, name);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret), text,
                   strlen (text));
}

static void
assert_not_kept (DynoTestShop *f,
                 const char   *name,
                 int           code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (dyno_test_ask (f, dyno_vault_load_secret, &error, name));
  g_assert_error (error, DYNO_ERROR, code);
}

static void
run_sql (DynoTestShop *f,
         const char   *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "dynoai.db", NULL);
  sqlite3 *handle;

  dyno_test_shop_close (f);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
  open_vault (f);
}

static void
test_secrets (DynoTestShop *f,
              gconstpointer unused)
{
  reopen_with (f, KEY_ONE, 0600);
  assert_not_kept (f, "jwt.1", DYNO_ERROR_NOT_FOUND);
  keep (f, "jwt.1", "first");
  keep (f, "jwt.1", "an RSA key of the shop");
  keep (f, "jwt.2", "");
  assert_kept (f, "jwt.1", "an RSA key of the shop");
  reopen_with (f, KEY_ONE, 0600);
  assert_kept (f, "jwt.1", "an RSA key of the shop");
  assert_kept (f, "jwt.2", "");
  g_assert_true (dyno_test_ask (f, dyno_vault_drop_secret, NULL, "jwt.1"));
  g_assert_true (dyno_test_ask (f, dyno_vault_drop_secret, NULL, "jwt.1"));
  assert_not_kept (f, "jwt.1", DYNO_ERROR_NOT_FOUND);
}

/* A row under another name, or with another nonce, is no secret of ours. */
static void
test_changed_rows (DynoTestShop *f,
                   gconstpointer unused)
{
  reopen_with (f, KEY_ONE, 0600);
  keep (f, "jwt.1", "one");
  keep (f, "tls", "two");
  run_sql (f, "UPDATE secrets SET name = 'jwt.2' WHERE name = 'jwt.1';"
              "UPDATE secrets SET nonce = zeroblob (12) WHERE name = 'tls'");
  assert_not_kept (f, "jwt.2", DYNO_ERROR_CORRUPT);
  assert_not_kept (f, "tls", DYNO_ERROR_CORRUPT);
}

static void
assert_file_lacks (const char *folder,
                   const char *name,
                   const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *content = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, NULL))
    return;
  g_assert_null (memmem (content, size, text, strlen (text)));
}

static void
test_nothing_in_the_clear (DynoTestShop *f,
                           gconstpointer unused)
{
  g_autofree char *folder = g_strdup (f->folder);

  reopen_with (f, KEY_ONE, 0600);
  keep (f, "provider.key", "xai-very-secret-text");
  assert_file_lacks (folder, "dynoai.db-wal", "xai-very-secret-text");
  dyno_test_shop_close (f);
  assert_file_lacks (folder, "dynoai.db", "xai-very-secret-text");
  assert_file_lacks (folder, "dynoai.db", KEY_ONE);
  assert_file_lacks (folder, "dynoai.lock", KEY_ONE);
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
}

/* The keyring: what each part of its life does to the vault of one folder, which is
 * named by the environment. */

static void
part_set_up (DynoTestShop *f)
{
  dyno_test_shop_prepare (f, g_strdup (g_getenv ("DYNO_TEST_VAULT")));
  dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
}

static void
part_tear_down (DynoTestShop *f)
{
  dyno_test_shop_close (f);
  dyno_await_free (f->await);
  g_strfreev (f->environment);
  g_free (f->folder);
}

static void
part_no_service (void)
{
  DynoTestShop f = { NULL };

  part_set_up (&f);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_NO_SERVICE);
  assert_closed (&f, DYNO_ERROR_UNAVAILABLE, "keyring_no_service");
  part_tear_down (&f);
}

static void
part_first (void)
{
  DynoTestShop f = { NULL };

  dyno_test_keyring_await ();
  part_set_up (&f);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_READY);
  keep (&f, "tls", "a key");
  part_tear_down (&f);
}

static void
part_again (void)
{
  DynoTestShop f = { NULL };

  dyno_test_keyring_await ();
  part_set_up (&f);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_READY);
  assert_kept (&f, "tls", "a key");
  part_tear_down (&f);
}

/* What a person keeps of it: the backup's file, then the recovery code. */
static void
part_backed_up (void)
{
  g_autofree char *note = g_strconcat (g_getenv ("DYNO_TEST_VAULT"), ".note", NULL);
  g_autofree char *code = NULL;
  g_autofree char *text = NULL;
  g_autoptr(DynoBackup) backup = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestShop f = { NULL };

  dyno_test_keyring_await ();
  part_set_up (&f);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_READY);
  keep (&f, "tls", "a key");
  code = dyno_test_ask0 (&f, dyno_backup_renew_code, &error);
  g_assert_no_error (error);
  backup = dyno_test_ask (&f, dyno_backup_make, &error, FALSE, NULL);
  g_assert_no_error (error);
  text = g_strdup_printf ("%s\n%s", backup->path, code);
  g_assert_true (g_file_set_contents (note, text, -1, NULL));
  part_tear_down (&f);
}

/* Case 38 of service.md 11.3: nothing but that note, and a keyring that is empty. */
static void
part_recovered (void)
{
  g_autofree char *path = g_strconcat (g_getenv ("DYNO_TEST_VAULT"), ".note", NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) note = NULL;
  g_autofree char *folder = g_strconcat (g_getenv ("DYNO_TEST_VAULT"), ".new", NULL);
  g_autoptr(DynoRestoreReport) report = NULL;
  g_autoptr(GError) error = NULL;
  DynoTestShop f = { NULL };
  DynoRestoreOptions options = { .data_dir = folder };

  dyno_test_keyring_await ();
  dyno_test_shop_prepare (&f, g_strdup (folder));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  note = g_strsplit (text, "\n", 2);
  options.backup = note[0];
  options.environment = (const char *const *) f.environment;
  dyno_restore_async (&options, NULL, dyno_await_cb, f.await);
  g_assert_null (dyno_restore_finish (dyno_await_wait (f.await), &error));
  g_assert_cmpstr (dyno_error_get_reason (error), ==, "keyring_absent");
  g_clear_error (&error);

  options.code = note[1];
  dyno_restore_async (&options, NULL, dyno_await_cb, f.await);
  report = dyno_restore_finish (dyno_await_wait (f.await), &error);
  g_assert_no_error (error);
  dyno_test_shop_open (&f, DYNO_SHOP_NO_CAPTURE);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_READY);
  assert_kept (&f, "tls", "a key");
  part_tear_down (&f);
}

/* No new key is made where something was sealed with the old one. */
static void
part_vanished (void)
{
  DynoTestShop f = { NULL };

  dyno_test_keyring_await ();
  part_set_up (&f);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_ABSENT);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_ABSENT);
  assert_closed (&f, DYNO_ERROR_UNAVAILABLE, "keyring_absent");
  part_tear_down (&f);
}

static void
ready_cb (DynoTopic   topic,
          const char *subject,
          const char *detail,
          gpointer    is_ready)
{
  if (g_str_equal (subject, "keyring") && g_str_equal (detail, "ready"))
    *(gboolean *) is_ready = TRUE;
}

/* In the context that the opening was asked for in. */
static void
wait_until (const gboolean *is_so)
{
  gint64 end_us = g_get_monotonic_time () + 15 * G_USEC_PER_SEC;

  while (!*is_so && g_get_monotonic_time () < end_us)
    {
      g_main_context_iteration (g_main_context_get_thread_default (), FALSE);
      g_usleep (5000);
    }
  g_assert_true (*is_so);
}

/* Locked at first; somebody unlocks it, and the vault opens by itself. */
static void
part_locked (void)
{
  DynoTestShop f = { NULL };
  DynoTestKeyring keyring = { NULL };
  gboolean is_ready = FALSE;
  guint id;

  dyno_test_keyring_await ();
  part_set_up (&f);
  id = dyno_bus_subscribe (dyno_shop_get_bus (f.shop), DYNO_TOPIC_HEALTH, NULL, ready_cb,
                           &is_ready, NULL);
  g_assert_cmpint (open_vault (&f), ==, DYNO_VAULT_LOCKED);
  assert_closed (&f, DYNO_ERROR_DENIED, "keyring_locked");

  dyno_test_keyring_unlock (&keyring, "pw\n");
  wait_until (&is_ready);
  g_assert_cmpint (dyno_vault_get_state (f.shop), ==, DYNO_VAULT_READY);
  g_bytes_unref (key_for (&f, DYNO_VAULT_PEPPER));
  dyno_bus_unsubscribe (dyno_shop_get_bus (f.shop), id);
  part_tear_down (&f);
  dyno_test_keyring_lose (&keyring);
}

static void
keyring_set_up (DynoTestKeyring *f,
                gconstpointer    unused)
{
  g_autofree char *folder = NULL;

  dyno_test_keyring_set_up (f, NULL);
  folder = g_build_filename (f->folder, "shop", NULL);
  g_setenv ("DYNO_TEST_VAULT", folder, TRUE);
}

static void
test_no_service (DynoTestKeyring *f,
                 gconstpointer    unused)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  dyno_test_keyring_run_part ("/vault/subprocess/no-service");
}

static void
test_locked (DynoTestKeyring *f,
             gconstpointer    unused)
{
  if (dyno_test_keyring_start (f, NULL))
    dyno_test_keyring_run_part_leaking ("/vault/subprocess/locked");
}

static void
test_life (DynoTestKeyring *f,
           gconstpointer    unused)
{
  if (!dyno_test_keyring_start (f, "pw\n"))
    return;
  dyno_test_keyring_run_part_leaking ("/vault/subprocess/first");
  dyno_test_keyring_run_part_leaking ("/vault/subprocess/again");
  dyno_test_keyring_lose (f);
  dyno_test_keyring_unlock (f, "pw\n");
  dyno_test_keyring_run_part_leaking ("/vault/subprocess/vanished");
}

static void
test_recovered (DynoTestKeyring *f,
                gconstpointer    unused)
{
  if (!dyno_test_keyring_start (f, "pw\n"))
    return;
  dyno_test_keyring_run_part_leaking ("/vault/subprocess/backed-up");
  dyno_test_keyring_lose (f);
  dyno_test_keyring_unlock (f, "pw\n");
  dyno_test_keyring_run_part_leaking ("/vault/subprocess/recovered");
}

#define ADD_KEYRING(path, function) \
  g_test_add (path, DynoTestKeyring, NULL, keyring_set_up, function, dyno_test_keyring_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/subprocess/no-service", part_no_service);
  g_test_add_func ("/vault/subprocess/first", part_first);
  g_test_add_func ("/vault/subprocess/again", part_again);
  g_test_add_func ("/vault/subprocess/vanished", part_vanished);
  g_test_add_func ("/vault/subprocess/locked", part_locked);
  g_test_add_func ("/vault/subprocess/backed-up", part_backed_up);
  g_test_add_func ("/vault/subprocess/recovered", part_recovered);
  ADD_KEYRING ("/vault/keyring/no-service", test_no_service);
  ADD_KEYRING ("/vault/keyring/locked", test_locked);
  ADD_KEYRING ("/vault/keyring/life", test_life);
  ADD_KEYRING ("/vault/keyring/recovered", test_recovered);
  DYNO_TEST_SHOP_ADD_QUIET ("/vault/keys-from-a-file", test_keys_from_a_file);
  DYNO_TEST_SHOP_ADD_QUIET ("/vault/bad-files", test_bad_files);
  DYNO_TEST_SHOP_ADD_QUIET ("/vault/another-key", test_another_key);
  DYNO_TEST_SHOP_ADD_QUIET ("/vault/credential", test_credential);
  DYNO_TEST_SHOP_ADD_QUIET ("/vault/secrets", test_secrets);
  DYNO_TEST_SHOP_ADD_QUIET ("/vault/changed-rows", test_changed_rows);
  DYNO_TEST_SHOP_ADD_QUIET ("/vault/nothing-in-the-clear", test_nothing_in_the_clear);

  return g_test_run ();
}
