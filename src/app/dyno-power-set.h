/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-palette.h"
#include "dyno-run-item.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* The runs that are looked at together, each with its letter and, once it is read,
 * its power curve in one correction and smoothing. A letter stays with its run until
 * the run leaves. Main thread.
 *
 * Signal `changed`: runs, curves or the way to look at them are others. */

#define DYNO_TYPE_POWER_SET (dyno_power_set_get_type ())
G_DECLARE_FINAL_TYPE (DynoPowerSet, dyno_power_set, DYNO, POWER_SET, GObject)

#define DYNO_POWER_SET_MAX DYNO_N_TRACES

typedef struct
{
  DynoRunItem   *item;  /* (owned) */
  guint          trace; /* 0 is A */
  DynoPullPower *power; /* (owned) (nullable) while it is read, or with `error` */
  GError        *error; /* (owned) (nullable) */
} DynoPowerEntry;

DynoPowerSet         *dyno_power_set_new          (DynoShop     *shop);

/* These and no others (element-type DynoRunItem), the first DYNO_POWER_SET_MAX of
 * them; FALSE when that left some out. */
gboolean              dyno_power_set_show         (DynoPowerSet *self,
                                                   GPtrArray    *items);
/* FALSE when there is no room for it. */
gboolean              dyno_power_set_add          (DynoPowerSet *self,
                                                   DynoRunItem  *item);
void                  dyno_power_set_remove       (DynoPowerSet *self,
                                                   guint         trace);

guint                 dyno_power_set_get_n        (DynoPowerSet *self);
const DynoPowerEntry *dyno_power_set_get          (DynoPowerSet *self,
                                                   guint         index);
const DynoPowerEntry *dyno_power_set_find         (DynoPowerSet *self,
                                                   const char   *run_id); /* (nullable) */
const DynoPowerEntry *dyno_power_set_find_trace   (DynoPowerSet *self,
                                                   guint         trace);  /* (nullable) */
/* Some curves are still to come. */
gboolean              dyno_power_set_is_reading   (DynoPowerSet *self);

/* At first as the settings ui.correction and ui.smoothing say. */
DynoStandard          dyno_power_set_get_standard (DynoPowerSet *self);
guint                 dyno_power_set_get_level    (DynoPowerSet *self);
void                  dyno_power_set_look         (DynoPowerSet *self,
                                                   DynoStandard  standard,
                                                   guint         level);
/* Reads again what failed. */
void                  dyno_power_set_retry        (DynoPowerSet *self);

G_END_DECLS
