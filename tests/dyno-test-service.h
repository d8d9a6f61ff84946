/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-login.h"
#include "dyno-pairing.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"
#include "dyno-users.h"

G_BEGIN_DECLS

/* The whole service (dyno_http_face) on a free port of loopback, over a shop in a folder
 * of the test's own: real credentials, limits, vault and audit. Its clock stands still
 * until the test moves it, so no test waits for one. Requests come from the addresses
 * that the test names in X-Forwarded-For: loopback is a trusted proxy.
 *
 *   DynoTestService *f;
 *   g_autofree char *token = dyno_test_service_log_in (f, "tuner");
 *   g_autoptr(DynoTestReply) reply = dyno_test_service_ask (f, "GET", "/api/v1/me", NULL,
 *                                                           "Authorization", token, NULL);
 */

#define DYNO_TEST_PASSWORD "stainless gasket torque 42"

typedef struct
{
  DynoTestShop   shop;
  DynoPrincipal *owner;     /* (owned) of the machine */
  gpointer       face;      /* (owned) (nullable) not started */
  char          *url;       /* (owned) (nullable) */
  SoupSession   *session;   /* (owned) of the test's thread */
  guint          n_clients; /* (atomic) addresses that were given away */
} DynoTestService;

/* Shop and master key; with an administrator, admin@shop.example. Settings for the start
 * are made with dyno_test_shop_set (&f->shop, …), which takes a closed shop:
 * dyno_test_service_stop () and _start () again. */
void           dyno_test_service_set_up    (DynoTestService *f,
                                            gconstpointer    unused);
void           dyno_test_service_tear_down (DynoTestService *f,
                                            gconstpointer    unused);
void           dyno_test_service_start     (DynoTestService *f);
/* The shop is closed, too. */
void           dyno_test_service_stop      (DynoTestService *f);
void           dyno_test_service_advance   (DynoTestService *f,
                                            gint64           seconds);

/* The person <name>@shop.example, with DYNO_TEST_PASSWORD. Answers the id. */
char          *dyno_test_service_add_user  (DynoTestService *f,
                                            const char      *name,
                                            DynoRole         role);

/* As dyno_test_api_ask (). From an address of its own each, unless X-Forwarded-For is
 * given. */
DynoTestReply *dyno_test_service_ask       (DynoTestService *f,
                                            const char      *method,
                                            const char      *target,
                                            const char      *body,
                                            ...) G_GNUC_NULL_TERMINATED;
/* The same for a thread of its own, which has a session. */
DynoTestReply *dyno_test_service_ask_in    (DynoTestService *f,
                                            SoupSession     *session,
                                            const char      *method,
                                            const char      *target,
                                            const char      *body,
                                            ...) G_GNUC_NULL_TERMINATED;

/* Logs <name>@shop.example in. (transfer full) */
DynoTestReply *dyno_test_service_login     (DynoTestService *f,
                                            const char      *name);
/* "Bearer …" of a new login. (transfer full) */
char          *dyno_test_service_log_in    (DynoTestService *f,
                                            const char      *name);
/* "Bearer …" of a reply to a login or refresh; its refresh token. */
char          *dyno_test_service_bearer    (DynoTestReply   *reply);
const char    *dyno_test_reply_text        (DynoTestReply   *reply,
                                            const char      *name);

/* A key with those permissions (between commas), made as the bearer. (transfer full) */
char          *dyno_test_service_make_key  (DynoTestService *f,
                                            const char      *bearer,
                                            const char      *scopes);

/* Status, and of an error its code. */
#define dyno_test_assert_reply(reply, status_, code_)              \
  G_STMT_START                                                     \
  {                                                                \
    DynoTestReply *reply_ = (reply);                               \
                                                                   \
    if (reply_->status != (status_))                               \
      g_test_message ("%s", reply_->body);                         \
    g_assert_cmpuint (reply_->status, ==, (status_));              \
    g_assert_cmpstr (dyno_test_reply_code (reply_), ==, (code_));  \
  }                                                                \
  G_STMT_END

#define DYNO_TEST_SERVICE_ADD(path, function)                      \
  g_test_add (path, DynoTestService, NULL, dyno_test_service_set_up, function, \
              dyno_test_service_tear_down)

G_END_DECLS
