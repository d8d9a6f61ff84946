/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* A store in a folder of the test's own, with a clock that stands still, and the
 * verbs run to their ends. A verb that fails fails the test, unless the test
 * asks for the error. */

typedef struct
{
  char      *folder;
  DynoClock *clock;  /* fake; begins at 2026-09-10 00:26:40 UTC */
  DynoAwait *await;
  DynoStore *store;
} DynoTestStore;

#define DYNO_TEST_STORE_BEGIN_MS G_GINT64_CONSTANT (1789000000000)

void     dyno_test_store_set_up    (DynoTestStore  *f,
                                    gconstpointer   unused);
void     dyno_test_store_tear_down (DynoTestStore  *f,
                                    gconstpointer   unused);

/* Closes the store properly; opens it again. */
void     dyno_test_store_close     (DynoTestStore  *f);
void     dyno_test_store_open      (DynoTestStore  *f,
                                    DynoStoreFlags  flags,
                                    GError        **error);
void     dyno_test_store_reopen    (DynoTestStore  *f);

/* A row in the table of tests. */
#define DYNO_TEST_STORE_ADD(path, function) \
  g_test_add (path, DynoTestStore, NULL, dyno_test_store_set_up, function, \
              dyno_test_store_tear_down)

/* dyno_test_verb (f, get_run, &error, id) calls dyno_store_get_run_async () and
 * _finish (), and is what _finish answers. */
#define dyno_test_verb(f, verb, error, ...) \
  (dyno_store_##verb##_async ((f)->store, __VA_ARGS__, NULL, dyno_await_cb, (f)->await), \
   dyno_store_##verb##_finish ((f)->store, dyno_await_wait ((f)->await), (error)))
/* The same for verbs without arguments. */
#define dyno_test_verb0(f, verb, error) \
  (dyno_store_##verb##_async ((f)->store, NULL, dyno_await_cb, (f)->await), \
   dyno_store_##verb##_finish ((f)->store, dyno_await_wait ((f)->await), (error)))

/* A run with that title; nothing else is set. (transfer full) */
DynoRun *dyno_test_make_run        (const char     *title);
/* Keeps it, ended and without samples, and answers it. */
DynoRun *dyno_test_keep_run        (DynoTestStore  *f,
                                    DynoRun        *run);
/* Text in an SQLite shell of its own, while the store is closed. */
void     dyno_test_store_sql       (DynoTestStore  *f,
                                    const char     *sql);

G_END_DECLS
