/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-runs-page.h"

#include "dyno-run-search.h"
#include "dyno-run-table.h"
#include "dyno-run-view.h"

G_BEGIN_DECLS

/* What the files of the page share. */

struct _DynoRunsPage
{
  DynoPage         parent_instance;

  GSettings       *settings;     /* (owned) (nullable) */
  DynoRunList     *list;         /* (owned) */
  DynoVehicleList *vehicles;     /* (owned) */
  GPtrArray       *deleted;      /* (owned) of GStrv: what Undo brings back, the newest last */
  char            *wanted;       /* (owned) (nullable) id of a run to be shown once it is listed */
  DynoRunSort      sort;
  gboolean         is_trash;
  gboolean         is_full;      /* the run has the page, the list is out of sight */
  gboolean         is_wanted_new; /* the list was read for the sake of `wanted` */
  guint            select_after; /* place to be selected when the selected ones left */
  guint            show_id;      /* source: the run follows the selection; 0 none */

  GtkPaned        *paned;        /* template */
  GtkWidget       *list_side;
  DynoRunSearch   *search;
  GtkButton       *compare;
  GtkLabel        *selected;
  DynoRunTable    *table;
  GtkLabel        *count;
  DynoRunView     *view;
};

/* dyno-runs-page.c */

/* The selected runs, or the one that is shown where none is. (transfer full) of
 * DynoRunItem */
GPtrArray *dyno_runs_page_get_items   (DynoRunsPage   *self);
/* Shows what is selected; `is_full`: with the whole page. */
void       dyno_runs_page_show_items  (DynoRunsPage   *self,
                                       GPtrArray      *items);
void       dyno_runs_page_set_full    (DynoRunsPage   *self,
                                       gboolean        is_full);
/* A run by its id, wherever it is listed. */
void       dyno_runs_page_show_run    (DynoRunsPage   *self,
                                       const char     *run_id);
void       dyno_runs_page_update_actions (DynoRunsPage *self);

/* dyno-runs-actions.c */

void       dyno_runs_page_install_actions (GtkWidgetClass *widget_class);
/* One field of a run (transfer full), as `fields` says; told if it goes wrong. */
void       dyno_runs_page_edit        (DynoRunsPage   *self,
                                       DynoRun        *run,
                                       DynoRunFields   fields);
void       dyno_runs_page_assign      (DynoRunsPage   *self,
                                       const char     *vehicle_id);
void       dyno_runs_page_create_vehicle (DynoRunsPage *self,
                                       const char     *label);
void       dyno_runs_page_star        (DynoRunsPage   *self,
                                       GPtrArray      *items);

/* dyno-runs-export.c */

void       dyno_runs_page_export      (DynoRunsPage   *self);
void       dyno_runs_page_copy        (DynoRunsPage   *self);

/* dyno-runs-import.c */

/* `files` (nullable) of GFile; without it the person is asked. */
void       dyno_runs_page_import      (DynoRunsPage   *self,
                                       GListModel     *files);

G_END_DECLS
