/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Opens a file below a folder for reading, and nothing outside of it: no link is followed,
 * "..", absolute paths and other devices are refused (openat2 (2); where the kernel does
 * not have it, part by part with O_NOFOLLOW). −1 with errno set. Any thread. */
int dyno_beneath_open (const char *folder,
                       const char *relative);

G_END_DECLS
