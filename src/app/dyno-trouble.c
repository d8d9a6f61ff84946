/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-trouble.h"

#include "dyno-details-window.h"
#include "dyno-error.h"

#include <glib/gi18n.h>

static const struct
{
  const char *title;
  const char *icon;
  gboolean    may_pass;
} kinds[DYNO_N_ERRORS] = {
  [DYNO_ERROR_INVALID] = { N_ ("This Does Not Fit"), "dyno-warn-symbolic", FALSE },
  [DYNO_ERROR_NOT_FOUND] = { N_ ("Not Found"), "dyno-search-symbolic", FALSE },
  [DYNO_ERROR_CONFLICT] = { N_ ("Something Else Came First"), "dyno-warn-symbolic", TRUE },
  [DYNO_ERROR_DENIED] = { N_ ("Not Allowed"), "dyno-lock-symbolic", FALSE },
  [DYNO_ERROR_LIMITED] = { N_ ("Too Often"), "dyno-stale-symbolic", TRUE },
  [DYNO_ERROR_UNAVAILABLE] = { N_ ("Not There Now"), "dyno-lost-symbolic", TRUE },
  [DYNO_ERROR_CORRUPT] = { N_ ("Stored Data Is Damaged"), "dyno-fault-symbolic", FALSE },
  [DYNO_ERROR_TOO_LARGE] = { N_ ("Too Large"), "dyno-warn-symbolic", FALSE },
  [DYNO_ERROR_TIMED_OUT] = { N_ ("It Took Too Long"), "dyno-stale-symbolic", TRUE },
  [DYNO_ERROR_INTERNAL] = { N_ ("A Mistake of DynoAI"), "dyno-fault-symbolic", TRUE },
};

/* What is not of our domain comes from a library and was our business to foresee. */
static DynoErrorCode
code_of (const GError *error)
{
  if (error->domain == DYNO_ERROR && error->code >= 0 && error->code < DYNO_N_ERRORS)
    return (DynoErrorCode) error->code;

  return DYNO_ERROR_INTERNAL;
}

const char *
dyno_trouble_title (const GError *error)
{
  return _ (kinds[code_of (error)].title);
}

const char *
dyno_trouble_icon (const GError *error)
{
  return kinds[code_of (error)].icon;
}

gboolean
dyno_trouble_may_pass (const GError *error)
{
  return kinds[code_of (error)].may_pass;
}

gboolean
dyno_trouble_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

char *
dyno_trouble_describe (const GError *error)
{
  const char *reason = dyno_error_get_reason (error);

  if (reason != NULL)
    return g_strdup_printf (_ ("%s\n\nCode: %s\nReason: %s"), error->message,
                            dyno_error_code_name (code_of (error)), reason);
  if (error->domain == DYNO_ERROR)
    return g_strdup_printf (_ ("%s\n\nCode: %s"), error->message,
                            dyno_error_code_name (code_of (error)));

  return g_strdup_printf (_ ("%s\n\nCode: %s %d"), error->message,
                          g_quark_to_string (error->domain), error->code);
}

void
dyno_trouble_show (GtkWidget    *parent,
                   const GError *error)
{
  g_autofree char *text = dyno_trouble_describe (error);
  GtkWidget *window = dyno_details_window_new (dyno_trouble_title (error), text);

  gtk_window_set_transient_for (GTK_WINDOW (window),
                                GTK_WINDOW (gtk_widget_get_root (parent)));
  gtk_window_present (GTK_WINDOW (window));
}
