/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As much XML as a tune has: elements with attributes, comments, text that nobody
 * reads. One piece after the other, each with its place in the bytes; nothing is
 * copied but attribute values, and those are decoded. */

#define DYNO_PVV_MAX_ATTRIBUTES 16

typedef enum
{
  DYNO_PVV_OPEN,
  DYNO_PVV_CLOSE,
  DYNO_PVV_END, /* of the bytes */
} DynoPvvPiece;

typedef struct
{
  char *name;   /* (owned) */
  char *value;  /* (owned) decoded, UTF-8 */
  gsize offset; /* of the value between its quotes */
  gsize length;
} DynoPvvAttribute;

typedef struct
{
  const char      *text;   /* (borrowed) */
  gsize            size;
  gsize            at;     /* of the next byte */
  gboolean         is_1252; /* else UTF-8 */
  guint            n_comments;
  guint            depth;  /* open elements */
  char            *open[8]; /* (owned) their names; DYNO_PVV_MAX_DEPTH */
  gsize            begin;  /* of the last piece */
  char            *name;   /* (owned) of its element */
  gboolean         is_empty; /* <x/>: no piece CLOSE follows */
  DynoPvvAttribute attributes[DYNO_PVV_MAX_ATTRIBUTES];
  guint            n_attributes;
} DynoPvvScan;

/* Looks at byte order mark, encoding and declaration. `is_fragment`: bytes that are no
 * UTF-8 are Windows-1252 without being declared. */
gboolean                dyno_pvv_scan_begin     (DynoPvvScan  *self,
                                                 const char   *text,
                                                 gsize         size,
                                                 gboolean      is_fragment,
                                                 GError      **error);
void                    dyno_pvv_scan_clear     (DynoPvvScan  *self);
/* FALSE with an error. */
gboolean                dyno_pvv_scan_next      (DynoPvvScan  *self,
                                                 DynoPvvPiece *piece,
                                                 GError      **error);
/* Of the last OPEN; NULL without. */
const DynoPvvAttribute *dyno_pvv_scan_attribute (const DynoPvvScan *self,
                                                 const char   *name);
/* INVALID with that reason; the sentence gets line and column of `offset`. FALSE. */
gboolean                dyno_pvv_scan_fail      (const DynoPvvScan *self,
                                                 gsize         offset,
                                                 const char   *reason,
                                                 GError      **error,
                                                 const char   *format,
                                                 ...) G_GNUC_PRINTF (5, 6);

G_END_DECLS
