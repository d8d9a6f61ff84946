/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-draft.h"

#include "dyno-error.h"

#define SETTLE_MS 1000

struct _DynoRunDraft
{
  GObject         parent_instance;

  DynoShop       *shop;       /* (owned) */
  DynoRunItem    *item;       /* (owned) */
  char           *title;      /* (owned) as typed */
  char           *notes;      /* (owned) */
  char           *base_title; /* (owned) as they stood in the revision below */
  char           *base_notes; /* (owned) */
  gint64          revision;
  char           *their_title; /* (owned) (nullable) in a conflict */
  char           *their_notes; /* (owned) (nullable) */
  GError         *error;      /* (owned) (nullable) */
  DynoDraftState  state;
  guint           settle_id;  /* source; 0 none */
  gboolean        was_typed;  /* while it was saving */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunDraft, dyno_run_draft, G_TYPE_OBJECT)

DynoRunItem *
dyno_run_draft_get_item (DynoRunDraft *self)
{
  return self->item;
}

const char *
dyno_run_draft_get_title (DynoRunDraft *self)
{
  return self->title;
}

const char *
dyno_run_draft_get_notes (DynoRunDraft *self)
{
  return self->notes;
}

DynoDraftState
dyno_run_draft_get_state (DynoRunDraft *self)
{
  return self->state;
}

const GError *
dyno_run_draft_get_error (DynoRunDraft *self)
{
  return self->error;
}

const char *
dyno_run_draft_get_their_notes (DynoRunDraft *self)
{
  return self->their_notes;
}

static void
set_state (DynoRunDraft   *self,
           DynoDraftState  state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
replace (char       **text,
         const char  *with)
{
  char *copy = g_strdup (with != NULL ? with : "");

  g_free (*text);
  *text = copy;
}

static gboolean
says_the_same (const DynoRun *run,
               const char    *title,
               const char    *notes)
{
  return g_strcmp0 (run->title, title) == 0 && g_strcmp0 (run->notes, notes) == 0;
}

/* Saving. */

static void save (DynoRunDraft *self);

static gboolean
settle_cb (gpointer user_data)
{
  DynoRunDraft *self = user_data;

  self->settle_id = 0;
  save (self);

  return G_SOURCE_REMOVE;
}

static void
settle_later (DynoRunDraft *self)
{
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
}

/* The texts of the run book are the base from now on. */
static void
take_base (DynoRunDraft  *self,
           const DynoRun *run)
{
  replace (&self->base_title, run->title);
  replace (&self->base_notes, run->notes);
  self->revision = run->revision;
}

static void
fail (DynoRunDraft *self,
      const GError *error)
{
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  set_state (self, DYNO_DRAFT_FAILED);
}

/* A stale revision is a conflict only when these texts were changed: a star is no
 * reason to ask. */
static void
current_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(DynoRunDraft) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRunDetail) detail = dyno_runbook_get_finish (result, &error);
  gboolean is_ours;

  if (detail == NULL)
    {
      fail (self, error);
      return;
    }

  is_ours = says_the_same (detail->run, self->base_title, self->base_notes)
            || says_the_same (detail->run, self->title, self->notes);
  self->revision = detail->run->revision;
  if (is_ours)
    {
      take_base (self, detail->run);
      self->state = DYNO_DRAFT_TYPED;
      save (self);
      return;
    }

  replace (&self->their_title, detail->run->title);
  replace (&self->their_notes, detail->run->notes);
  set_state (self, DYNO_DRAFT_CONFLICT);
}

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DynoRunDraft) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoRun) run = dyno_runbook_edit_finish (result, &error);

  if (g_error_matches (error, DYNO_ERROR, DYNO_ERROR_CONFLICT))
    {
      dyno_runbook_get_async (self->shop, dyno_run_item_get_id (self->item), NULL, current_cb,
                              g_object_ref (self));
      return;
    }
  if (run == NULL)
    {
      fail (self, error);
      return;
    }

  take_base (self, run);
  dyno_run_item_set_run (self->item, g_steal_pointer (&run));
  set_state (self, self->was_typed ? DYNO_DRAFT_TYPED : DYNO_DRAFT_SAVED);
  if (self->was_typed && self->settle_id == 0)
    settle_later (self);
}

static void
save (DynoRunDraft *self)
{
  DynoRun *run;

  if (self->state != DYNO_DRAFT_TYPED && self->state != DYNO_DRAFT_FAILED)
    return;

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (g_str_equal (self->title, self->base_title) && g_str_equal (self->notes, self->base_notes))
    {
      set_state (self, DYNO_DRAFT_SAVED);
      return;
    }

  run = dyno_run_new ();
  run->id = g_strdup (dyno_run_item_get_id (self->item));
  run->revision = self->revision;
  replace (&run->title, self->title);
  replace (&run->notes, self->notes);
  self->was_typed = FALSE;
  g_clear_error (&self->error);
  set_state (self, DYNO_DRAFT_SAVING);
  /* What was typed is kept, whatever becomes of the page. */
  dyno_runbook_edit_async (self->shop, run, DYNO_RUN_TITLE | DYNO_RUN_NOTES, NULL, edited_cb,
                           g_object_ref (self));
}

void
dyno_run_draft_save (DynoRunDraft *self)
{
  save (self);
}

/* Typing. */

static void
typed (DynoRunDraft *self)
{
  if (self->state == DYNO_DRAFT_CONFLICT)
    return;
  if (self->state == DYNO_DRAFT_SAVING)
    {
      self->was_typed = TRUE;
      return;
    }

  settle_later (self);
  if (self->state != DYNO_DRAFT_TYPED)
    set_state (self, DYNO_DRAFT_TYPED);
}

void
dyno_run_draft_set_title (DynoRunDraft *self,
                          const char   *title)
{
  if (g_strcmp0 (self->title, title) == 0)
    return;

  replace (&self->title, title);
  typed (self);
}

void
dyno_run_draft_set_notes (DynoRunDraft *self,
                          const char   *notes)
{
  if (g_strcmp0 (self->notes, notes) == 0)
    return;

  replace (&self->notes, notes);
  typed (self);
}

/* Conflict. */

static void
leave_conflict (DynoRunDraft *self)
{
  g_return_if_fail (self->state == DYNO_DRAFT_CONFLICT);

  replace (&self->base_title, self->their_title);
  replace (&self->base_notes, self->their_notes);
  g_clear_pointer (&self->their_title, g_free);
  g_clear_pointer (&self->their_notes, g_free);
  self->state = DYNO_DRAFT_TYPED;
  save (self);
}

void
dyno_run_draft_keep_mine (DynoRunDraft *self)
{
  leave_conflict (self);
}

void
dyno_run_draft_keep_both (DynoRunDraft *self)
{
  const char *theirs = self->their_notes;
  g_autofree char *both = NULL;

  g_return_if_fail (self->state == DYNO_DRAFT_CONFLICT);

  if (*theirs != '\0' && !g_str_equal (theirs, self->notes))
    {
      both = *self->notes != '\0' ? g_strdup_printf ("%s\n\n%s", theirs, self->notes)
                                  : g_strdup (theirs);
      replace (&self->notes, both);
    }
  leave_conflict (self);
}

/* Somebody else changed the run. What is being typed stays as it is and meets the
 * other text when it is saved. */
static void
item_changed_cb (DynoRunDraft *self)
{
  const DynoRun *run = dyno_run_item_get_run (self->item);
  gboolean is_known = says_the_same (run, self->base_title, self->base_notes);

  if (is_known && self->state != DYNO_DRAFT_SAVING)
    self->revision = MAX (self->revision, run->revision);
  if (is_known || self->state != DYNO_DRAFT_SAVED)
    return;

  take_base (self, run);
  replace (&self->title, run->title);
  replace (&self->notes, run->notes);
  set_state (self, DYNO_DRAFT_SAVED);
}

static void
dyno_run_draft_finalize (GObject *object)
{
  DynoRunDraft *self = DYNO_RUN_DRAFT (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_error (&self->error);
  g_free (self->title);
  g_free (self->notes);
  g_free (self->base_title);
  g_free (self->base_notes);
  g_free (self->their_title);
  g_free (self->their_notes);
  g_object_unref (self->item);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_run_draft_parent_class)->finalize (object);
}

static void
dyno_run_draft_class_init (DynoRunDraftClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dyno_run_draft_finalize;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_RUN_DRAFT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
dyno_run_draft_init (DynoRunDraft *self)
{
}

DynoRunDraft *
dyno_run_draft_new (DynoShop    *shop,
                    DynoRunItem *item)
{
  DynoRunDraft *self = g_object_new (DYNO_TYPE_RUN_DRAFT, NULL);
  const DynoRun *run = dyno_run_item_get_run (item);

  self->shop = dyno_shop_ref (shop);
  self->item = g_object_ref (item);
  take_base (self, run);
  replace (&self->title, run->title);
  replace (&self->notes, run->notes);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
