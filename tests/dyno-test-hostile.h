/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The table of hostile requests of the service contract, 1.4; the numbers are its own.
 * Those that are long (42 to 44, 48) are made by the tests. */

#define DYNO_TEST_CAP     1000 /* bytes of body that the routes of the tests take */
#define DYNO_TEST_HOST    "Host: localhost\r\n"
#define DYNO_TEST_GET     "GET /a HTTP/1.1\r\n" DYNO_TEST_HOST
#define DYNO_TEST_POST    "POST /a HTTP/1.1\r\n" DYNO_TEST_HOST
#define DYNO_TEST_CHUNKED DYNO_TEST_POST "Transfer-Encoding: chunked\r\n\r\n"

typedef struct
{
  const char *name;   /* "01-length-and-encoding" */
  const char *bytes;
  gsize       length;
  guint       status; /* of the refusal; 0: the guard lets it through */
} DynoTestVector;

/* Ends with one whose name is NULL. */
const DynoTestVector *dyno_test_vectors (void);

G_END_DECLS
