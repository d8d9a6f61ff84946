/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-notes.h"

static void
note_free (gpointer data)
{
  DynoNote *note = data;

  g_free (note->code);
  g_free (note->text);
  g_free (note);
}

GPtrArray *
dyno_notes_new (void)
{
  return g_ptr_array_new_with_free_func (note_free);
}

const DynoNote *
dyno_notes_find (GPtrArray  *notes,
                 const char *code)
{
  for (guint i = 0; i < notes->len; i++)
    {
      const DynoNote *note = g_ptr_array_index (notes, i);

      if (g_str_equal (note->code, code))
        return note;
    }

  return NULL;
}

void
dyno_notes_add (GPtrArray  *notes,
                const char *code,
                const char *format,
                ...)
{
  DynoNote *note;
  va_list arguments;

  if (dyno_notes_find (notes, code) != NULL)
    return;

  note = g_new (DynoNote, 1);
  note->code = g_strdup (code);
  va_start (arguments, format);
  note->text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (notes, note);
}
