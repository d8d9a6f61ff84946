/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-server.h"

G_BEGIN_DECLS

/* A server with a small handler of the tests' own, on free ports and in a folder of its
 * own, and a client that sends what it is told to. What the handler does with a target:
 *
 *   /early      403 before the body is read
 *   /upload     takes any body, keeps none of it, answers with its length
 *   /hold       answers never (the client leaves, or the server ends)
 *   /later      answers after a turn of the loop
 *   /stream     sends lines and does not end
 *   /size/N     N bytes
 *   other       200, "METHOD target length body"; a refusal: its status and code; OPTIONS:
 *               204; a Host that is not this machine: 421
 *
 * A body may have DYNO_TEST_CAP bytes. */

typedef struct
{
  DynoServer      *server;  /* (owned) */
  char            *folder;  /* (owned) */
  char            *admin;   /* (owned) path of the admin socket */
  guint16          port;    /* loopback; 0 where there is none */
  guint16          lan_port;
  _Atomic guint    n_heads; /* (atomic) callbacks, counted */
  _Atomic guint    n_bodies;
  _Atomic guint    n_ends;
  _Atomic guint    n_states;
  _Atomic guint    n_streams;
} DynoTestServer;

/* Loopback and admin socket; with `certificate` (nullable) a LAN listener on 0.0.0.0.
 * `patience` (nullable): the contract's. */
DynoTestServer *dyno_test_server_start      (const DynoPatience *patience,
                                             GTlsCertificate    *certificate);
/* Stops it within `drain_ms`; the object stays. */
void            dyno_test_server_stop       (DynoTestServer     *self,
                                             guint               drain_ms);
/* Stops it if need be. All heads must have ended. */
void            dyno_test_server_free       (DynoTestServer     *self);

/* Sockets of a client; blocking, but no call takes longer than 20 s. */
int             dyno_test_connect           (guint16             port);
int             dyno_test_connect_path      (const char         *path);
void            dyno_test_send              (int                 fd,
                                             const void         *bytes,
                                             gsize               length);
/* Until the server closes. (transfer full) */
char           *dyno_test_receive_all       (int                 fd);
/* One whole reply, by its Content-Length; NULL: the server closed. (transfer full) */
char           *dyno_test_receive_reply     (int                 fd);
/* Connects, sends, reads until the server closes. (transfer full) */
char           *dyno_test_talk              (guint16             port,
                                             const char         *bytes,
                                             gsize               length);
/* 200; 0: no reply. */
guint           dyno_test_status_of         (const char         *reply);
/* What is behind the head. */
const char     *dyno_test_body_of           (const char         *reply);

/* Waits until `*number` is `wanted`, or fails the test. */
void            dyno_test_wait_number       (const _Atomic guint *number,
                                             guint                wanted);
void            dyno_test_wait_count        (const _Atomic guint64 *number,
                                             guint64                wanted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoTestServer, dyno_test_server_free)

G_END_DECLS
