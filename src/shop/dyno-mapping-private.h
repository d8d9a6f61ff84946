/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-await.h"
#include "dyno-mapping.h"
#include "dyno-operation.h"
#include "dyno-store.h"

G_BEGIN_DECLS

/* Pins as the store keeps them: one record a provider. Blocking. */

/* Of a provider, or of all (NULL). (transfer full) of DynoPin; NULL on failure. */
GPtrArray *dyno_mapping_load (DynoStore   *store,
                              DynoAwait   *await,
                              const char  *provider,
                              GError     **error);
/* These and no others, of that provider. */
gboolean   dyno_mapping_keep (const DynoErrand *errand,
                              const char       *provider,
                              GPtrArray        *pins,
                              GError          **error);
/* As they are kept. (transfer full) */
char      *dyno_mapping_pins_json (GPtrArray   *pins);

G_END_DECLS
