/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-secret.h"

#include "dyno-crypt-seal.h"
#include "dyno-crypt-text.h"
#include "dyno-crypt.h"
#include "dyno-error.h"

#include <libsecret/secret.h>
#include <string.h>

/* A lookup in a locked keyring answers "nothing" without an error, so the state
 * is asked of the service first: is it there, is its default collection open.
 * libsecret's own file backend (Flatpak, tests) has neither and is open. */

static const SecretSchema *
get_schema (void)
{
  static const SecretSchema schema = {
    "org.dynoai.DynoAI",
    SECRET_SCHEMA_NONE,
    { { "install", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
  };

  return &schema;
}

const char *
dyno_secret_state_name (DynoSecretState state)
{
  static const char *const names[] = { "ready", "no_service", "locked", "absent" };

  return names[state];
}

const char *
dyno_secret_state_advice (DynoSecretState state)
{
  switch (state)
    {
    case DYNO_SECRET_NO_SERVICE:
      return "No keyring answers: start a desktop session or gnome-keyring-daemon.";
    case DYNO_SECRET_LOCKED:
      return "The keyring is locked: unlock it with the login password.";
    case DYNO_SECRET_ABSENT:
      return "The keyring is open and holds no key of this data folder yet.";
    case DYNO_SECRET_READY:
    default:
      return "The keyring is open and holds the key of this data folder.";
    }
}

const char *
dyno_secret_state_fix (DynoSecretState state)
{
  if (state == DYNO_SECRET_NO_SERVICE)
    return "Start a desktop session or gnome-keyring-daemon.";

  return state == DYNO_SECRET_LOCKED ? "Unlock the keyring with the login password." : NULL;
}

static gboolean
uses_file_backend (void)
{
  return g_strcmp0 (g_getenv ("SECRET_BACKEND"), "file") == 0;
}

/* READY here means only: open. */
static DynoSecretState
probe_service (GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretService) service = NULL;
  g_autoptr(SecretCollection) collection = NULL;

  if (uses_file_backend ())
    return DYNO_SECRET_READY;

  /* What libsecret knows of an earlier look may have changed: a keyring that was
   * locked then, a daemon that has started anew. */
  secret_service_disconnect ();
  service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, cancellable, &error);
  if (service == NULL)
    return DYNO_SECRET_NO_SERVICE;

  collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                                 SECRET_COLLECTION_NONE, cancellable, &error);
  if (collection == NULL)
    return error != NULL ? DYNO_SECRET_NO_SERVICE : DYNO_SECRET_LOCKED;

  return secret_collection_get_locked (collection) ? DYNO_SECRET_LOCKED : DYNO_SECRET_READY;
}

/* NULL with the state where there is no key. */
static GBytes *
look_up (const char      *install,
         GCancellable    *cancellable,
         DynoSecretState *state)
{
  g_autoptr(GError) error = NULL;
  char *text;
  GBytes *key = NULL;

  *state = probe_service (cancellable);
  if (*state != DYNO_SECRET_READY)
    return NULL;

  text = secret_password_lookup_sync (get_schema (), cancellable, &error, "install", install, NULL);
  if (text == NULL)
    {
      *state = error != NULL ? DYNO_SECRET_NO_SERVICE : DYNO_SECRET_ABSENT;
      return NULL;
    }

  if (strlen (text) == 2 * DYNO_SECRET_KEY_SIZE)
    key = dyno_crypt_from_hex (text, strlen (text));
  secret_password_free (text);
  if (key == NULL)
    *state = DYNO_SECRET_ABSENT;

  return key;
}

static void
return_state_error (GTask           *task,
                    DynoSecretState  state)
{
  static const struct
  {
    DynoErrorCode code;
    const char   *reason;
  } kinds[] = {
    [DYNO_SECRET_READY] = { DYNO_ERROR_INTERNAL, NULL },
    [DYNO_SECRET_NO_SERVICE] = { DYNO_ERROR_UNAVAILABLE, "keyring_absent" },
    [DYNO_SECRET_LOCKED] = { DYNO_ERROR_DENIED, "keyring_locked" },
    [DYNO_SECRET_ABSENT] = { DYNO_ERROR_NOT_FOUND, "secret_absent" },
  };
  GError *error = NULL;

  dyno_error_set (&error, kinds[state].code, kinds[state].reason, "%s",
                  dyno_secret_state_advice (state));
  g_task_return_error (task, error);
}

static void
probe_thread (GTask        *task,
              gpointer      source,
              gpointer      install,
              GCancellable *cancellable)
{
  DynoSecretState state;
  g_autoptr(GBytes) key = look_up (install, cancellable, &state);

  g_task_return_int (task, state);
}

static void
load_thread (GTask        *task,
             gpointer      source,
             gpointer      install,
             GCancellable *cancellable)
{
  DynoSecretState state;
  GBytes *key = look_up (install, cancellable, &state);

  if (key == NULL)
    return_state_error (task, state);
  else
    g_task_return_pointer (task, key, (GDestroyNotify) g_bytes_unref);
}

static gboolean
store_key (const char    *install,
           const guint8  *key,
           GCancellable  *cancellable)
{
  g_autofree char *text = dyno_crypt_hex (key, DYNO_SECRET_KEY_SIZE);
  g_autoptr(GError) error = NULL;
  gboolean is_stored
    = secret_password_store_sync (get_schema (), SECRET_COLLECTION_DEFAULT, "DynoAI master key",
                                  text, cancellable, &error, "install", install, NULL);

  dyno_crypt_wipe (text, 2 * DYNO_SECRET_KEY_SIZE);

  return is_stored;
}

static void
store_new_key (GTask        *task,
               const char   *install,
               GCancellable *cancellable)
{
  guint8 key[DYNO_SECRET_KEY_SIZE];

  dyno_crypt_random (key, sizeof key);
  if (store_key (install, key, cancellable))
    g_task_return_pointer (task, dyno_crypt_secret_new (key, sizeof key),
                           (GDestroyNotify) g_bytes_unref);
  else
    return_state_error (task, DYNO_SECRET_LOCKED);
  dyno_crypt_wipe (key, sizeof key);
}

/* Is there room for one? Else the task has its error. */
static gboolean
is_absent (GTask        *task,
           const char   *install,
           GCancellable *cancellable)
{
  DynoSecretState state;
  g_autoptr(GBytes) old = look_up (install, cancellable, &state);

  if (old == NULL && state == DYNO_SECRET_ABSENT)
    return TRUE;
  if (old != NULL)
    g_task_return_new_error (task, DYNO_ERROR, DYNO_ERROR_CONFLICT,
                             "The keyring holds a key of this data folder already.");
  else
    return_state_error (task, state);

  return FALSE;
}

static void
create_thread (GTask        *task,
               gpointer      source,
               gpointer      install,
               GCancellable *cancellable)
{
  if (is_absent (task, install, cancellable))
    store_new_key (task, install, cancellable);
}

static void
run (const char          *install,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data,
     GTaskThreadFunc      thread)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (install), g_free);
  g_task_run_in_thread (task, thread);
}

void
dyno_secret_probe_async (const char          *install,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  run (install, cancellable, callback, user_data, probe_thread);
}

DynoSecretState
dyno_secret_probe_finish (GAsyncResult *result)
{
  gssize state = g_task_propagate_int (G_TASK (result), NULL);

  return state < 0 ? DYNO_SECRET_NO_SERVICE : (DynoSecretState) state;
}

void
dyno_secret_load_async (const char          *install,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  run (install, cancellable, callback, user_data, load_thread);
}

GBytes *
dyno_secret_load_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
dyno_secret_create_async (const char          *install,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  run (install, cancellable, callback, user_data, create_thread);
}

GBytes *
dyno_secret_create_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  char   *install;
  GBytes *key;
} Put;

static void
put_free (gpointer data)
{
  Put *put = data;

  g_free (put->install);
  g_bytes_unref (put->key);
  g_free (put);
}

static void
put_thread (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  const Put *put = data;

  if (!is_absent (task, put->install, cancellable))
    return;
  if (store_key (put->install, g_bytes_get_data (put->key, NULL), cancellable))
    g_task_return_boolean (task, TRUE);
  else
    return_state_error (task, DYNO_SECRET_LOCKED);
}

void
dyno_secret_put_async (const char          *install,
                       GBytes              *key,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Put *put = g_new0 (Put, 1);

  g_return_if_fail (g_bytes_get_size (key) == DYNO_SECRET_KEY_SIZE);

  put->install = g_strdup (install);
  put->key = g_bytes_ref (key);
  g_task_set_task_data (task, put, put_free);
  g_task_run_in_thread (task, put_thread);
}

gboolean
dyno_secret_put_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
