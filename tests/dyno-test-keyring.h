/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A real gnome-keyring-daemon on a bus of the test's own. Each state is looked at
 * in a process of its own, because libsecret keeps what it found. */

typedef struct
{
  char      *folder; /* (owned) all XDG folders of the test */
  GTestDBus *bus;    /* (owned) (nullable) */
  GPid       daemon; /* 0: none */
} DynoTestKeyring;

void     dyno_test_keyring_set_up    (DynoTestKeyring *f,
                                      gconstpointer    unused);
void     dyno_test_keyring_tear_down (DynoTestKeyring *f,
                                      gconstpointer    unused);

/* Bus and daemon; `password` (with its newline) unlocks the keyring, NULL leaves it
 * locked. FALSE: the test has been skipped, return. */
gboolean dyno_test_keyring_start     (DynoTestKeyring *f,
                                      const char      *password);
/* A daemon that is unlocked takes the other's place. */
void     dyno_test_keyring_unlock    (DynoTestKeyring *f,
                                      const char      *password);
/* Ends the daemon and removes what it kept. */
void     dyno_test_keyring_lose      (DynoTestKeyring *f);

/* In a part: waits until the service answers. */
void     dyno_test_keyring_await     (void);

/* A part: a test under that path, run in a process of its own. */
void     dyno_test_keyring_run_part  (const char      *part);
/* The same for one that looks something up and finds it. */
void     dyno_test_keyring_run_part_leaking (const char *part);

G_END_DECLS
