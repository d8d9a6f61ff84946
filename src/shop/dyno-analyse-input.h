/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-samples.h"

G_BEGIN_DECLS

/* One run to be analysed: by id, or as samples, with what is known of the file that they
 * were read from. */

typedef struct
{
  char        *run_id;  /* (owned) (nullable) */
  DynoSamples *samples; /* (owned) (nullable) */
  char        *name;    /* (owned) (nullable) of the source, without folders */
  gint64       bytes;   /* of the source; −1: not known */
  char        *sha256;  /* (owned) (nullable) of it */
  char        *report;  /* (owned) (nullable) JSON of its import */
  const char  *source;  /* of the run, by name; "file" where it is none */
} DynoAnalyseInput;

DynoAnalyseInput *dyno_analyse_input_new  (void);
void              dyno_analyse_input_free (DynoAnalyseInput *self);

G_END_DECLS
