/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-reader.h"

G_BEGIN_DECLS

/* dyno_import_run () for a MegaLogViewer binary log: a field is a column, its unit that
 * of the file; everything behind the numbers is what text logs get. `reader` is at the
 * beginning of the log; `report` is filled. Samples are made where wanted. FALSE with
 * the refusal. */
gboolean dyno_mlg_import (DynoImportReader        *reader,
                          const DynoImportOptions *options,
                          const DynoImportWatch   *watch,
                          DynoImportReport        *report,
                          DynoSamples            **samples,
                          GError                 **error);

G_END_DECLS
