/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-finding.h"

#include <locale.h>
#include <math.h>

static void
number_clear (gpointer data)
{
  DynoFindingNumber *number = data;

  g_free (number->name);
}

/* Made once, never freed. */
static locale_t
plain_locale (void)
{
  static gsize made = 0;

  if (g_once_init_enter (&made))
    g_once_init_leave (&made, (gsize) newlocale (LC_ALL_MASK, "C", (locale_t) 0));

  return (locale_t) made;
}

/* The locale is that of the calling thread only, and for this one call. */
static char *
format_plain (const char *format,
              va_list     args)
{
  locale_t before = uselocale (plain_locale ());
  char *text = g_strdup_vprintf (format, args);

  uselocale (before);

  return text;
}

char *
dyno_finding_text (const char *format,
                   ...)
{
  va_list args;
  char *text;

  va_start (args, format);
  text = format_plain (format, args);
  va_end (args);

  return text;
}

DynoFinding *
dyno_finding_new (const char   *kind,
                  double        score,
                  DynoEvidence  evidence,
                  const char   *format,
                  ...)
{
  DynoFinding *self = g_new0 (DynoFinding, 1);
  va_list args;

  self->kind = kind;
  self->score = score;
  self->evidence = evidence;
  self->cells = g_array_new (FALSE, FALSE, sizeof (guint));
  self->samples = g_array_new (FALSE, FALSE, sizeof (DynoRowRange));
  self->numbers = g_array_new (FALSE, FALSE, sizeof (DynoFindingNumber));
  g_array_set_clear_func (self->numbers, number_clear);
  self->next_checks = g_ptr_array_new_with_free_func (g_free);

  va_start (args, format);
  self->text = format_plain (format, args);
  va_end (args);

  return self;
}

void
dyno_finding_free (DynoFinding *self)
{
  g_array_unref (self->cells);
  g_array_unref (self->samples);
  g_array_unref (self->numbers);
  g_ptr_array_unref (self->next_checks);
  g_free (self->text);
  g_free (self);
}

void
dyno_finding_add_cell (DynoFinding *self,
                       guint        cell)
{
  g_array_append_val (self->cells, cell);
}

void
dyno_finding_add_row (DynoFinding *self,
                      guint64      row)
{
  DynoRowRange range = { row, row };

  if (self->samples->len > 0)
    {
      DynoRowRange *last = &g_array_index (self->samples, DynoRowRange, self->samples->len - 1);

      g_return_if_fail (row >= last->last);
      if (row <= last->last + 1)
        {
          last->last = row;
          return;
        }
    }
  g_array_append_val (self->samples, range);
}

void
dyno_finding_add_number (DynoFinding *self,
                         const char  *name,
                         double       value)
{
  DynoFindingNumber number = { g_strdup (name), value };

  g_array_append_val (self->numbers, number);
}

void
dyno_finding_add_check (DynoFinding *self,
                        const char  *check)
{
  g_ptr_array_add (self->next_checks, g_strdup (check));
}

double
dyno_finding_get_number (const DynoFinding *self,
                         const char        *name)
{
  for (guint i = 0; i < self->numbers->len; i++)
    {
      const DynoFindingNumber *number = &g_array_index (self->numbers, DynoFindingNumber, i);

      if (g_str_equal (number->name, name))
        return number->value;
    }

  return NAN;
}

const char *
dyno_evidence_name (DynoEvidence evidence)
{
  return evidence == DYNO_EVIDENCE_MEASURED ? "measured" : "inferred";
}

DynoAdvice *
dyno_advice_new (const char *adviser)
{
  DynoAdvice *self = g_new0 (DynoAdvice, 1);

  self->adviser = adviser;
  self->missing = g_ptr_array_new_with_free_func (g_free);
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_finding_free);

  return self;
}

void
dyno_advice_free (DynoAdvice *self)
{
  g_ptr_array_unref (self->missing);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

void
dyno_advice_lacks (DynoAdvice *self,
                   const char *channel)
{
  g_ptr_array_add (self->missing, g_strdup (channel));
}

gboolean
dyno_advice_is_available (const DynoAdvice *self)
{
  return self->missing->len == 0;
}

void
dyno_advice_take (DynoAdvice  *self,
                  DynoFinding *finding)
{
  g_ptr_array_add (self->findings, finding);
}
