/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The body of an upload while it comes and while it is used: an open file without a
 * name, so nothing is left of it whatever happens. Written on one thread, then
 * immutable; counted, any thread. */

typedef struct _DynoUpload DynoUpload;

/* In `folder`. UNAVAILABLE, STORAGE_FULL as reason where the disk has no room. */
DynoUpload *dyno_upload_new        (const char     *folder,
                                    GError        **error);
DynoUpload *dyno_upload_ref        (DynoUpload     *self);
void        dyno_upload_unref      (DynoUpload     *self);

gboolean    dyno_upload_append     (DynoUpload     *self,
                                    gconstpointer   data,
                                    gsize           size,
                                    GError        **error);
/* No more comes: size and hash stand. */
void        dyno_upload_close      (DynoUpload     *self);

/* A path under which this process can open and read it while a reference is held. */
const char *dyno_upload_get_path   (DynoUpload     *self);
guint64     dyno_upload_get_size   (DynoUpload     *self);
/* 64 small hexadecimal digits. */
const char *dyno_upload_get_sha256 (DynoUpload     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoUpload, dyno_upload_unref)

G_END_DECLS
