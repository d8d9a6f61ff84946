/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-test.h"

G_BEGIN_DECLS

/* dynoctl as a program of its own, with folders, multicast group and port of the
 * test. Its path comes from the environment DYNO_DYNOCTL. */

typedef struct
{
  char       *folder;  /* (owned) everything of this shop lies below it */
  char       *data;    /* (owned) the data folder */
  GStrv       env;     /* (owned) of the program */
} DynoTestCtl;

/* How a program ended. */
typedef struct
{
  int   status; /* 0…255; −1: by a signal */
  char *out;    /* (owned) */
  char *err;    /* (owned) */
} DynoTestEnd;

/* A shop without anything, on a private group and a random port. */
DynoTestCtl *dyno_test_ctl_new      (void);
void         dyno_test_ctl_free     (DynoTestCtl         *self);
void         dyno_test_ctl_set      (DynoTestCtl         *self,
                                     const char          *name,
                                     const char          *value);

/* A file with a master key, for what takes the vault. */
void         dyno_test_ctl_add_master_key (DynoTestCtl   *self);

/* Starts it. Standard input is empty. */
GSubprocess *dyno_test_ctl_start    (DynoTestCtl         *self,
                                     const char          *first,
                                     ...) G_GNUC_NULL_TERMINATED;
/* The same with words that NULL ends. */
GSubprocess *dyno_test_ctl_start_v  (DynoTestCtl         *self,
                                     const char *const   *words);
/* Waits for its end. Takes `process`. */
DynoTestEnd *dyno_test_ctl_wait     (GSubprocess         *process);
/* Both. */
DynoTestEnd *dyno_test_ctl_run      (DynoTestCtl         *self,
                                     const char          *first,
                                     ...) G_GNUC_NULL_TERMINATED;
DynoTestEnd *dyno_test_ctl_run_v    (DynoTestCtl         *self,
                                     const char *const   *words);
/* The same with this on standard input. */
DynoTestEnd *dyno_test_ctl_feed     (DynoTestCtl         *self,
                                     const char          *input,
                                     const char          *first,
                                     ...) G_GNUC_NULL_TERMINATED;
void         dyno_test_end_free     (DynoTestEnd         *self);

/* Does multicast work on loopback? Else the test has been skipped; return. */
gboolean     dyno_test_ctl_has_wire (DynoTestCtl         *self);
/* Imports a file of the shared data and answers the id of its run; NULL where
 * there is none: then the test has been skipped. (transfer full) */
char        *dyno_test_ctl_import   (DynoTestCtl         *self,
                                     const char          *shared);

/* A log of n rows at 3000 rpm and 80 kPa with this mixture where 13 is wanted: 14.3 asks
 * for 10 % more fuel (analysis.md 0.5), of which 7 are allowed. (transfer full): path */
char        *dyno_test_ctl_write_log (DynoTestCtl        *self,
                                      const char         *name,
                                      double              measured,
                                      guint               n);

/* The next line that a started program prints; fails the test where it ends
 * before. (transfer full) */
char        *dyno_test_ctl_line     (GDataInputStream    *stream);

/* Runs it with --json and these words, the last one NULL; fails the test where the status is
 * another. (transfer full): what it printed */
DynoJson    *dyno_test_ctl_run_json (DynoTestCtl       *self,
                                     int                status,
                                     const char        *first,
                                     ...) G_GNUC_NULL_TERMINATED;

/* Standard output as one document; fails the test where it is not that. */
DynoJson    *dyno_test_end_json     (const DynoTestEnd   *self);
/* Its lines, each a document. (transfer full) of DynoJson */
GPtrArray   *dyno_test_end_lines    (const DynoTestEnd   *self);
/* Standard error is the error body of the API with this reason (nullable). */
void         dyno_test_end_assert_body (const DynoTestEnd *self,
                                        const char        *reason);

/* The member is there and of that type; null counts where it may be missing. */
const DynoJson *dyno_test_member    (const DynoJson      *object,
                                     const char          *name,
                                     DynoJsonType         type);
void            dyno_test_member_or_null (const DynoJson *object,
                                          const char     *name,
                                          DynoJsonType    type);

/* Fails with both outputs where the status is another. */
#define dyno_test_end_assert(end, wanted) \
  dyno_test_end_assert_status (__FILE__, __LINE__, G_STRFUNC, (end), (wanted))
void         dyno_test_end_assert_status (const char        *file,
                                          int                line,
                                          const char        *function,
                                          const DynoTestEnd *end,
                                          int                wanted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestCtl, dyno_test_ctl_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestEnd, dyno_test_end_free)

G_END_DECLS
