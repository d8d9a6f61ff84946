/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-face.h"

void
dyno_face_state_clear (DynoFaceState *self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->lan_url, g_free);
  g_clear_pointer (&self->socket, g_free);
  g_clear_pointer (&self->pin, g_free);
  g_clear_pointer (&self->pin_words, g_free);
}
