/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gio/gio.h>

#include "dyno-store-jobs.h"

G_BEGIN_DECLS

/* Jobs of this run of the program and of those before it: what is in the list
 * (dyno-jobs.h), and beside it what the store has kept. One that was running when the
 * program ended is interrupted; its input is what it takes to ask for it again. */

typedef struct _DynoShop DynoShop;

typedef struct
{
  char              *id;
  char              *kind;
  char              *title;
  char              *owner;       /* (nullable) user id of who asked; NULL: nobody knows */
  DynoJobRecordState state;
  double             progress;    /* 0…1; NaN while nobody knows */
  char              *stage;       /* (nullable) a word, while it runs */
  char              *subject;     /* (nullable) id of what it made or works on */
  char              *error;       /* (nullable) a sentence */
  char              *input;       /* (nullable) JSON; of a kept one */
  gint64             created_ms;
  gint64             started_ms;
  gint64             finished_ms; /* 0: not yet */
} DynoJobCard;

void         dyno_job_card_free       (DynoJobCard         *self);
gboolean     dyno_job_card_has_ended  (const DynoJobCard   *self);

/* As it is in the list; NULL for one that is not there. Any thread, never blocks.
 * (transfer full) */
DynoJobCard *dyno_job_book_peek       (DynoShop            *shop,
                                       const char          *id);

/* The newest first, at most 1,000; with `owner` (nullable) only his. (element-type
 * DynoJobCard) */
void         dyno_job_book_list_async  (DynoShop            *shop,
                                        const char          *owner,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
GPtrArray   *dyno_job_book_list_finish (GAsyncResult        *result,
                                        GError             **error);

/* NOT_FOUND, also for another's where `owner` (nullable) is named. */
void         dyno_job_book_get_async   (DynoShop            *shop,
                                        const char          *id,
                                        const char          *owner,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
DynoJobCard *dyno_job_book_get_finish  (GAsyncResult        *result,
                                        GError             **error);

/* What is kept as the input of a record: who asked, and what it takes to do it again.
 * (transfer full) */
char        *dyno_job_book_write_input (const char          *owner,
                                        const char          *input);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DynoJobCard, dyno_job_card_free)

G_END_DECLS
