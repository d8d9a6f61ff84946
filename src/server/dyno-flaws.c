/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-flaws.h"

#define MAX_FLAWS 20

typedef struct
{
  char *pointer; /* (owned) */
  char *code;    /* (owned) */
  char *message; /* (owned) */
} Flaw;

struct _DynoFlaws
{
  GPtrArray *flaws; /* (owned) of Flaw */
  guint      n_all;
};

static void
flaw_free (gpointer data)
{
  Flaw *flaw = data;

  g_clear_pointer (&flaw->pointer, g_free);
  g_clear_pointer (&flaw->code, g_free);
  g_clear_pointer (&flaw->message, g_free);
  g_free (flaw);
}

DynoFlaws *
dyno_flaws_new (void)
{
  DynoFlaws *self = g_new0 (DynoFlaws, 1);

  self->flaws = g_ptr_array_new_with_free_func (flaw_free);

  return self;
}

void
dyno_flaws_free (DynoFlaws *self)
{
  g_ptr_array_unref (self->flaws);
  g_free (self);
}

void
dyno_flaws_add (DynoFlaws  *self,
                const char *pointer,
                const char *code,
                const char *format,
                ...)
{
  Flaw *flaw;
  va_list args;

  self->n_all++;
  if (self->flaws->len >= MAX_FLAWS)
    return;

  flaw = g_new0 (Flaw, 1);
  flaw->pointer = g_strdup (pointer);
  flaw->code = g_strdup (code);
  va_start (args, format);
  flaw->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->flaws, flaw);
}

guint
dyno_flaws_count (DynoFlaws *self)
{
  return self->n_all;
}

char *
dyno_flaws_first (DynoFlaws *self)
{
  const Flaw *flaw;

  if (self->flaws->len == 0)
    return NULL;

  flaw = g_ptr_array_index (self->flaws, 0);

  return flaw->pointer[0] != '\0' ? g_strconcat (flaw->pointer, ": ", flaw->message, NULL)
                                  : g_strdup (flaw->message);
}

void
dyno_flaws_write (DynoFlaws      *self,
                  DynoJsonWriter *w)
{
  dyno_json_writer_begin_array (w);
  for (guint i = 0; i < self->flaws->len; i++)
    {
      const Flaw *flaw = g_ptr_array_index (self->flaws, i);

      dyno_json_writer_begin_object (w);
      dyno_json_writer_add_string (w, "pointer", flaw->pointer);
      dyno_json_writer_add_string (w, "code", flaw->code);
      dyno_json_writer_add_string (w, "message", flaw->message);
      dyno_json_writer_end_object (w);
    }
  dyno_json_writer_end_array (w);
}

char *
dyno_flaws_below (const char *parent,
                  const char *name)
{
  GString *text = g_string_new (parent);

  g_string_append_c (text, '/');
  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '~')
        g_string_append (text, "~0");
      else if (*p == '/')
        g_string_append (text, "~1");
      else
        g_string_append_c (text, *p);
    }

  return g_string_free (text, FALSE);
}
