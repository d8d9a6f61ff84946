/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-runs-verify.h"

#include "dyno-run-words.h"

#include <glib/gi18n.h>

typedef struct
{
  DynoShop           *shop;        /* (owned) */
  GPtrArray          *items;       /* (owned) of DynoRunItem */
  GCancellable       *cancellable; /* (owned) (nullable) */
  guint               next;
  guint               n_bad;
  DynoVerifySummary   summary;     /* its texts are (owned) */
  void              (*func) (DynoVerifySummary *summary,
                             gpointer           user_data);
  gpointer            user_data;   /* (owned) an object */
} Verify;

static void
verify_free (Verify *verify)
{
  g_clear_object (&verify->user_data);
  g_clear_object (&verify->cancellable);
  g_ptr_array_unref (verify->items);
  dyno_shop_unref (verify->shop);
  g_free (verify->summary.sentence);
  g_free (verify->summary.run_id);
  g_free (verify);
}

static const DynoRun *
run_at (Verify *verify,
        guint   index)
{
  return dyno_run_item_get_run (g_ptr_array_index (verify->items, index));
}

/* What is wrong with the first bad run stands for the others. */
static void
note_bad (Verify     *verify,
          const char *what)
{
  const DynoRun *run = run_at (verify, verify->next);
  g_autofree char *name = dyno_run_words_name (run);

  if (verify->n_bad++ > 0)
    return;
  verify->summary.sentence = g_strdup_printf ("%s: %s", name, what);
  verify->summary.run_id = g_strdup (run->id);
}

static void
finish (Verify *verify)
{
  guint n = verify->items->len;

  verify->summary.is_ok = verify->n_bad == 0;
  if (verify->n_bad == 0 && n == 1)
    {
      g_autofree char *name = dyno_run_words_name (run_at (verify, 0));

      verify->summary.sentence = g_strdup_printf (_ ("%s is what was recorded."), name);
      verify->summary.run_id = g_strdup (run_at (verify, 0)->id);
    }
  else if (verify->n_bad == 0)
    verify->summary.sentence = g_strdup_printf (ngettext ("%u run is what was recorded.",
                                                          "%u runs are what was recorded.", n),
                                                n);
  /* It takes over the object. */
  verify->func (&verify->summary, g_steal_pointer (&verify->user_data));
  verify_free (verify);
}

static void step (Verify *verify);

static void
verified_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Verify *verify = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoVerifyReport) report = dyno_verify_finish (result, &error);

  if (g_cancellable_is_cancelled (verify->cancellable))
    {
      verify_free (verify);
      return;
    }

  if (report == NULL)
    note_bad (verify, error->message);
  else if (!report->is_ok)
    note_bad (verify, report->findings->len > 0
                          ? ((DynoVerifyFinding *) g_ptr_array_index (report->findings, 0))->text
                          : _ ("not what was recorded"));
  verify->next++;
  step (verify);
}

static void
step (Verify *verify)
{
  if (verify->next == verify->items->len)
    finish (verify);
  else
    dyno_verify_run_async (verify->shop, run_at (verify, verify->next)->id, verify->cancellable,
                           verified_cb, verify);
}

void
dyno_runs_verify (DynoShop     *shop,
                  GPtrArray    *items,
                  GCancellable *cancellable,
                  void        (*func) (DynoVerifySummary *summary,
                                       gpointer           user_data),
                  gpointer      user_data)
{
  Verify *verify = g_new0 (Verify, 1);

  g_return_if_fail (items->len > 0);

  verify->shop = dyno_shop_ref (shop);
  verify->items = g_ptr_array_ref (items);
  verify->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  verify->func = func;
  verify->user_data = user_data;
  step (verify);
}
