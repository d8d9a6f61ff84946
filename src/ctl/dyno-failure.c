/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-failure.h"

#include "dyno-clock.h"
#include "dyno-error.h"
#include "dyno-json.h"
#include "dyno-print.h"
#include "dyno-shape.h"

#include <gio/gio.h>
#include <stdio.h>

#define REASON_USAGE "usage"

void
dyno_failure_set_usage (GError     **error,
                        const char  *format,
                        ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_error_set (error, DYNO_ERROR_INVALID, REASON_USAGE, "%s", message);
}

void
dyno_failure_make_usage (GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (error == NULL || *error == NULL)
    return;
  cause = g_steal_pointer (error);
  dyno_failure_set_usage (error, "%s", cause->message);
}

int
dyno_failure_exit_status (const GError *error)
{
  static const int statuses[DYNO_N_ERRORS] = {
    [DYNO_ERROR_INVALID] = DYNO_EXIT_BAD_INPUT,
    [DYNO_ERROR_NOT_FOUND] = DYNO_EXIT_NOT_FOUND,
    [DYNO_ERROR_CONFLICT] = DYNO_EXIT_CONFLICT,
    [DYNO_ERROR_DENIED] = DYNO_EXIT_DENIED,
    [DYNO_ERROR_LIMITED] = DYNO_EXIT_UNAVAILABLE,
    [DYNO_ERROR_UNAVAILABLE] = DYNO_EXIT_UNAVAILABLE,
    [DYNO_ERROR_CORRUPT] = DYNO_EXIT_FAILED,
    [DYNO_ERROR_TOO_LARGE] = DYNO_EXIT_BAD_INPUT,
    [DYNO_ERROR_TIMED_OUT] = DYNO_EXIT_UNAVAILABLE,
    [DYNO_ERROR_INTERNAL] = DYNO_EXIT_FAILED,
  };

  if (error == NULL)
    return DYNO_EXIT_DONE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return DYNO_EXIT_INTERRUPTED;
  if (g_strcmp0 (dyno_error_get_reason (error), REASON_USAGE) == 0)
    return DYNO_EXIT_USAGE;
  if (error->domain == DYNO_ERROR && error->code >= 0 && error->code < DYNO_N_ERRORS)
    return statuses[error->code];

  return DYNO_EXIT_FAILED;
}

static void
print_body (const GError *error)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);
  g_autofree char *text = NULL;

  dyno_shape_error (w, error, dyno_clock_real_us (dyno_clock_get_system ()));
  text = dyno_json_writer_finish (w);
  fprintf (stderr, "%s\n", text);
}

int
dyno_failure_print (const GError *error,
                    gboolean      is_json)
{
  int status = dyno_failure_exit_status (error);

  if (g_strcmp0 (dyno_error_get_reason (error), DYNO_PRINT_CLOSED) == 0)
    return status;
  if (is_json)
    {
      print_body (error);
    }
  else
    {
      g_autofree char *text = dyno_print_clean (error->message);

      fprintf (stderr, "dynoctl: %s\n", status == DYNO_EXIT_INTERRUPTED ? "Interrupted." : text);
    }

  return status;
}
