/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-config.h"

G_BEGIN_DECLS

/* Settings of the window as a face changes them: several at once, all of them or none.
 * A secret goes to the vault and never to the table of settings. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  char *key;  /* (owned) */
  char *text; /* (owned) (nullable) NULL takes it back */
} DynoSettingChange;

DynoSettingChange *dyno_setting_change_new  (const char          *key,
                                             const char          *text);
void               dyno_setting_change_free (DynoSettingChange   *self);

/* A number from 1 to 2^53 that is another one whenever a value that may be shown is. */
gint64             dyno_settings_version    (DynoConfig          *config);

/* Checked, kept, in force at once, told on the bus (DYNO_TOPIC_CONFIG, subject: the key)
 * and in the audit. `changes` (element-type DynoSettingChange) are taken over. CONFLICT
 * "stale" where `version` (0: any) is not that of now; NOT_FOUND, INVALID, DENIED as
 * dyno_config_set (); for a secret the errors of dyno_vault_ref_key (). */
void               dyno_settings_change_async  (DynoShop            *shop,
                                                gint64               version,
                                                GPtrArray           *changes,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean           dyno_settings_change_finish (GAsyncResult        *result,
                                                GError             **error);

/* Puts the secrets of the vault, once it is open, in force. */
void               dyno_settings_unseal_async  (DynoShop            *shop,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean           dyno_settings_unseal_finish (GAsyncResult        *result,
                                                GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSettingChange, dyno_setting_change_free)

G_END_DECLS
