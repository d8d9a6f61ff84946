/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "dyno-guard.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define CAP 4096

typedef struct
{
  DynoGuard *guard;   /* (owned) */
  GString   *out;     /* (owned) what libsoup gets */
  GString   *targets; /* (owned) of the heads that went through */
  guint      n_requests;
} Run;

static void
check_request (Run *run)
{
  const char *target = dyno_guard_get_target (run->guard);
  gsize length = strlen (target);

  g_assert_nonnull (dyno_guard_get_method (run->guard));
  g_assert_cmpuint (length, >=, 1);
  g_assert_cmpuint (length, <=, DYNO_GUARD_MAX_TARGET);
  g_assert_true (target[0] == '/' || strcmp (target, "*") == 0);
  for (gsize i = 0; i < length; i++)
    g_assert_true (target[i] > 0x20 && target[i] < 0x7f && target[i] != '#');
  g_string_append (run->targets, target);
  g_string_append_c (run->targets, ' ');
}

/* What libsoup and the reply do. */
static void
serve (Run *run)
{
  guint8 bytes[700];
  gsize n;

  do
    {
      gboolean was_closed = dyno_guard_get_phase (run->guard) == DYNO_GUARD_CLOSED;

      n = dyno_guard_take (run->guard, bytes, sizeof bytes);
      g_string_append_len (run->out, (const char *) bytes, n);
      if (n == 0 || dyno_guard_has_output (run->guard))
        continue;
      if (dyno_guard_get_phase (run->guard) == DYNO_GUARD_BODY)
        dyno_guard_open_body (run->guard, CAP);
      else if (dyno_guard_get_phase (run->guard) == DYNO_GUARD_REPLY && !was_closed)
        {
          check_request (run);
          run->n_requests++;
          dyno_guard_next (run->guard);
        }
    }
  while (n > 0 || dyno_guard_has_output (run->guard));
}

static void
feed (Run           *run,
      const uint8_t *data,
      size_t         size,
      size_t         step)
{
  while (size > 0)
    {
      gsize space;
      guint8 *room = dyno_guard_room (run->guard, &space);
      gsize n = MIN (MIN (space, step), size);

      if (n == 0)
        break;
      memcpy (room, data, n);
      dyno_guard_fill (run->guard, n);
      serve (run);
      data += n;
      size -= n;
    }
  dyno_guard_end (run->guard);
  serve (run);
  g_assert_true (dyno_guard_is_over (run->guard)
                 || dyno_guard_get_phase (run->guard) == DYNO_GUARD_REPLY);
}

/* Skips the chunks of a body; NULL where they end too early. */
static const char *
skip_chunks (const char *at,
             const char *end)
{
  while (at != NULL && at < end)
    {
      char *behind;
      guint64 n = g_ascii_strtoull (at, &behind, 16);

      g_assert_true (behind > at);
      if (end - behind < (gssize) n + 4)
        return NULL;
      g_assert_cmpmem (behind, 2, "\r\n", 2);
      g_assert_cmpmem (behind + 2 + n, 2, "\r\n", 2);
      at = behind + n + 4;
      if (n == 0)
        return at;
    }

  return NULL;
}

/* A head of ours: one line `METHOD / HTTP/1.1`, one length at most, and that in chunks. */
static const char *
skip_head (const char *at,
           const char *end,
           gboolean   *has_body)
{
  const char *blank = memmem (at, end - at, "\r\n\r\n", 4);
  const char *line = memmem (at, end - at, "\r\n", 2);
  g_autofree char *head = NULL;

  if (blank == NULL)
    return NULL;
  g_assert_true (line - at > 11 && memcmp (line - 11, " / HTTP/1.1", 11) == 0);
  g_assert_null (memchr (at, '\0', blank - at));
  head = g_ascii_strdown (at, blank - at);
  g_assert_null (strstr (head, "\r\ncontent-length:"));
  *has_body = strstr (head, "\r\ntransfer-encoding: chunked") != NULL;

  return blank + 4;
}

static void
check_output (GString *out)
{
  const char *at = out->str;
  const char *end = out->str + out->len;

  while (at != NULL && at < end)
    {
      gboolean has_body = FALSE;

      at = skip_head (at, end, &has_body);
      if (has_body && at != NULL)
        at = skip_chunks (at, end);
    }
}

static void
run_with (Run           *run,
          const uint8_t *data,
          size_t         size,
          size_t         step)
{
  run->guard = dyno_guard_new ();
  run->out = g_string_new (NULL);
  run->targets = g_string_new (NULL);
  run->n_requests = 0;
  feed (run, data, size, step);
  check_output (run->out);
}

static void
run_free (Run *run)
{
  dyno_guard_free (run->guard);
  g_string_free (run->out, TRUE);
  g_string_free (run->targets, TRUE);
}

/* The first byte cuts the rest: the verdict must be that of the whole. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  Run whole;
  Run cut;

  if (size < 1)
    return 0;
  run_with (&whole, data + 1, size - 1, G_MAXSIZE);
  run_with (&cut, data + 1, size - 1, 1 + data[0] % 64);
  g_assert_true (dyno_guard_get_refusal (whole.guard) == dyno_guard_get_refusal (cut.guard));
  g_assert_cmpuint (whole.n_requests, ==, cut.n_requests);
  g_assert_cmpstr (whole.targets->str, ==, cut.targets->str);
  run_free (&whole);
  run_free (&cut);

  return 0;
}
