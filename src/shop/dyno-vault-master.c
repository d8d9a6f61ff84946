/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-vault-master.h"

#include <string.h>

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-private-file.h"
#include "dyno-secret.h"

void
dyno_vault_place_clear (DynoVaultPlace *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->install, g_free);
}

void
dyno_vault_place_init (DynoVaultPlace *self,
                       const char     *path,
                       const char     *credential,
                       const char     *install)
{
  gboolean is_systemd = *path == '\0' && credential != NULL
                        && g_file_test (credential, G_FILE_TEST_EXISTS);

  self->path = g_strdup (is_systemd ? credential : path);
  self->install = g_strdup (install);
}

static GBytes *
read_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = dyno_private_file_read (path, 2 * DYNO_SECRET_KEY_SIZE + 1, &error);
  GBytes *key = NULL;
  gsize size = 0;
  const char *text = content != NULL ? g_bytes_get_data (content, &size) : NULL;

  if (size == 2 * DYNO_SECRET_KEY_SIZE + 1 && text[size - 1] == '\n')
    size--;
  if (size == 2 * DYNO_SECRET_KEY_SIZE)
    key = dyno_crypt_from_hex (text, size);
  if (key == NULL)
    g_message ("The master key was not read: %s",
               error != NULL ? error->message : "it is no 64 hexadecimal digits.");

  return key;
}

static DynoVaultState
state_of_error (const GError *error)
{
  if (g_error_matches (error, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    return DYNO_VAULT_ABSENT;

  return g_error_matches (error, DYNO_ERROR, DYNO_ERROR_DENIED) ? DYNO_VAULT_LOCKED
                                                                : DYNO_VAULT_NO_SERVICE;
}

static GBytes *
ask_keyring (const DynoVaultPlace *self,
             gboolean              may_make,
             DynoAwait            *await,
             GCancellable         *cancellable,
             DynoVaultState       *state)
{
  g_autoptr(GError) error = NULL;
  GBytes *master;

  dyno_secret_load_async (self->install, cancellable, dyno_await_cb, await);
  master = dyno_secret_load_finish (dyno_await_wait (await), &error);
  if (master == NULL && may_make && state_of_error (error) == DYNO_VAULT_ABSENT)
    {
      g_clear_error (&error);
      dyno_secret_create_async (self->install, cancellable, dyno_await_cb, await);
      master = dyno_secret_create_finish (dyno_await_wait (await), &error);
    }
  *state = master != NULL ? DYNO_VAULT_READY : state_of_error (error);

  return master;
}

GBytes *
dyno_vault_find_at (const DynoVaultPlace *self,
                    gboolean              may_make,
                    DynoAwait            *await,
                    GCancellable         *cancellable,
                    DynoVaultState       *state)
{
  GBytes *master;

  if (*self->path == '\0')
    return ask_keyring (self, may_make, await, cancellable, state);

  master = read_file (self->path);
  *state = master != NULL ? DYNO_VAULT_READY : DYNO_VAULT_BAD_FILE;

  return master;
}

static gboolean
write_file (const char  *path,
            GBytes      *master,
            GError     **error)
{
  g_autofree char *hex = dyno_crypt_hex (g_bytes_get_data (master, NULL), DYNO_SECRET_KEY_SIZE);
  g_autoptr(GError) cause = NULL;

  if (!g_file_set_contents_full (path, hex, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, &cause))
    dyno_error_set (error, DYNO_ERROR_UNAVAILABLE, "io", "The master key cannot be kept: %s.",
                    cause->message);
  dyno_crypt_wipe (hex, strlen (hex));

  return cause == NULL;
}

static gboolean
is_the_one_there (const DynoVaultPlace  *self,
                  GBytes                *master,
                  DynoAwait             *await,
                  GCancellable          *cancellable,
                  GError               **error)
{
  DynoVaultState state;
  g_autoptr(GBytes) there = dyno_vault_find_at (self, FALSE, await, cancellable, &state);

  if (there != NULL && g_bytes_equal (there, master))
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_CONFLICT, "master_key",
                  "There is another master key here already, so that of the backup was not kept. "
                  "Take the other one away first.");

  return FALSE;
}

gboolean
dyno_vault_put_at (const DynoVaultPlace  *self,
                   GBytes                *master,
                   DynoAwait             *await,
                   GCancellable          *cancellable,
                   GError               **error)
{
  g_autoptr(GError) cause = NULL;

  if (*self->path != '\0' && !g_file_test (self->path, G_FILE_TEST_EXISTS))
    return write_file (self->path, master, error);
  if (*self->path != '\0')
    return is_the_one_there (self, master, await, cancellable, error);

  dyno_secret_put_async (self->install, master, cancellable, dyno_await_cb, await);
  if (dyno_secret_put_finish (dyno_await_wait (await), &cause))
    return TRUE;
  if (g_error_matches (cause, DYNO_ERROR, DYNO_ERROR_CONFLICT))
    return is_the_one_there (self, master, await, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&cause));

  return FALSE;
}
