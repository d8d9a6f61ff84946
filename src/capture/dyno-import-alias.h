/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

#include "dyno-channel.h"
#include "dyno-import-name.h"

G_BEGIN_DECLS

/* What the columns of logs are called (formats.md A.7). A name must be an alias as
 * a whole: "Fuel Map" is no manifold pressure. */

typedef struct
{
  DynoChannel channel;
  guint       order;     /* place among the aliases of that channel, 0 first */
  gboolean    is_prefix; /* cut after 30 bytes, as JETDRIVE does */
  gboolean    is_last;   /* taken only where no other alias of the channel is there */
  const char *unit;      /* (nullable) that the alias itself names: "map kpa" */
} DynoImportAlias;

/* Lower case, one blank for "_", "-", "." and blanks, "air/fuel" for "a/f" and
 * "air fuel". (transfer full) */
char    *dyno_import_name_fold  (const char           *name);

/* FALSE when the name is no alias. Its channel is right for a target or for a
 * measurement, never for both. */
gboolean dyno_import_alias_find (const DynoImportName *name,
                                 DynoImportAlias      *alias);

/* True for names that say they hold λ, or AFR. */
gboolean dyno_import_name_says_lambda (const DynoImportName *name);
gboolean dyno_import_name_says_afr    (const DynoImportName *name);

/* "chan_<n>": a JETDRIVE channel without a name. */
gboolean dyno_import_name_is_numbered (const DynoImportName *name);

G_END_DECLS
