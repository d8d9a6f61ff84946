/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-banner.h"
#include "dyno-footer.h"
#include "dyno-history.h"
#include "dyno-jobs-button.h"
#include "dyno-notices.h"
#include "dyno-toasts.h"
#include "dyno-watch.h"
#include "dyno-window.h"

G_BEGIN_DECLS

/* What the files of the window share: dyno-window.c (pages, shop, size),
 * dyno-window-header.c (what stands above the page), dyno-window-actions.c. */

struct _DynoWindow
{
  AdwApplicationWindow  parent_instance;

  GSettings            *settings;       /* (owned) */
  DynoShop             *shop;           /* (owned) (nullable) */
  DynoWatch            *watch;          /* (owned) (nullable) with the shop */
  DynoNotices          *notices;        /* (owned) (nullable) likewise */
  DynoHistory          *history;        /* (owned) */
  DynoToasts           *toasts;         /* (owned) */
  gboolean              is_narrow;
  guint                 fold;           /* the sidebar is to follow; 0 not */
  gboolean              is_moving;      /* in history: it is not written */
  gboolean              is_simulator;   /* as the header says */

  GtkListBox           *sidebar_list;   /* template */
  GtkToggleButton      *sidebar_toggle;
  GtkStack             *stack;
  AdwWindowTitle       *title;
  DynoBanner           *banner;
  AdwToastOverlay      *toast_overlay;
  DynoFooter           *footer;
  DynoJobsButton       *jobs_button;
  GtkButton            *primary_button;
};

/* Title, suggested action, the word SIMULATOR: as the page in view and the dyno are. */
void     dyno_window_update_header   (DynoWindow     *self);

/* FALSE where there is no such page. A page that is shown from the history is not
 * written into it again. */
gboolean dyno_window_show_page       (DynoWindow     *self,
                                      const char     *name);
void     dyno_window_go_back         (DynoWindow     *self);
void     dyno_window_go_forward      (DynoWindow     *self);

void     dyno_window_install_actions (GtkWidgetClass *widget_class);

G_END_DECLS
