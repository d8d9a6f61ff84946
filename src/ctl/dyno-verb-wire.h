/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"

G_BEGIN_DECLS

/* The verbs that speak or listen on the network (jetdrive.md 9, 12). */

extern const GOptionEntry dyno_verb_simulate_entries[];
extern const GOptionEntry dyno_verb_listen_entries[];
extern const GOptionEntry dyno_verb_capture_entries[];
extern const GOptionEntry dyno_verb_doctor_entries[];

gboolean dyno_verb_simulate (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_listen   (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_capture  (DynoCtl *ctl, int *status, GError **error);
gboolean dyno_verb_doctor   (DynoCtl *ctl, int *status, GError **error);

/* Where on the network: what the command line says, else the settings. */
typedef struct
{
  char    *group;     /* (owned) */
  guint16  port;
  char    *interface; /* (owned) "auto" where the settings name none */
} DynoPlace;

/* `group` and `interface` may be NULL; `port` 0: not given. Reads the settings of
 * file and environment. */
gboolean dyno_place_init  (DynoPlace   *self,
                           DynoCtl     *ctl,
                           const char  *group,
                           int          port,
                           const char  *interface,
                           GError     **error);
void     dyno_place_clear (DynoPlace   *self);

/* No dyno was heard: UNAVAILABLE with the reason of the link and what to do. `state`
 * may be NULL. */
void     dyno_place_set_silence (const DynoCaptureState  *state,
                                 GError                 **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DynoPlace, dyno_place_clear)

G_END_DECLS
