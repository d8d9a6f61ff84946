/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dyno-test-hostile.h"
#include "dyno-test-server.h"
#include "dyno-test.h"

/* A real client against the whole wire: socket, guard, libsoup, a handler. */

#define HOST DYNO_TEST_HOST
#define POST DYNO_TEST_POST

static guint
status_of_vector (const DynoTestVector *vector)
{
  if (vector->status != 0)
    return vector->status;
  if (g_str_has_prefix (vector->name, "30-"))
    return 204;
  if (g_str_has_prefix (vector->name, "32-"))
    return 421;

  return 200;
}

static void
test_vector (gconstpointer data)
{
  const DynoTestVector *vector = data;
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  g_autofree char *reply = NULL;

  if (g_str_has_prefix (vector->name, "46-chunks")) /* not complete, on purpose */
    return;
  reply = dyno_test_talk (server->port, vector->bytes, vector->length);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, status_of_vector (vector));
  g_assert_null (strstr (dyno_test_body_of (reply), "HTTP/1.1"));
  if (vector->status == 405)
    g_assert_nonnull (strstr (reply, "\r\nAllow: GET, HEAD, POST"));
  if (vector->status != 0)
    g_assert_nonnull (strstr (reply, "\r\nConnection: close\r\n"));
  /* The handler is told of the synthetic request, never of the hostile one. */
  g_assert_cmpuint (server->n_heads, ==, 1);
}

/* Whatever the guard takes for a host, libsoup takes too: the answer is the handler's. */
static void
test_hosts (void)
{
  static const char *const hosts[] = {
    "a_b", "...", "-", "1.2.3.4.5", "256.1.1.1", "0x7f.1", "[::1]", "[::ffff:1.2.3.4]:80", "a:0",
    "a:65535", "A-1.b_2", "xn--a", "1",
  };
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *request =
        g_strdup_printf ("GET / HTTP/1.1\r\nHost: %s\r\n\r\n", hosts[i]);
      g_autofree char *reply = dyno_test_talk (server->port, request, strlen (request));

      g_assert_cmpuint (dyno_test_status_of (reply), ==, 421);
    }
}

/* 47: the path comes to the router as it was sent. */
static void
test_47_raw_path (void)
{
  static const char *const paths[] = {
    "/a/%2e%2e/b", "/a%2fb", "/a%5cb", "/%00", "/%ff", "//", "/a//b", "/./a", "/%zz", "/?%", "/a?b?c",
  };
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *request = g_strdup_printf ("GET %s HTTP/1.1\r\n" HOST "\r\n", paths[i]);
      g_autofree char *reply = dyno_test_talk (server->port, request, strlen (request));
      g_autofree char *body = g_strdup_printf ("GET %s 0 ", paths[i]);

      g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
      g_assert_cmpstr (dyno_test_body_of (reply), ==, body);
    }
}

/* 29: a body once, whatever the ranges. */
static void
test_29_thousand_ranges (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  g_autoptr(GString) request = g_string_new ("GET /size/500000 HTTP/1.1\r\n" HOST "Range: bytes=");
  g_autofree char *reply = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (request, "%s0-", i > 0 ? "," : "");
  g_string_append (request, "\r\n\r\n");
  reply = dyno_test_talk (server->port, request->str, request->len);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
  g_assert_cmpuint (strlen (dyno_test_body_of (reply)), ==, 500000);
}

static guint
status_with_headers (guint n)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  g_autoptr(GString) request = g_string_new (DYNO_TEST_GET);
  g_autofree char *reply = NULL;

  for (guint i = 1; i < n; i++)
    g_string_append_printf (request, "X-%u: a\r\n", i);
  g_string_append (request, "\r\n");
  reply = dyno_test_talk (server->port, request->str, request->len);

  return dyno_test_status_of (reply);
}

static void
test_42_headers (void)
{
  g_assert_cmpuint (status_with_headers (64), ==, 200);
  g_assert_cmpuint (status_with_headers (65), ==, 431);
  g_assert_cmpuint (status_with_headers (3000), ==, 431);
}

static guint
status_with_head (gsize length)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  g_autoptr(GString) request = g_string_new (DYNO_TEST_GET "X: ");
  g_autofree char *reply = NULL;

  while (request->len < length - 4)
    g_string_append_c (request, 'a');
  g_string_append (request, "\r\n\r\n");
  reply = dyno_test_talk (server->port, request->str, request->len);

  return dyno_test_status_of (reply);
}

static void
test_43_head (void)
{
  g_assert_cmpuint (status_with_head (16384), ==, 200);
  g_assert_cmpuint (status_with_head (16385), ==, 431);
}

static void
test_44_target (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  g_autofree char *longest = g_strnfill (4096, '/');
  g_autofree char *good = g_strdup_printf ("GET %s HTTP/1.1\r\n" HOST "\r\n", longest);
  g_autofree char *bad = g_strdup_printf ("GET %s/ HTTP/1.1\r\n" HOST "\r\n", longest);
  g_autofree char *taken = dyno_test_talk (server->port, good, strlen (good));
  g_autofree char *refused = dyno_test_talk (server->port, bad, strlen (bad));

  g_assert_cmpuint (dyno_test_status_of (taken), ==, 200);
  g_assert_nonnull (strstr (taken, longest));
  g_assert_cmpuint (dyno_test_status_of (refused), ==, 414);
}

static void
test_46_chunks_over_cap (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  g_autofree char *data = g_strnfill (500, 'a');
  g_autofree char *request =
    g_strdup_printf (DYNO_TEST_CHUNKED "1f4\r\n%s\r\n1f4\r\n%s\r\n1\r\na\r\n0\r\n\r\n", data, data);
  g_autofree char *fits =
    g_strdup_printf (DYNO_TEST_CHUNKED "1f4\r\n%s\r\n1f4\r\n%s\r\n0\r\n\r\n", data, data);
  g_autofree char *refused = dyno_test_talk (server->port, request, strlen (request));
  g_autofree char *taken = dyno_test_talk (server->port, fits, strlen (fits));

  g_assert_cmpuint (dyno_test_status_of (refused), ==, 413);
  g_assert_cmpuint (dyno_test_status_of (taken), ==, 200);
  g_assert_true (g_str_has_prefix (dyno_test_body_of (taken), "POST /a 1000 aaa"));
}

static void
test_48_glued (void)
{
  static const char request[] = DYNO_TEST_CHUNKED "3\r\nabc\r\n0\r\n\r\n"
                                "GET /later HTTP/1.1\r\n" HOST "\r\n"
                                "PUT /second HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nde"
                                "GET /third HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"
                                "GET /never HTTP/1.1\r\n" HOST "\r\n";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  int fd = dyno_test_connect (server->port);
  g_autofree char *replies = NULL;
  const char *first;
  const char *second;

  dyno_test_send (fd, request, strlen (request));
  replies = dyno_test_receive_all (fd);
  first = strstr (replies, "POST /a 3 abc");
  second = strstr (replies, "PUT /second 2 de");
  g_assert_nonnull (first);
  g_assert_nonnull (strstr (first, "later"));
  g_assert_true (strstr (first, "later") < second);
  g_assert_nonnull (strstr (second, "GET /third 0"));
  g_assert_null (strstr (replies, "/never"));
  g_assert_cmpuint (server->n_heads, ==, 4);
  close (fd);
}

/* A body is served whole whatever pieces it comes in. */
static void
test_pieces (void)
{
  static const char request[] = POST "Content-Length: 5\r\n\r\nhello" DYNO_TEST_CHUNKED
                                "2\r\nhe\r\n03\r\nllo\r\n0\r\n\r\n";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  int fd = dyno_test_connect (server->port);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  for (gsize i = 0; i < strlen (request); i++)
    {
      dyno_test_send (fd, request + i, 1);
      g_usleep (300);
    }
  first = dyno_test_receive_reply (fd);
  second = strstr (first, "hello") + 5;
  second = *second != '\0' ? g_strdup (second) : dyno_test_receive_reply (fd);
  g_assert_true (g_str_has_prefix (dyno_test_body_of (first), "POST /a 5 hello"));
  g_assert_cmpstr (dyno_test_body_of (second), ==, "POST /a 5 hello");
  close (fd);
}

static void
test_keep_alive (void)
{
  static const char request[] = DYNO_TEST_GET "\r\n";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  const DynoServerCounts *counts = dyno_server_get_counts (server->server);
  int fd = dyno_test_connect (server->port);
  g_autofree char *rest = NULL;

  for (guint i = 1; i <= 1000; i++)
    {
      g_autofree char *reply = NULL;

      dyno_test_send (fd, request, strlen (request));
      reply = dyno_test_receive_reply (fd);
      g_assert_nonnull (reply);
      g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
      g_assert_true ((strstr (reply, "\r\nConnection: close\r\n") != NULL) == (i == 1000));
    }
  rest = dyno_test_receive_all (fd);
  g_assert_cmpstr (rest, ==, "");
  g_assert_cmpuint (counts->n_accepted[DYNO_LISTENER_LOOPBACK], ==, 1);
  close (fd);
}

static void
test_head_has_no_body (void)
{
  static const char request[] = "HEAD /size/100 HTTP/1.1\r\n" HOST "\r\n";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  g_autofree char *reply = dyno_test_talk (server->port, request, strlen (request));

  g_assert_nonnull (strstr (reply, "\r\nContent-Length: 100\r\n"));
  g_assert_cmpstr (dyno_test_body_of (reply), ==, "");
}

static void
test_expect_continue (void)
{
  static const char head[] = POST "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  static const char early[] = "POST /early HTTP/1.1\r\n" HOST
                              "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  int fd = dyno_test_connect (server->port);
  g_autofree char *go_on = NULL;
  g_autofree char *reply = NULL;
  g_autofree char *refused = NULL;

  dyno_test_send (fd, head, strlen (head));
  go_on = dyno_test_receive_reply (fd);
  g_assert_cmpstr (go_on, ==, "HTTP/1.1 100 Continue\r\n\r\n");
  dyno_test_send (fd, "abc", 3);
  reply = dyno_test_receive_reply (fd);
  g_assert_cmpstr (dyno_test_body_of (reply), ==, "POST /a 3 abc");
  g_assert_nonnull (strstr (reply, "\r\nDate: "));
  dyno_test_send (fd, early, strlen (early));
  refused = dyno_test_receive_all (fd);
  g_assert_cmpuint (dyno_test_status_of (refused), ==, 403);
  close (fd);
}

/* The reply reaches a client that is still sending, and the body is not read. */
static void
test_early_reply_to_upload (void)
{
  static const char head[] = "POST /early HTTP/1.1\r\n" HOST "Content-Length: 300000000\r\n\r\n";
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  int fd = dyno_test_connect (server->port);
  g_autofree char *block = g_strnfill (1 << 20, 'a');
  g_autofree char *reply = NULL;

  dyno_test_send (fd, head, strlen (head));
  dyno_test_send (fd, block, 1 << 20);
  reply = dyno_test_receive_all (fd);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 403);
  g_assert_nonnull (strstr (reply, "\r\nConnection: close\r\n"));
  g_assert_cmpuint (server->n_bodies, ==, 0);
  close (fd);
}

static void
test_upload (void)
{
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  int fd = dyno_test_connect (server->port);
  g_autofree char *block = g_strnfill (1 << 20, 'a');
  g_autofree char *head = g_strdup_printf ("PUT /upload HTTP/1.1\r\n" HOST
                                           "Content-Length: %u\r\n\r\n", 20 << 20);
  g_autofree char *reply = NULL;

  dyno_test_send (fd, head, strlen (head));
  for (guint i = 0; i < 20; i++)
    dyno_test_send (fd, block, 1 << 20);
  reply = dyno_test_receive_reply (fd);
  g_assert_cmpuint (dyno_test_status_of (reply), ==, 200);
  close (fd);
}

/* 32: a client that leaves, wherever it is. */
static void
test_client_leaves (void)
{
  static const char *const cuts[] = {
    "GET / HT",
    POST "Content-Length: 300\r\n\r\nabc",
    DYNO_TEST_CHUNKED "3\r\na",
    "GET /hold HTTP/1.1\r\n" HOST "\r\n",
    "GET /stream HTTP/1.1\r\n" HOST "\r\n",
    "GET /size/90000000 HTTP/1.1\r\n" HOST "\r\n",
    "",
  };
  g_autoptr(DynoTestServer) server = dyno_test_server_start (NULL, NULL);
  const DynoServerCounts *counts = dyno_server_get_counts (server->server);

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      int fd = dyno_test_connect (server->port);

      dyno_test_send (fd, cuts[i], strlen (cuts[i]));
      dyno_test_wait_count (&counts->n_accepted[DYNO_LISTENER_LOOPBACK], i + 1);
      g_usleep (20000);
      close (fd);
      dyno_test_wait_count (&counts->n_open[DYNO_LISTENER_LOOPBACK], 0);
    }
  g_assert_cmpuint (server->n_ends, ==, server->n_heads);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (const DynoTestVector *vector = dyno_test_vectors (); vector->name != NULL; vector++)
    {
      g_autofree char *path = g_strdup_printf ("/server/wire/vector/%s", vector->name);

      g_test_add_data_func (path, vector, test_vector);
    }
  g_test_add_func ("/server/wire/vector/29-thousand-ranges", test_29_thousand_ranges);
  g_test_add_func ("/server/wire/vector/42-headers", test_42_headers);
  g_test_add_func ("/server/wire/vector/43-head", test_43_head);
  g_test_add_func ("/server/wire/vector/44-target", test_44_target);
  g_test_add_func ("/server/wire/vector/46-chunks-over-cap-whole", test_46_chunks_over_cap);
  g_test_add_func ("/server/wire/vector/47-raw-path", test_47_raw_path);
  g_test_add_func ("/server/wire/vector/48-glued", test_48_glued);
  g_test_add_func ("/server/wire/hosts", test_hosts);
  g_test_add_func ("/server/wire/pieces", test_pieces);
  g_test_add_func ("/server/wire/keep-alive", test_keep_alive);
  g_test_add_func ("/server/wire/head-has-no-body", test_head_has_no_body);
  g_test_add_func ("/server/wire/expect-continue", test_expect_continue);
  g_test_add_func ("/server/wire/early-reply-to-upload", test_early_reply_to_upload);
  g_test_add_func ("/server/wire/upload", test_upload);
  g_test_add_func ("/server/wire/client-leaves", test_client_leaves);

  return g_test_run ();
}
