/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compare.h"

/* What is to be compared; part of dyno-compare.h. */

static void
input_free (gpointer data)
{
  DynoCompareInput *input = data;

  g_free (input->run_id);
  g_clear_pointer (&input->samples, dyno_samples_unref);
  g_free (input->name);
  g_free (input);
}

DynoCompareRequest *
dyno_compare_request_new (void)
{
  DynoCompareRequest *self = g_new0 (DynoCompareRequest, 1);

  self->inputs = g_ptr_array_new_with_free_func (input_free);
  self->baseline = -1;

  return self;
}

void
dyno_compare_request_free (DynoCompareRequest *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->inputs);
  g_free (self);
}

void
dyno_compare_request_add_run (DynoCompareRequest *self,
                              const char         *run_id,
                              gboolean            is_before)
{
  DynoCompareInput *input = g_new0 (DynoCompareInput, 1);

  input->run_id = g_strdup (run_id);
  input->is_before = is_before;
  g_ptr_array_add (self->inputs, input);
}

void
dyno_compare_request_add_samples (DynoCompareRequest *self,
                                  DynoSamples        *samples,
                                  const char         *name,
                                  gboolean            is_before)
{
  DynoCompareInput *input = g_new0 (DynoCompareInput, 1);

  input->samples = dyno_samples_ref (samples);
  input->name = g_strdup (name);
  input->is_before = is_before;
  g_ptr_array_add (self->inputs, input);
}
