/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-guard.h"
#include "dyno-test-hostile.h"

/* The table of hostile vectors of the wire, and what the guard lets through. Each case
 * is fed whole, then again byte by byte: the verdict must not depend on the cuts. */

#define HOST DYNO_TEST_HOST
#define GET  DYNO_TEST_GET
#define POST DYNO_TEST_POST
#define TE   DYNO_TEST_CHUNKED
#define CAP  DYNO_TEST_CAP

/* Everything that libsoup would be given; the body is opened as soon as it may. */
static void
drain (DynoGuard *guard,
       GString   *out)
{
  guint8 bytes[100];
  gsize n;

  while ((n = dyno_guard_take (guard, bytes, sizeof bytes)) > 0 || dyno_guard_has_output (guard))
    {
      g_string_append_len (out, (const char *) bytes, n);
      if (dyno_guard_get_phase (guard) == DYNO_GUARD_BODY && !dyno_guard_has_output (guard))
        dyno_guard_open_body (guard, CAP);
    }
}

static void
feed (DynoGuard  *guard,
      const char *bytes,
      gsize       length,
      gsize       step,
      GString    *out)
{
  while (length > 0)
    {
      gsize size;
      guint8 *room = dyno_guard_room (guard, &size);
      gsize n = MIN (MIN (size, step), length);

      if (n == 0)
        return;
      memcpy (room, bytes, n);
      dyno_guard_fill (guard, n);
      drain (guard, out);
      bytes += n;
      length -= n;
    }
}

static guint
status_of (DynoGuard *guard)
{
  const DynoRefusal *refusal = dyno_guard_get_refusal (guard);

  return refusal != NULL ? refusal->status : 0;
}

static void
check_vector (const DynoTestVector *vector,
              gsize         step)
{
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  feed (guard, vector->bytes, vector->length, step, out);
  g_assert_cmpuint (status_of (guard), ==, vector->status);
  if (vector->status != 0)
    g_assert_true (dyno_guard_is_over (guard));
  else
    g_assert_cmpint (dyno_guard_get_phase (guard), !=, DYNO_GUARD_HEAD);
  if (vector->status == 405)
    g_assert_nonnull (dyno_guard_get_refusal (guard)->allow);
}

static void
test_vector (gconstpointer data)
{
  check_vector (data, G_MAXSIZE);
  check_vector (data, 1);
}

/* What comes out for what goes in, in cuts of `step`. */
static char *
pass (const char *bytes,
      gsize       step)
{
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  GString *out = g_string_new (NULL);

  feed (guard, bytes, strlen (bytes), step, out);

  return g_string_free (out, FALSE);
}

static void
test_head_is_made_anew (void)
{
  g_autofree char *out = pass ("GET /a?b=%20 HTTP/1.1\r\nhost:  localhost:5001 \r\nX-A:b\tc \r\n"
                               "Range: bytes=0-1\r\nIf-Range: x\r\nUpgrade: h2c\r\nTE: trailers\r\n"
                               "HTTP2-Settings: AA\r\nProxy-Authorization: x\r\n"
                               "Connection: keep-alive, Close\r\n\r\n", G_MAXSIZE);

  g_assert_cmpstr (out, ==, "GET / HTTP/1.1\r\nhost: localhost:5001\r\nX-A: b\tc\r\n"
                            "Connection: close\r\n\r\n");
}

static void
test_refused_head_shows_nothing (void)
{
  g_autofree char *out = pass ("GET /a HTTP/1.1\r\nX-Secret: s\r\nbad\r\n", 1);

  g_assert_cmpstr (out, ==, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
}

static void
test_length_comes_in_chunks (void)
{
  static const char request[] = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  g_autofree char *whole = pass (request, G_MAXSIZE);
  g_autofree char *single = pass (request, 1);

  g_assert_cmpstr (whole, ==, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "5\r\nhello\r\n0\r\n\r\n");
  g_assert_true (g_str_has_suffix (single, "\r\n\r\n1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n"
                                           "1\r\nl\r\n1\r\no\r\n0\r\n\r\n"));
}

static void
test_broken_body_ends (void)
{
  g_autofree char *out = pass (TE "3\r\nabc\r\nX", G_MAXSIZE);

  g_assert_true (g_str_has_suffix (out, "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
}

static void
test_target_and_length (void)
{
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);
  static const char absolute[] = "OPTIONS https://Localhost?q HTTP/1.1\r\n" HOST
                                 "Content-Length: 0\r\n\r\n";
  static const char chunked[] = "PUT /%2F%zz HTTP/1.1\r\n" HOST
                                "Transfer-Encoding: chunked\r\n\r\n";

  feed (guard, absolute, strlen (absolute), G_MAXSIZE, out);
  g_assert_cmpstr (dyno_guard_get_method (guard), ==, "OPTIONS");
  g_assert_cmpstr (dyno_guard_get_target (guard), ==, "/?q");
  g_assert_cmpint (dyno_guard_get_body_length (guard), ==, 0);
  g_assert_cmpint (dyno_guard_get_phase (guard), ==, DYNO_GUARD_REPLY);

  dyno_guard_next (guard);
  feed (guard, chunked, strlen (chunked), G_MAXSIZE, out);
  g_assert_cmpstr (dyno_guard_get_method (guard), ==, "PUT");
  g_assert_cmpstr (dyno_guard_get_target (guard), ==, "/%2F%zz");
  g_assert_cmpint (dyno_guard_get_body_length (guard), ==, -1);
  g_assert_cmpint (dyno_guard_get_phase (guard), ==, DYNO_GUARD_BODY);
}

/* "42", "43", "44": what is just allowed, and one more. */
static guint
status_of_headers (guint n)
{
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GString) request = g_string_new (GET);

  for (guint i = 1; i < n; i++)
    g_string_append_printf (request, "X-%u: a\r\n", i);
  g_string_append (request, "\r\n");
  feed (guard, request->str, request->len, G_MAXSIZE, out);

  return status_of (guard);
}

static void
test_42_headers (void)
{
  g_assert_cmpuint (status_of_headers (64), ==, 0);
  g_assert_cmpuint (status_of_headers (65), ==, 431);
  g_assert_cmpuint (status_of_headers (3000), ==, 431);
}

static guint
status_of_head (gsize length,
                gsize step)
{
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GString) request = g_string_new (GET "X: ");

  while (request->len < length - 4)
    g_string_append_c (request, 'a');
  g_string_append (request, "\r\n\r\n");
  feed (guard, request->str, request->len, step, out);

  return status_of (guard);
}

static void
test_43_head (void)
{
  g_assert_cmpuint (status_of_head (16384, G_MAXSIZE), ==, 0);
  g_assert_cmpuint (status_of_head (16385, G_MAXSIZE), ==, 431);
  g_assert_cmpuint (status_of_head (16384, 1), ==, 0);
  g_assert_cmpuint (status_of_head (16385, 1), ==, 431);
  g_assert_cmpuint (status_of_head (1000000, 4096), ==, 431);
}

static guint
status_of_target (gsize length)
{
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *target = g_strnfill (length, '/');
  g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\n" HOST "\r\n", target);

  feed (guard, request, strlen (request), G_MAXSIZE, out);

  return status_of (guard);
}

static void
test_44_target (void)
{
  g_assert_cmpuint (status_of_target (4096), ==, 0);
  g_assert_cmpuint (status_of_target (4097), ==, 414);
  g_assert_cmpuint (status_of_target (40000), ==, 414);
}

static void
test_48_glued (void)
{
  static const char request[] = TE "3\r\nabc\r\n0\r\n\r\n" "GET /second HTTP/1.1\r\n" HOST "\r\n";
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  feed (guard, request, strlen (request), G_MAXSIZE, out);
  g_assert_cmpstr (dyno_guard_get_target (guard), ==, "/a");
  g_assert_true (dyno_guard_has_leftover (guard));
  g_assert_null (strstr (out->str, "GET"));

  dyno_guard_next (guard);
  drain (guard, out);
  g_assert_cmpstr (dyno_guard_get_target (guard), ==, "/second");
  g_assert_cmpint (dyno_guard_get_phase (guard), ==, DYNO_GUARD_REPLY);
}

static void
test_body_waits_for_its_cap (void)
{
  static const char request[] = POST "Content-Length: 3\r\n\r\nabc";
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  guint8 bytes[1000];
  gsize size;
  guint8 *room = dyno_guard_room (guard, &size);

  memcpy (room, request, strlen (request));
  dyno_guard_fill (guard, strlen (request));
  while (dyno_guard_take (guard, bytes, sizeof bytes) > 0)
    ;
  g_assert_false (dyno_guard_has_output (guard));
  g_assert_false (dyno_guard_wants_input (guard));
  dyno_guard_open_body (guard, 2);
  g_assert_cmpuint (status_of (guard), ==, 413);
  g_assert_cmpuint (dyno_guard_take (guard, bytes, sizeof bytes), ==, 5);
  g_assert_true (dyno_guard_is_over (guard));
}

static void
test_skipped_body (void)
{
  static const char request[] = POST "Content-Length: 300000\r\n\r\nabc";
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  guint8 bytes[1000];
  gsize size;
  guint8 *room = dyno_guard_room (guard, &size);

  memcpy (room, request, strlen (request));
  dyno_guard_fill (guard, strlen (request));
  while (dyno_guard_take (guard, bytes, sizeof bytes) > 0)
    ;
  dyno_guard_skip_body (guard);
  g_assert_cmpuint (dyno_guard_take (guard, bytes, sizeof bytes), ==, 5);
  g_assert_true (dyno_guard_is_over (guard));
  g_assert_cmpuint (status_of (guard), ==, 0);
}

static void
test_timeouts (void)
{
  g_autoptr(DynoGuard) head = dyno_guard_new ();
  g_autoptr(DynoGuard) body = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);

  feed (head, "GET / HT", 8, 1, out);
  dyno_guard_refuse (head, DYNO_REFUSAL_TIMEOUT);
  drain (head, out);
  g_assert_cmpuint (status_of (head), ==, 408);
  g_assert_true (g_str_has_prefix (out->str, "GET / HTTP/1.1\r\n"));
  g_assert_true (dyno_guard_is_over (head));

  g_string_truncate (out, 0);
  feed (body, POST "Content-Length: 9\r\n\r\nabc", strlen (POST) + 24, 1, out);
  dyno_guard_refuse (body, DYNO_REFUSAL_TIMEOUT);
  drain (body, out);
  g_assert_cmpuint (status_of (body), ==, 408);
  g_assert_true (g_str_has_suffix (out->str, "1\r\nc\r\n0\r\n\r\n"));
}

static void
test_client_leaves (void)
{
  static const char *const cut[] = {
    "", "GET / HTTP", POST "Content-Length: 9\r\n\r\nabc", TE "3\r\nab",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cut); i++)
    {
      g_autoptr(DynoGuard) guard = dyno_guard_new ();
      g_autoptr(GString) out = g_string_new (NULL);

      feed (guard, cut[i], strlen (cut[i]), G_MAXSIZE, out);
      dyno_guard_end (guard);
      drain (guard, out);
      g_assert_true (dyno_guard_is_over (guard));
      g_assert_null (dyno_guard_get_refusal (guard));
      g_assert_cmpint (dyno_guard_is_cut (guard), ==, strstr (cut[i], "\r\n\r\n") != NULL);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (const DynoTestVector *vector = dyno_test_vectors (); vector->name != NULL; vector++)
    {
      g_autofree char *path = g_strdup_printf ("/server/guard/vector/%s", vector->name);

      g_test_add_data_func (path, vector, test_vector);
    }
  g_test_add_func ("/server/guard/vector/42-headers", test_42_headers);
  g_test_add_func ("/server/guard/vector/43-head", test_43_head);
  g_test_add_func ("/server/guard/vector/44-target", test_44_target);
  g_test_add_func ("/server/guard/vector/48-glued", test_48_glued);
  g_test_add_func ("/server/guard/head-is-made-anew", test_head_is_made_anew);
  g_test_add_func ("/server/guard/refused-head-shows-nothing", test_refused_head_shows_nothing);
  g_test_add_func ("/server/guard/length-comes-in-chunks", test_length_comes_in_chunks);
  g_test_add_func ("/server/guard/broken-body-ends", test_broken_body_ends);
  g_test_add_func ("/server/guard/target-and-length", test_target_and_length);
  g_test_add_func ("/server/guard/body-waits-for-its-cap", test_body_waits_for_its_cap);
  g_test_add_func ("/server/guard/skipped-body", test_skipped_body);
  g_test_add_func ("/server/guard/timeouts", test_timeouts);
  g_test_add_func ("/server/guard/client-leaves", test_client_leaves);

  return g_test_run ();
}
