/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Is a run still what was recorded? Three things are proved: the file in the data
 * folder has the bytes whose sum the store keeps; the sums follow from each other
 * in the chain over all runs, so that none was changed, left out or exchanged; and
 * the packets of the journal, interpreted anew, give the stored samples bit for
 * bit. Damage is an answer, not an error. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  char *run_id; /* (nullable) of the file, where it is known */
  char *text;   /* a sentence */
} DynoVerifyFinding;

typedef struct
{
  gboolean   is_ok;
  char      *first_bad; /* (owned) (nullable) run id, or the file's name */
  GPtrArray *removed;   /* (owned) of utf8: runs whose file was let go by the rules */
  GPtrArray *findings;  /* (owned) of DynoVerifyFinding, what is wrong */
  guint      n_files;   /* whose bytes were read */
  guint      n_links;   /* of the chain */
  guint      n_derived; /* runs whose samples were derived again */
} DynoVerifyReport;

void              dyno_verify_report_free (DynoVerifyReport     *self);

/* One run: file, link, samples. NOT_FOUND. */
void              dyno_verify_run_async   (DynoShop             *shop,
                                           const char           *run_id,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* The whole chain with its files, as a job (kind "verify"). `derive`: the samples
 * of every run, too. */
void              dyno_verify_all_async   (DynoShop             *shop,
                                           gboolean              derive,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* A run archive on disk: every sum in it; a packet journal: whole, or where it is cut.
 * Needs no store. NOT_FOUND; INVALID "verify_unknown" for a file that is neither. */
void              dyno_verify_file_async  (DynoShop             *shop,
                                           const char           *path,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* For all three. */
DynoVerifyReport *dyno_verify_finish      (GAsyncResult         *result,
                                           GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoVerifyReport, dyno_verify_report_free)

G_END_DECLS
