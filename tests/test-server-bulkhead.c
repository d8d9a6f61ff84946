/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-bulkhead.h"
#include "dyno-test.h"

typedef struct
{
  DynoBulkhead *bulkhead;
  GString *went;
} Fixture;

typedef struct
{
  Fixture *fixture;
  char letter;
  DynoBulkheadPlace *place;
  DynoBulkheadAnswer answer;
} Visitor;

static void
begin (Fixture       *f,
       gconstpointer  unused)
{
  DynoBulkheadKind kind = { "oven", 2, 3 };

  f->bulkhead = dyno_bulkhead_new (&kind);
  f->went = g_string_new (NULL);
}

static void
end (Fixture       *f,
     gconstpointer  unused)
{
  dyno_bulkhead_free (f->bulkhead);
  g_string_free (f->went, TRUE);
}

static void
went_cb (gpointer data)
{
  Visitor *visitor = data;

  g_string_append_c (visitor->fixture->went, visitor->letter);
}

static void
come (Fixture *f,
      Visitor *visitors,
      int      n)
{
  for (int i = 0; i < n; i++)
    {
      visitors[i] = (Visitor) { f, 'a' + i, NULL, 0 };
      visitors[i].answer = dyno_bulkhead_enter (f->bulkhead, went_cb, &visitors[i],
                                                &visitors[i].place);
    }
}

static void
test_line (Fixture       *f,
           gconstpointer  unused)
{
  Visitor visitors[6];

  come (f, visitors, 6);
  for (int i = 0; i < 6; i++)
    g_assert_cmpint (visitors[i].answer, ==,
                     i < 2 ? DYNO_BULKHEAD_GO : i < 5 ? DYNO_BULKHEAD_WAIT : DYNO_BULKHEAD_FULL);
  g_assert_null (visitors[5].place);
  g_assert_cmpuint (dyno_bulkhead_get_inside (f->bulkhead), ==, 2);
  g_assert_cmpuint (dyno_bulkhead_get_waiting (f->bulkhead), ==, 3);

  dyno_bulkhead_leave (f->bulkhead, visitors[3].place);
  g_assert_cmpstr (f->went->str, ==, "");
  dyno_bulkhead_leave (f->bulkhead, visitors[1].place);
  g_assert_cmpstr (f->went->str, ==, "c");
  g_assert_cmpuint (dyno_bulkhead_get_inside (f->bulkhead), ==, 2);
  dyno_bulkhead_leave (f->bulkhead, visitors[0].place);
  g_assert_cmpstr (f->went->str, ==, "ce");

  dyno_bulkhead_leave (f->bulkhead, visitors[2].place);
  dyno_bulkhead_leave (f->bulkhead, visitors[4].place);
  g_assert_cmpuint (dyno_bulkhead_get_inside (f->bulkhead), ==, 0);
}

static void
leave_at_once_cb (gpointer data)
{
  Visitor *visitor = data;

  went_cb (visitor);
  dyno_bulkhead_leave (visitor->fixture->bulkhead, visitor->place);
}

/* Work that is done within its callback frees the place for the next. */
static void
test_leave_inside (Fixture       *f,
                   gconstpointer  unused)
{
  Visitor visitors[5] = { { f, 'a' }, { f, 'b' }, { f, 'c' }, { f, 'd' }, { f, 'e' } };

  for (int i = 0; i < 5; i++)
    dyno_bulkhead_enter (f->bulkhead, leave_at_once_cb, &visitors[i], &visitors[i].place);

  dyno_bulkhead_leave (f->bulkhead, visitors[0].place);
  g_assert_cmpstr (f->went->str, ==, "cde");
  g_assert_cmpuint (dyno_bulkhead_get_inside (f->bulkhead), ==, 1);
  dyno_bulkhead_leave (f->bulkhead, visitors[1].place);
}

static void
check_places (const char *name,
              guint       n_cores,
              guint       expected)
{
  g_autoptr(DynoBulkhead) bulkhead = dyno_bulkhead_new_named (name, n_cores);
  DynoBulkheadPlace *places[64];
  guint n = 0;

  g_assert_cmpstr (dyno_bulkhead_get_name (bulkhead), ==, name);
  while (dyno_bulkhead_enter (bulkhead, went_cb, NULL, &places[n]) == DYNO_BULKHEAD_GO)
    n++;
  g_assert_cmpuint (n, ==, expected);

  if (places[n] != NULL)
    dyno_bulkhead_leave (bulkhead, places[n]);
  while (n > 0)
    dyno_bulkhead_leave (bulkhead, places[--n]);
}

static void
test_named (void)
{
  check_places ("analysis", 1, 1);
  check_places ("analysis", 2, 1);
  check_places ("analysis", 8, 7);
  check_places ("bcrypt", 8, 2);
  check_places ("uploads", 8, 4);
  check_places ("exports", 8, 1);
  g_assert_null (dyno_bulkhead_new_named ("kitchen", 8));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/bulkhead/line", Fixture, NULL, begin, test_line, end);
  g_test_add ("/bulkhead/leave-inside", Fixture, NULL, begin, test_leave_inside, end);
  g_test_add_func ("/bulkhead/named", test_named);

  return g_test_run ();
}
