/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-error.h"
#include "dyno-flaws.h"

G_BEGIN_DECLS

/* The one error body of the API (RFC 9457 with a member "error"), and the one table of
 * its codes. A code decides the status. Any thread. */

typedef struct
{
  const char *word;     /* "RATE_LIMIT_EXCEEDED" */
  guint       status;
  const char *title;    /* short, the same for every problem of the code */
  const char *sentence; /* for a person, where nobody has a better one */
} DynoProblemCode;

/* What went wrong with one request. All borrowed; all but `code` may be NULL or 0. */
typedef struct
{
  const char        *code;          /* a word of the table */
  const char        *message;       /* the code's sentence */
  const char        *detail;        /* of the problem: the message */
  const char        *reason;        /* becomes details.reason */
  const char        *details;       /* more members of `details`: a JSON object as text */
  DynoFlaws         *flaws;         /* becomes details.fields */
  const char *const *policies;      /* becomes violated-policies */
  guint              retry_after_s; /* becomes retry_after and the header */
} DynoProblem;

/* What stands in every error body beside. */
typedef struct
{
  const char *path;        /* (nullable) of the request: `instance` */
  const char *correlation;
  gint64      real_us;
} DynoProblemFrame;

/* NULL where the table has no such word. */
const DynoProblemCode *dyno_code_find          (const char             *word);
/* The plain code of a status: 404 is NOT_FOUND. Never NULL: INTERNAL_ERROR for one that
 * the table does not have. */
const DynoProblemCode *dyno_code_of_status     (guint                   status);

/* Never NULL: a word that the table does not have is INTERNAL_ERROR. */
const DynoProblemCode *dyno_problem_code       (const DynoProblem      *self);

/* What an error of the rooms below means here: its kind, or a finer code that it carries
 * as reason. Where its sentence may not leave the house (a foreign domain, CORRUPT,
 * INTERNAL, a path of this machine) the code's stands instead. The strings are the
 * error's. */
DynoProblem     dyno_problem_from_error (const GError           *error);

/* The body. (transfer full) */
char           *dyno_problem_to_json    (const DynoProblem      *self,
                                         const DynoProblemFrame *frame);

/* For the OpenAPI document: calls back once a row of the table. */
void            dyno_codes_foreach      (void                  (*func) (const DynoProblemCode *code,
                                                                        gpointer        data),
                                         gpointer                data);

G_END_DECLS
