/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-await.h"
#include "dyno-config.h"
#include "dyno-face.h"
#include "dyno-shop.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* One call of dynoctl: what the command line said and what the verb needs. All
 * of it belongs to the main thread. A verb is straight code that waits for its
 * answers with `await`, or for news with dyno_ctl_wait (); while it waits, Ctrl-C
 * is heard. */

typedef struct
{
  gboolean       is_json;      /* --json */
  gboolean       is_quiet;     /* -q */
  gboolean       is_verbose;   /* -v */
  const char    *data_dir;     /* (borrowed) (nullable) --data-dir */
  const char    *config_path;  /* (borrowed) (nullable) --config */
  const char    *verb;         /* (borrowed) "runs" */
  const char    *sub;          /* (borrowed) (nullable) "list" of "runs list" */
  char         **arguments;    /* (borrowed) after verb and options, ends with NULL */
  DynoFolders   *folders;      /* (owned) */
  DynoConfig    *config;       /* (owned) (nullable) by dyno_ctl_load_config () */
  DynoShop      *shop;         /* (owned) (nullable) by dyno_ctl_open_shop () */
  char          *socket_path;  /* (owned) (nullable) by dyno_remote_find () */
  const DynoFace *face;        /* (borrowed) the service, for serve */
  DynoAwait     *await;        /* (owned) */
  GCancellable  *cancellable;  /* (owned) cancelled by the first Ctrl-C */
  guint          n_interrupts; /* times that Ctrl-C was pressed */
} DynoCtl;

/* What the command line says of all verbs. */
typedef struct
{
  gboolean  is_json;
  gboolean  is_quiet;
  gboolean  is_verbose;
  char     *data_dir;
  char     *config_path;
  const DynoFace *face; /* (borrowed) the service */
} DynoCtlOptions;

DynoCtl    *dyno_ctl_new          (const DynoCtlOptions  *options,
                                   const char            *verb,
                                   const char            *sub,
                                   char                 **arguments);
/* The shop must have been closed. */
void        dyno_ctl_free         (DynoCtl               *ctl);

/* Default < file < environment, with a failure that names the key. */
gboolean    dyno_ctl_load_config  (DynoCtl               *ctl,
                                   GError               **error);
/* The shop, opened at the first call; what keeps the data folder from being used
 * is the error. Its settings are those of the call from then on. */
DynoShop   *dyno_ctl_open_shop    (DynoCtl               *ctl,
                                   DynoShopFlags          flags,
                                   GError               **error);
/* The same, listening on that interface whatever the settings say (NULL: as they
 * say). */
DynoShop   *dyno_ctl_open_shop_on (DynoCtl               *ctl,
                                   DynoShopFlags          flags,
                                   const char            *interface,
                                   GError               **error);
/* The shop without its capture, and its vault open. DENIED "keyring_…" with the vault's
 * advice where it does not open. */
DynoShop   *dyno_ctl_open_vault   (DynoCtl               *ctl,
                                   GError               **error);
/* Ends what is in hand. Nothing where none is open. */
gboolean    dyno_ctl_close_shop   (DynoCtl               *ctl,
                                   GError               **error);

guint       dyno_ctl_n_arguments  (DynoCtl               *ctl);
/* `what` names what must be there: "a run or a file". */
gboolean    dyno_ctl_want         (DynoCtl               *ctl,
                                   guint                  at_least,
                                   guint                  at_most,
                                   const char            *what,
                                   GError               **error);
/* TRUE for a finite number within both ends. */
gboolean    dyno_ctl_check_number (const char            *option,
                                   double                 value,
                                   double                 low,
                                   double                 high,
                                   GError               **error);

/* The set of units that the settings ask for; metric before they were read. */
DynoUnitSet dyno_ctl_units        (DynoCtl               *ctl);

/* Ctrl-C was pressed, or nobody reads the output any more. */
gboolean    dyno_ctl_is_over      (DynoCtl               *ctl);

/* Lets events come in until `is_done` answers TRUE, which is then the answer, or
 * `seconds` passed (negative: never), or the call is over. `is_done` is asked
 * after each event. */
gboolean    dyno_ctl_wait         (DynoCtl               *ctl,
                                   gboolean             (*is_done) (gpointer),
                                   gpointer               data,
                                   double                 seconds);

/* The same for the end of a call: only a second Ctrl-C cuts it short. */
gboolean    dyno_ctl_wait_out     (DynoCtl               *ctl,
                                   gboolean             (*is_done) (gpointer),
                                   gpointer               data,
                                   double                 seconds);

/* Runs blocking work beside the main thread, which goes on hearing Ctrl-C. */
typedef gboolean (*DynoCtlWork)   (gpointer               data,
                                   GCancellable          *cancellable,
                                   GError               **error);
gboolean    dyno_ctl_work         (DynoCtl               *ctl,
                                   DynoCtlWork            work,
                                   gpointer               data,
                                   GError               **error);

G_END_DECLS
