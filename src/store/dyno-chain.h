/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The chain over the journals of all runs, in the order of their ends:
 *
 *   hₙ = SHA-256 (hₙ₋₁ ‖ run id ‖ SHA-256 of the file)
 *
 * with the hashes as 32 bytes, the id as its characters, h₀ = 32 zero bytes. A
 * changed, missing or swapped file breaks it; one that was removed by the rules
 * does not: its link stays. Hashes are written as 64 hexadecimal digits. Pure,
 * any thread. */

typedef struct
{
  gint64 position;   /* 1, 2, 3 … */
  char  *run_id;
  char  *path;       /* relative to the data folder */
  gint64 bytes;
  char  *sha256;     /* of the file */
  char  *hash;       /* hₙ */
  gint64 added_ms;
  gint64 removed_ms; /* 0: the file should be there */
} DynoChainLink;

void  dyno_chain_link_free (DynoChainLink *self);

/* hₙ (transfer full); `previous` NULL at the beginning. NULL where a hash is not
 * 64 hexadecimal digits. */
char *dyno_chain_hash      (const char    *previous,
                            const char    *run_id,
                            const char    *sha256);

/* Index of the first link (element-type DynoChainLink) that does not follow from
 * those before it; −1: all do. Says nothing of the files. */
int   dyno_chain_find_bad  (GPtrArray     *links);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoChainLink, dyno_chain_link_free)

G_END_DECLS
