/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-known.h"

#include "dyno-error.h"
#include "dyno-import-describe.h"
#include "dyno-shop-private.h"

gboolean
dyno_import_is_new (const DynoErrand        *errand,
                    const DynoImportRequest *request,
                    const char              *sha256,
                    GError                 **error)
{
  DynoStore *store = errand->shop->store;
  g_autofree char *name = dyno_import_name (request);
  g_autoptr(DynoRun) earlier = NULL;
  g_autoptr(GError) cause = NULL;

  if (request->again)
    return TRUE;
  dyno_store_find_import_async (store, sha256, errand->cancellable, dyno_await_cb, errand->await);
  earlier = dyno_store_find_import_finish (store, dyno_await_wait (errand->await), &cause);
  if (earlier != NULL)
    dyno_error_set (error, DYNO_ERROR_CONFLICT, "import_duplicate",
                    "“%s” was imported before: it is run %" G_GINT64_FORMAT " (%s). Import it "
                    "again only if you want it twice.", name, earlier->number, earlier->id);
  else if (!g_error_matches (cause, DYNO_ERROR, DYNO_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    return TRUE;

  return FALSE;
}
