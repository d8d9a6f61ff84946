/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-artefact-private.h"

#include <math.h>
#include <string.h>

#include "dyno-crypt.h"

void
dyno_artefact_free (DynoArtefact *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->sha256);
  g_free (self);
}

DynoArtefact *
dyno_artefact_copy (const DynoArtefact *self)
{
  DynoArtefact *copy = g_new0 (DynoArtefact, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->bytes = self->bytes != NULL ? g_bytes_ref (self->bytes) : NULL;
  copy->sha256 = g_strdup (self->sha256);

  return copy;
}

DynoArtefact *
dyno_artefact_new (char       *name,
                   const char *type,
                   guint       n_rows,
                   guint       n_columns,
                   GString    *text)
{
  DynoArtefact *self = g_new0 (DynoArtefact, 1);

  self->name = name;
  self->type = type;
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->bytes = g_string_free_to_bytes (text);
  self->size = g_bytes_get_size (self->bytes);
  self->sha256 = dyno_crypt_sha256_hex (g_bytes_get_data (self->bytes, NULL), self->size);

  return self;
}

DynoArtefact *
dyno_artefact_new_ledger (gsize       n_rows,
                          gsize       size,
                          const char *sha256)
{
  DynoArtefact *self = g_new0 (DynoArtefact, 1);

  self->name = g_strdup (DYNO_ARTEFACT_LEDGER);
  self->type = "gzip";
  self->n_rows = n_rows;
  self->n_columns = 7;
  self->size = size;
  self->sha256 = g_strdup (sha256);

  return self;
}

/* Fixed decimals, half to even of the exact double; nothing for a missing number,
 * no minus before a zero. */
void
dyno_artefact_append_number (GString *text,
                             double   value,
                             int      decimals)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE + 64];
  char format[8];

  if (isnan (value))
    return;
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (number, sizeof number, format, value);
  if (number[0] == '-' && strspn (number + 1, "0.") == strlen (number + 1))
    memmove (number, number + 1, strlen (number));
  g_string_append (text, number);
}

/* A step of an axis. */
static void
append_step (GString *text,
             double   value)
{
  dyno_artefact_append_number (text, value, value == floor (value) ? 0 : 2);
}

void
dyno_artefacts_add_grid (GPtrArray           *artefacts,
                         char                *name,
                         const char          *corner,
                         const DynoGridShape *shape,
                         DynoCellWriter       write,
                         gconstpointer        data)
{
  GString *text = g_string_new (corner);
  gboolean has_content = FALSE;

  for (guint c = 0; c < shape->load.n; c++)
    {
      g_string_append_c (text, ',');
      append_step (text, shape->load.at[c]);
    }
  g_string_append (text, DYNO_ARTEFACT_CRLF);
  for (guint r = 0; r < shape->rpm.n; r++)
    {
      append_step (text, shape->rpm.at[r]);
      for (guint c = 0; c < shape->load.n; c++)
        {
          g_string_append_c (text, ',');
          has_content |= write (text, data, r * shape->load.n + c);
        }
      g_string_append (text, DYNO_ARTEFACT_CRLF);
    }
  if (has_content)
    {
      g_ptr_array_add (artefacts,
                       dyno_artefact_new (name, "csv", shape->rpm.n, shape->load.n + 1, text));
      return;
    }
  g_string_free (text, TRUE);
  g_free (name);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const DynoArtefact *const *x = a;
  const DynoArtefact *const *y = b;

  return strcmp ((*x)->name, (*y)->name);
}

void
dyno_artefacts_sort (GPtrArray *artefacts)
{
  g_ptr_array_sort (artefacts, compare_names);
}

GPtrArray *
dyno_artefacts_make (const DynoVeResult  *result,
                     const DynoPullPower *power,
                     const DynoCounsel   *counsel,
                     DynoTable *const     bases[DYNO_VE_CYLINDERS],
                     DynoUnitSet          units)
{
  GPtrArray *artefacts = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_artefact_free);

  dyno_artefacts_add_ve (artefacts, result);
  if (bases[0] != NULL)
    dyno_artefacts_add_updated (artefacts, result, bases);
  else
    dyno_artefacts_add_paste (artefacts, result);
  dyno_artefacts_add_spark (artefacts, result, counsel->spark);
  dyno_artefacts_add_findings (artefacts, result, counsel);
  dyno_artefacts_add_load (artefacts, result, units);
  dyno_artefacts_add_power (artefacts, power);
  dyno_artefacts_add_report (artefacts, result);
  dyno_artefacts_sort (artefacts);

  return artefacts;
}
