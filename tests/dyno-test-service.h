/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-face.h"
#include "dyno-test-api.h"
#include "dyno-test-shop.h"

G_BEGIN_DECLS

/* The whole service as it is delivered, over a shop of the test's: its listeners on free
 * ports, its credentials, its limits, and every reply held against its row.
 *
 *   dyno_test_service_prepare (f);
 *   dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
 *   service = dyno_test_service_start (f, FALSE);
 *   reply = dyno_test_service_ask (service, DYNO_TEST_OWNER, "GET", "/api/v1/settings", NULL, NULL);
 */

typedef enum
{
  DYNO_TEST_OWNER,  /* the admin socket: may all */
  DYNO_TEST_LOCAL,  /* 127.0.0.1, nobody unless a header says who */
  DYNO_TEST_REMOTE, /* the LAN's listener, the same */
} DynoTestWay;

typedef struct
{
  DynoTestShop  *f;        /* (borrowed) */
  gpointer       face;     /* (owned) */
  DynoFaceState  state;
  SoupSession   *sessions[3]; /* (owned) by DynoTestWay */
  gboolean       is_draining;
} DynoTestService;

/* Master key, a key with all scopes of a service, development: for the next opening. */
#define DYNO_TEST_SERVICE_KEY "a-key-of-the-tests-with-thirty-two-characters"
void             dyno_test_service_prepare (DynoTestShop     *f);
/* `is_lan`: also on 0.0.0.0. */
DynoTestService *dyno_test_service_start   (DynoTestShop     *f,
                                            gboolean          is_lan);
void             dyno_test_service_free    (DynoTestService  *self);
/* Of 127.0.0.1. */
guint16          dyno_test_service_get_port (DynoTestService *self);
/* Begins the end, and is back when nobody is let in any more; what is in hand has time. */
void             dyno_test_service_drain   (DynoTestService  *self);
/* Reads anew where it listens. */
void             dyno_test_service_look    (DynoTestService  *self);

/* Blocks. As dyno_test_api_ask (). */
DynoTestReply   *dyno_test_service_ask     (DynoTestService  *self,
                                            DynoTestWay       way,
                                            const char       *method,
                                            const char       *target,
                                            const char       *body,
                                            ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestService, dyno_test_service_free)

G_END_DECLS
