/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-run-item.h"
#include "dyno-shop.h"

G_BEGIN_DECLS

/* Title and notes of a run while somebody types them. What is typed is saved a second
 * after the last key. Where the run book has other texts by then, nothing is lost:
 * both are kept until the person says what goes. Main thread.
 *
 * Signal `changed`: a text was exchanged from outside, or the state is another. */

#define DYNO_TYPE_RUN_DRAFT (dyno_run_draft_get_type ())
G_DECLARE_FINAL_TYPE (DynoRunDraft, dyno_run_draft, DYNO, RUN_DRAFT, GObject)

typedef enum
{
  DYNO_DRAFT_SAVED,
  DYNO_DRAFT_TYPED,    /* not saved yet */
  DYNO_DRAFT_SAVING,
  DYNO_DRAFT_CONFLICT, /* the run book says otherwise */
  DYNO_DRAFT_FAILED,   /* could not be saved; see the error */
} DynoDraftState;

DynoRunDraft   *dyno_run_draft_new        (DynoShop     *shop,
                                           DynoRunItem  *item);

DynoRunItem    *dyno_run_draft_get_item   (DynoRunDraft *self); /* (transfer none) */
const char     *dyno_run_draft_get_title  (DynoRunDraft *self);
const char     *dyno_run_draft_get_notes  (DynoRunDraft *self);
DynoDraftState  dyno_run_draft_get_state  (DynoRunDraft *self);
const GError   *dyno_run_draft_get_error  (DynoRunDraft *self); /* (nullable) */
/* What the run book says, in a conflict. */
const char     *dyno_run_draft_get_their_notes (DynoRunDraft *self);

void            dyno_run_draft_set_title  (DynoRunDraft *self,
                                           const char   *title);
void            dyno_run_draft_set_notes  (DynoRunDraft *self,
                                           const char   *notes);
/* What is typed, now; again after a failure. */
void            dyno_run_draft_save       (DynoRunDraft *self);

/* The ways out of a conflict. Theirs stays in the history of the notes. */
void            dyno_run_draft_keep_mine  (DynoRunDraft *self);
/* Their notes, a blank line, mine. */
void            dyno_run_draft_keep_both  (DynoRunDraft *self);

G_END_DECLS
