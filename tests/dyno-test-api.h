/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-json.h"
#include "dyno-pipeline.h"

G_BEGIN_DECLS

/* The service as a client sees it, with routes of the test's choice: a real server on a
 * free port of loopback, the whole pipeline, every reply held against its row. Who asks
 * stands in the header X-Test-Role ("viewer" … "admin", "service"; "owner" may all);
 * without it nobody does. With X-Test-Wait there is no room in the house for 20 ms, with
 * X-Test-Stale the password was given long ago.
 *
 *   g_autoptr(DynoTestApi) api = dyno_test_api_start (tables, shop);
 *   g_autoptr(DynoTestReply) reply =
 *     dyno_test_api_ask (api, "PATCH", "/api/v1/things/1", "{\"title\":\"x\"}",
 *                        "X-Test-Role", "tuner", "If-Match", "\"thg_…-3\"", NULL);
 *
 *   g_assert_cmpuint (reply->status, ==, 200);
 *   g_assert_cmpstr (dyno_json_get_string (reply->json, "title"), ==, "x");
 */

typedef struct _DynoTestApi DynoTestApi;

typedef struct
{
  guint               status;
  SoupMessageHeaders *headers; /* (owned) */
  char               *body;    /* (owned) decompressed, ended by NUL */
  gsize               length;
  DynoJson           *json;    /* (owned) (nullable) the body, where it is JSON */
} DynoTestReply;

/* `tables` ends with NULL; `shop` (nullable) is borrowed. */
DynoTestApi   *dyno_test_api_start     (const DynoRouteTable *const *tables,
                                        DynoShop                    *shop);
void           dyno_test_api_free      (DynoTestApi                 *self);

/* Blocks. `body` (nullable) goes as application/json unless a header Content-Type is
 * given. Then names and values of headers, NULL. */
DynoTestReply *dyno_test_api_ask       (DynoTestApi                 *self,
                                        const char                  *method,
                                        const char                  *target,
                                        const char                  *body,
                                        ...) G_GNUC_NULL_TERMINATED;
/* The same of any service, by its address ("http://127.0.0.1:5001"); `client` (nullable)
 * is X-Forwarded-For where the headers name none. */
DynoTestReply *dyno_test_http_ask      (SoupSession                 *session,
                                        const char                  *url,
                                        const char                  *method,
                                        const char                  *target,
                                        const char                  *body,
                                        const char                  *client,
                                        va_list                      headers);
void           dyno_test_reply_free    (DynoTestReply               *self);

/* Of an error body: its code; of any reply: a header. NULL without. */
const char    *dyno_test_reply_code    (DynoTestReply               *self);
const char    *dyno_test_reply_header  (DynoTestReply               *self,
                                        const char                  *name);

guint16        dyno_test_api_get_port  (DynoTestApi                 *self);
/* What handlers see; the test may change it before the first request. */
DynoService   *dyno_test_api_get_service (DynoTestApi               *self);
/* Requests that came to their end so far. (atomic) */
guint          dyno_test_api_count_ends (DynoTestApi                *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestApi, dyno_test_api_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestReply, dyno_test_reply_free)

G_END_DECLS
