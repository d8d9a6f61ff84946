/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-channel-table.h"
#include "dyno-layouts.h"
#include "dyno-live-page.h"
#include "dyno-no-dyno.h"
#include "dyno-preflight-runner.h"
#include "dyno-provider-picker.h"
#include "dyno-state-word.h"
#include "dyno-strip.h"
#include "dyno-tile-grid.h"
#include "dyno-vehicle-picker.h"
#include "dyno-watch.h"

G_BEGIN_DECLS

/* What the files of the page share: dyno-live-page.c (the page), dyno-live-actions.c
 * (a pull), dyno-live-setup.c (dyno, vehicle, link), dyno-live-layout.c (what is seen). */

struct _DynoLivePage
{
  DynoPage             parent_instance;

  GSettings           *settings;   /* (owned) */
  DynoWatch           *watch;      /* (owned) */
  DynoLayouts         *layouts;    /* (owned) */
  DynoChannelList     *channels;   /* (owned) of the table; moves while that is seen */
  DynoVehicleList     *vehicles;   /* (owned) */
  DynoPreflightRunner *runner;     /* (owned) */
  char                *checked;    /* (owned) (nullable) provider that was preflighted on connect */
  char                *said_run;   /* (owned) (nullable) the run that was said to be saved */
  char                *said_discard; /* (owned) (nullable) likewise, discarded */
  DynoArmPhase         phase;      /* as shown */
  gboolean             is_armed;   /* likewise */
  guint                tick;       /* ten times a second while mapped; 0 none */

  GtkBox              *bar;        /* template */
  GtkBox              *choices;
  DynoProviderPicker  *provider;
  DynoVehiclePicker   *vehicle;
  GtkButton           *preflight;
  GtkMenuButton       *layout_button;
  DynoStateWord       *state;
  GtkStack            *stack;
  DynoNoDyno          *no_dyno;
  GtkWidget           *numbers;    /* round the tiles */
  GtkStack            *shown;      /* tiles or table */
  DynoTileGrid        *tiles;
  DynoChannelTable    *table;
  DynoStrip           *strip;
  GtkBox              *buttons;
  GtkButton           *arm;
  GtkButton           *record;
};

typedef struct
{
  const char                 *name;
  const char                 *parameter; /* (nullable) its type */
  GtkWidgetActionActivateFunc activate;
} DynoLiveAction;

/* A window of the page: in front of its window, gone with it. */
void dyno_live_page_present    (DynoLivePage   *self,
                                GtkWidget      *window);
/* Where each thing stands is seen by the watch; an answer is only looked at for what
 * went wrong. */
void dyno_live_page_take_error (DynoLivePage   *self,
                                const GError   *error);

/* The words of the buttons follow the state. */
void dyno_live_actions_install (GtkWidgetClass *widget_class);
void dyno_live_actions_update  (DynoLivePage   *self);
/* Runs the preflight by itself when a dyno has just connected. */
void dyno_live_actions_connect (DynoLivePage   *self);

void dyno_live_setup_install   (GtkWidgetClass *widget_class);

void dyno_live_layout_install  (GtkWidgetClass *widget_class);
void dyno_live_layout_start    (DynoLivePage   *self);
/* The table's numbers; ten times a second is enough. */
void dyno_live_layout_update   (DynoLivePage   *self);
/* Into the strip chart, or out of it. */
void dyno_live_layout_toggle   (DynoLivePage   *self,
                                int             pane,
                                const char     *source);

G_END_DECLS
