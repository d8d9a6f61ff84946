/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The keys that sign access tokens, over their lives. The private halves are sealed
 * secrets under the names given here. */

typedef struct _DynoStore DynoStore;

typedef enum
{
  DYNO_SIGNING_NEXT,
  DYNO_SIGNING_ACTIVE,
  DYNO_SIGNING_RETIRED,
  DYNO_SIGNING_DESTROYED,
  DYNO_N_SIGNING_STATES
} DynoSigningState;

typedef struct
{
  char             *kid;
  DynoSigningState  state;
  char             *public_key;     /* JSON: a JWK */
  char             *secret;         /* (nullable) name of the secret; NULL: destroyed */
  gint64            created_ms;
  gint64            active_from_ms;
  gint64            retired_ms;     /* 0: not yet */
} DynoSigningRecord;

void        dyno_signing_record_free         (DynoSigningRecord   *self);

/* All that were not destroyed. (element-type DynoSigningRecord) */
void        dyno_store_list_signing_async    (DynoStore           *self,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
GPtrArray  *dyno_store_list_signing_finish   (DynoStore           *self,
                                              GAsyncResult        *result,
                                              GError             **error);

/* Exactly these (transfer full, of DynoSigningRecord) stand in the store after it: new
 * ones are added, known ones changed, all others destroyed. */
void        dyno_store_set_signing_async     (DynoStore           *self,
                                              GPtrArray           *records,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
gboolean    dyno_store_set_signing_finish    (DynoStore           *self,
                                              GAsyncResult        *result,
                                              GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoSigningRecord, dyno_signing_record_free)

G_END_DECLS
