/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-guard-private.h"

#include <arpa/inet.h>
#include <string.h>

/* The rules of a header line and of a head as a whole (RFC 9112, 5 and 6; RFC 9110, 5.6),
 * and which headers libsoup gets to see. */

static gboolean
port_is_well_formed (DynoPiece port)
{
  guint number = 0;

  if (port.length < 1 || port.length > 5)
    return FALSE;
  for (gsize i = 0; i < port.length; i++)
    {
      if (!g_ascii_isdigit (port.at[i]))
        return FALSE;
      number = number * 10 + (port.at[i] - '0');
    }

  return number <= G_MAXUINT16;
}

static gboolean
is_ipv6 (DynoPiece address)
{
  struct in6_addr parsed;
  char text[INET6_ADDRSTRLEN];

  if (address.length >= sizeof text)
    return FALSE;
  memcpy (text, address.at, address.length);
  text[address.length] = '\0';

  return inet_pton (AF_INET6, text, &parsed) == 1;
}

static gboolean
is_host_name (DynoPiece name)
{
  for (gsize i = 0; i < name.length; i++)
    if (!g_ascii_isalnum (name.at[i]) && strchr ("._-", name.at[i]) == NULL)
      return FALSE;

  return name.length > 0;
}

/* name, IPv4 or [IPv6], each with or without a port: nothing that libsoup could not make
 * a URI of. */
static gboolean
host_is_well_formed (DynoPiece host)
{
  gboolean has_port;
  gboolean is_closed = TRUE;
  gboolean is_literal = host.length > 0 && host.at[0] == '[';
  DynoPiece port;

  if (host.length > 255)
    return FALSE;
  if (is_literal)
    {
      DynoPiece rest;

      host = (DynoPiece){ host.at + 1, host.length - 1 };
      rest = dyno_piece_split (&host, ']', &is_closed);
      has_port = rest.length > 0;
      port = has_port ? (DynoPiece){ rest.at + 1, rest.length - 1 } : rest;
      is_closed = is_closed && (!has_port || rest.at[0] == ':');
    }
  else
    port = dyno_piece_split (&host, ':', &has_port);

  return is_closed && (is_literal ? is_ipv6 (host) : is_host_name (host))
         && (!has_port || port_is_well_formed (port));
}

static void
keep (DynoGuard *self,
      DynoPiece  name,
      DynoPiece  value)
{
  dyno_guard_stage (self, name.at, name.length);
  dyno_guard_stage (self, ": ", 2);
  dyno_guard_stage (self, value.at, value.length);
  dyno_guard_stage (self, "\r\n", 2);
}

static gboolean
see_once (DynoGuard *self,
          guint      bit)
{
  gboolean is_first = (self->seen & bit) == 0;

  self->seen |= bit;

  return is_first;
}

static gboolean
take_host (DynoGuard         *self,
           DynoPiece          name,
           DynoPiece          value,
           DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_HOST;
  if (!see_once (self, SEEN_HOST) || !host_is_well_formed (value))
    return FALSE;
  memcpy (self->host, value.at, value.length);
  self->host[value.length] = '\0';
  keep (self, name, value);

  return TRUE;
}

/* RFC 9110 allows it; parsers differ on what it does to a length. The line goes on behind
 * the value, with its CR if with nothing else. */
static gboolean
ends_in_tab (DynoPiece value)
{
  const char *at = value.at + value.length;

  while (*at == ' ')
    at++;

  return *at == '\t';
}

/* 1 to 15 digits: no sign, list or blank, and no overflow. */
static gboolean
take_length (DynoGuard         *self,
             DynoPiece          name,
             DynoPiece          value,
             DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_FRAMING;
  if (!see_once (self, SEEN_LENGTH) || value.length < 1 || value.length > 15 || ends_in_tab (value))
    return FALSE;
  self->body_length = 0;
  for (gsize i = 0; i < value.length; i++)
    {
      if (!g_ascii_isdigit (value.at[i]))
        return FALSE;
      self->body_length = self->body_length * 10 + (value.at[i] - '0');
    }

  return TRUE;
}

static gboolean
take_encoding (DynoGuard         *self,
               DynoPiece          name,
               DynoPiece          value,
               DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_FRAMING;

  return see_once (self, SEEN_ENCODING) && !ends_in_tab (value) && dyno_piece_is (value, "chunked");
}

static gboolean
take_expect (DynoGuard         *self,
             DynoPiece          name,
             DynoPiece          value,
             DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_EXPECTATION;
  self->expects_continue = TRUE;

  return dyno_piece_is (value, "100-continue");
}

static gboolean
take_connection (DynoGuard         *self,
                 DynoPiece          name,
                 DynoPiece          value,
                 DynoRefusalReason *reason)
{
  gboolean has_more = TRUE;

  while (has_more)
    {
      DynoPiece rest = dyno_piece_split (&value, ',', &has_more);

      if (dyno_piece_is (dyno_piece_trim (value), "close"))
        self->says_close = TRUE;
      value = rest;
    }

  return TRUE;
}

static gboolean
strip (DynoGuard         *self,
       DynoPiece          name,
       DynoPiece          value,
       DynoRefusalReason *reason)
{
  return TRUE;
}

static gboolean
take_other (DynoGuard         *self,
            DynoPiece          name,
            DynoPiece          value,
            DynoRefusalReason *reason)
{
  static const char *const once[] = {
    "Authorization", "X-API-Key", "Content-Type", "Idempotency-Key",
    "X-Correlation-ID", "Origin", "If-Match",
  };

  *reason = DYNO_REFUSAL_DUPLICATE;
  for (guint i = 0; i < G_N_ELEMENTS (once); i++)
    if (dyno_piece_is (name, once[i]) && !see_once (self, SEEN_ONCE << i))
      return FALSE;
  keep (self, name, value);

  return TRUE;
}

/* What becomes of a header; all others are passed on. */
static const struct
{
  const char *name;
  gboolean  (*take) (DynoGuard         *self,
                     DynoPiece              name,
                     DynoPiece              value,
                     DynoRefusalReason *reason);
} fates[] = {
  { "Host", take_host },
  { "Connection", take_connection },
  { "Content-Length", take_length },
  { "Transfer-Encoding", take_encoding },
  { "Expect", take_expect },
  { "Range", strip },
  { "If-Range", strip },
  { "Upgrade", strip },
  { "HTTP2-Settings", strip },
  { "TE", strip },
};

gboolean
dyno_guard_judge_header (DynoGuard         *self,
                         const char        *line,
                         gsize              length,
                         DynoRefusalReason *reason)
{
  DynoPiece name = { line, length };
  gboolean has_colon;
  DynoPiece value = dyno_piece_trim (dyno_piece_split (&name, ':', &has_colon));

  *reason = DYNO_REFUSAL_HEAD_SIZE;
  if (++self->n_headers > DYNO_GUARD_MAX_HEADERS)
    return FALSE;
  /* A blank before the name is obs-fold, one behind it hides the name: no token. */
  *reason = DYNO_REFUSAL_HEADER;
  if (!has_colon || !dyno_piece_is_token (name))
    return FALSE;
  if (dyno_piece_begins (name, "Proxy-"))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (fates); i++)
    if (dyno_piece_is (name, fates[i].name))
      return fates[i].take (self, name, value, reason);

  return take_other (self, name, value, reason);
}

gboolean
dyno_guard_judge_head (DynoGuard         *self,
                       DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_HOST;
  if ((self->seen & SEEN_HOST) == 0)
    return FALSE;
  if (self->n_authority > 0
      && !dyno_piece_is ((DynoPiece){ self->authority, self->n_authority }, self->host))
    return FALSE;
  *reason = DYNO_REFUSAL_FRAMING;
  if ((self->seen & SEEN_ENCODING) != 0 && (self->seen & SEEN_LENGTH) != 0)
    return FALSE;

  if ((self->seen & SEEN_ENCODING) != 0)
    self->body_length = -1;
  if (self->body_length != 0)
    dyno_guard_stage_text (self, "Transfer-Encoding: chunked\r\n");
  if (self->says_close)
    dyno_guard_stage_text (self, "Connection: close\r\n");
  dyno_guard_stage_text (self, "\r\n");

  return TRUE;
}
