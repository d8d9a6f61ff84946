/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-test-api.h"
#include "dyno-test-runs.h"
#include "dyno-test-shop.h"

G_BEGIN_DECLS

/* The whole API over a real shop with runs in it. */

typedef struct
{
  DynoTestShop  shop; /* first: the fixture of dyno-test-shop.h */
  DynoTestApi  *api;
} DynoTestApiRuns;

void           dyno_test_api_runs_set_up    (DynoTestApiRuns *f,
                                             gconstpointer    flags);
void           dyno_test_api_runs_tear_down (DynoTestApiRuns *f,
                                             gconstpointer    unused);

/* As dyno_test_api_ask () for a tuner, without headers. */
DynoTestReply *dyno_test_api_runs_ask       (DynoTestApiRuns *f,
                                             const char      *method,
                                             const char      *target,
                                             const char      *body);
/* GET, as a tuner; fails the test unless it is answered so. */
DynoTestReply *dyno_test_api_runs_get       (DynoTestApiRuns *f,
                                             guint            status,
                                             const char      *format,
                                             ...) G_GNUC_PRINTF (3, 4);
/* A log as a run. (transfer full) its id. */
char          *dyno_test_api_runs_keep      (DynoTestApiRuns *f,
                                             const char      *name,
                                             const char      *text);
/* A pull with its greatest torque. (transfer full) its id. */
char          *dyno_test_api_runs_pull      (DynoTestApiRuns *f,
                                             double           peak_nm);
/* Waits for the end of a job. (transfer full) */
DynoJobInfo   *dyno_test_api_runs_wait      (DynoTestApiRuns *f,
                                             const char      *job_id);
/* No reply says where on this machine something lies. */
void           dyno_test_api_assert_no_path (DynoTestReply   *reply);

#define DYNO_TEST_API_RUNS_ADD(path, function)                                          \
  g_test_add (path, DynoTestApiRuns, GUINT_TO_POINTER (DYNO_SHOP_NO_CAPTURE),           \
              dyno_test_api_runs_set_up, function, dyno_test_api_runs_tear_down)

G_END_DECLS
