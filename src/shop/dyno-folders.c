/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config.h"

#include <string.h>

#define SQLITE "sqlite:///"

char *
dyno_config_dup_data_dir (DynoConfig *config)
{
  g_autofree char *folder = dyno_config_dup (config, "store.data_dir");
  g_autofree char *url = dyno_config_dup (config, "store.url");

  if (*folder == '\0' && g_str_has_prefix (url, SQLITE))
    return g_path_get_dirname (url + strlen (SQLITE));

  return g_steal_pointer (&folder);
}

static char *
xdg_folder (const char *const *env,
            const char        *variable,
            const char        *below_home)
{
  const char *root = g_environ_getenv ((char **) env, variable);
  const char *home = g_environ_getenv ((char **) env, "HOME");

  if (root != NULL && g_path_is_absolute (root))
    return g_build_filename (root, "dynoai", NULL);

  return g_build_filename (home != NULL ? home : g_get_home_dir (), below_home, "dynoai", NULL);
}

DynoFolders *
dyno_folders_new (const char        *data_dir,
                  const char *const *env)
{
  DynoFolders *self = g_new0 (DynoFolders, 1);

  if (data_dir == NULL)
    data_dir = g_environ_getenv ((char **) env, "DYNOAI_DATA_DIR");
  if (data_dir != NULL && *data_dir != '\0')
    {
      self->data = g_canonicalize_filename (data_dir, NULL);
      self->config = g_strdup (self->data);
      self->state = g_strdup (self->data);
      return self;
    }

  self->data = xdg_folder (env, "XDG_DATA_HOME", ".local/share");
  self->config = xdg_folder (env, "XDG_CONFIG_HOME", ".config");
  self->state = xdg_folder (env, "XDG_STATE_HOME", ".local/state");

  return self;
}

void
dyno_folders_free (DynoFolders *self)
{
  if (self == NULL)
    return;

  g_free (self->data);
  g_free (self->config);
  g_free (self->state);
  g_free (self);
}
