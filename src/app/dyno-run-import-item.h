/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-import-job.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* A file on its way into the run book: first looked into, then, when somebody agrees,
 * imported. What was decided about it is asked again with each look. Main thread.
 *
 * Signal `changed`: state, report or error is another. */

#define DYNO_TYPE_RUN_IMPORT_ITEM (dyno_run_import_item_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunImportItem, dyno_run_import_item, DYNO, RUN_IMPORT_ITEM, GObject)

typedef enum
{
  DYNO_IMPORT_LOOKING,
  DYNO_IMPORT_READY,
  DYNO_IMPORT_REFUSED,   /* it cannot be read so; see the error */
  DYNO_IMPORT_RUNNING,
  DYNO_IMPORT_DONE,
  DYNO_IMPORT_DUPLICATE, /* it was imported before */
  DYNO_IMPORT_FAILED,
  DYNO_IMPORT_CANCELLED,
} DynoImportState;

/* Looks into it at once. */
DynoRunImportItem      *dyno_run_import_item_new        (DynoShop          *shop,
                                                         const char        *path);

const char             *dyno_run_import_item_get_name   (DynoRunImportItem *self);
DynoImportState         dyno_run_import_item_get_state  (DynoRunImportItem *self);
const GError           *dyno_run_import_item_get_error  (DynoRunImportItem *self); /* (nullable) */
/* Of a log that could be read; NULL for a packet journal. */
const DynoImportReport *dyno_run_import_item_get_report (DynoRunImportItem *self); /* (nullable) */
/* The run that came of it, or that it was before. (nullable) */
const char             *dyno_run_import_item_get_run_id (DynoRunImportItem *self);
/* Of the running import. (nullable) */
const char             *dyno_run_import_item_get_job_id (DynoRunImportItem *self);

/* Decisions; each looks again. NULL: as it is found out. */
void                    dyno_run_import_item_set_delimiter (DynoRunImportItem *self,
                                                            const char        *delimiter);
void                    dyno_run_import_item_set_decimal   (DynoRunImportItem *self,
                                                            const char        *decimal);
void                    dyno_run_import_item_set_force     (DynoRunImportItem *self,
                                                            gboolean           force);
/* `channel`: its name, or "none". */
void                    dyno_run_import_item_map           (DynoRunImportItem *self,
                                                            const char        *column,
                                                            const char        *channel);

/* Into the run book. `vehicle` (nullable) is an id or a label. Of a duplicate: again. */
void                    dyno_run_import_item_import     (DynoRunImportItem *self,
                                                         const char        *vehicle);
void                    dyno_run_import_item_cancel     (DynoRunImportItem *self);

G_END_DECLS
