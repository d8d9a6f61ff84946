/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-face.h"

G_BEGIN_DECLS

/* The whole service as one thing to start and stop: listeners, pipeline, limits,
 * admission, credentials, signing keys and certificate, over a shop (service.md 1.7).
 * While the keyring is closed it does not listen. */
extern const DynoFace dyno_http_face;

G_END_DECLS
