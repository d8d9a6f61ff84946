/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-simulator-input.h"

#include "dyno-failure.h"
#include "dyno-faults.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MOST_LINE 1000 /* bytes; what is longer is cut and then wrong */

struct _DynoSimulatorInput
{
  DynoCtl       *ctl;       /* (borrowed) */
  DynoSimulator *simulator; /* (borrowed) */
  double         speed;
  gint64         begun_us;  /* monotonic */
  GString       *line;      /* (owned) what came of the next line */
  GSource       *typed;     /* (owned) */
  GPtrArray     *timers;    /* (owned) of GSource: lines that wait for their time */
};

typedef struct
{
  DynoSimulatorInput *input; /* (borrowed) outlives its timers */
  char               *line;  /* (owned) */
} Later;

static void
later_free (gpointer data)
{
  Later *later = data;

  g_free (later->line);
  g_free (later);
}

static void
command (DynoSimulatorInput *self,
         const char         *line)
{
  g_autoptr(GError) error = NULL;

  if (!dyno_simulator_command (self->simulator, line, &error))
    dyno_failure_print (error, self->ctl->is_json);
}

static gboolean
later_cb (gpointer user_data)
{
  Later *later = user_data;

  command (later->input, later->line);

  return G_SOURCE_REMOVE;
}

static void
command_at (DynoSimulatorInput *self,
            const char         *line)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(DynoFault) fault = dyno_fault_parse (line, TRUE, &error);
  double wait_s;
  GSource *timer;
  Later *later;

  if (fault == NULL)
    {
      dyno_failure_print (error, self->ctl->is_json);
      return;
    }

  wait_s = fault->t_s / self->speed
           - (double) (g_get_monotonic_time () - self->begun_us) / G_USEC_PER_SEC;
  later = g_new0 (Later, 1);
  later->input = self;
  later->line = g_strdup (fault->line);
  timer = g_timeout_source_new ((guint) (CLAMP (wait_s, 0, 1e6) * 1000));
  g_source_set_callback (timer, later_cb, later, later_free);
  g_source_attach (timer, g_main_context_get_thread_default ());
  g_ptr_array_add (self->timers, timer);
}

static void
take_line (DynoSimulatorInput *self)
{
  char *text = g_strstrip (self->line->str);

  if (g_ascii_isdigit (*text))
    command_at (self, text);
  else if (*text != '\0' && *text != '#')
    command (self, text);
  g_string_truncate (self->line, 0);
}

static gboolean
typed_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  DynoSimulatorInput *self = user_data;
  char bytes[512];
  gssize n = read (fd, bytes, sizeof bytes);

  /* A process in the background may not read the terminal: it has no input. */
  if (n <= 0)
    return G_SOURCE_REMOVE;

  for (gssize i = 0; i < n; i++)
    {
      if (bytes[i] == '\n')
        take_line (self);
      else if (self->line->len < MOST_LINE && bytes[i] != '\0')
        g_string_append_c (self->line, bytes[i]);
    }

  return G_SOURCE_CONTINUE;
}

static void
timer_free (gpointer data)
{
  g_source_destroy (data);
  g_source_unref (data);
}

DynoSimulatorInput *
dyno_simulator_input_new (DynoCtl       *ctl,
                          DynoSimulator *simulator,
                          double         speed)
{
  DynoSimulatorInput *self = g_new0 (DynoSimulatorInput, 1);

  /* Else a background process that looks at the terminal is stopped by it. */
  signal (SIGTTIN, SIG_IGN);
  self->ctl = ctl;
  self->simulator = simulator;
  self->speed = speed;
  self->begun_us = g_get_monotonic_time ();
  self->line = g_string_new (NULL);
  self->timers = g_ptr_array_new_with_free_func (timer_free);
  self->typed = g_unix_fd_source_new (STDIN_FILENO, G_IO_IN | G_IO_HUP);
  g_source_set_callback (self->typed, G_SOURCE_FUNC (typed_cb), self, NULL);
  g_source_attach (self->typed, g_main_context_get_thread_default ());

  return self;
}

void
dyno_simulator_input_free (DynoSimulatorInput *self)
{
  if (self == NULL)
    return;

  g_source_destroy (self->typed);
  g_source_unref (self->typed);
  g_ptr_array_unref (self->timers);
  g_string_free (self->line, TRUE);
  g_free (self);
}
