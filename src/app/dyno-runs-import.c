/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-runs-page-private.h"

#include "dyno-compat.h"
#include "dyno-run-import-window.h"

#include <glib/gi18n.h>

static void
show_run_cb (DynoRunsPage *self,
             const char   *run_id)
{
  dyno_runs_page_show_run (self, run_id);
}

static void
open_window (DynoRunsPage *self,
             GListModel   *files)
{
  GtkWidget *window = dyno_run_import_window_new (dyno_page_get_shop (DYNO_PAGE (self)),
                                                  self->vehicles);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_signal_connect_object (window, "show-run", G_CALLBACK (show_run_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  dyno_run_import_window_add_files (DYNO_RUN_IMPORT_WINDOW (window), files);
  gtk_window_present (GTK_WINDOW (window));
}

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoRunsPage) self = user_data;
  g_autoptr(GListModel) files = dyno_compat_files_finish (result, NULL);

  if (files != NULL && self->view != NULL)
    open_window (self, files);
}

void
dyno_runs_page_import (DynoRunsPage *self,
                       GListModel   *files)
{
  if (files != NULL)
    open_window (self, files);
  else
    dyno_compat_open_async (GTK_WIDGET (self), _ ("Import Logs"), NULL,
                            dyno_page_get_cancellable (DYNO_PAGE (self)), chosen_cb,
                            g_object_ref (self));
}
