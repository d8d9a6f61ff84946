/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The form of a run archive, .dynorun (formats.md D): one gzip stream of a POSIX
 * ustar whose first member is a list of all others with their SHA-256, and whose last
 * is the SHA-256 of that list. This header knows members and sums; what stands in
 * them is dyno-archive-run.h (run.json) and dyno-archive-samples.h (samples.bin).
 * Pure, any thread.
 *
 * Reading errors are DYNO_ERROR_INVALID with a reason word:
 *   archive_corrupt     something is not what its sum says; names the member
 *   archive_incomplete  cut short, or a member of the list is missing
 *   archive_unsafe      a name, link, repeat or size that no archive of ours has
 *   archive_version     of a newer program
 */

#define DYNO_ARCHIVE_SCHEMA "org.dynoai.archive/1"

#define DYNO_ARCHIVE_MANIFEST "manifest.json"
#define DYNO_ARCHIVE_RUN "run.json"
#define DYNO_ARCHIVE_ASSUMPTIONS "assumptions.json"
#define DYNO_ARCHIVE_SAMPLES "samples.bin"
#define DYNO_ARCHIVE_CHANGES "changes.json"
#define DYNO_ARCHIVE_SOURCE_FOLDER "source/"
#define DYNO_ARCHIVE_JOURNAL_FOLDER "journal/"
#define DYNO_ARCHIVE_ANALYSIS_FOLDER "analysis/"
#define DYNO_ARCHIVE_TUNE_FOLDER "tune/"

/* Most that an archive may hold, unpacked: a file on disk, and one over the API. */
#define DYNO_ARCHIVE_MOST_BYTES (G_GUINT64_CONSTANT (4) << 30)
#define DYNO_ARCHIVE_MOST_BYTES_API (G_GUINT64_CONSTANT (256) << 20)

typedef struct
{
  char   *name;   /* (owned) "analysis/ana_….json" */
  GBytes *bytes;  /* (owned) */
  char   *sha256; /* (owned) of them */
} DynoArchiveMember;

typedef struct
{
  gint64     created_ms;  /* UTC, when the run was closed; 0: not known */
  char      *program;     /* (owned) "DynoAI 0.2.0" */
  char      *run_id;      /* (owned) */
  char      *shop_id;     /* (owned) (nullable) */
  gboolean   is_redacted; /* customer, plate, VIN, notes and source left out */
  char      *chain_head;  /* (owned) (nullable) hₙ of the run; NULL for an imported one */
  GPtrArray *members;     /* (owned) of DynoArchiveMember, in their order, without the list
                           * and its sum */
} DynoArchive;

DynoArchive *dyno_archive_new        (const char         *run_id);
void         dyno_archive_free       (DynoArchive        *self);

/* `bytes` (transfer none). The order of the calls is that of the archive; the letters
 * of a name that an archive may not hold become '_'. */
void         dyno_archive_add        (DynoArchive        *self,
                                      const char         *name,
                                      GBytes             *bytes);
/* (transfer full) text. */
void         dyno_archive_take_text  (DynoArchive        *self,
                                      const char         *name,
                                      char               *text);

/* By name, or the first whose name begins with a folder ("journal/"). (nullable) */
const DynoArchiveMember *
             dyno_archive_find       (const DynoArchive  *self,
                                      const char         *name_or_folder);

/* The names of members that only one of the two has, or that differ in their sums; none:
 * the same run. (transfer full) of char *. */
GPtrArray   *dyno_archive_compare    (const DynoArchive  *a,
                                      const DynoArchive  *b);

/* The text of manifest.json. (transfer full) */
char        *dyno_archive_manifest_text (const DynoArchive *self);

/* The file. Same archive, same bytes. TOO_LARGE beyond what a reader would take. */
GBytes      *dyno_archive_write      (const DynoArchive  *self,
                                      GError            **error);

/* All limits and all sums are checked before anything is answered. `bad` (nullable)
 * gets the name of the member that is wrong, where it is one; free it. */
DynoArchive *dyno_archive_read       (GBytes             *file,
                                      guint64             most_bytes,
                                      char              **bad,
                                      GError            **error);

/* TRUE where it begins as an archive does, whatever follows. */
gboolean     dyno_archive_is_archive (GBytes             *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoArchive, dyno_archive_free)

G_END_DECLS
