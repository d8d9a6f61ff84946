/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-application.h"
#include "dyno-test-shop.h"
#include "dyno-test-ui.h"
#include "dyno-window.h"

G_BEGIN_DECLS

/* The whole program in the process of the test: its window, a shop in a folder of the
 * test's own, listening on loopback to a private group and port. */

typedef struct
{
  char            *folder;      /* (owned) */
  char           **environment; /* (owned) of the shop */
  DynoApplication *application; /* (owned) */
  DynoWindow      *window;      /* (nullable) once it is gone */
} DynoTestApp;

typedef void (*DynoTestAppFunc) (DynoTestApp *f);

/* Starts it, calls `body` when the shop is open or has failed to, ends it. A setting of
 * `extra` (nullable) is "VARIABLE=value", NULL at the end. */
void       dyno_test_app_run        (DynoTestAppFunc    body,
                                     const char *const *extra);
/* The same with a data folder that is there already and stays. */
void       dyno_test_app_run_in     (const char        *folder,
                                     DynoTestAppFunc    body,
                                     const char *const *extra);

DynoShop  *dyno_test_app_shop       (DynoTestApp       *f);
DynoPage  *dyno_test_app_page       (DynoTestApp       *f,
                                     const char        *name);

/* Runs the main loop until it is so; fails the test after `seconds`. */
#define dyno_test_app_wait(condition, seconds) \
  G_STMT_START \
  { \
    gint64 deadline_us = g_get_monotonic_time () + (gint64) ((seconds) * G_USEC_PER_SEC); \
    while (!(condition)) \
      { \
        if (g_get_monotonic_time () > deadline_us) \
          g_error ("%s:%d: after %d s it is not so: %s", __FILE__, __LINE__, (int) (seconds), \
                   #condition); \
        dyno_test_app_turn (); \
      } \
  } \
  G_STMT_END
void       dyno_test_app_turn       (void);
gboolean   dyno_test_app_is_phase   (DynoTestApp       *f,
                                     DynoArmPhase       phase);
guint      dyno_test_app_n_saved    (DynoTestApp       *f);

/* The newest window of the program that is not the main one; NULL. */
GtkWindow *dyno_test_app_dialog     (DynoTestApp       *f);

/* What a person does. A key goes the way of a pressed one as far as GTK lets a test:
 * accelerators and shortcut controllers of the window. FALSE: nothing answers it. */
gboolean   dyno_test_app_key        (GtkWindow         *window,
                                     const char        *accelerator);
/* Activates the button with that label or accessible tooltip below `root`. FALSE where
 * there is none that is visible and sensitive. */
gboolean   dyno_test_app_click      (GtkWidget         *root,
                                     const char        *label);
/* The first widget below `root` of that type, of that name (label, title); NULL. */
GtkWidget *dyno_test_app_find       (GtkWidget         *root,
                                     GType              type,
                                     const char        *label);

G_END_DECLS
