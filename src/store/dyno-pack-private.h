/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The bytes that blocks and chunks are made of. */

/* What is left to read. Reading beyond the end makes `ok` FALSE and gives 0;
 * nothing is read after that. */
typedef struct
{
  const guint8 *at;
  gsize         left;
  gboolean      ok;
} DynoPackCursor;

void          dyno_pack_put_byte    (GByteArray     *out,
                                     guint8          byte);
void          dyno_pack_put_varint  (GByteArray     *out,
                                     guint64         value);
void          dyno_pack_put_u32     (GByteArray     *out,
                                     guint32         value);
void          dyno_pack_put_u64     (GByteArray     *out,
                                     guint64         value);
/* Bytes that seldom change, as runs of (length, byte). */
void          dyno_pack_put_runs    (GByteArray     *out,
                                     const guint8   *bytes,
                                     gsize           n);

const guint8 *dyno_pack_take_bytes  (DynoPackCursor *in,
                                     gsize           size);
guint8        dyno_pack_take_byte   (DynoPackCursor *in);
guint64       dyno_pack_take_varint (DynoPackCursor *in);
guint32       dyno_pack_take_u32    (DynoPackCursor *in);
guint64       dyno_pack_take_u64    (DynoPackCursor *in);
void          dyno_pack_take_runs   (DynoPackCursor *in,
                                     guint8         *bytes,
                                     gsize           n);

/* Differences wrap: any two stamps have one, and it is undone exactly. */
guint64       dyno_pack_zigzag      (guint64         difference);
guint64       dyno_pack_unzigzag    (guint64         value);

/* Adds the sum and ends the array. */
GBytes       *dyno_pack_seal        (GByteArray     *out);
/* Checks the sum and the head; `in` then stands behind the modes. */
gboolean      dyno_pack_unseal      (gconstpointer   data,
                                     gsize           size,
                                     guint8          form,
                                     DynoPackCursor *in,
                                     gsize          *n,
                                     guint8         *modes);
/* FALSE, with the one error of this room's blobs. */
gboolean      dyno_pack_fail        (GError        **error);

gboolean      dyno_pack_all_alike   (gconstpointer   values,
                                     gsize           n,
                                     gsize           size);
gboolean      dyno_pack_all_zero    (const guint8   *bytes,
                                     gsize           n);

G_END_DECLS
