/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-truth.h"

#include <errno.h>
#include <stdio.h>

#include "dyno-error.h"

struct _DynoTruth
{
  FILE *file; /* (owned) */
};

DynoTruth *
dyno_truth_new (const char  *path,
                GError     **error)
{
  FILE *file = fopen (path, "we");
  DynoTruth *self;

  if (file == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, NULL, "The truth file %s cannot be written: %s.",
                      path, g_strerror (errno));
      return NULL;
    }
  self = g_new0 (DynoTruth, 1);
  self->file = file;

  return self;
}

void
dyno_truth_free (DynoTruth *self)
{
  if (self == NULL)
    return;

  if (fclose (self->file) != 0)
    g_warning ("The truth file was not written whole: %s", g_strerror (errno));
  g_free (self);
}

DynoJsonWriter *
dyno_truth_begin (DynoTruth  *self,
                  double      t_s,
                  const char *event)
{
  DynoJsonWriter *w;

  if (self == NULL)
    return NULL;

  w = dyno_json_writer_new (FALSE);
  dyno_json_writer_begin_object (w);
  dyno_json_writer_add_rounded (w, "t_s", t_s, 3);
  dyno_json_writer_add_string (w, "event", event);

  return w;
}

void
dyno_truth_end (DynoTruth      *self,
                DynoJsonWriter *w)
{
  g_autofree char *line = NULL;

  if (w == NULL)
    return;

  dyno_json_writer_end_object (w);
  line = dyno_json_writer_finish (w);
  fprintf (self->file, "%s\n", line);
}
