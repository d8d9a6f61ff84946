/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-day-journal.h"

#include <string.h>

#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

struct _DynoDayJournal
{
  DynoJournal     *journal; /* (borrowed) */
  DynoClock       *clock;   /* (borrowed) */
  char            *folder;  /* (owned) */
  char            *group;   /* (owned) */
  guint16          port;
  DynoJournalFile *file;    /* (owned) (nullable) */
  gint64           day;     /* of the file: days since 1970 */
};

DynoDayJournal *
dyno_day_journal_new (DynoJournal *journal,
                      DynoClock   *clock,
                      const char  *folder,
                      const char  *group,
                      guint16      port)
{
  DynoDayJournal *self = g_new0 (DynoDayJournal, 1);

  self->journal = journal;
  self->clock = clock;
  self->folder = g_strdup (folder);
  self->group = g_strdup (group);
  self->port = port;

  return self;
}

static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  dyno_journal_result_free (dyno_journal_file_finish (result, NULL));
}

static void
end_file (DynoDayJournal *self,
          gint64          now_us)
{
  if (self->file != NULL)
    dyno_journal_file_finish_async (g_steal_pointer (&self->file), now_us, finished_cb, NULL);
}

void
dyno_day_journal_free (DynoDayJournal *self,
                       gint64          now_us)
{
  if (self == NULL)
    return;

  end_file (self, now_us);
  g_free (self->folder);
  g_free (self->group);
  g_free (self);
}

static char *
free_path (const DynoDayJournal *self,
           gint64                real_us)
{
  g_autofree char *date = dyno_clock_format_utc (real_us);

  date[strlen ("2026-03-14")] = '\0';
  for (guint n = 1;; n++)
    {
      g_autofree char *number = n > 1 ? g_strdup_printf ("-%u", n) : g_strdup ("");
      g_autofree char *name = g_strconcat ("day-", date, number, ".jdj", NULL);
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

static void
begin_file (DynoDayJournal *self,
            DynoBatch      *batch,
            gint64          real_us)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *path = free_path (self, real_us);
  gsize at = (gsize) batch->key_at;

  g_ptr_array_add (records, g_bytes_new_from_bytes (batch->records, at,
                                                    g_bytes_get_size (batch->records) - at));
  self->file = dyno_journal_begin (self->journal, path, NULL, self->group, self->port, records,
                                   batch->begin_us);
}

void
dyno_day_journal_push (DynoDayJournal *self,
                       DynoBatch      *batch)
{
  gint64 real_us = dyno_clock_real_us (self->clock);
  gint64 day = real_us / DAY_US;

  if (batch->records == NULL)
    return;
  if (self->file != NULL && (day == self->day || batch->key_at < 0))
    {
      dyno_journal_file_append (self->file, batch->records, batch->end_us);
      return;
    }
  if (batch->key_at < 0)
    return;

  end_file (self, batch->begin_us);
  self->day = day;
  begin_file (self, batch, real_us);
}
