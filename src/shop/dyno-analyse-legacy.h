/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-analyse.h"
#include "dyno-legacy.h"

G_BEGIN_DECLS

/* The legacy mathematics on one log file, as a job (kind "analyse"): its own reader,
 * its own files, and never kept, because nothing may be applied from it. */

#define DYNO_LEGACY_BANNER "LEGACY – NOT FOR USE"

/* Immutable, reference counted, any thread. */
typedef struct
{
  char             *input_sha256; /* (owned) of the log */
  char             *fingerprint;  /* (owned) "sha256:…" */
  char             *options;      /* (owned) canonical text */
  DynoLegacyResult *result;       /* (owned) */
  GPtrArray        *files;        /* (owned) of DynoArtefact, by name; the manifest is the last */
  gatomicrefcount   n_refs;
} DynoLegacyAnalyse;

DynoLegacyAnalyse *dyno_legacy_analyse_ref    (DynoLegacyAnalyse    *self);
void               dyno_legacy_analyse_unref  (DynoLegacyAnalyse    *self);

/* `request` is taken over: its settings and base files count, it has no inputs.
 * INVALID names option, column or table; NOT_FOUND; UNAVAILABLE. */
void               dyno_legacy_analyse_async  (DynoShop             *shop,
                                               DynoAnalyseRequest   *request,
                                               const char           *path,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
DynoLegacyAnalyse *dyno_legacy_analyse_finish (GAsyncResult         *result,
                                               GError              **error);

/* As dyno_analyse_write_async (). */
void               dyno_legacy_analyse_write_async  (DynoShop             *shop,
                                                     DynoLegacyAnalyse    *self,
                                                     const char           *folder,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean           dyno_legacy_analyse_write_finish (GAsyncResult         *result,
                                                     GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoLegacyAnalyse, dyno_legacy_analyse_unref)

G_END_DECLS
