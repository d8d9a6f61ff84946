/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-record-private.h"

#include <string.h>

#include "dyno-error.h"

/* A command goes into the stream with a token; its GTask waits in a queue until
 * the token comes back. Commands of two threads may overtake each other on the
 * way: who is passed by waits in a table.
 *
 *   arm       blocking, override, runs   disarm
 *   run_start title                      run_stop
 *   mark      n, text                    vehicle  id
 *   kept      run: no longer a discard
 */

typedef char *(*Command) (DynoRecord      *self,
                          const DynoJson  *input,
                          GError         **error);

static gboolean
refuse (GError    **error,
        const char *reason,
        const char *sentence)
{
  dyno_error_set (error, DYNO_ERROR_CONFLICT, reason, "%s", sentence);

  return FALSE;
}

/* Is there something that a run can be made of? */
static gboolean
can_record (DynoRecord *self,
            GError    **error)
{
  const DynoCaptureState *state = self->state;

  if (state != NULL && state->chosen < 0 && (state->warnings & DYNO_WARNING_ASK_PROVIDER) != 0)
    return refuse (error, "CHOOSE_PROVIDER",
                   "Several dynos are on the network. Choose one of them first.");
  if (state == NULL || state->chosen < 0 || state->providers[state->chosen].is_silent)
    return refuse (error, "NO_PROVIDER", "No dyno was found on the network. Check the cable or "
                                         "start the simulator.");

  return TRUE;
}

static gboolean
has_passed_preflight (DynoRecord *self)
{
  g_autoptr(DynoPreflight) preflight = dyno_live_ref_preflight (self->live);

  return preflight != NULL && preflight->has_passed;
}

static void
set_text (char      **text,
          const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static char *
arm (DynoRecord     *self,
     const DynoJson *input,
     GError        **error)
{
  const char *override = dyno_json_get_string (input, "override");

  if (!can_record (self, error))
    return NULL;
  if (dyno_json_get_boolean (input, "blocking", FALSE) && override == NULL
      && !has_passed_preflight (self))
    {
      refuse (error, "PREFLIGHT_REQUIRED",
              "The preflight has not been passed. Run it again, or say why you arm all the same.");
      return NULL;
    }

  set_text (&self->override, override);
  self->n_wanted = (guint) CLAMP (dyno_json_get_integer (input, "runs", 0), 0, 1000000);
  self->stays_armed = dyno_config_get_boolean (self->parts.config, "capture.stay_armed");
  dyno_trigger_arm (self->trigger, TRUE);

  return g_strdup ("");
}

static char *
disarm (DynoRecord     *self,
        const DynoJson *input,
        GError        **error)
{
  dyno_trigger_arm (self->trigger, FALSE);
  g_clear_pointer (&self->override, g_free);
  self->n_wanted = 0;

  return g_strdup ("");
}

static char *
start_run (DynoRecord     *self,
           const DynoJson *input,
           GError        **error)
{
  if (!can_record (self, error))
    return NULL;

  set_text (&self->title, dyno_json_get_string (input, "title"));
  if (!dyno_trigger_start (self->trigger))
    {
      g_clear_pointer (&self->title, g_free);
      refuse (error, "BUSY", "A run by hand is open already. Stop it first.");
      return NULL;
    }

  return self->current != NULL ? g_strdup (self->current->run_id) : g_strdup ("");
}

static gboolean
is_recording (DynoRecord *self,
              GError    **error)
{
  return self->current != NULL || refuse (error, "NOT_RECORDING", "No run is being recorded now.");
}

static char *
stop_run (DynoRecord     *self,
          const DynoJson *input,
          GError        **error)
{
  g_autofree char *run_id = NULL;

  if (!is_recording (self, error))
    return NULL;

  run_id = g_strdup (self->current->run_id);
  dyno_trigger_stop (self->trigger);

  return g_steal_pointer (&run_id);
}

/* The take of each open run has the mark from the stream itself. */
static char *
mark_run (DynoRecord     *self,
          const DynoJson *input,
          GError        **error)
{
  const DynoTake *take;
  DynoJsonWriter *w;

  if (!is_recording (self, error))
    return NULL;

  take = self->current->take;
  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_string (w, "run", self->current->run_id);
  dyno_json_writer_add_integer (w, "n", dyno_json_get_integer (input, "n", 0));
  dyno_json_writer_add_number (w, "t_s", (double) (dyno_take_last_us (take)
                                                   - dyno_take_from_us (take)) / G_USEC_PER_SEC);
  dyno_json_writer_end_object (w);

  return dyno_json_writer_finish (w);
}

static char *
choose_vehicle (DynoRecord     *self,
                const DynoJson *input,
                GError        **error)
{
  set_text (&self->vehicle_id, dyno_json_get_string (input, "id"));

  return g_strdup ("");
}

/* The capture does it; here it is only remembered for the picture. */
static char *
note_provider (DynoRecord     *self,
               const DynoJson *input,
               GError        **error)
{
  set_text (&self->wanted, dyno_json_get_string (input, "name"));

  return g_strdup ("");
}

static char *
forget_discard (DynoRecord     *self,
                const DynoJson *input,
                GError        **error)
{
  const char *run_id = dyno_json_get_string (input, "run");

  for (guint i = 0; i < self->discards->len; i++)
    {
      if (g_strcmp0 (g_array_index (self->discards, DynoArmDiscard, i).run_id, run_id) != 0)
        continue;
      g_array_remove_index (self->discards, i);
      break;
    }

  return g_strdup ("");
}

static Command
find_command (const char *event)
{
  static const struct
  {
    const char *event;
    Command     command;
  } commands[] = {
    { "arm", arm },           { "disarm", disarm },     { "run_start", start_run },
    { "run_stop", stop_run }, { "mark", mark_run },     { "vehicle", choose_vehicle },
    { "kept", forget_discard }, { "provider", note_provider },
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_strcmp0 (commands[i].event, event) == 0)
        return commands[i].command;
    }

  return NULL;
}

static gint
token_of (GTask *task)
{
  return GPOINTER_TO_INT (g_task_get_task_data (task));
}

/* (transfer full) (nullable): a command that nobody of this process waits for. */
static GTask *
take_asker (DynoRecord *self,
            gint        token)
{
  GTask *task;

  if (token == 0)
    return NULL;
  if (g_hash_table_steal_extended (self->waiting, GINT_TO_POINTER (token), NULL,
                                   (gpointer *) &task))
    return task;

  while ((task = g_async_queue_try_pop (self->asked)) != NULL && token_of (task) != token)
    g_hash_table_insert (self->waiting, GINT_TO_POINTER (token_of (task)), task);

  return task;
}

static void
take_input (DynoRecord *self,
            const char *json)
{
  g_autoptr(DynoJson) input = dyno_json_parse (json, -1, NULL);
  Command command = find_command (dyno_json_get_string (input, "event"));
  g_autoptr(GTask) asker = NULL;
  GError *error = NULL;
  char *answer;

  if (command == NULL)
    return;

  asker = take_asker (self, (gint) dyno_json_get_integer (input, "token", 0));
  answer = command (self, input, &error);
  self->is_stale = TRUE;
  /* Who has the answer must not find the picture of before. */
  if (asker != NULL)
    dyno_record_show (self);
  if (asker == NULL)
    {
      g_clear_error (&error);
      g_free (answer);
    }
  else if (answer != NULL)
    g_task_return_pointer (asker, answer, g_free);
  else
    g_task_return_error (asker, error);
}

void
dyno_record_take_inputs (DynoRecord      *self,
                         const DynoBatch *batch)
{
  for (guint i = 0; i < batch->n_events; i++)
    {
      if (batch->events[i].kind == DYNO_EVENT_INPUT && batch->events[i].text != NULL)
        take_input (self, batch->events[i].text);
    }
}

static void
refuse_asker (GTask *asker)
{
  GError *error = NULL;

  dyno_error_set (&error, DYNO_ERROR_UNAVAILABLE, "no_capture",
                  "The program does not listen to a dyno now.");
  g_task_return_error (asker, error);
}

void
dyno_record_refuse_all (DynoRecord *self)
{
  GHashTableIter iter;
  gpointer waiting;
  GTask *task;

  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &waiting))
    refuse_asker (waiting);
  g_hash_table_remove_all (self->waiting);
  while ((task = g_async_queue_try_pop (self->asked)) != NULL)
    {
      refuse_asker (task);
      g_object_unref (task);
    }
}

/* any thread */

static char *
with_token (const char *json,
            gint        token)
{
  g_autofree char *head = g_strndup (json, strlen (json) - 1);

  return g_strdup_printf ("%s,\"token\":%d}", head, token);
}

void
dyno_record_ask_async (DynoRecord          *self,
                       const char          *json,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  gint token = g_atomic_int_add (&self->next_token, 1) + 1;
  g_autofree char *text = with_token (json, token);

  g_task_set_source_tag (task, dyno_record_ask_async);
  g_task_set_task_data (task, GINT_TO_POINTER (token), NULL);
  if (self->capture == NULL || !dyno_capture_is_running (self->capture))
    {
      refuse_asker (task);
      return;
    }

  g_async_queue_push (self->asked, g_object_ref (task));
  dyno_capture_note (self->capture, text);
}

char *
dyno_record_ask_finish (GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, dyno_record_ask_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
