/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-face.h"

G_BEGIN_DECLS

/* A face beside a window, on while the setting server.enabled says so. Where the keyring
 * is closed it waits for it; what else keeps it from starting is told as a notice
 * ("server.down" on the bus, with the sentence) until it runs.
 *
 * Of the thread that made it, whose default context must run. */

typedef struct _DynoFaceSwitch DynoFaceSwitch;

/* `face` is static; the shop is held. */
DynoFaceSwitch *dyno_face_switch_new          (DynoShop             *shop,
                                               const DynoFace       *face);

gboolean        dyno_face_switch_is_on        (DynoFaceSwitch       *self);
/* Why it is not, though it should be; NULL: nothing is wrong. */
const GError   *dyno_face_switch_get_trouble  (DynoFaceSwitch       *self);
/* How it can be reached; all NULL while it is off. */
void            dyno_face_switch_describe     (DynoFaceSwitch       *self,
                                               DynoFaceState        *state);

/* Off for good, with so long for what is in hand; frees it and answers. */
void            dyno_face_switch_close_async  (DynoFaceSwitch       *self,
                                               guint                 drain_ms,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
void            dyno_face_switch_close_finish (GAsyncResult         *result);

G_END_DECLS
