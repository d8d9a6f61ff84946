/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-magic.h"

#include "dyno-error.h"
#include "dyno-mlg.h"

#include <string.h>

#define TEXT_WINDOW 65536

typedef struct
{
  guint       offset;
  const char *bytes;
  guint       n;
  const char *what; /* "a packet capture", as a sentence goes on */
  const char *way;  /* what to do instead; a sentence */
} Magic;

static const Magic magics[] = {
  { 0, "DYNOJDJ1", 8, "a packet journal of DynoAI", "Replay it with “dynoctl listen --replay”." },
  { 0, "\xA1\xB2\xC3\xD4", 4, "a packet capture (pcap)",
    "Replay it with “dynoctl listen --replay”." },
  { 0, "\xD4\xC3\xB2\xA1", 4, "a packet capture (pcap)",
    "Replay it with “dynoctl listen --replay”." },
  { 0, "\xA1\xB2\x3C\x4D", 4, "a packet capture (pcap)",
    "Replay it with “dynoctl listen --replay”." },
  { 0, "\x4D\x3C\xB2\xA1", 4, "a packet capture (pcap)",
    "Replay it with “dynoctl listen --replay”." },
  { 0, "%PDF-", 5, "a PDF document", "Ask for the run as CSV or as run archive." },
  { 0, "\xFE\xCE\xFA\xCE", 4, "a WinPEP 8 run file (.wp8)",
    "In Power Core export CSV, Time, 50 ms." },
  { 0, "MDF     ", 8, "an ASAM measurement file (MDF)",
    "Open it in the tool that wrote it and export it as CSV." },
  { 4, "lf3", 3, "a Link ECU log (.llg)", "In PCLink export the log as CSV." },
  { 0, "<hCNF", 5, "an AiM log (.xrk)", "In Race Studio export the session as CSV." },
  { 0, "PK\3\4", 4, "a zip archive or an Excel workbook",
    "Unpack the archive, or save the sheet as CSV, and import that." },
  { 0, "SQLite format 3\0", 16, "an SQLite database",
    "Export the log as CSV with the program that keeps it." },
};

static void
refuse (const char *what,
        const char *way,
        GError    **error)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "import_format_unsupported",
                  "The file is %s, which cannot be read as a log. %s", what, way);
}

/* Past a prefix like "<?xml" up to and with the end mark. NULL when it does not end
 * within the bytes. */
static const char *
skip_to (const char *p,
         const char *end,
         const char *mark)
{
  const char *at = memmem (p, (gsize) (end - p), mark, strlen (mark));

  return at != NULL ? at + strlen (mark) : NULL;
}

static gboolean
begins_with (const char *p,
             const char *end,
             const char *word)
{
  gsize n = strlen (word);

  return (gsize) (end - p) >= n && memcmp (p, word, n) == 0;
}

/* Blanks, an XML declaration and comments may stand before the first element. */
static gboolean
is_tune (const char *p,
         const char *end)
{
  if (begins_with (p, end, "\xEF\xBB\xBF"))
    p += 3;

  while (p != NULL && p < end)
    {
      if (g_ascii_isspace (*p))
        p++;
      else if (begins_with (p, end, "<?xml"))
        p = skip_to (p, end, "?>");
      else if (begins_with (p, end, "<!--"))
        p = skip_to (p, end, "-->");
      else
        return begins_with (p, end, "<PVV");
    }

  return FALSE;
}

gboolean
dyno_import_magic_is_gzip (const guint8 *bytes,
                           gsize         n)
{
  return n >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

gboolean
dyno_import_magic_check (const guint8 *bytes,
                         gsize         n,
                         GError      **error)
{
  if (n == 0)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_empty",
                      "The file is empty (0 bytes). Export the log again.");
      return FALSE;
    }
  if (is_tune ((const char *) bytes, (const char *) bytes + n))
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_is_tune",
                      "The file is a Power Vision tune (.pvv), not a log. "
                      "Use “tables import” for it.");
      return FALSE;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    {
      const Magic *magic = &magics[i];

      if (n >= magic->offset + magic->n
          && memcmp (bytes + magic->offset, magic->bytes, magic->n) == 0)
        {
          refuse (magic->what, magic->way, error);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
dyno_import_magic_check_unzipped (const guint8 *bytes,
                                  gsize         n,
                                  GError      **error)
{
  if (n >= 512 && memcmp (bytes, "manifest.json", 14) == 0 && memcmp (bytes + 257, "ustar", 5) == 0)
    {
      refuse ("a run archive (.dynorun)", "Ask for the run's source log as CSV.", error);
      return FALSE;
    }
  if (dyno_mlg_is_magic (bytes, n))
    {
      refuse ("a gzip file of a MegaLogViewer binary log (.mlg)", "Unzip it and import that.",
              error);
      return FALSE;
    }

  return dyno_import_magic_check (bytes, n, error);
}

/* Emerald .lg2 is an INI file whose first channel is announced by a line. */
gboolean
dyno_import_magic_check_text (const char *text,
                              gsize       length,
                              GError    **error)
{
  const char *end = text + MIN (length, TEXT_WINDOW);
  const char *at = text;

  while ((at = memmem (at, (gsize) (end - at), "[chan1]", strlen ("[chan1]"))) != NULL)
    {
      const char *after = at + strlen ("[chan1]");

      if ((at == text || at[-1] == '\n' || at[-1] == '\r')
          && (after == end || *after == '\n' || *after == '\r'))
        {
          refuse ("an Emerald log (.lg2)", "In the Emerald software export the log as CSV.", error);
          return FALSE;
        }
      at = after;
    }

  return TRUE;
}
