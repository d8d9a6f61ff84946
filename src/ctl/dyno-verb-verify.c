/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verb-data.h"

#include "dyno-failure.h"
#include "dyno-print.h"
#include "dyno-progress-bar.h"
#include "dyno-runbook.h"
#include "dyno-shape.h"
#include "dyno-subject.h"
#include "dyno-verify.h"

#include <math.h>

static gboolean wants_all;
static gboolean wants_samples;

const GOptionEntry dyno_verb_verify_entries[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &wants_all, "The whole chain of the store with its files",
    NULL },
  { "samples", 0, 0, G_OPTION_ARG_NONE, &wants_samples,
    "With --all: derive the samples of every run "
    "again, too", NULL },
  { NULL },
};

static void
print_report (DynoCtl                *ctl,
              const DynoVerifyReport *report)
{
  if (ctl->is_json)
    {
      DynoJsonWriter *w = dyno_json_writer_new (FALSE);

      dyno_shape_verify (w, report);
      dyno_print_json (w);
      return;
    }

  for (guint i = 0; i < report->findings->len; i++)
    {
      const DynoVerifyFinding *finding = report->findings->pdata[i];

      if (finding->run_id == NULL || g_str_has_prefix (finding->text, finding->run_id))
        dyno_print_line ("%s", finding->text);
      else
        dyno_print_line ("%s: %s", finding->run_id, finding->text);
    }
  dyno_print_line ("%s: %u files read, %u links of the chain, %u runs derived again.",
                   report->is_ok ? "Unchanged" : "DAMAGED", report->n_files, report->n_links,
                   report->n_derived);
  if (report->removed->len > 0)
    dyno_print_line ("%u journals were let go by the rules; their runs are kept.",
                     report->removed->len);
}

static gboolean
report (DynoCtl          *ctl,
        DynoProgressBar  *bar,
        int              *status,
        GError          **error)
{
  g_autoptr(DynoVerifyReport) found = dyno_verify_finish (dyno_await_wait (ctl->await), error);

  dyno_progress_bar_hide (bar);
  if (found == NULL)
    return FALSE;
  print_report (ctl, found);
  *status = found->is_ok ? DYNO_EXIT_DONE : DYNO_EXIT_FAILED;

  return TRUE;
}

static gboolean
verify_file (DynoCtl     *ctl,
             const char  *path,
             int         *status,
             GError     **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_STORE | DYNO_SHOP_NO_CAPTURE, error);
  g_autoptr(DynoProgressBar) bar = NULL;

  if (shop == NULL)
    return FALSE;
  bar = dyno_progress_bar_new (ctl, "Reading");
  dyno_progress_bar_set (bar, NAN, NULL);
  dyno_verify_file_async (shop, path, ctl->cancellable, dyno_await_cb, ctl->await);

  return report (ctl, bar, status, error);
}

static gboolean
verify_stored (DynoCtl     *ctl,
               const char  *run,
               int         *status,
               GError     **error)
{
  DynoShop *shop = dyno_ctl_open_shop (ctl, DYNO_SHOP_NO_CAPTURE | DYNO_SHOP_NO_CREATE, error);
  g_autoptr(DynoProgressBar) bar = NULL;
  g_autoptr(DynoRunDetail) detail = NULL;

  if (shop == NULL)
    return FALSE;
  if (run != NULL)
    {
      dyno_runbook_get_async (shop, run, ctl->cancellable, dyno_await_cb, ctl->await);
      detail = dyno_runbook_get_finish (dyno_await_wait (ctl->await), error);
      if (detail == NULL)
        return FALSE;
    }
  bar = dyno_progress_bar_new (ctl, "Reading");
  dyno_progress_bar_watch (bar);
  if (detail != NULL)
    dyno_verify_run_async (shop, detail->run->id, ctl->cancellable, dyno_await_cb, ctl->await);
  else
    dyno_verify_all_async (shop, wants_samples, ctl->cancellable, dyno_await_cb, ctl->await);

  return report (ctl, bar, status, error);
}

gboolean
dyno_verb_verify (DynoCtl  *ctl,
                  int      *status,
                  GError  **error)
{
  if (!dyno_ctl_want (ctl, wants_all ? 0 : 1, wants_all ? 0 : 1, "a file, a run or --all", error))
    return FALSE;
  if (wants_all)
    return verify_stored (ctl, NULL, status, error);
  if (dyno_subject_is_file (ctl->arguments[0]))
    return verify_file (ctl, ctl->arguments[0], status, error);

  return verify_stored (ctl, ctl->arguments[0], status, error);
}
