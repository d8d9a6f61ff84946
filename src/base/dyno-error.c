/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-error.h"

#include <string.h>

#define EXCERPT_BYTES 60

typedef struct
{
  char *reason; /* (owned) (nullable) */
} DynoErrorPrivate;

static void
dyno_error_private_init (DynoErrorPrivate *priv)
{
  priv->reason = NULL;
}

static void
dyno_error_private_copy (const DynoErrorPrivate *source,
                         DynoErrorPrivate       *target)
{
  target->reason = g_strdup (source->reason);
}

static void
dyno_error_private_clear (DynoErrorPrivate *priv)
{
  g_clear_pointer (&priv->reason, g_free);
}

G_DEFINE_EXTENDED_ERROR (DynoError, dyno_error)

void
dyno_error_set (GError       **error,
                DynoErrorCode  code,
                const char    *reason,
                const char    *format,
                ...)
{
  va_list args;
  GError *made;

  if (error == NULL)
    return;

  va_start (args, format);
  made = g_error_new_valist (DYNO_ERROR, (int) code, format, args);
  va_end (args);

  dyno_error_get_private (made)->reason = g_strdup (reason);
  g_propagate_error (error, made);
}

const char *
dyno_error_get_reason (const GError *error)
{
  if (error == NULL || error->domain != DYNO_ERROR)
    return NULL;

  return dyno_error_get_private (error)->reason;
}

char *
dyno_error_excerpt (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return g_utf8_make_valid (text, strnlen (text, EXCERPT_BYTES));
}

const char *
dyno_error_code_name (DynoErrorCode code)
{
  static const char *const names[DYNO_N_ERRORS] = {
    [DYNO_ERROR_INVALID] = "invalid",         [DYNO_ERROR_NOT_FOUND] = "not_found",
    [DYNO_ERROR_CONFLICT] = "conflict",       [DYNO_ERROR_DENIED] = "denied",
    [DYNO_ERROR_LIMITED] = "limited",         [DYNO_ERROR_UNAVAILABLE] = "unavailable",
    [DYNO_ERROR_CORRUPT] = "corrupt",         [DYNO_ERROR_TOO_LARGE] = "too_large",
    [DYNO_ERROR_TIMED_OUT] = "timed_out",     [DYNO_ERROR_INTERNAL] = "internal",
  };

  return code < DYNO_N_ERRORS ? names[code] : "internal";
}
