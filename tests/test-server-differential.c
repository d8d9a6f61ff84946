/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include <string.h>

#include "dyno-guard.h"
#include "dyno-test.h"

/* The same bytes to the guard and to the parser of Node.js: whatever the guard takes must
 * mean the same to both. Messages are made by chance from a seed that is printed; their
 * number is DYNO_DIFFERENTIAL (10 000). */

#define BATCH 5000
#define CAP   100000

/* What stands behind a message: where it is read as something else, it shows. */
#define SENTINEL "GET /sentinel HTTP/1.1\r\nHost: s\r\n\r\n"

/* Making messages */

typedef struct
{
  GRand   *rand; /* (borrowed) */
  GString *text; /* (borrowed) */
} Maker;

static gboolean
one_in (Maker *maker,
        int    n)
{
  return g_rand_int_range (maker->rand, 0, n) == 0;
}

static const char *
pick (Maker             *maker,
      const char *const *words,
      gsize              n)
{
  return words[g_rand_int_range (maker->rand, 0, n)];
}

#define WORDS(...)       ((const char *const[]){ __VA_ARGS__ })
#define PICK(maker, ...) pick (maker, WORDS (__VA_ARGS__), G_N_ELEMENTS (WORDS (__VA_ARGS__)))

static void
add (Maker      *maker,
     const char *text)
{
  g_string_append (maker->text, text);
}

/* The end of a line, now and then a wrong one. */
static void
add_end (Maker *maker)
{
  add (maker, one_in (maker, 300) ? PICK (maker, "\n", "\r", "\r\r\n", "\n\r\n", " \r\n") : "\r\n");
}

static void
add_request_line (Maker *maker)
{
  if (one_in (maker, 30))
    add (maker, "\r\n");
  add (maker, PICK (maker, "GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD",
                    "OPTIONS"));
  add (maker, one_in (maker, 200) ? PICK (maker, "  ", "\t", "") : " ");
  if (one_in (maker, 60))
    add (maker, PICK (maker, "*", "a", "http://b/", "http://a", "http://a?q", "HTTPS://a/x", "//a",
                      "/%zz", "/a#b", "/\x80", "", "http://a@a/", "a:80", "/a b"));
  else
    add (maker, PICK (maker, "/", "/a", "/a?b=c", "/%2e%2e/", "/a/../b", "http://a/", "/a?b?c//",
                      "/~!$&'()+,;=:@", "/\"<>\\^`{|}"));
  add (maker, " ");
  add (maker, one_in (maker, 100)
                ? PICK (maker, "HTTP/1.0", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", "")
                : "HTTP/1.1");
  add_end (maker);
}

static void
add_header (Maker *maker)
{
  add (maker, PICK (maker, "X-A", "Accept", "x-b", "Range", "Connection", "Upgrade", "TE",
                    "If-Match", "Origin", "Authorization", "User-Agent", "Proxy-X", "Cookie",
                    "X!#$%&'*+-.^_`|~9"));
  add (maker, one_in (maker, 200) ? PICK (maker, " :", "", "\t:", "::") : ":");
  add (maker, PICK (maker, " ", "", "  ", "\t", " \t "));
  if (one_in (maker, 200))
    g_string_append_c (maker->text, g_rand_int_range (maker->rand, 0, 256));
  add (maker, PICK (maker, "a", "", "a b", "close", "keep-alive", "bytes=0-1", "\"x\", y",
                    "\xc3\xa9", "websocket", "a\tb", "trailers", "Content-Length: 5",
                    "close, x"));
  add (maker, PICK (maker, "", "", " ", "\t"));
  add_end (maker);
}

static void
add_data (Maker *maker,
          gsize  n)
{
  for (gsize i = 0; i < n; i++)
    g_string_append_c (maker->text,
                       one_in (maker, 10) ? (char) g_rand_int_range (maker->rand, 0, 256) : 'd');
}

static void
add_chunks (Maker *maker)
{
  guint n = g_rand_int_range (maker->rand, 0, 4);

  for (guint i = 0; i < n; i++)
    {
      gsize size = g_rand_int_range (maker->rand, 1, 40);

      g_string_append_printf (maker->text, one_in (maker, 2) ? "%" G_GSIZE_MODIFIER "x"
                                                             : "%02" G_GSIZE_MODIFIER "X", size);
      if (one_in (maker, 100))
        add (maker, PICK (maker, ";a=b", " ", "g", "\t", "00000000", ";"));
      add_end (maker);
      add_data (maker, one_in (maker, 100) ? size + 1 : size);
      add_end (maker);
    }
  if (one_in (maker, 100))
    add (maker, PICK (maker, "-", "0x", ""));
  add (maker, PICK (maker, "0", "0", "00"));
  add_end (maker);
  if (one_in (maker, 50))
    add (maker, "X-T: v\r\n");
  add_end (maker);
}

static void
add_body (Maker *maker)
{
  gsize n = g_rand_int_range (maker->rand, 0, 60);
  gboolean is_chunked = one_in (maker, 2);

  if (is_chunked)
    add (maker, one_in (maker, 60)
                  ? PICK (maker, "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: x\r\n",
                          "Transfer-Encoding:\x0b" "chunked\r\n", "Transfer-Encoding : chunked\r\n",
                          "Transfer-Encoding: chunked, chunked\r\n")
                  : PICK (maker, "Transfer-Encoding: chunked\r\n",
                          "transfer-encoding:CHUNKED\r\n"));
  if (!is_chunked || one_in (maker, 100))
    g_string_append_printf (maker->text, "Content-Length:%s%" G_GSIZE_FORMAT "%s\r\n",
                            PICK (maker, " ", "", "\t"), n,
                            one_in (maker, 100) ? PICK (maker, " 1", ",5", "x", "a") : "");
  if (one_in (maker, 100))
    add (maker, "Content-Length: 3\r\n");
  add_end (maker);
  if (is_chunked)
    add_chunks (maker);
  else
    add_data (maker, n);
}

static void
make_message (Maker *maker)
{
  guint n_before = g_rand_int_range (maker->rand, 0, 4);
  guint n_after = g_rand_int_range (maker->rand, 0, 3);

  add_request_line (maker);
  for (guint i = 0; i < n_before; i++)
    add_header (maker);
  if (!one_in (maker, 100))
    add (maker, one_in (maker, 50) ? PICK (maker, "Host: b\r\n", "Host:\r\n", "Host: a, b\r\n")
                                   : PICK (maker, "Host: a\r\n", "host:a:80\r\n", "Host: a\t\r\n"));
  for (guint i = 0; i < n_after; i++)
    add_header (maker);
  if (one_in (maker, 200))
    add (maker, " folded\r\n");
  if (one_in (maker, 2))
    add_body (maker);
  else
    add_end (maker);
  /* A byte changed, anywhere. */
  if (one_in (maker, 4))
    maker->text->str[g_rand_int_range (maker->rand, 0, maker->text->len)] =
      (char) g_rand_int_range (maker->rand, 0, 256);
}

/* What the guard makes of it */

typedef struct
{
  GString *bytes;    /* (owned) as they were sent */
  gboolean is_taken;
  char    *method;   /* (owned) of the first request */
  char    *target;   /* (owned) */
  GString *headers;  /* (owned) "name: value\n", small names, without what frames */
  GString *body;     /* (owned) */
  char    *second;   /* (owned) (nullable) target of the request behind it, where it is good */
  gboolean is_last;  /* says close */
} Message;

static void
message_free (Message *message)
{
  g_string_free (message->bytes, TRUE);
  g_string_free (message->headers, TRUE);
  g_string_free (message->body, TRUE);
  g_free (message->method);
  g_free (message->target);
  g_free (message->second);
  g_free (message);
}

/* Takes all that is staged. */
static void
take_all (DynoGuard *guard,
          GString   *out)
{
  guint8 bytes[4096];
  gsize n;

  while ((n = dyno_guard_take (guard, bytes, sizeof bytes)) > 0 || dyno_guard_has_output (guard))
    {
      g_string_append_len (out, (const char *) bytes, n);
      if (dyno_guard_get_phase (guard) == DYNO_GUARD_BODY && !dyno_guard_has_output (guard))
        dyno_guard_open_body (guard, CAP);
    }
}

static void
give (DynoGuard     *guard,
      const GString *bytes,
      GString       *out)
{
  gsize size;
  guint8 *room = dyno_guard_room (guard, &size);

  g_assert_cmpuint (bytes->len, <=, size);
  memcpy (room, bytes->str, bytes->len);
  dyno_guard_fill (guard, bytes->len);
  take_all (guard, out);
}

static void
read_headers (Message    *message,
              const char *head,
              const char *end)
{
  g_auto(GStrv) lines = NULL;
  g_autofree char *text = g_strndup (head, end - head);

  lines = g_strsplit (text, "\r\n", 0);
  for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      char *colon = strchr (lines[i], ':');
      g_autofree char *name = g_ascii_strdown (lines[i], colon - lines[i]);

      if (strcmp (name, "transfer-encoding") != 0 && strcmp (name, "connection") != 0)
        g_string_append_printf (message->headers, "%s%s\n", name, colon);
    }
}

static void
read_chunks (Message    *message,
             const char *at,
             const char *end)
{
  while (at < end)
    {
      char *behind;
      gsize n = g_ascii_strtoull (at, &behind, 16);

      g_string_append_len (message->body, behind + 2, n);
      at = behind + 2 + n + 2;
    }
}

static Message *
message_new (Maker *maker)
{
  Message *message = g_new0 (Message, 1);
  g_autoptr(DynoGuard) guard = dyno_guard_new ();
  g_autoptr(GString) out = g_string_new (NULL);
  const char *end;

  message->bytes = g_string_new (NULL);
  message->headers = g_string_new (NULL);
  message->body = g_string_new (NULL);
  maker->text = message->bytes;
  make_message (maker);
  g_string_append (message->bytes, SENTINEL);
  give (guard, message->bytes, out);
  message->is_taken = dyno_guard_get_refusal (guard) == NULL
                      && dyno_guard_get_phase (guard) == DYNO_GUARD_REPLY;
  if (!message->is_taken)
    return message;

  message->method = g_strdup (dyno_guard_get_method (guard));
  message->target = g_strdup (dyno_guard_get_target (guard));
  message->is_last = dyno_guard_says_close (guard);
  end = strstr (out->str, "\r\n\r\n") + 4;
  read_headers (message, out->str, end);
  read_chunks (message, end, out->str + out->len);
  /* Behind the first one the guard and Node must stand at the same byte. */
  g_string_truncate (out, 0);
  dyno_guard_next (guard);
  take_all (guard, out);
  if (out->len > 0 && dyno_guard_get_refusal (guard) == NULL)
    message->second = g_strdup (dyno_guard_get_target (guard));

  return message;
}

/* What Node makes of it: a line a message, its parts in base64 between blanks, "-" where
 * it refuses: method, path, headers, body, path of what follows. */

static const char script[] =
  "const fs = require('fs');\n"
  "const { HTTPParser, methods, allMethods } = process.binding('http_parser');\n"
  "const own = /^(range|if-range|upgrade|http2-settings|te|connection|expect|content-length|"
  "transfer-encoding|proxy-.*)$/;\n"
  "const pack = text => Buffer.from(text, 'latin1').toString('base64') || '=';\n"
  "function path (url) {\n"
  "  const cut = url.replace(/^https?:\\/\\/[^\\/?]*/i, '');\n"
  "  return cut === url || cut[0] === '/' ? cut : '/' + cut;\n"
  "}\n"
  "function text (list) {\n"
  "  let all = '';\n"
  "  for (let i = 0; i < list.length; i += 2)\n"
  "    if (!own.test(list[i].toLowerCase()))\n"
  "      all += list[i].toLowerCase() + ': ' + list[i + 1] + '\\n';\n"
  "  return all;\n"
  "}\n"
  "function read (bytes) {\n"
  "  const parser = new HTTPParser();\n"
  "  const seen = [];\n"
  "  let early = [], first = '';\n"
  "  parser.initialize(HTTPParser.REQUEST, {});\n"
  "  parser[HTTPParser.kOnHeaders | 0] = (list, url) => {\n"
  "    early = early.concat(list);\n"
  "    first += url;\n"
  "  };\n"
  "  parser[HTTPParser.kOnHeadersComplete | 0] = (major, minor, list, method, url) => {\n"
  "    seen.push({ method: (allMethods || methods)[method], url: url || first,\n"
  "      list: list || early, body: [], whole: false });\n"
  "    return 0;\n"
  "  };\n"
  "  parser[HTTPParser.kOnBody | 0] = (part, start, length) => {\n"
  "    seen[seen.length - 1].body.push(start === undefined ? Buffer.from(part)\n"
  "      : Buffer.from(part.slice(start, start + length)));\n"
  "  };\n"
  "  parser[HTTPParser.kOnMessageComplete | 0] = () => { seen[seen.length - 1].whole = true; };\n"
  "  parser.execute(bytes);\n"
  "  if (seen.length === 0 || !seen[0].whole) return '-';\n"
  "  const one = seen[0];\n"
  "  return [pack(one.method), pack(path(one.url)), pack(text(one.list)),\n"
  "          pack(Buffer.concat(one.body).toString('latin1')),\n"
  "          pack(seen.length > 1 ? seen[1].url : '')].join(' ');\n"
  "}\n"
  "const lines = fs.readFileSync(process.argv[1], 'latin1').trim().split('\\n');\n"
  "fs.writeFileSync(process.argv[2],\n"
  "  lines.map(line => read(Buffer.from(line, 'base64'))).join('\\n') + '\\n');\n";

static void
write_batch (const char *path,
             GPtrArray  *messages)
{
  g_autoptr(GString) lines = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    {
      Message *message = g_ptr_array_index (messages, i);
      g_autofree char *line = g_base64_encode ((const guchar *) message->bytes->str,
                                               message->bytes->len);

      g_string_append (lines, line);
      g_string_append_c (lines, '\n');
    }
  g_assert_true (g_file_set_contents (path, lines->str, lines->len, NULL));
}

/* (transfer full) A line a message. */
static char **
ask_node (const char *node,
          const char *folder,
          GPtrArray  *messages)
{
  g_autofree char *in = g_build_filename (folder, "in", NULL);
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  const char *const arguments[] = { node, "--no-deprecation", "-e", script, in, out, NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;
  char **lines;
  int status;

  write_batch (in, messages);
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  answer = dyno_test_read (out, NULL);
  lines = g_strsplit (answer, "\n", 0);
  g_assert_cmpuint (g_strv_length (lines), ==, messages->len + 1);

  return lines;
}

/* Comparing */

static gboolean
is_part (const char *packed,
         const char *bytes,
         gsize       length)
{
  gsize n = 0;
  g_autofree guchar *part = NULL;

  if (strcmp (packed, "=") == 0)
    return length == 0;
  part = g_base64_decode (packed, &n);

  return n == length && memcmp (part, bytes, n) == 0;
}

static gboolean
is_equal (Message    *message,
          const char *line)
{
  g_auto(GStrv) parts = g_strsplit (line, " ", 0);

  return g_strv_length (parts) == 5
         && is_part (parts[0], message->method, strlen (message->method))
         && is_part (parts[1], message->target, strlen (message->target))
         && is_part (parts[2], message->headers->str, message->headers->len)
         && is_part (parts[3], message->body->str, message->body->len)
         && (message->is_last || message->second == NULL
             || is_part (parts[4], message->second, strlen (message->second)));
}

static void
tell (Message    *message,
      const char *line)
{
  g_autofree char *sent = g_strescape (message->bytes->str, NULL);

  g_test_message ("Sent: %s", sent);
  g_test_message ("Guard: %s %s\n%s%s", message->method, message->target, message->headers->str,
                  message->body->str);
  g_test_message ("Node: %s", line);
}

static void
compare (GPtrArray  *messages,
         char      **lines,
         guint      *n_taken,
         guint      *n_node)
{
  for (guint i = 0; i < messages->len; i++)
    {
      Message *message = g_ptr_array_index (messages, i);

      *n_node += strcmp (lines[i], "-") != 0;
      *n_taken += message->is_taken;
      if (!message->is_taken || is_equal (message, lines[i]))
        continue;
      tell (message, lines[i]);
      g_test_fail ();
    }
}

static void
test_same_as_node (void)
{
  g_autofree char *node = g_find_program_in_path ("node");
  const char *wanted = g_getenv ("DYNO_DIFFERENTIAL");
  guint n = wanted != NULL ? g_ascii_strtoull (wanted, NULL, 10) : 10000;
  guint32 seed = g_test_rand_int ();
  g_autoptr(GRand) rand = g_rand_new_with_seed (seed);
  Maker maker = { rand, NULL };
  g_autofree char *folder = NULL;
  guint n_taken = 0;
  guint n_node = 0;

  if (node == NULL)
    {
      g_test_skip ("Node.js is not installed");
      return;
    }

  folder = dyno_test_make_folder ();
  for (guint done = 0; done < n && !g_test_failed (); done += BATCH)
    {
      g_autoptr(GPtrArray) messages =
        g_ptr_array_new_with_free_func ((GDestroyNotify) message_free);
      g_auto(GStrv) lines = NULL;

      for (guint i = done; i < MIN (n, done + BATCH); i++)
        g_ptr_array_add (messages, message_new (&maker));
      lines = ask_node (node, folder, messages);
      compare (messages, lines, &n_taken, &n_node);
    }
  g_test_message ("%u messages from the seed %u: the guard took %u, Node %u", n, seed, n_taken,
                  n_node);
  /* A generator that makes nothing good, or nothing bad, compares nothing. */
  g_assert_cmpuint (n_taken, >, n / 4);
  g_assert_cmpuint (n_taken, <, n - n / 20);
  dyno_test_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/differential/same-as-node", test_same_as_node);

  return g_test_run ();
}
