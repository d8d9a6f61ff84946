/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-json.h"

G_BEGIN_DECLS

/* What every test may need. Include this in tests only. */

/* A temporary folder of the test's own, removed with all it holds by
 * dyno_test_remove_folder (). (transfer full) */
char    *dyno_test_make_folder   (void);
void     dyno_test_remove_folder (const char *path);

/* The path of a file of the shared data, "jetdrive/vectors.json". NULL where
 * that data is not there: then the test has been skipped by name; return. */
char    *dyno_test_shared_file   (const char *name);

/* A parsed file of the shared data; NULL as above. (transfer full) */
DynoJson *dyno_test_shared_json  (const char *name);

/* Reads a file or fails the test. (transfer full) */
char    *dyno_test_read          (const char *path,
                                  gsize      *length);

/* |a − b| ≤ tolerance · max (1, |b|); two NaN are equal. Fails the test with
 * both numbers otherwise. */
#define dyno_assert_near(a, b, tolerance) \
  dyno_test_assert_near (__FILE__, __LINE__, G_STRFUNC, #a " = " #b, (a), (b), (tolerance))

void     dyno_test_assert_near   (const char *file,
                                  int         line,
                                  const char *function,
                                  const char *what,
                                  double      a,
                                  double      b,
                                  double      tolerance);

/* Runs the default context until `is_done` answers TRUE or `seconds` passed;
 * fails the test then. For things of the real world; nothing measures time. */
void     dyno_test_wait_for      (gboolean  (*is_done) (gpointer),
                                  gpointer    data,
                                  int         seconds);

/* What the simulator really did, from the lines of its truth: the mean of 1 + e/100 of a
 * cell and cylinder ("front"); NaN where none was planted. `truth` is of DynoJson. */
double   dyno_test_planted       (const GPtrArray *truth,
                                  double           rpm,
                                  double           map_kpa,
                                  const char      *cylinder);

/* For a program that a test starts and may kill at any moment: at most 100 bytes at once,
 * past all buffers, on standard output. */
void     dyno_test_say           (const char      *format,
                                  ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
