/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-guard.h"

G_BEGIN_DECLS

/* What libsoup reads and writes: between it and the socket or TLS stands the guard. Only
 * the non-blocking calls are served, which are the ones that libsoup's server makes.
 * Thread dyno-server. */

#define DYNO_TYPE_GUARD_STREAM (dyno_guard_stream_get_type ())
G_DECLARE_FINAL_TYPE (DynoGuardStream, dyno_guard_stream, DYNO, GUARD_STREAM, GIOStream)

typedef struct
{
  /* Bytes have come or gone, or a write waits for the client (`is_stalled`). */
  void (*moved)  (gboolean is_stalled,
                  gpointer data);
  /* libsoup has done with the stream: the base is the owner's to close. */
  void (*closed) (gpointer data);
} DynoGuardStreamWatch;

/* `base`: a GSocketConnection, or a GTlsConnection past its handshake. `guard` and `data`
 * outlive the stream. `watch` is constant. */
GIOStream *dyno_guard_stream_new (GIOStream                  *base,
                                  DynoGuard                  *guard,
                                  const DynoGuardStreamWatch *watch,
                                  gpointer                    data);

G_END_DECLS
