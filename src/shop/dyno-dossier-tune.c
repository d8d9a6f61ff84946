/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-dossier-tune.h"

#include <string.h>

#include "dyno-archive-private.h"
#include "dyno-shape-tune.h"
#include "dyno-shop-private.h"
#include "dyno-tune-private.h"

#define MOST_NAME 60 /* letters of a tune's name */

static void
add_part (DynoDossier *self,
          const char  *name,
          GBytes      *bytes)
{
  g_ptr_array_add (self->extras, dyno_archive_member_new (name, bytes));
}

/* Tunes */

static gboolean
has_part (const DynoDossier *self,
          const char        *name)
{
  for (guint i = 0; i < self->extras->len; i++)
    {
      if (g_str_equal (((DynoArchiveMember *) self->extras->pdata[i])->name, name))
        return TRUE;
    }

  return FALSE;
}

/* "tune/Stage_1.pvv"; the next one of that name "tune/Stage_1-2.pvv". (transfer full) */
static char *
make_name (const DynoDossier *self,
           const char        *tune)
{
  gboolean has_ending = g_str_has_suffix (tune, ".pvv");
  gsize length = strlen (tune) - (has_ending ? strlen (".pvv") : 0);
  g_autofree char *plain = g_strndup (tune, MIN (length, MOST_NAME));
  char *name;

  for (char *c = plain; *c != '\0'; c++)
    {
      if (!g_ascii_isalnum (*c) && *c != '-')
        *c = '_';
    }
  name = g_strconcat (DYNO_ARCHIVE_TUNE_FOLDER, plain, ".pvv", NULL);
  for (guint n = 2; has_part (self, name); n++)
    {
      g_free (name);
      name = g_strdup_printf (DYNO_ARCHIVE_TUNE_FOLDER "%s-%u.pvv", plain, n);
    }

  return name;
}

static gboolean
add_tune (DynoDossier           *self,
          const DynoErrand      *errand,
          const DynoTuneRecord  *tune,
          GError               **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;

  if (!g_str_equal (tune->format, "pvv"))
    return TRUE;
  bytes = dyno_tune_whole (errand, tune->id, error);
  if (bytes == NULL)
    return FALSE;
  name = make_name (self, tune->name);
  add_part (self, name, bytes);

  return TRUE;
}

static int
compare_tunes (gconstpointer a,
               gconstpointer b)
{
  const DynoTuneRecord *one = *(const DynoTuneRecord *const *) a;
  const DynoTuneRecord *other = *(const DynoTuneRecord *const *) b;
  int by_name = strcmp (one->name, other->name);

  return by_name != 0 ? by_name : strcmp (one->id, other->id);
}

static gboolean
load_tunes (DynoDossier       *self,
            const DynoErrand  *errand,
            GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) tunes = NULL;

  if (self->vehicle == NULL)
    return TRUE;
  dyno_store_list_tunes_async (store, self->vehicle->id, errand->cancellable, dyno_await_cb,
                               errand->await);
  tunes = dyno_store_list_tunes_finish (store, dyno_await_wait (errand->await), error);
  if (tunes == NULL)
    return FALSE;
  g_ptr_array_sort (tunes, compare_tunes);
  for (guint i = 0; i < tunes->len; i++)
    {
      if (!add_tune (self, errand, tunes->pdata[i], error))
        return FALSE;
    }

  return TRUE;
}

/* Changes */

static gboolean
is_of_the_run (const DynoDossier      *self,
               const DynoChangeRecord *change)
{
  for (guint i = 0; change->analysis_id != NULL && i < self->analyses->len; i++)
    {
      if (g_str_equal (((DynoAnalysisRecord *) self->analyses->pdata[i])->id, change->analysis_id))
        return TRUE;
    }

  return FALSE;
}

static gboolean
takes_back (GPtrArray              *kept,
            const DynoChangeRecord *change)
{
  for (guint i = 0; change->undoes != NULL && i < kept->len; i++)
    {
      if (g_str_equal (((DynoChangeRecord *) kept->pdata[i])->id, change->undoes))
        return TRUE;
    }

  return FALSE;
}

/* `all` is newest first: what was taken back stands behind what took it back.
 * (transfer container) */
static GPtrArray *
choose_changes (const DynoDossier *self,
                GPtrArray         *all)
{
  GPtrArray *kept = g_ptr_array_new ();

  for (guint i = all->len; i > 0; i--)
    {
      DynoChangeRecord *change = g_ptr_array_index (all, i - 1);

      if (is_of_the_run (self, change) || takes_back (kept, change))
        g_ptr_array_add (kept, change);
    }

  return kept;
}

static void
add_changes (DynoDossier *self,
             GPtrArray   *changes)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "schema", DYNO_DOSSIER_CHANGES_SCHEMA);
  dyno_json_writer_name (w, "changes");
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < changes->len; i++)
    dyno_shape_tune_change (w, changes->pdata[i]);
  dyno_json_writer_end_array (w);
  dyno_json_writer_end_object (w);
  text = dyno_json_writer_finish (w);
  bytes = g_bytes_new_take (text, strlen (text));
  add_part (self, DYNO_ARCHIVE_CHANGES, bytes);
}

static gboolean
load_changes (DynoDossier       *self,
              const DynoErrand  *errand,
              GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) kept = NULL;

  if (self->analyses->len == 0)
    return TRUE;
  dyno_store_list_changes_async (store, NULL, NULL, errand->cancellable, dyno_await_cb,
                                 errand->await);
  all = dyno_store_list_changes_finish (store, dyno_await_wait (errand->await), error);
  if (all == NULL)
    return FALSE;
  kept = choose_changes (self, all);
  if (kept->len > 0)
    add_changes (self, kept);

  return TRUE;
}

gboolean
dyno_dossier_load_tune (DynoDossier       *self,
                        const DynoErrand  *errand,
                        GError           **error)
{
  return load_tunes (self, errand, error) && load_changes (self, errand, error);
}
