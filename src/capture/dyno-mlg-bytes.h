/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Big-endian numbers of a MegaLogViewer binary log; the caller has seen that the bytes
 * are there. */

static inline guint16
dyno_mlg_get_u16 (const guint8 *bytes)
{
  guint16 raw;

  memcpy (&raw, bytes, sizeof raw);

  return GUINT16_FROM_BE (raw);
}

static inline guint32
dyno_mlg_get_u32 (const guint8 *bytes)
{
  guint32 raw;

  memcpy (&raw, bytes, sizeof raw);

  return GUINT32_FROM_BE (raw);
}

static inline gint64
dyno_mlg_get_s64 (const guint8 *bytes)
{
  gint64 raw;

  memcpy (&raw, bytes, sizeof raw);

  return GINT64_FROM_BE (raw);
}

static inline float
dyno_mlg_get_f32 (const guint8 *bytes)
{
  guint32 raw = dyno_mlg_get_u32 (bytes);
  float value;

  memcpy (&value, &raw, sizeof value);

  return value;
}

G_END_DECLS
