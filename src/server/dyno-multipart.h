/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A multipart/form-data body (RFC 7578), read as it comes: the file goes out piece by
 * piece, the fields are kept. At most 16 parts, one of them the file `file`; a field of at
 * most 1 KiB; the head of a part at most 4 KiB; nothing nested. Memory is bounded by
 * these, whatever comes. One thread. */

typedef struct _DynoMultipart DynoMultipart;

/* A piece of the file. FALSE ends the reading, with the error. */
typedef gboolean (*DynoMultipartSink) (const guint8  *bytes,
                                       gsize          size,
                                       gpointer       data,
                                       GError       **error);

/* `type` is the whole header Content-Type. INVALID BAD_REQUEST without a boundary of 1 to
 * 70 characters. */
DynoMultipart *dyno_multipart_new           (const char         *type,
                                             DynoMultipartSink   sink,
                                             gpointer            data,
                                             GError            **error);
void           dyno_multipart_free          (DynoMultipart      *self);

/* INVALID BAD_REQUEST for what is not well formed, TOO_LARGE over a limit, or the sink's
 * error. Not to be fed after an error. */
gboolean       dyno_multipart_feed          (DynoMultipart      *self,
                                             const guint8       *bytes,
                                             gsize               size,
                                             GError            **error);
/* No more comes. INVALID BAD_REQUEST where the last boundary or the file is missing. */
gboolean       dyno_multipart_close         (DynoMultipart      *self,
                                             GError            **error);

/* Name to text, both UTF-8, each name once. (transfer none) */
GHashTable    *dyno_multipart_get_fields    (DynoMultipart      *self);
/* As the client calls the file; NULL where it does not. Data, never a path. */
const char    *dyno_multipart_get_file_name (DynoMultipart      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoMultipart, dyno_multipart_free)

G_END_DECLS
