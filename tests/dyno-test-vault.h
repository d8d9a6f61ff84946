/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-test-shop.h"

G_BEGIN_DECLS

/* A master key in a file in the folder of a test's shop, so that no keyring is
 * asked. */

/* For the next opening; <folder>/master. (transfer full): its path */
char *dyno_test_vault_path (DynoTestShop *f);
void  dyno_test_vault_give (DynoTestShop *f);
/* Opens it in the open shop, or fails the test. */
void  dyno_test_vault_open (DynoTestShop *f);

G_END_DECLS
