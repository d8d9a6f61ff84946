/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

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

/* What dyno-live-page.c (the page) and dyno-live-actions.c (what it does) share. */

struct _DynoLivePage
{
  DynoPage             parent_instance;

  GSettings           *settings;   /* (owned) */
  DynoWatch           *watch;      /* (owned) */
  DynoLayouts         *layouts;    /* (owned) */
  DynoVehicleList     *vehicles;   /* (owned) */
  DynoPreflightRunner *runner;     /* (owned) */
  char                *checked;    /* (owned) (nullable) provider that was preflighted on connect */
  char                *said_run;   /* (owned) (nullable) the run that was said to be saved */
  DynoArmPhase         phase;      /* as shown */
  gboolean             is_armed;   /* likewise */
  guint                tick;       /* ten times a second while mapped; 0 none */

  GtkBox              *bar;        /* template */
  DynoProviderPicker  *provider;
  DynoVehiclePicker   *vehicle;
  GtkButton           *preflight;
  GtkMenuButton       *layout_button;
  DynoStateWord       *state;
  GtkStack            *stack;
  DynoNoDyno          *no_dyno;
  GtkWidget           *numbers;    /* round the tiles */
  DynoTileGrid        *tiles;
  DynoStrip           *strip;
  GtkButton           *arm;
  GtkButton           *record;
};

/* The words of the buttons follow the state. */
void dyno_live_actions_install (GtkWidgetClass *widget_class);
void dyno_live_actions_update  (DynoLivePage   *self);
/* Runs the preflight by itself when a dyno has just connected. */
void dyno_live_actions_connect (DynoLivePage   *self);

G_END_DECLS
