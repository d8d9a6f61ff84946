/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-config-private.h"

#include <string.h>

/* A file to begin with: every setting explained in place. */

typedef struct
{
  const char *key;
  const char *value;
} Choice;

typedef struct
{
  const char   *name;
  const char   *purpose;
  const Choice *choices; /* ends with a row without key */
} Template;

static const Choice development[] = {
  { "server.environment", "development" },
  { "auth.enabled", "false" },
  { "limit.enabled", "false" },
  { "log.level", "DEBUG" },
  { "log.format", "text" },
  { "trace.sample", "1" },
  { "capture.simulator", "true" },
  { NULL },
};

static const Choice staging[] = {
  { "server.environment", "staging" },
  { "server.host", "127.0.0.1,::1,0.0.0.0" },
  { "log.level", "DEBUG" },
  { "trace.sample", "1" },
  { "capture.simulator", "true" },
  { NULL },
};

static const Choice production[] = {
  { "server.environment", "production" },
  { "server.host", "127.0.0.1,::1" },
  { "auth.enabled", "true" },
  { "auth.registration", "invite" },
  { "limit.enabled", "true" },
  { "store.backup_hour", "3" },
  { "log.level", "INFO" },
  { "capture.simulator", "false" },
  { NULL },
};

static const Template templates[] = {
  { "development", "For a developer's own machine: no passwords, much is logged, a simulated dyno.",
    development },
  { "staging", "For trying a new version: open to the LAN, much is logged, a simulated dyno.",
    staging },
  { "production", "For a shop. To open the service to tablets, add 0.0.0.0 to server.host.",
    production },
};

static const char *
choice_of (const Template *template,
           const char     *key)
{
  for (const Choice *choice = template->choices; choice->key != NULL; choice++)
    {
      if (g_str_equal (choice->key, key))
        return choice->value;
    }

  return NULL;
}

static void
write_group (GString             *text,
             const DynoConfigRow *row,
             char               **group)
{
  g_autofree char *own = g_strndup (row->key, strcspn (row->key, "."));

  if (g_strcmp0 (own, *group) == 0)
    return;

  g_string_append_printf (text, "\n[%s]\n", own);
  g_free (*group);
  *group = g_steal_pointer (&own);
}

static void
write_variables (GString             *text,
                 const DynoConfigRow *row)
{
  g_auto(GStrv) names = g_strsplit (row->environment, "|", -1);
  g_autofree char *joined = g_strjoinv (" or ", names);

  g_string_append_printf (text, "# Variable: %s\n", joined);
}

/* What the template does not choose stands there as a comment, with its default. */
static void
write_row (GString             *text,
           const Template      *template,
           const DynoConfigRow *row)
{
  const char *chosen = choice_of (template, row->key);
  g_autofree char *bounds = dyno_config_describe_bounds (row);

  g_string_append_printf (text, "\n# %s\n# Value: %s", row->meaning, bounds);
  if (*row->value != '\0')
    g_string_append_printf (text, "; without it %s", row->value);
  g_string_append_c (text, '\n');
  write_variables (text, row);
  g_string_append_printf (text, "%s%s=%s\n", chosen != NULL ? "" : "#",
                          strchr (row->key, '.') + 1, chosen != NULL ? chosen : row->value);
}

char *
dyno_config_template (const char *name)
{
  const Template *template = NULL;
  g_autoptr(GString) text = g_string_new ("# Settings of DynoAI: <config>/dynoai.conf, or --config.\n");
  g_autofree char *group = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      if (g_strcmp0 (templates[i].name, name) == 0)
        template = &templates[i];
    }
  if (template == NULL)
    return NULL;

  g_string_append_printf (text, "# %s\n# The environment is stronger than this file, the window "
                                "stronger than both.\n", template->purpose);
  for (const DynoConfigRow *row = dyno_config_table; row->key != NULL; row++)
    {
      write_group (text, row, &group);
      write_row (text, template, row);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
