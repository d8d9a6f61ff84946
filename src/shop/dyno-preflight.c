/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight.h"

DynoPreflight *
dyno_preflight_ref (DynoPreflight *self)
{
  g_atomic_ref_count_inc (&self->n_refs);

  return self;
}

void
dyno_preflight_unref (DynoPreflight *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_refs))
    return;

  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    {
      g_free (self->checks[i].message);
      g_free (self->checks[i].fix);
      g_free (self->checks[i].details);
    }
  g_free (self);
}

const char *
dyno_preflight_kind_name (DynoPreflightKind kind)
{
  static const char *const names[DYNO_N_PREFLIGHT_CHECKS] = {
    "link",     "provider", "required", "recommended", "health", "rpm",  "mixture",
    "throttle", "power",    "torque",   "gear",        "atmosphere", "disk",
  };

  g_return_val_if_fail (kind < DYNO_N_PREFLIGHT_CHECKS, "");

  return names[kind];
}

const char *
dyno_preflight_status_name (DynoPreflightStatus status)
{
  static const char *const names[] = { "pass", "warn", "fail", "skip" };

  g_return_val_if_fail (status < G_N_ELEMENTS (names), "");

  return names[status];
}
