/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A face that can be switched on and off beside the one in front of which a person sits:
 * the HTTP service. Who starts it, the window or dynoctl, knows this table and not the
 * room behind it; the two program files put them together. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  int      port;   /* of this machine; −1: as the settings say, 0: a free one */
  gboolean is_lan; /* listens on the LAN, too, whatever server.host says */
} DynoFaceOptions;

/* How it can be reached. All (owned) (nullable). */
typedef struct
{
  char *url;       /* "http://127.0.0.1:5001" */
  char *lan_url;   /* "https://bench.local:5443"; NULL: not on the LAN */
  char *socket;    /* path of the admin socket */
  char *pin;       /* of the LAN's certificate, base64url */
  char *pin_words; /* the same to be said aloud */
} DynoFaceState;

typedef struct
{
  /* `shop` is kept alive by the caller. */
  gpointer (*make)         (DynoShop              *shop,
                            const DynoFaceOptions *options);
  /* Once. UNAVAILABLE (a port in use), DENIED or UNAVAILABLE "keyring_…", INVALID for
   * settings that do not go together. */
  void     (*start_async)  (gpointer               face,
                            GAsyncReadyCallback    callback,
                            gpointer               user_data);
  gboolean (*start_finish) (gpointer               face,
                            GAsyncResult          *result,
                            GError               **error);
  /* What is in hand has `drain_ms` to end. A second call ends at once. */
  void     (*stop_async)   (gpointer               face,
                            guint                  drain_ms,
                            GAsyncReadyCallback    callback,
                            gpointer               user_data);
  gboolean (*stop_finish)  (gpointer               face,
                            GAsyncResult          *result,
                            GError               **error);
  /* From the start's answer on. */
  void     (*describe)     (gpointer               face,
                            DynoFaceState         *state);
  /* Not started, or stopped. */
  void     (*free)         (gpointer               face);
} DynoFace;

void dyno_face_state_clear (DynoFaceState *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoFaceState, dyno_face_state_clear)

G_END_DECLS
