/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is let go, and when: packet journals after capture.journal_days, or the
 * oldest beyond capture.journal_gib, those of starred runs never; runs that have
 * been in the trash for privacy.trash_days, with their files; pulls that were discarded
 * and not kept; files of runs that are gone; by the other settings of privacy.*, rows of
 * erased accounts, ended logins, finished jobs, the audit (while its key is there) and
 * exports of personal data; kept replies after a day. Runs themselves are never let go.
 *
 * It is done at each start of the program, each day (dyno-daily.h) and, for journals,
 * after each recorded run. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  guint   n_journals;   /* of runs that stay */
  guint   n_runs;       /* purged from the trash */
  guint   n_strays;     /* files that belonged to nobody */
  guint64 n_accounts;   /* that were erased */
  guint64 n_sessions;   /* logins that ended */
  guint64 n_replies;    /* to requests that may come twice */
  guint64 n_jobs;       /* finished */
  guint64 n_audit_rows;
  guint64 n_exports;    /* of personal data */
  guint64 bytes;        /* of files, freed */
} DynoRetentionReport;

/* `is_dry`: says what would be let go. */
void                 dyno_retention_async  (DynoShop             *shop,
                                            gboolean              is_dry,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* (transfer full), g_free () it. */
DynoRetentionReport *dyno_retention_finish (GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
