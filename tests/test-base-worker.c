/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-await.h"
#include "dyno-error.h"
#include "dyno-test.h"
#include "dyno-worker.h"

#include <stdatomic.h>

/* An owner that gathers: it counts batches and answers its tasks at the end. */
typedef struct
{
  DynoWorker *worker;
  GPtrArray  *open; /* (owned) tasks of the batch in hand */
  atomic_int  n_batches;
  atomic_int  n_idle;
} Owner;

static void
begin_cb (gpointer data)
{
  Owner *owner = data;

  g_assert_true (dyno_worker_is_current (owner->worker));
  g_assert_cmpuint (owner->open->len, ==, 0);
  owner->n_batches++;
}

static void
end_cb (gpointer data)
{
  Owner *owner = data;

  for (guint i = 0; i < owner->open->len; i++)
    g_task_return_boolean (g_ptr_array_index (owner->open, i), TRUE);
  g_ptr_array_set_size (owner->open, 0);
}

static void
idle_cb (gpointer data)
{
  ((Owner *) data)->n_idle++;
}

static void
gather_cb (GTask   *task,
           gpointer data)
{
  Owner *owner = data;

  g_ptr_array_add (owner->open, g_object_ref (task));
}

static void
count_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  int *n = user_data;

  g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
  (*n)++;
}

static gboolean
all_there (gpointer data)
{
  return *(int *) data == 100;
}

static void
test_batches (void)
{
  DynoWorkerHooks hooks = { begin_cb, end_cb, idle_cb, 64, 5000, 2000 };
  Owner owner = { .open = g_ptr_array_new_with_free_func (g_object_unref) };
  int n = 0;

  owner.worker = dyno_worker_new ("test", &hooks, &owner);
  for (int i = 0; i < 100; i++)
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, count_cb, &n);

      dyno_worker_push (owner.worker, task, gather_cb);
    }
  dyno_test_wait_for (all_there, &n, 10);
  g_assert_cmpint (owner.n_batches, >=, 2);
  g_assert_cmpint (owner.n_batches, <, 100);

  while (owner.n_idle == 0)
    g_usleep (1000);
  dyno_worker_free (owner.worker);
  g_ptr_array_unref (owner.open);
}

static void
echo_cb (GTask   *task,
         gpointer owner)
{
  g_task_return_int (task, GPOINTER_TO_INT (g_task_get_task_data (task)));
}

static void
test_order_and_await (void)
{
  g_autoptr(DynoWorker) worker = dyno_worker_new ("test", NULL, NULL);
  g_autoptr(DynoAwait) await = dyno_await_new ();

  for (int i = 1; i <= 50; i++)
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, dyno_await_cb, await);

      g_task_set_task_data (task, GINT_TO_POINTER (i), NULL);
      dyno_worker_push (worker, task, echo_cb);
      g_assert_cmpint (g_task_propagate_int (G_TASK (dyno_await_wait (await)), NULL), ==, i);
    }
}

static void
assert_current_cb (GTask   *task,
                   gpointer owner)
{
  g_usleep (2000);
  g_assert_true (dyno_worker_is_current (*(DynoWorker **) owner));
  g_task_return_int (task, 1);
}

/* The thread is the worker's own to the last task of the queue. */
static void
test_drains_as_itself (void)
{
  DynoWorker *worker = NULL;

  worker = dyno_worker_new ("test", NULL, &worker);
  for (int i = 0; i < 20; i++)
    {
      g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

      dyno_worker_push (worker, task, assert_current_cb);
    }
  dyno_worker_stop (worker);
  dyno_worker_free (worker);
}

static void
test_closed_door (void)
{
  g_autoptr(DynoWorker) worker = dyno_worker_new ("test", NULL, NULL);
  g_autoptr(DynoAwait) await = dyno_await_new ();
  g_autoptr(GTask) task = g_task_new (NULL, NULL, dyno_await_cb, await);
  g_autoptr(GError) error = NULL;

  dyno_worker_stop (worker);
  dyno_worker_stop (worker);
  dyno_worker_push (worker, task, echo_cb);
  g_assert_cmpint (g_task_propagate_int (G_TASK (dyno_await_wait (await)), &error), ==, -1);
  g_assert_error (error, DYNO_ERROR, DYNO_ERROR_UNAVAILABLE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/worker/batches", test_batches);
  g_test_add_func ("/worker/order-and-await", test_order_and_await);
  g_test_add_func ("/worker/drains-as-itself", test_drains_as_itself);
  g_test_add_func ("/worker/closed-door", test_closed_door);

  return g_test_run ();
}
