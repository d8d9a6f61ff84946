/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <adwaita.h>

#include "dyno-watch.h"

G_BEGIN_DECLS

/* A button with the dyno's name; behind it every one that is heard, as long as it is,
 * without being searched for.
 *
 * Signal: chosen (const char *name) NULL: as they are found. The buttons for the
 * simulator are the actions live.simulator and live.stop-simulator. */

#define DYNO_TYPE_PROVIDER_PICKER (dyno_provider_picker_get_type ())
G_DECLARE_FINAL_TYPE (DynoProviderPicker, dyno_provider_picker, DYNO, PROVIDER_PICKER, AdwBin)

/* `has_demo`: our own simulator runs. */
void dyno_provider_picker_show  (DynoProviderPicker *self,
                                 DynoWatch          *watch,
                                 gboolean            has_demo);
void dyno_provider_picker_popup (DynoProviderPicker *self);

G_END_DECLS
