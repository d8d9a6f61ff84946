/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-guard-private.h"

#include <arpa/inet.h>
#include <string.h>

/* The rules of a head: what a request line and a header line may be (RFC 9112, 3 and 5;
 * RFC 9110, 5.6), and which headers libsoup gets to see. */

/* A piece of a line; not terminated. */
typedef struct
{
  const char *at;
  gsize       length;
} Piece;

static gboolean
piece_is (Piece       piece,
          const char *text)
{
  return piece.length == strlen (text) && g_ascii_strncasecmp (piece.at, text, piece.length) == 0;
}

static gboolean
piece_begins (Piece       piece,
              const char *text)
{
  gsize n = strlen (text);

  return piece.length >= n && g_ascii_strncasecmp (piece.at, text, n) == 0;
}

/* Cuts `piece` before the first `separator`; what is behind it is the answer. The whole
 * piece is cut off, and `found` FALSE, where there is none. */
static Piece
piece_split (Piece    *piece,
             char      separator,
             gboolean *found)
{
  const char *at = memchr (piece->at, separator, piece->length);
  Piece rest = { piece->at + piece->length, 0 };

  *found = at != NULL;
  if (at != NULL)
    {
      rest = (Piece){ at + 1, piece->length - (at + 1 - piece->at) };
      piece->length = at - piece->at;
    }

  return rest;
}

/* Without the blanks and tabs around it. */
static Piece
piece_trim (Piece piece)
{
  while (piece.length > 0 && (piece.at[0] == ' ' || piece.at[0] == '\t'))
    piece = (Piece){ piece.at + 1, piece.length - 1 };
  while (piece.length > 0
         && (piece.at[piece.length - 1] == ' ' || piece.at[piece.length - 1] == '\t'))
    piece.length--;

  return piece;
}

static gboolean
piece_is_token (Piece piece)
{
  for (gsize i = 0; i < piece.length; i++)
    if (!g_ascii_isalnum (piece.at[i])
        && (piece.at[i] == '\0' || strchr ("!#$%&'*+-.^_`|~", piece.at[i]) == NULL))
      return FALSE;

  return piece.length > 0;
}

gboolean
dyno_guard_byte_is_lawful (guint8 byte)
{
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/* The request line */

static gboolean
version_is_known (Piece              version,
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
             Piece              method,
             DynoRefusalReason *reason)
{
  static const char *const served[] = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
  };

  *reason = piece_is_token (method) ? DYNO_REFUSAL_METHOD : DYNO_REFUSAL_REQUEST_LINE;
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
               Piece     *target)
{
  static const char *const schemes[] = { "http://", "https://" };
  Piece rest = *target;

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (piece_begins (*target, schemes[i]))
      {
        gsize n = strlen (schemes[i]);

        rest = (Piece){ target->at + n, target->length - n };
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
  *target = (Piece){ rest.at + self->n_authority, rest.length - self->n_authority };

  return TRUE;
}

static gboolean
target_is_visible (Piece target)
{
  for (gsize i = 0; i < target.length; i++)
    if (target.at[i] <= 0x20 || target.at[i] >= 0x7f || target.at[i] == '#')
      return FALSE;

  return target.length > 0;
}

static gboolean
take_target (DynoGuard         *self,
             Piece              target,
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
  Piece method = { line, length };
  gboolean has_target;
  gboolean has_version;
  gboolean has_more;
  Piece target = piece_split (&method, ' ', &has_target);
  Piece version = piece_split (&target, ' ', &has_version);

  piece_split (&version, ' ', &has_more);
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

/* The headers */

static gboolean
port_is_well_formed (Piece port)
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
is_ipv6 (Piece address)
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
is_host_name (Piece name)
{
  for (gsize i = 0; i < name.length; i++)
    if (!g_ascii_isalnum (name.at[i]) && strchr ("._-", name.at[i]) == NULL)
      return FALSE;

  return name.length > 0;
}

/* name, IPv4 or [IPv6], each with or without a port: nothing that libsoup could not make
 * a URI of. */
static gboolean
host_is_well_formed (Piece host)
{
  gboolean has_port;
  gboolean is_closed = TRUE;
  gboolean is_literal = host.length > 0 && host.at[0] == '[';
  Piece port;

  if (host.length > 255)
    return FALSE;
  if (is_literal)
    {
      Piece rest;

      host = (Piece){ host.at + 1, host.length - 1 };
      rest = piece_split (&host, ']', &is_closed);
      has_port = rest.length > 0;
      port = has_port ? (Piece){ rest.at + 1, rest.length - 1 } : rest;
      is_closed = is_closed && (!has_port || rest.at[0] == ':');
    }
  else
    port = piece_split (&host, ':', &has_port);

  return is_closed && (is_literal ? is_ipv6 (host) : is_host_name (host))
         && (!has_port || port_is_well_formed (port));
}

static void
keep (DynoGuard *self,
      Piece      name,
      Piece      value)
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
           Piece              name,
           Piece              value,
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

/* 1 to 15 digits: no sign, list or blank, and no overflow. */
static gboolean
take_length (DynoGuard         *self,
             Piece              name,
             Piece              value,
             DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_FRAMING;
  if (!see_once (self, SEEN_LENGTH) || value.length < 1 || value.length > 15)
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
               Piece              name,
               Piece              value,
               DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_FRAMING;

  return see_once (self, SEEN_ENCODING) && piece_is (value, "chunked");
}

static gboolean
take_expect (DynoGuard         *self,
             Piece              name,
             Piece              value,
             DynoRefusalReason *reason)
{
  *reason = DYNO_REFUSAL_EXPECTATION;
  self->expects_continue = TRUE;

  return piece_is (value, "100-continue");
}

static gboolean
take_connection (DynoGuard         *self,
                 Piece              name,
                 Piece              value,
                 DynoRefusalReason *reason)
{
  gboolean has_more = TRUE;

  while (has_more)
    {
      Piece rest = piece_split (&value, ',', &has_more);

      if (piece_is (piece_trim (value), "close"))
        self->says_close = TRUE;
      value = rest;
    }

  return TRUE;
}

static gboolean
strip (DynoGuard         *self,
       Piece              name,
       Piece              value,
       DynoRefusalReason *reason)
{
  return TRUE;
}

static gboolean
take_other (DynoGuard         *self,
            Piece              name,
            Piece              value,
            DynoRefusalReason *reason)
{
  static const char *const once[] = {
    "Authorization", "X-API-Key", "Content-Type", "Idempotency-Key",
    "X-Correlation-ID", "Origin", "If-Match",
  };

  *reason = DYNO_REFUSAL_DUPLICATE;
  for (guint i = 0; i < G_N_ELEMENTS (once); i++)
    if (piece_is (name, once[i]) && !see_once (self, SEEN_ONCE << i))
      return FALSE;
  keep (self, name, value);

  return TRUE;
}

/* What becomes of a header; all others are passed on. */
static const struct
{
  const char *name;
  gboolean  (*take) (DynoGuard         *self,
                     Piece              name,
                     Piece              value,
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
  Piece name = { line, length };
  gboolean has_colon;
  Piece value = piece_trim (piece_split (&name, ':', &has_colon));

  *reason = DYNO_REFUSAL_HEAD_SIZE;
  if (++self->n_headers > DYNO_GUARD_MAX_HEADERS)
    return FALSE;
  /* A blank before the name is obs-fold, one behind it hides the name: no token. */
  *reason = DYNO_REFUSAL_HEADER;
  if (!has_colon || !piece_is_token (name))
    return FALSE;
  if (piece_begins (name, "Proxy-"))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (fates); i++)
    if (piece_is (name, fates[i].name))
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
      && !piece_is ((Piece){ self->authority, self->n_authority }, self->host))
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
