/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-bike.h"
#include "dyno-shop.h"
#include "dyno-simulator.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* A whole shop in a folder of the test's own, listening on loopback to a private
 * group and a port of this process, and simulated dynos that speak there. */

#define DYNO_TEST_SHOP_GROUP "239.255.77.10"

/* A pull as the simulator made it: without noise, corrected by sae-1990. */
typedef struct
{
  double t_s;
  double duration_s;
  double power_kw;
  double power_rpm;
  double torque_nm;
  double torque_rpm;
} DynoTestPull;

/* A simulated dyno and what it did. */
typedef struct
{
  DynoSimulator *simulator; /* (owned) */
  GMutex         lock;
  GArray        *pulls;     /* (owned) (lock) of DynoTestPull */
  gboolean       is_ready;  /* (lock) */
  gboolean       is_done;   /* (lock) */
} DynoTestDyno;

typedef struct
{
  char         *folder;
  char        **environment; /* settings of the tests, by environment */
  DynoShopFlags flags;       /* of the last opening */
  DynoClock    *clock; /* (nullable) of the next opening; freed at the end */
  DynoAwait    *await;
  DynoShop     *shop;
} DynoTestShop;

/* The port of this process. */
guint16       dyno_test_shop_port      (void);
/* Another process's, from now on. */
void          dyno_test_shop_use_port  (guint16                port);
/* TRUE where loopback does multicast; else the test has been skipped: return. */
gboolean      dyno_test_shop_has_wire  (void);

/* Everything but the shop itself; `folder` is taken over. */
void          dyno_test_shop_prepare   (DynoTestShop          *f,
                                        char                  *folder);
void          dyno_test_shop_set_up    (DynoTestShop          *f,
                                        gconstpointer          flags);
void          dyno_test_shop_tear_down (DynoTestShop          *f,
                                        gconstpointer          unused);
/* A setting by its environment variable, for the next opening. */
void          dyno_test_shop_set       (DynoTestShop          *f,
                                        const char            *variable,
                                        const char            *value);
void          dyno_test_shop_open      (DynoTestShop          *f,
                                        DynoShopFlags          flags);
void          dyno_test_shop_close     (DynoTestShop          *f);

/* rt150-104 with a seed, on this process's port; everything else by default. */
DynoSimulatorConfig
              dyno_test_dyno_config    (void);
DynoTestDyno *dyno_test_dyno_start     (const DynoSimulatorConfig *config);
/* Stops it first. */
void          dyno_test_dyno_free      (DynoTestDyno          *self);
guint         dyno_test_dyno_n_pulls   (DynoTestDyno          *self);
DynoTestPull  dyno_test_dyno_pull      (DynoTestDyno          *self,
                                        guint                  index);

/* Waits until recording stands so; fails the test after `seconds`. */
typedef gboolean (*DynoTestArmFunc) (const DynoArmState *state,
                                     gpointer            data);
void          dyno_test_shop_wait      (DynoTestShop          *f,
                                        DynoTestArmFunc        is_so,
                                        gpointer               data,
                                        int                    seconds);
/* The same for a phase; for at least so many saved runs and none open. */
void          dyno_test_shop_wait_phase (DynoTestShop         *f,
                                         DynoArmPhase          phase,
                                         int                   seconds);
void          dyno_test_shop_wait_saved (DynoTestShop         *f,
                                         guint                 n_saved,
                                         int                   seconds);

/* Armed for so many runs. */
void          dyno_test_shop_arm       (DynoTestShop          *f,
                                        guint                  n_runs);
/* So many pulls of a dyno of its own, five times as fast as real, recorded and
 * saved: dyno_test_shop_runs (). */
GPtrArray    *dyno_test_shop_record    (DynoTestShop          *f,
                                        guint                  n);

/* A pull of twin114 as an import would have it, and what it really made
 * (nullable). (transfer full) */
DynoSamples  *dyno_test_pull_samples   (double                 noise,
                                        DynoBikeFigures       *figures);
/* The store of the folder while the shop is closed, and back. */
DynoStore    *dyno_test_shop_open_store  (DynoTestShop        *f);
void          dyno_test_shop_close_store (DynoTestShop        *f,
                                          DynoStore           *store);
/* Closes the shop, puts these samples (nullable: none) into the store as a run of
 * that title, opens it again. Answers the run's id. */
char         *dyno_test_shop_keep      (DynoTestShop          *f,
                                        const char            *title,
                                        DynoSamples           *samples);

/* All runs outside the trash, the oldest first. (transfer full) of DynoRun */
GPtrArray    *dyno_test_shop_runs      (DynoTestShop          *f);

/* The whole chain, with the samples of every run. (transfer full) */
DynoVerifyReport *
              dyno_test_shop_verify    (DynoTestShop          *f);
/* That nothing is wrong with it. */
void          dyno_test_shop_assert_verified (DynoTestShop    *f);

/* dyno_test_ask (f, dyno_arm_arm, &error, NULL) calls dyno_arm_arm_async (shop,
 * NULL, …) and _finish (), and is what _finish answers. */
#define dyno_test_ask(f, verb, error, ...) \
  (verb##_async ((f)->shop, __VA_ARGS__, NULL, dyno_await_cb, (f)->await), \
   verb##_finish (dyno_await_wait ((f)->await), (error)))
#define dyno_test_ask0(f, verb, error) \
  (verb##_async ((f)->shop, NULL, dyno_await_cb, (f)->await), \
   verb##_finish (dyno_await_wait ((f)->await), (error)))

/* A row in the table of tests; QUIET: the shop does not listen. */
#define DYNO_TEST_SHOP_ADD(path, function) \
  g_test_add (path, DynoTestShop, GUINT_TO_POINTER (DYNO_SHOP_DEFAULT), dyno_test_shop_set_up, \
              function, dyno_test_shop_tear_down)
#define DYNO_TEST_SHOP_ADD_QUIET(path, function) \
  g_test_add (path, DynoTestShop, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE), \
              dyno_test_shop_set_up, function, dyno_test_shop_tear_down)

G_END_DECLS
