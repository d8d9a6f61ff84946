/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The settings of the program: one typed table, and for each key the value of
 * the strongest source that names it: default < file < environment < window.
 *
 * The file is <config>/dynoai.conf, a GKeyFile; the group is the key's first
 * word. A key nobody knows, or a value out of its bounds, refuses the load with
 * DYNO_ERROR_INVALID, reason "config", and a sentence that names key, value and
 * bounds; so do values that are good each and not together. Keys marked "boot" come from file or environment only and need a new
 * start; the rest may be set in the window and take effect at once.
 *
 * Any thread. */

typedef struct _DynoConfig DynoConfig;

typedef enum
{
  DYNO_CONFIG_BOOLEAN,
  DYNO_CONFIG_INTEGER,
  DYNO_CONFIG_NUMBER,
  DYNO_CONFIG_TEXT,   /* high: the longest length in bytes */
  DYNO_CONFIG_CHOICE, /* one of `choices` */
  DYNO_CONFIG_FOLDER, /* an absolute path, or empty */
  DYNO_CONFIG_SECRET, /* text that is never shown again */
} DynoConfigType;

typedef enum
{
  DYNO_CONFIG_FROM_DEFAULT,
  DYNO_CONFIG_FROM_FILE,
  DYNO_CONFIG_FROM_ENVIRONMENT,
  DYNO_CONFIG_FROM_WINDOW,
} DynoConfigOrigin;

typedef struct _DynoConfigRow DynoConfigRow;

struct _DynoConfigRow
{
  const char     *key;         /* "capture.port" */
  const char     *environment; /* "JETDRIVE_PORT"; more than one with '|' between */
  DynoConfigType  type;
  const char     *value;       /* the default */
  double          low;         /* of a number, both ends included */
  double          high;
  const char     *choices;     /* '|' between */
  gboolean        is_boot;
  const char     *meaning;     /* a sentence for templates, help and window */
  char         *(*judge) (const DynoConfigRow *row, /* (nullable) of a text's form: what is */
                          const char *text);        /* wrong, or NULL */
  const char     *form;        /* (nullable) that form, for people */
};

/* The table, ended by a row without a key. */
const DynoConfigRow *dyno_config_rows        (void);
const DynoConfigRow *dyno_config_find_row    (const char        *key); /* (nullable) */

/* `path` may be NULL or a file that is not there: then nothing is read. `env`
 * is an environment as g_get_environ () gives it; NULL for an empty one. */
DynoConfig          *dyno_config_load        (const char        *path,
                                              const char *const *env,
                                              GError           **error);
/* What the environment says to no effect: sentences. (element-type utf8) (transfer none) */
GPtrArray           *dyno_config_get_warnings (DynoConfig       *self);
DynoConfig          *dyno_config_ref         (DynoConfig        *self);
void                 dyno_config_unref       (DynoConfig        *self);

/* The value as text; never NULL for a key of the table. (transfer full) */
char                *dyno_config_dup         (DynoConfig        *self,
                                              const char        *key);
/* The same for people and logs: of a secret only that it is set. (transfer full) */
char                *dyno_config_dup_shown   (DynoConfig        *self,
                                              const char        *key);
/* The entries between commas, without blanks and empty ones. (transfer full) */
char               **dyno_config_dup_list    (DynoConfig        *self,
                                              const char        *key);
gboolean             dyno_config_get_boolean (DynoConfig        *self,
                                              const char        *key);
gint64               dyno_config_get_integer (DynoConfig        *self,
                                              const char        *key);
/* NaN for an empty number. */
double               dyno_config_get_number  (DynoConfig        *self,
                                              const char        *key);
DynoConfigOrigin     dyno_config_get_origin  (DynoConfig        *self,
                                              const char        *key);
const char          *dyno_config_origin_name (DynoConfigOrigin   origin);

/* What a value of the row may be: "a whole number from 1 to 65535". (transfer full) */
char                *dyno_config_describe_bounds (const DynoConfigRow *row);

/* A file to begin with, every setting explained in place: "development", "staging" or
 * "production"; NULL for another name. (transfer full) (nullable) */
char                *dyno_config_template    (const char        *name);

/* Would `text` do for the key? */
gboolean             dyno_config_check       (const char        *key,
                                              const char        *text,
                                              GError           **error);

/* That nothing is set which is for this machine alone, while others are let in. INVALID
 * "config". */
gboolean             dyno_config_check_open  (DynoConfig        *self,
                                              GError           **error);

/* The window's value; NULL takes it back. Refused for boot keys
 * (DYNO_ERROR_DENIED, "config_boot"), for unknown ones (NOT_FOUND) and for bad
 * values. The caller keeps it in the store. */
gboolean             dyno_config_set         (DynoConfig        *self,
                                              const char        *key,
                                              const char        *text,
                                              GError           **error);

/* The same for several, all or none: what they say is judged together. */
gboolean             dyno_config_set_all     (DynoConfig        *self,
                                              guint              n,
                                              const char *const *keys,
                                              const char *const *texts, /* each (nullable) */
                                              GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoConfig, dyno_config_unref)

/* Where the program keeps its things. With a folder of its own (--data-dir or
 * DYNOAI_DATA_DIR) all of them are that folder. */
typedef struct
{
  char *data;   /* database, journals, sources, backups */
  char *config; /* dynoai.conf */
  char *state;  /* logs */
} DynoFolders;

/* `data_dir` may be NULL: then the environment, then the XDG folders. */
DynoFolders         *dyno_folders_new        (const char        *data_dir,
                                              const char *const *env);
/* The folder that the settings name, in store.data_dir or by the database's address;
 * empty: none. (transfer full) */
char                *dyno_config_dup_data_dir (DynoConfig       *config);
void                 dyno_folders_free       (DynoFolders       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoFolders, dyno_folders_free)

G_END_DECLS
