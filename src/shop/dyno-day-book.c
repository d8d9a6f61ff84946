/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-day-book.h"

#include <string.h>

#include "dyno-shop-private.h"

#define MS_PER_DAY (G_GINT64_CONSTANT (24) * 3600 * 1000)

void
dyno_day_page_free (DynoDayPage *self)
{
  g_free (self->policy);
  g_free (self->subject);
  g_free (self);
}

static gint64
today (DynoShop *shop)
{
  return dyno_clock_real_us (shop->clock) / 1000 / MS_PER_DAY;
}

/* "default-day key_…" */
static GPtrArray *
to_rows (GPtrArray *pages)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_day_usage_free);

  for (guint i = 0; i < pages->len; i++)
    {
      const DynoDayPage *page = g_ptr_array_index (pages, i);
      DynoDayUsage *row = g_new0 (DynoDayUsage, 1);

      row->subject = g_strconcat (page->policy, " ", page->subject, NULL);
      row->day = page->day;
      row->used = page->used;
      g_ptr_array_add (rows, row);
    }

  return rows;
}

static GPtrArray *
to_pages (GPtrArray *rows)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_day_page_free);

  for (guint i = 0; i < rows->len; i++)
    {
      const DynoDayUsage *row = g_ptr_array_index (rows, i);
      const char *blank = strchr (row->subject, ' ');
      DynoDayPage *page;

      if (blank == NULL)
        continue;
      page = g_new0 (DynoDayPage, 1);
      page->policy = g_strndup (row->subject, (gsize) (blank - row->subject));
      page->subject = g_strdup (blank + 1);
      page->day = row->day;
      page->used = row->used;
      g_ptr_array_add (pages, page);
    }

  return pages;
}

static gpointer
save (const DynoErrand  *errand,
      gpointer           pages,
      GError           **error)
{
  DynoStore *store = errand->shop->store;

  dyno_store_set_day_usage_async (store, to_rows (pages), today (errand->shop) - 1,
                                  errand->cancellable, dyno_await_cb, errand->await);

  return dyno_store_set_day_usage_finish (store, dyno_await_wait (errand->await), error)
           ? DYNO_OPERATION_DONE : NULL;
}

static const DynoOperation save_operation = { "day-book-save", save, NULL, TRUE, TRUE };

void
dyno_day_book_save_async (DynoShop            *shop,
                          GPtrArray           *pages,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &save_operation, pages, (GDestroyNotify) g_ptr_array_unref,
                        cancellable, callback, user_data);
}

gboolean
dyno_day_book_save_finish (GAsyncResult  *result,
                           GError       **error)
{
  return dyno_operation_finish (result, &save_operation, error) != NULL;
}

static gpointer
load (const DynoErrand  *errand,
      gpointer           unused,
      GError           **error)
{
  DynoStore *store = errand->shop->store;
  g_autoptr(GPtrArray) rows = NULL;

  dyno_store_list_day_usage_async (store, today (errand->shop), errand->cancellable, dyno_await_cb,
                                   errand->await);
  rows = dyno_store_list_day_usage_finish (store, dyno_await_wait (errand->await), error);

  return rows != NULL ? to_pages (rows) : NULL;
}

static const DynoOperation load_operation = { "day-book-load", load,
                                              (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_day_book_load_async (DynoShop            *shop,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &load_operation, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_day_book_load_finish (GAsyncResult  *result,
                           GError       **error)
{
  return dyno_operation_finish (result, &load_operation, error);
}
