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
 *   dyno_test_house_prepare (f);
 *   dyno_test_shop_open (f, DYNO_SHOP_NO_CAPTURE);
 *   house = dyno_test_house_start (f, FALSE);
 *   reply = dyno_test_house_ask (house, DYNO_TEST_OWNER, "GET", "/api/v1/settings", NULL, NULL);
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
} DynoTestHouse;

/* Master key, a key with all scopes of a service, development: for the next opening. */
#define DYNO_TEST_HOUSE_KEY "a-key-of-the-tests-with-thirty-two-characters"
void             dyno_test_house_prepare (DynoTestShop     *f);
/* `is_lan`: also on 0.0.0.0. */
DynoTestHouse *dyno_test_house_start   (DynoTestShop     *f,
                                            gboolean          is_lan);
void             dyno_test_house_free    (DynoTestHouse  *self);
/* Of 127.0.0.1. */
guint16          dyno_test_house_get_port (DynoTestHouse *self);
/* Begins the end, and is back when nobody is let in any more; what is in hand has time. */
void             dyno_test_house_drain   (DynoTestHouse  *self);
/* Reads anew where it listens. */
void             dyno_test_house_look    (DynoTestHouse  *self);

/* Blocks. As dyno_test_api_ask (). */
DynoTestReply   *dyno_test_house_ask     (DynoTestHouse  *self,
                                            DynoTestWay       way,
                                            const char       *method,
                                            const char       *target,
                                            const char       *body,
                                            ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestHouse, dyno_test_house_free)

G_END_DECLS
