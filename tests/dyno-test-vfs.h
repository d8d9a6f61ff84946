/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk that fails when told to, between SQLite and the real one. Once
 * installed it serves every database that the process opens. Any thread. */

typedef enum
{
  DYNO_FAULT_NONE,
  DYNO_FAULT_ONCE,   /* one operation fails */
  DYNO_FAULT_ALWAYS, /* that one and all that follow fail */
} DynoFault;

/* Call it before the first database is opened. */
void     dyno_test_vfs_install       (void);

/* The `n`-th operation from now on (1: the next) fails as an I/O error. */
void     dyno_test_vfs_fail_at       (DynoFault fault,
                                      guint     n);
/* No more failures. */
void     dyno_test_vfs_heal          (void);

/* Operations since the last fail_at or heal. */
guint    dyno_test_vfs_n_operations  (void);
/* Whether the failure that was ordered has happened. */
gboolean dyno_test_vfs_has_failed    (void);

/* While full, no file can grow; while broken, none can be written. */
void     dyno_test_vfs_set_full      (gboolean  is_full);
void     dyno_test_vfs_set_broken    (gboolean  is_broken);

G_END_DECLS
