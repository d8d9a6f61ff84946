/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-archive.h"

G_BEGIN_DECLS

/* Between the files of dyno-archive.h. */

#define DYNO_ARCHIVE_SUM "manifest.sha256"
#define DYNO_ARCHIVE_MOST_MEMBERS 256
#define DYNO_ARCHIVE_MOST_RATIO 200
#define DYNO_ARCHIVE_MOST_NAME 100

void                dyno_archive_member_free   (DynoArchiveMember *member);

/* Of samples.bin. */
#define DYNO_SAMPLES_MAGIC "DYNS"
#define DYNO_SAMPLES_VERSION 1u
#define DYNO_SAMPLES_MISSING G_GUINT64_CONSTANT (0x7ff8000000000000)
#define DYNO_SAMPLES_UPDATES 1u
#define DYNO_SAMPLES_REASONS 2u

/* A name that may stand in an archive: letters, digits, "._/-", no way out. */
gboolean            dyno_archive_name_is_safe  (const char        *name);

/* dyno-archive-manifest.c: checks the members of `self` against the list, and takes the
 * facts from it. */
gboolean            dyno_archive_manifest_take (DynoArchive       *self,
                                                GBytes            *manifest,
                                                char             **bad,
                                                GError           **error);

/* dyno-archive-unpack.c: the tar inside, within the limits. (transfer full) */
GBytes             *dyno_archive_gunzip        (GBytes            *file,
                                                guint64            most_bytes,
                                                GError           **error);
/* Its members as they come, names checked. (transfer full) of DynoArchiveMember */
GPtrArray          *dyno_archive_untar         (GBytes            *tar,
                                                char             **bad,
                                                GError           **error);

/* Errors with their sentence; all answer FALSE. */
gboolean            dyno_archive_fail          (GError           **error,
                                                const char        *reason,
                                                const char        *format,
                                                ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
