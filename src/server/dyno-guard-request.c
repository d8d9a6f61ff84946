/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-guard-private.h"

#include <string.h>

/* The rules of a request line (RFC 9112, 3). */

static gboolean
version_is_known (DynoPiece          version,
                  DynoRefusalReason *reason)
{
  gboolean is_version = version.length == 8 && memcmp (version.at, "HTTP/", 5) == 0
                        && g_ascii_isdigit (version.at[5]) && version.at[6] == '.'
                        && g_ascii_isdigit (version.at[7]);

  *reason = is_version ? DYNO_REFUSAL_VERSION : DYNO_REFUSAL_REQUEST_LINE;

  return is_version && memcmp (version.at + 5, "1.1", 3) == 0;
}

static gboolean
take_method (DynoGuard         *self,
             DynoPiece          method,
             DynoRefusalReason *reason)
{
  static const char *const served[] = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
  };

  *reason = dyno_piece_is_token (method) ? DYNO_REFUSAL_METHOD : DYNO_REFUSAL_REQUEST_LINE;
  for (guint i = 0; i < G_N_ELEMENTS (served); i++)
    if (method.length == strlen (served[i]) && memcmp (method.at, served[i], method.length) == 0)
      {
        self->method = served[i];
        return TRUE;
      }

  return FALSE;
}

/* Cuts scheme and authority off an absolute form; the authority is kept, to be compared
 * with Host. FALSE: neither origin-form nor http(s). */
static gboolean
cut_authority (DynoGuard *self,
               DynoPiece *target)
{
  static const char *const schemes[] = { "http://", "https://" };
  DynoPiece rest = *target;

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (dyno_piece_begins (*target, schemes[i]))
      {
        gsize n = strlen (schemes[i]);

        rest = (DynoPiece){ target->at + n, target->length - n };
        break;
      }
  if (rest.at == target->at)
    return FALSE;

  self->n_authority = 0;
  while (self->n_authority < rest.length && strchr ("/?", rest.at[self->n_authority]) == NULL)
    self->n_authority++;
  if (self->n_authority == 0 || self->n_authority >= sizeof self->authority)
    return FALSE;
  memcpy (self->authority, rest.at, self->n_authority);
  *target = (DynoPiece){ rest.at + self->n_authority, rest.length - self->n_authority };

  return TRUE;
}

static gboolean
target_is_visible (DynoPiece target)
{
  for (gsize i = 0; i < target.length; i++)
    if (target.at[i] <= 0x20 || target.at[i] >= 0x7f || target.at[i] == '#')
      return FALSE;

  return target.length > 0;
}

static gboolean
take_target (DynoGuard         *self,
             DynoPiece          target,
             DynoRefusalReason *reason)
{
  gsize n_slash = 0;

  *reason = DYNO_REFUSAL_TARGET_LENGTH;
  if (target.length > DYNO_GUARD_MAX_TARGET)
    return FALSE;

  *reason = DYNO_REFUSAL_TARGET;
  if (!target_is_visible (target))
    return FALSE;
  if (target.length == 1 && target.at[0] == '*')
    {
      if (strcmp (self->method, "OPTIONS") != 0)
        return FALSE;
    }
  else if (target.at[0] != '/')
    {
      if (!cut_authority (self, &target))
        return FALSE;
      /* "http://host" and "http://host?q" mean the path "/". */
      n_slash = target.length == 0 || target.at[0] != '/';
    }
  self->target[0] = '/';
  memcpy (self->target + n_slash, target.at, target.length);
  self->target[n_slash + target.length] = '\0';

  return TRUE;
}

gboolean
dyno_guard_judge_request (DynoGuard         *self,
                          const char        *line,
                          gsize              length,
                          DynoRefusalReason *reason)
{
  DynoPiece method = { line, length };
  gboolean has_target;
  gboolean has_version;
  gboolean has_more;
  DynoPiece target = dyno_piece_split (&method, ' ', &has_target);
  DynoPiece version = dyno_piece_split (&target, ' ', &has_version);

  dyno_piece_split (&version, ' ', &has_more);
  *reason = DYNO_REFUSAL_REQUEST_LINE;
  if (!has_target || !has_version || has_more || target.length == 0)
    return FALSE;
  if (!version_is_known (version, reason)
      || !take_method (self, method, reason)
      || !take_target (self, target, reason))
    return FALSE;

  dyno_guard_stage_text (self, self->method);
  dyno_guard_stage_text (self, " / HTTP/1.1\r\n");

  return TRUE;
}
