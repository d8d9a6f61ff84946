/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-arm-state.h"

G_BEGIN_DECLS

/* Runs begin and end: by themselves while armed (jetdrive.md §6: pre-roll, pull,
 * post-roll), or by hand. The commands travel with the datagrams, so that they
 * stand in the journal in their place; the answer comes when they were done, within
 * 50 ms. Where things stand: dyno_live_ref_arm (), told on the bus as
 * DYNO_TOPIC_CAPTURE "arm" (detail: the name of the phase) and, as runs are made,
 * DYNO_TOPIC_RUN.
 *
 * Errors of the commands:
 *   CONFLICT "NO_PROVIDER"         nothing to record; says why
 *            "CHOOSE_PROVIDER"     several dynos speak; one must be chosen first
 *            "PREFLIGHT_REQUIRED"  blocking, and the last preflight failed or is absent
 *            "BUSY"                a run by hand is open already
 *            "NOT_RECORDING"       no run is open
 *   INVALID                        an override of less than 8 characters, a number
 *                                  or a text of a mark out of bounds
 *   UNAVAILABLE "no_capture", "disk_full" (< 500 MB: no arming)
 */

typedef struct _DynoShop DynoShop;

/* All zero: advisory. Strings are copied. */
typedef struct
{
  gboolean    is_blocking; /* a failed preflight, or none, refuses */
  const char *override;    /* (nullable) why it is armed all the same; stored in its runs */
  guint       n_runs;      /* disarm after so many kept runs; 0: as capture.stay_armed says */
} DynoArmOptions;

/* A mark as it stands in the run. */
typedef struct
{
  char  *run_id;
  int    n;    /* 1…9; 0: none */
  double t_s;  /* of the run */
} DynoArmMark;

/* From now on pulls are recorded. `options` may be NULL. Armed already: the
 * options are taken, nothing else happens. */
void         dyno_arm_arm_async      (DynoShop             *shop,
                                      const DynoArmOptions *options,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean     dyno_arm_arm_finish     (GAsyncResult         *result,
                                      GError              **error);

/* No run begins by itself any more; one that is open goes on to its end. */
void         dyno_arm_disarm_async   (DynoShop             *shop,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean     dyno_arm_disarm_finish  (GAsyncResult         *result,
                                      GError              **error);

/* Begins a run by hand, with pre-roll; a pull in hand is taken over. `title` may
 * be NULL. Answers the run's id. */
void         dyno_arm_start_async    (DynoShop             *shop,
                                      const char           *title,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
char        *dyno_arm_start_finish   (GAsyncResult         *result,
                                      GError              **error);

/* Ends the run in hand, whoever began it; its post-roll follows. One by hand is
 * kept, a pull judged as if it had ended by itself. Answers its id. Does not
 * disarm. */
void         dyno_arm_stop_async     (DynoShop             *shop,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
char        *dyno_arm_stop_finish    (GAsyncResult         *result,
                                      GError              **error);

/* A mark at this moment of the run in hand. `n` 1…9 or 0, `text` (nullable) up to
 * 200 bytes. */
void         dyno_arm_mark_async     (DynoShop             *shop,
                                      int                   n,
                                      const char           *text,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
DynoArmMark *dyno_arm_mark_finish    (GAsyncResult         *result,
                                      GError              **error);
void         dyno_arm_mark_free      (DynoArmMark          *mark);

/* Whose runs are recorded from now on; NULL: nobody's. Remembered. NOT_FOUND. */
void         dyno_arm_set_vehicle_async  (DynoShop            *shop,
                                          const char          *vehicle_id,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
gboolean     dyno_arm_set_vehicle_finish (GAsyncResult        *result,
                                          GError             **error);

/* The dyno to use, by name; NULL: by rule (the only one, or the Dynojet).
 * Remembered. A name that is not heard now is waited for. */
void         dyno_arm_choose_provider_async  (DynoShop            *shop,
                                              const char          *name,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
gboolean     dyno_arm_choose_provider_finish (GAsyncResult        *result,
                                              GError             **error);

/* A discarded pull becomes a run. NOT_FOUND for one that is not in the list. */
void         dyno_arm_keep_async     (DynoShop             *shop,
                                      const char           *run_id,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean     dyno_arm_keep_finish    (GAsyncResult         *result,
                                      GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoArmMark, dyno_arm_mark_free)

G_END_DECLS
