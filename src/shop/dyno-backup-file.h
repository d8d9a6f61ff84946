/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The form of a backup file (service.md 9.3): what it says of itself, then bytes that
 * only the shop's master key or the recovery code opens.
 *
 *   "DYNOBK1\n"  u32 length (little-endian)  header (JSON)  chunks
 *
 * A chunk is 1 MiB, the last one shorter or empty, each sealed with AES-256-GCM and 16
 * bytes longer for it. Its nonce is the prefix in the header (7 bytes), the number of
 * the chunk (u32, big-endian) and 1 for the last, else 0: none can be left out,
 * repeated or moved. Its label is the SHA-256 of the header, so that this cannot be
 * changed either. The key is random and stands in the header, sealed once with the
 * sub-key `backup` of the master key and once with the key of the recovery code; with
 * the latter so is the master key, so that a lost computer is not lost data.
 *
 * Not for two threads at once. */

typedef struct
{
  char      *install;      /* uuid of the data folder */
  gint64     created_ms;
  int        schema;
  GPtrArray *counts;       /* (owned) of DynoTableCount, of the database inside */
  gint64     audit_seq;    /* 0: none */
  char      *audit_hash;   /* (nullable) 64 hexadecimal digits: the end of the chain */
} DynoBackupHeader;

/* Who will be able to open it. */
typedef struct
{
  GBytes *backup;   /* (borrowed) sub-key of the master key */
  GBytes *recovery; /* (borrowed) (nullable) of the recovery code */
  GBytes *master;   /* (borrowed) (nullable) what the code gives back, too */
} DynoBackupKeys;

void    dyno_backup_header_clear  (DynoBackupHeader *self);

/* The key of a recovery code as dyno_crypt_new_code (DYNO_CODE_LONG) makes it; INVALID
 * "recovery_code" for what is none. */
GBytes *dyno_backup_recovery_key  (const char       *typed,
                                   GError          **error);

/* Writing: into a file beside, which gets its name when it is whole and on the disk.
 * UNAVAILABLE disk_full or io; CONFLICT "exists". */
typedef struct _DynoBackupSink DynoBackupSink;

DynoBackupSink *dyno_backup_sink_new    (const char              *path,
                                         const DynoBackupHeader  *header,
                                         const DynoBackupKeys    *keys,
                                         GError                 **error);
gboolean        dyno_backup_sink_write  (DynoBackupSink          *self,
                                         gconstpointer            data,
                                         gsize                    size,
                                         GError                 **error);
gboolean        dyno_backup_sink_finish (DynoBackupSink          *self,
                                         GError                 **error);
/* What was not finished leaves nothing. */
void            dyno_backup_sink_free   (DynoBackupSink          *self);

/* Reading. CORRUPT "backup" for a file that is none, was changed or is cut short. */
typedef struct _DynoBackupSource DynoBackupSource;

DynoBackupSource       *dyno_backup_source_new    (const char        *path,
                                                   GError           **error);
const DynoBackupHeader *dyno_backup_source_header (DynoBackupSource  *self);
/* DENIED "backup_key": it was made with another master key. */
gboolean                dyno_backup_source_unlock (DynoBackupSource  *self,
                                                   GBytes            *backup_key,
                                                   GError           **error);
/* DENIED "recovery_code". `master` gets the master key, or NULL where it is not in
 * there. (transfer full) */
gboolean                dyno_backup_source_unlock_by_code (DynoBackupSource  *self,
                                                           GBytes            *recovery_key,
                                                           GBytes           **master,
                                                           GError           **error);
/* The next bytes; an empty one at the end. (transfer full) */
GBytes                 *dyno_backup_source_read   (DynoBackupSource  *self,
                                                   GError           **error);
void                    dyno_backup_source_free   (DynoBackupSource  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoBackupHeader, dyno_backup_header_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBackupSink, dyno_backup_sink_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoBackupSource, dyno_backup_source_free)

G_END_DECLS
