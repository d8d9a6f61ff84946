/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-backup-file.h"
#include "dyno-crypt-seal.h"

G_BEGIN_DECLS

#define DYNO_BACKUP_MAGIC       "DYNOBK1\n"
#define DYNO_BACKUP_MAGIC_SIZE  8
#define DYNO_BACKUP_CHUNK       (1 << 20)
#define DYNO_BACKUP_PREFIX_SIZE 7
#define DYNO_BACKUP_MOST_HEADER (1 << 16)

/* A key, sealed with another. */
typedef struct
{
  guint8  nonce[DYNO_SEAL_NONCE_SIZE];
  GBytes *sealed; /* (owned) (nullable) NULL: it is not there */
} DynoBackupWrap;

typedef struct
{
  DynoBackupHeader header;
  guint8           prefix[DYNO_BACKUP_PREFIX_SIZE];
  DynoBackupWrap   by_master;   /* the file's key */
  DynoBackupWrap   by_recovery; /* the file's key */
  DynoBackupWrap   master;      /* the master key, by the recovery code */
} DynoBackupFront;

void    dyno_backup_front_clear (DynoBackupFront       *self);
/* The header as it stands in the file. (transfer full) */
char   *dyno_backup_front_text  (const DynoBackupFront *self);
/* FALSE: it is none. */
gboolean dyno_backup_front_parse (DynoBackupFront      *self,
                                  const char           *text,
                                  gsize                 length);

/* The label of every chunk. */
GBytes *dyno_backup_label       (const char            *header,
                                 gsize                  length);
void    dyno_backup_nonce       (const guint8           prefix[DYNO_BACKUP_PREFIX_SIZE],
                                 guint32                number,
                                 gboolean               is_last,
                                 guint8                 nonce[DYNO_SEAL_NONCE_SIZE]);

void    dyno_backup_wrap        (DynoBackupWrap        *self,
                                 GBytes                *with,
                                 GBytes                *key);
/* NULL: with another key. (transfer full) */
GBytes *dyno_backup_unwrap      (const DynoBackupWrap  *self,
                                 GBytes                *with);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoBackupFront, dyno_backup_front_clear)

G_END_DECLS
