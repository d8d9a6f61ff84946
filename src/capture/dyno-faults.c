/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-faults.h"

#include <math.h>
#include <string.h>

#include "dyno-error.h"

#define MOST_LINES 10000
#define MOST_LINE 500
#define MOST_TIME_S 1e7

/* What stands behind a verb: c channel, n number, t text; o an optional number. */
static const struct
{
  const char *name;
  const char *arguments;
  double      low;      /* of the first number */
  double      high;
} verbs[DYNO_N_FAULTS] = {
  [DYNO_FAULT_PULL] = { "pull", "", 0, 0 },
  [DYNO_FAULT_CELLS] = { "cells", "", 0, 0 },
  [DYNO_FAULT_IDLE] = { "idle", "", 0, 0 },
  [DYNO_FAULT_THROTTLE] = { "throttle", "n", 0, 100 },
  [DYNO_FAULT_GEAR] = { "gear", "n", 1, 9 },
  [DYNO_FAULT_BRAKE] = { "brake", "n", 0, 20000 },
  [DYNO_FAULT_DROP] = { "drop", "n", 0, 100 },
  [DYNO_FAULT_BURST_DROP] = { "burst-drop", "n", 1, 1e6 },
  [DYNO_FAULT_REORDER] = { "reorder", "nn", 0, 100 },
  [DYNO_FAULT_DUPLICATE] = { "duplicate", "n", 0, 100 },
  [DYNO_FAULT_DELAY] = { "delay", "no", 0, 60000 },
  [DYNO_FAULT_PAGE_DROP] = { "page-drop", "n", 1, 1e6 },
  [DYNO_FAULT_PAGE_ORDER] = { "page-order", "t", 0, 0 },
  [DYNO_FAULT_INFO_OFF] = { "info-off", "", 0, 0 },
  [DYNO_FAULT_INFO_ON] = { "info-on", "", 0, 0 },
  [DYNO_FAULT_RENUMBER] = { "renumber", "t", 0, 0 },
  [DYNO_FAULT_RENAME] = { "rename", "ct", 0, 0 },
  [DYNO_FAULT_UNIT] = { "unit", "cn", 0, 255 },
  [DYNO_FAULT_ADD] = { "add", "t", 0, 0 },
  [DYNO_FAULT_REMOVE] = { "remove", "c", 0, 0 },
  [DYNO_FAULT_CLEAR] = { "clear", "", 0, 0 },
  [DYNO_FAULT_RESTART] = { "restart", "", 0, 0 },
  [DYNO_FAULT_RESTART_SAME_ID] = { "restart-same-id", "", 0, 0 },
  [DYNO_FAULT_VANISH] = { "vanish", "", 0, 0 },
  [DYNO_FAULT_STALL] = { "stall", "n", 0, 3600 },
  [DYNO_FAULT_WRAP] = { "wrap", "n", 0, 4294967 },
  [DYNO_FAULT_CLOCK_JUMP] = { "clock-jump", "n", -4e9, 4e9 },
  [DYNO_FAULT_DRIFT] = { "drift", "n", -1e5, 1e5 },
  [DYNO_FAULT_SEQ_RESTART] = { "seq-restart", "", 0, 0 },
  [DYNO_FAULT_MUTE] = { "mute", "co", 0, MOST_TIME_S },
  [DYNO_FAULT_FREEZE] = { "freeze", "cn", 0, MOST_TIME_S },
  [DYNO_FAULT_SET] = { "set", "cno", -INFINITY, INFINITY },
  [DYNO_FAULT_NAN] = { "nan", "co", 0, MOST_TIME_S },
  [DYNO_FAULT_INF] = { "inf", "co", 0, MOST_TIME_S },
  [DYNO_FAULT_PEG] = { "peg", "co", 0, MOST_TIME_S },
  [DYNO_FAULT_SECOND] = { "second", "t", 0, 0 },
  [DYNO_FAULT_COLLIDE] = { "collide", "", 0, 0 },
  [DYNO_FAULT_VERSION] = { "version", "n", 0, 255 },
  [DYNO_FAULT_STORM] = { "storm", "n", 1, 1e5 },
  [DYNO_FAULT_MALFORMED] = { "malformed", "t", 0, 0 },
  [DYNO_FAULT_FUZZ] = { "fuzz", "n", 1, 1e6 },
};

void
dyno_fault_free (DynoFault *fault)
{
  if (fault == NULL)
    return;

  g_free (fault->channel);
  g_free (fault->text);
  g_free (fault->line);
  g_free (fault);
}

const char *
dyno_fault_verb_name (DynoFaultVerb verb)
{
  return verb < DYNO_N_FAULTS ? verbs[verb].name : NULL;
}

gboolean
dyno_fault_is_private (const DynoFault *fault)
{
  return fault->verb == DYNO_FAULT_MALFORMED || fault->verb == DYNO_FAULT_FUZZ;
}

static gboolean
refuse (GError     **error,
        const char  *line,
        const char  *why)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "scenario", "“%s”: %s", line, why);

  return FALSE;
}

static gboolean
read_number (const char *word,
             double     *number)
{
  char *end;

  *number = g_ascii_strtod (word, &end);

  return end != word && *end == '\0' && isfinite (*number);
}

static gboolean
find_verb (const char    *word,
           DynoFaultVerb *verb)
{
  for (guint i = 0; i < DYNO_N_FAULTS; i++)
    {
      if (g_str_equal (verbs[i].name, word))
        {
          *verb = (DynoFaultVerb) i;
          return TRUE;
        }
    }

  return FALSE;
}

/* One argument by its letter; `n` counts the numbers read so far. */
static gboolean
take_argument (DynoFault  *fault,
               char        letter,
               const char *word,
               guint      *n)
{
  if (letter == 'c')
    fault->channel = g_strdup (word);
  else if (letter == 't')
    fault->text = g_strdup (word);
  else if (!read_number (word, &fault->numbers[(*n)++]))
    return FALSE;

  return TRUE;
}

static gboolean
take_arguments (DynoFault   *fault,
                char       **words,
                guint        n_words,
                const char  *line,
                GError     **error)
{
  const char *letters = verbs[fault->verb].arguments;
  guint n_numbers = 0;
  guint i = 0;

  for (; letters[i] != '\0'; i++)
    {
      if (i >= n_words)
        {
          if (letters[i] == 'o')
            break;
          return refuse (error, line, "something is missing at the end.");
        }
      if (!take_argument (fault, letters[i], words[i], &n_numbers))
        return refuse (error, line, "a number was expected.");
    }
  if (i < n_words)
    return refuse (error, line, "there is too much at the end (quote names with blanks).");

  return TRUE;
}

static gboolean
check_words (const DynoFault *fault,
             GError         **error)
{
  const char *text = fault->text;
  guint8 data[256];
  gsize size;

  if (fault->verb == DYNO_FAULT_PAGE_ORDER && !g_str_equal (text, "reverse")
      && !g_str_equal (text, "normal"))
    return refuse (error, fault->line, "the order is “reverse” or “normal”.");
  if (fault->verb == DYNO_FAULT_RENUMBER && !g_str_equal (text, "clear")
      && !g_str_equal (text, "silent"))
    return refuse (error, fault->line, "it is “clear” or “silent”.");
  if (fault->verb == DYNO_FAULT_MALFORMED && !dyno_fault_malformed (text, data, &size))
    return refuse (error, fault->line, "the malformed datagrams are N1 … N15.");

  return TRUE;
}

static gboolean
check_numbers (const DynoFault  *fault,
               GError          **error)
{
  double first = fault->numbers[0];

  if (isnan (first))
    return TRUE;
  if (first < verbs[fault->verb].low || first > verbs[fault->verb].high)
    return refuse (error, fault->line, "the number is out of its range.");
  if (fault->verb == DYNO_FAULT_REORDER && !(fault->numbers[1] >= 1 && fault->numbers[1] <= 100))
    return refuse (error, fault->line, "the depth is 1 to 100 messages.");
  if (!isnan (fault->numbers[1]) && fault->verb != DYNO_FAULT_REORDER
      && !(fault->numbers[1] >= 0 && fault->numbers[1] <= MOST_TIME_S))
    return refuse (error, fault->line, "the second number is out of its range.");

  return TRUE;
}

/* `words` without the time. */
static DynoFault *
parse_words (char       **words,
             const char  *line,
             GError     **error)
{
  g_autoptr(DynoFault) fault = g_new0 (DynoFault, 1);
  guint n_words = g_strv_length (words);

  for (guint i = 0; i < G_N_ELEMENTS (fault->numbers); i++)
    fault->numbers[i] = NAN;
  fault->line = g_strjoinv (" ", words);
  if (n_words == 0 || !find_verb (words[0], &fault->verb))
    {
      refuse (error, line, "nobody knows this verb.");
      return NULL;
    }
  if (!take_arguments (fault, words + 1, n_words - 1, line, error) || !check_words (fault, error)
      || !check_numbers (fault, error))
    return NULL;

  return g_steal_pointer (&fault);
}

DynoFault *
dyno_fault_parse (const char  *line,
                  gboolean     needs_time,
                  GError     **error)
{
  g_auto(GStrv) words = NULL;
  DynoFault *fault;
  double t_s = 0;

  if (strlen (line) > MOST_LINE || strpbrk (line, "\r\n") != NULL
      || !g_utf8_validate (line, -1, NULL)
      || !g_shell_parse_argv (line, NULL, &words, NULL))
    {
      refuse (error, "scenario", "the line cannot be read.");
      return NULL;
    }
  if (needs_time && (!read_number (words[0], &t_s) || t_s < 0 || t_s > MOST_TIME_S))
    {
      refuse (error, line, "it must begin with the time in seconds.");
      return NULL;
    }

  fault = parse_words (words + (needs_time ? 1 : 0), line, error);
  if (fault != NULL)
    fault->t_s = t_s;

  return fault;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const DynoFault *x = *(DynoFault *const *) a;
  const DynoFault *y = *(DynoFault *const *) b;

  return x->t_s < y->t_s ? -1 : x->t_s > y->t_s;
}

/* The line without its comment and outer blanks. A `#` inside quotes stays. */
static char *
strip_line (const char *line)
{
  char quote = '\0';
  const char *end = line;

  for (; *end != '\0'; end++)
    {
      if (quote != '\0')
        quote = *end == quote ? '\0' : quote;
      else if (*end == '"' || *end == '\'')
        quote = *end;
      else if (*end == '#')
        break;
    }

  return g_strstrip (g_strndup (line, (gsize) (end - line)));
}

GPtrArray *
dyno_faults_parse (const char  *text,
                   GError     **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_fault_free);
  g_auto(GStrv) lines = g_strsplit (text, "\n", MOST_LINES + 1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = strip_line (lines[i]);
      DynoFault *fault;

      if (line[0] == '\0')
        continue;
      fault = i < MOST_LINES ? dyno_fault_parse (line, TRUE, error) : NULL;
      if (fault == NULL)
        {
          if (i >= MOST_LINES)
            dyno_error_set (error, DYNO_ERROR_INVALID, "scenario", "The scenario is too long.");
          g_prefix_error (error, "Line %u: ", i + 1);
          return NULL;
        }
      g_ptr_array_add (faults, fault);
    }
  g_ptr_array_sort (faults, compare_times);

  return g_steal_pointer (&faults);
}

char *
dyno_fault_from_option (const char  *option,
                        GError     **error)
{
  /* KIND, its verb, what stands behind it when no rate is given. */
  static const char *const kinds[][3] = {
    { "loss", "drop", "2" },       { "reorder", "reorder", "5" }, { "duplicate", "duplicate", "2" },
    { "clear", "clear", "" },      { "stall", "stall", "2" },     { "restart", "restart", "" },
    { "clockwrap", "wrap", "10" }, { "malformed", "malformed", "N1" },
  };
  g_auto(GStrv) parts = g_strsplit (option, "=", 2);
  g_autofree char *line = NULL;
  g_autoptr(DynoFault) fault = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && parts[0] != NULL; i++)
    {
      const char *rate = parts[1] != NULL ? parts[1] : kinds[i][2];

      if (g_str_equal (kinds[i][0], parts[0]))
        line = g_strdup_printf ("0 %s %s%s", kinds[i][1], rate,
                                g_str_equal (kinds[i][1], "reorder") ? " 3" : "");
    }
  if (line == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "scenario",
                      "“%s” is no fault. Known are loss, reorder, duplicate, clear, stall, "
                      "restart, clockwrap and malformed.", option);
      return NULL;
    }
  fault = dyno_fault_parse (line, TRUE, error);

  return fault != NULL ? g_steal_pointer (&line) : NULL;
}
