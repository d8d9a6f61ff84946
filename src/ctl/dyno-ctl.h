/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-await.h"
#include "dyno-config.h"

G_BEGIN_DECLS

/* One call of dynoctl: what the command line said and what the verb needs. All
 * of it belongs to the main thread; a verb is straight code that waits for its
 * answers with `await`. */

/* Exit statuses of cli.md. */
enum
{
  DYNO_EXIT_DONE = 0,
  DYNO_EXIT_FAILED = 1,
  DYNO_EXIT_USAGE = 2,
  DYNO_EXIT_BAD_INPUT = 3,
  DYNO_EXIT_NOT_FOUND = 4,
  DYNO_EXIT_CONFLICT = 5,
  DYNO_EXIT_DENIED = 6,
  DYNO_EXIT_UNAVAILABLE = 7,
  DYNO_EXIT_INTERRUPTED = 130,
};

typedef struct
{
  gboolean       is_json;      /* --json */
  gboolean       is_quiet;     /* -q */
  gboolean       is_verbose;   /* -v */
  const char    *data_dir;     /* (borrowed) (nullable) --data-dir */
  const char    *config_path;  /* (borrowed) (nullable) --config */
  const char    *sub;          /* (borrowed) (nullable) "list" of "runs list" */
  char         **arguments;    /* (borrowed) after verb and options, ends with NULL */
  DynoFolders   *folders;      /* (owned) */
  DynoConfig    *config;       /* (owned) (nullable) by dyno_ctl_load_config () */
  DynoAwait     *await;        /* (owned) */
  GCancellable  *cancellable;  /* (owned) cancelled by Ctrl-C */
} DynoCtl;

/* Parses, runs the verb, prints the failure; the answer is the exit status. */
int      dyno_ctl_main        (int           argc,
                               char        **argv);

/* Default < file < environment, with a failure that names the key. */
gboolean dyno_ctl_load_config (DynoCtl      *ctl,
                               GError      **error);

guint    dyno_ctl_n_arguments (DynoCtl      *ctl);

/* What the command line lacks or has too much: a sentence and exit status 2. */
void     dyno_ctl_set_usage   (GError      **error,
                               const char   *format,
                               ...) G_GNUC_PRINTF (2, 3);

/* Exit status of a failure. */
int      dyno_ctl_exit_status (const GError *error);

G_END_DECLS
