/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-config.h"

G_BEGIN_DECLS

/* The inside of the settings: table, judges, sources. */

extern const DynoConfigRow dyno_config_table[];

struct _DynoConfig
{
  gatomicrefcount    refs;
  GMutex             lock;
  gsize              n_rows;
  char             **values;   /* (owned) n_rows, each (nullable): below the window */
  DynoConfigOrigin  *origins;  /* (owned) n_rows */
  char             **window;   /* (owned) n_rows, each (nullable) (lock) */
  GPtrArray         *warnings; /* (owned) sentences */
};

/* Would `text` do for the row? INVALID "config"; a secret is never repeated. */
gboolean dyno_config_check_row   (const DynoConfigRow  *row,
                                  const char           *text,
                                  GError              **error);
gboolean dyno_config_parse_boolean (const char         *text,
                                    gboolean           *value);
gboolean dyno_config_parse_number  (const char         *text,
                                    double             *value);

/* What file and environment say. */
gboolean dyno_config_take_file   (DynoConfig           *self,
                                  const char           *path,
                                  GError              **error);
gboolean dyno_config_take_environment (DynoConfig         *self,
                                       const char *const  *env,
                                       GError            **error);

/* What no value alone shows: what may be switched off on this machine alone. */
gboolean dyno_config_judge_whole (DynoConfig           *self,
                                  GError              **error);

/* Judges: what is wrong with a text, as the end of a sentence, or NULL. (transfer
 * full) (nullable) The empty text is good unless the judge says otherwise. */
char *dyno_config_judge_address   (const DynoConfigRow *row, const char *text); /* of a service: https, or http here */
char *dyno_config_judge_addresses (const DynoConfigRow *row, const char *text); /* at least one */
char *dyno_config_judge_database  (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_group     (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_hosts     (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_keys      (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_locale    (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_option    (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_origins   (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_proxies   (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_rates     (const DynoConfigRow *row, const char *text);
char *dyno_config_judge_scopes    (const DynoConfigRow *row, const char *text);

G_END_DECLS
