/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-print.h"

#include "dyno-error.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_WIDTH 80

/* Why standard output takes no more; 0 while it does. Main thread. */
static int failed_with;

/* At once, so that a program at the other end can follow. Answers failed_with. */
static int
put (const char *text)
{
  errno = 0;
  if (failed_with == 0 && (fputs (text, stdout) == EOF || fflush (stdout) != 0))
    failed_with = errno != 0 ? errno : EIO;

  return failed_with;
}

char *
dyno_print_clean (const char *text)
{
  char *clean = g_utf8_make_valid (text, -1);
  GString *result = g_string_sized_new (strlen (clean));

  for (const char *at = clean; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      /* Formatting characters could turn a line around: they count as control. */
      if (c == '\n' || !(g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT))
        g_string_append_unichar (result, c);
      else
        g_string_append_unichar (result, 0xFFFD);
    }
  g_free (clean);

  return g_string_free (result, FALSE);
}

void
dyno_print_line (const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = dyno_print_clean (text);
  put (clean);
  put ("\n");
}

void
dyno_print_text (const char *text)
{
  put (text);
}

void
dyno_print_note (DynoCtl    *ctl,
                 const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  va_list args;

  if (ctl->is_quiet || ctl->is_json)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = dyno_print_clean (text);
  fprintf (stderr, "%s\n", clean);
}

void
dyno_print_json (DynoJsonWriter *writer)
{
  g_autofree char *text = dyno_json_writer_finish (writer);

  put (text);
  put ("\n");
}

gboolean
dyno_print_flush (GError **error)
{
  int number = put ("");

  if (number == 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_INTERNAL,
                  number == EPIPE ? DYNO_PRINT_CLOSED : "output",
                  "The output cannot be written: %s.", g_strerror (number));

  return FALSE;
}

guint
dyno_print_columns (const char *text)
{
  guint width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

/* The last blank between words within `room` columns, else the first one behind
 * them; NULL where the line is one word. */
static const char *
find_break (const char *line,
            guint       room)
{
  const char *begin = line + strspn (line, " ");
  const char *found = NULL;

  for (const char *blank = strchr (begin, ' '); blank != NULL; blank = strchr (blank + 1, ' '))
    {
      g_autofree char *words = g_strndup (line, (gsize) (blank - line));

      if (found != NULL && dyno_print_columns (words) > room)
        return found;
      found = blank;
    }

  return found;
}

static void
append_wrapped (GString    *text,
                const char *line,
                guint       width,
                guint       indent)
{
  guint room = width;
  const char *cut;

  while (width > indent && dyno_print_columns (line) > room
         && (cut = find_break (line, room)) != NULL)
    {
      g_string_append_len (text, line, cut - line);
      g_string_append_printf (text, "\n%*s", (int) indent, "");
      line = cut + strspn (cut, " ");
      room = width - indent;
    }
  g_string_append (text, line);
}

char *
dyno_print_wrap (const char *text,
                 guint       width,
                 guint       indent)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  GString *wrapped = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    {
      append_wrapped (wrapped, *line, width, indent);
      if (line[1] != NULL)
        g_string_append_c (wrapped, '\n');
    }

  return g_string_free (wrapped, FALSE);
}

void
dyno_print_wrapped (const char *text,
                    guint       indent)
{
  guint width = dyno_print_is_terminal (STDOUT_FILENO) ? dyno_print_width (STDOUT_FILENO) : 0;
  g_autofree char *wrapped = dyno_print_wrap (text, width, indent);

  put (wrapped);
}

gboolean
dyno_print_is_broken (void)
{
  return failed_with != 0;
}

gboolean
dyno_print_is_terminal (int fd)
{
  return isatty (fd) == 1;
}

guint
dyno_print_width (int fd)
{
  struct winsize size = { 0 };

  if (ioctl (fd, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
    return USUAL_WIDTH;

  return size.ws_col;
}

char *
dyno_print_quantity (double       value_si,
                     DynoQuantity quantity,
                     DynoUnitSet  units)
{
  const DynoUnit *unit = dyno_unit_shown (units, quantity);
  g_autofree char *number = dyno_unit_format (unit, value_si, FALSE);

  if (!isfinite (value_si) || *unit->symbol == '\0')
    return g_steal_pointer (&number);

  return g_strdup_printf ("%s %s", number, unit->symbol);
}

char *
dyno_print_number (double value,
                   int    decimals)
{
  char format[8];
  char text[G_ASCII_DTOSTR_BUF_SIZE * 16];

  if (!isfinite (value))
    return g_strdup ("—");

  g_snprintf (format, sizeof format, "%%.%df", CLAMP (decimals, 0, 9));
  g_ascii_formatd (text, sizeof text, format, value);
  if (text[0] == '-' && strspn (text, "-0.") == strlen (text))
    return g_strdup (text + 1);

  return g_strdup (text);
}

char *
dyno_print_bytes (guint64 bytes)
{
  static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
  double value = (double) bytes;
  g_autofree char *number = NULL;
  guint i = 0;

  for (; value >= 1000 && i + 1 < G_N_ELEMENTS (units); i++)
    value /= 1000;
  number = dyno_print_number (value, i > 0 ? 1 : 0);

  return g_strdup_printf ("%s %s", number, units[i]);
}

char *
dyno_print_duration (double seconds)
{
  g_autofree char *number = NULL;
  guint64 whole;

  if (!isfinite (seconds) || seconds < 0)
    return g_strdup ("—");
  number = dyno_print_number (seconds, 1);
  if (seconds < 59.95)
    return g_strdup_printf ("%s s", number);

  whole = (guint64) (MIN (seconds, 1e15) + 0.5);
  if (whole < 3600)
    return g_strdup_printf ("%d min %02d s", (int) (whole / 60), (int) (whole % 60));

  return g_strdup_printf ("%" G_GUINT64_FORMAT " h %02d min", whole / 3600,
                          (int) (whole / 60 % 60));
}

char *
dyno_print_time (gint64 ms)
{
  g_autoptr(GDateTime) time = ms != 0 ? g_date_time_new_from_unix_local (ms / 1000) : NULL;

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("—");
}
