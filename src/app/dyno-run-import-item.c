/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-import-item.h"

#include "dyno-error.h"

#include <string.h>

#define RUN_ID_LENGTH 24 /* "run_" and 20 characters */

struct _DynoRunImportItem
{
  GObject            parent_instance;

  DynoShop          *shop;        /* (owned) */
  GCancellable      *cancellable; /* (owned) of what is in hand */
  char              *path;        /* (owned) */
  char              *name;        /* (owned) */
  char              *delimiter;   /* (owned) (nullable) */
  char              *decimal;     /* (owned) (nullable) */
  GHashTable        *map;         /* (owned) column to channel, as decided */
  gboolean           force;
  DynoImportOutcome *outcome;     /* (owned) (nullable) of the last look or of the import */
  GError            *error;       /* (owned) (nullable) */
  char              *run_id;      /* (owned) (nullable) */
  char              *job_id;      /* (owned) (nullable) */
  DynoImportState    state;
};

/* A question about the file. */
typedef struct
{
  DynoRunImportItem *self;        /* (owned) */
  GCancellable      *cancellable; /* (owned) */
  gboolean           is_import;
} Question;

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunImportItem, dyno_run_import_item, G_TYPE_OBJECT)

const char *
dyno_run_import_item_get_name (DynoRunImportItem *self)
{
  return self->name;
}

DynoImportState
dyno_run_import_item_get_state (DynoRunImportItem *self)
{
  return self->state;
}

const GError *
dyno_run_import_item_get_error (DynoRunImportItem *self)
{
  return self->error;
}

const DynoImportReport *
dyno_run_import_item_get_report (DynoRunImportItem *self)
{
  return self->outcome != NULL ? self->outcome->report : NULL;
}

const char *
dyno_run_import_item_get_run_id (DynoRunImportItem *self)
{
  return self->run_id;
}

const char *
dyno_run_import_item_get_job_id (DynoRunImportItem *self)
{
  return self->job_id;
}

static void
set_state (DynoRunImportItem *self,
           DynoImportState    state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* (transfer full) (nullable) */
static GStrv
dup_map (DynoRunImportItem *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer column;
  gpointer channel;

  if (g_hash_table_size (self->map) == 0)
    return NULL;

  g_hash_table_iter_init (&iter, self->map);
  while (g_hash_table_iter_next (&iter, &column, &channel))
    {
      g_autofree char *entry = g_strdup_printf ("%s=%s", (char *) column, (char *) channel);

      g_strv_builder_add (builder, entry);
    }

  return g_strv_builder_end (builder);
}

static DynoImportRequest *
make_request (DynoRunImportItem *self)
{
  DynoImportRequest *request = dyno_import_request_new (self->path);

  request->delimiter = g_strdup (self->delimiter);
  request->decimal = g_strdup (self->decimal);
  request->force = self->force;
  request->map = dup_map (self);

  return request;
}

/* Answers. */

/* The sentence of a duplicate names the run that it was. */
static void
note_duplicate (DynoRunImportItem *self,
                const GError      *error)
{
  const char *at = strstr (error->message, "run_");

  g_free (self->run_id);
  self->run_id = at != NULL && strlen (at) >= RUN_ID_LENGTH ? g_strndup (at, RUN_ID_LENGTH) : NULL;
}

static void
fail (DynoRunImportItem *self,
      GError            *error,
      gboolean           is_import)
{
  gboolean is_duplicate = g_strcmp0 (dyno_error_get_reason (error), "import_duplicate") == 0;

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  if (is_duplicate)
    note_duplicate (self, error);
  set_state (self, is_duplicate ? DYNO_IMPORT_DUPLICATE
                   : g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                       ? DYNO_IMPORT_CANCELLED
                   : is_import ? DYNO_IMPORT_FAILED
                               : DYNO_IMPORT_REFUSED);
}

static void
answer_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(DynoRunImportItem) self = question->self;
  g_autoptr(GCancellable) cancellable = question->cancellable;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoImportOutcome) outcome = dyno_import_job_finish (result, &error);
  gboolean is_import = question->is_import;

  g_free (question);
  /* An import that was cancelled says so; a look that was is of no interest. */
  if (!is_import && g_cancellable_is_cancelled (cancellable))
    return;

  g_clear_pointer (&self->job_id, g_free);
  if (outcome == NULL)
    {
      fail (self, error, is_import);
      return;
    }

  g_clear_error (&self->error);
  g_clear_pointer (&self->outcome, dyno_import_outcome_free);
  self->outcome = g_steal_pointer (&outcome);
  if (self->outcome->run != NULL)
    {
      g_free (self->run_id);
      self->run_id = g_strdup (self->outcome->run->id);
    }
  set_state (self, is_import ? DYNO_IMPORT_DONE : DYNO_IMPORT_READY);
}

static Question *
question_new (DynoRunImportItem *self,
              gboolean           is_import)
{
  Question *question = g_new0 (Question, 1);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  question->is_import = is_import;

  return question;
}

static void
look (DynoRunImportItem *self)
{
  Question *question;

  if (self->state == DYNO_IMPORT_RUNNING || self->state == DYNO_IMPORT_DONE)
    return;

  question = question_new (self, FALSE);
  dyno_import_job_preview_async (self->shop, make_request (self), self->cancellable, answer_cb,
                                 question);
  set_state (self, DYNO_IMPORT_LOOKING);
}

void
dyno_run_import_item_import (DynoRunImportItem *self,
                             const char        *vehicle)
{
  DynoImportRequest *request = make_request (self);
  Question *question;

  request->vehicle = g_strdup (vehicle);
  request->again = self->state == DYNO_IMPORT_DUPLICATE;
  question = question_new (self, TRUE);
  g_clear_error (&self->error);
  g_clear_pointer (&self->job_id, g_free);
  dyno_import_job_async (self->shop, request, &self->job_id, self->cancellable, answer_cb,
                         question);
  set_state (self, DYNO_IMPORT_RUNNING);
}

void
dyno_run_import_item_cancel (DynoRunImportItem *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* Decisions. */

static void
decide (DynoRunImportItem  *self,
        char              **decision,
        const char         *text)
{
  if (g_strcmp0 (*decision, text) == 0)
    return;

  g_free (*decision);
  *decision = g_strdup (text);
  look (self);
}

void
dyno_run_import_item_set_delimiter (DynoRunImportItem *self,
                                    const char        *delimiter)
{
  decide (self, &self->delimiter, delimiter);
}

void
dyno_run_import_item_set_decimal (DynoRunImportItem *self,
                                  const char        *decimal)
{
  decide (self, &self->decimal, decimal);
}

void
dyno_run_import_item_set_force (DynoRunImportItem *self,
                                gboolean           force)
{
  if (self->force == !!force)
    return;

  self->force = !!force;
  look (self);
}

void
dyno_run_import_item_map (DynoRunImportItem *self,
                          const char        *column,
                          const char        *channel)
{
  if (g_strcmp0 (g_hash_table_lookup (self->map, column), channel) == 0)
    return;

  g_hash_table_replace (self->map, g_strdup (column), g_strdup (channel));
  look (self);
}

static void
dyno_run_import_item_finalize (GObject *object)
{
  DynoRunImportItem *self = DYNO_RUN_IMPORT_ITEM (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->outcome, dyno_import_outcome_free);
  g_clear_error (&self->error);
  g_hash_table_unref (self->map);
  g_free (self->path);
  g_free (self->name);
  g_free (self->delimiter);
  g_free (self->decimal);
  g_free (self->run_id);
  g_free (self->job_id);
  dyno_shop_unref (self->shop);

  G_OBJECT_CLASS (dyno_run_import_item_parent_class)->finalize (object);
}

static void
dyno_run_import_item_class_init (DynoRunImportItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dyno_run_import_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_RUN_IMPORT_ITEM, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dyno_run_import_item_init (DynoRunImportItem *self)
{
  self->cancellable = g_cancellable_new ();
  self->map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

DynoRunImportItem *
dyno_run_import_item_new (DynoShop   *shop,
                          const char *path)
{
  DynoRunImportItem *self = g_object_new (DYNO_TYPE_RUN_IMPORT_ITEM, NULL);

  self->shop = dyno_shop_ref (shop);
  self->path = g_strdup (path);
  self->name = g_filename_display_basename (path);
  look (self);

  return self;
}
