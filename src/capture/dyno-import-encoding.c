/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-encoding.h"

#include <string.h>

#define NUL_WINDOW 4096    /* where NUL bytes tell UTF-16 */
#define NUL_SHARE 0.3
#define CONTROL_WINDOW 65536
#define CONTROL_SHARE 0.05
#define MAX_UTF8_LENGTH 3  /* bytes that a 16-bit unit or a Windows-1252 byte may take */

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* 0x80…0x9f; 0 where the code page has nothing. */
static const guint16 windows_1252[32] = {
  0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
  0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
  0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

const char *
dyno_import_encoding_name (DynoImportEncoding encoding)
{
  static const char *const names[] = { "utf-8", "utf-16le", "utf-16be", "windows-1252" };

  return names[encoding];
}

/* The share of NUL among the bytes at even (0) or odd (1) places. */
static double
nul_share (const guint8 *bytes,
           gsize         n,
           gsize         first)
{
  gsize n_seen = 0;
  gsize n_nul = 0;

  for (gsize i = first; i < MIN (n, NUL_WINDOW); i += 2)
    {
      n_seen++;
      n_nul += bytes[i] == 0;
    }

  return n_seen > 0 ? (double) n_nul / (double) n_seen : 0;
}

/* NUL is valid here: another rule refuses it, near the beginning of a log. */
static gboolean
is_utf8 (const guint8 *bytes,
         gsize         n,
         gboolean      is_all)
{
  const char *p = (const char *) bytes;
  const char *end = p + n;

  while (!g_utf8_validate_len (p, (gsize) (end - p), &p))
    {
      if (*p == '\0')
        p++;
      else
        return !is_all && g_utf8_get_char_validated (p, end - p) == (gunichar) -2;
    }

  return TRUE;
}

DynoImportEncoding
dyno_import_encoding_detect (const guint8 *bytes,
                             gsize         n,
                             gboolean      is_all,
                             guint        *bom_length)
{
  *bom_length = 0;
  if (n >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    {
      *bom_length = 3;
      return DYNO_IMPORT_UTF_8;
    }
  if (n >= 2 && (memcmp (bytes, "\xFF\xFE", 2) == 0 || memcmp (bytes, "\xFE\xFF", 2) == 0))
    {
      *bom_length = 2;
      return bytes[0] == 0xFF ? DYNO_IMPORT_UTF_16LE : DYNO_IMPORT_UTF_16BE;
    }

  if (nul_share (bytes, n, 1) >= NUL_SHARE)
    return DYNO_IMPORT_UTF_16LE;
  if (nul_share (bytes, n, 0) >= NUL_SHARE)
    return DYNO_IMPORT_UTF_16BE;

  return is_utf8 (bytes, n, is_all) ? DYNO_IMPORT_UTF_8 : DYNO_IMPORT_WINDOWS_1252;
}

static char *
put_replacement (DynoImportDecoder *self,
                 char              *out)
{
  self->n_replaced++;

  memcpy (out, replacement, 3);

  return out + 3;
}

/* A first surrogate waits for its second one; alone, either is replaced. */
static char *
put_unit (DynoImportDecoder *self,
          guint              unit,
          char              *out)
{
  gboolean is_second = unit >= 0xDC00 && unit <= 0xDFFF;

  if (self->high != 0 && is_second)
    {
      gunichar code = 0x10000 + ((self->high - 0xD800) << 10) + (unit - 0xDC00);

      self->high = 0;
      return out + g_unichar_to_utf8 (code, out);
    }
  if (self->high != 0)
    out = put_replacement (self, out);
  self->high = 0;

  if (is_second)
    return put_replacement (self, out);
  if (unit >= 0xD800 && unit <= 0xDBFF)
    {
      self->high = unit;
      return out;
    }

  return out + g_unichar_to_utf8 (unit, out);
}

static char *
put_utf16 (DynoImportDecoder *self,
           const guint8      *bytes,
           gsize              n,
           char              *out)
{
  gboolean is_little = self->encoding == DYNO_IMPORT_UTF_16LE;

  for (gsize i = 0; i < n; i++)
    {
      guint unit;

      if (!self->has_pending)
        {
          self->pending = bytes[i];
          self->has_pending = TRUE;
          continue;
        }
      unit = is_little ? (guint) bytes[i] << 8 | self->pending
                       : (guint) self->pending << 8 | bytes[i];
      self->has_pending = FALSE;
      if (unit < 0x80 && self->high == 0)
        *out++ = (char) unit;
      else
        out = put_unit (self, unit, out);
    }

  return out;
}

static char *
put_windows_1252 (DynoImportDecoder *self,
                  const guint8      *bytes,
                  gsize              n,
                  char              *out)
{
  for (gsize i = 0; i < n; i++)
    {
      gunichar code = bytes[i];

      if (code >= 0x80 && code < 0xA0)
        code = windows_1252[code - 0x80];
      if (code == 0 && bytes[i] != 0)
        out = put_replacement (self, out);
      else if (code < 0x80)
        *out++ = (char) code;
      else
        out += g_unichar_to_utf8 (code, out);
    }

  return out;
}

void
dyno_import_decoder_append (DynoImportDecoder *self,
                            const guint8      *bytes,
                            gsize              n,
                            GString           *text)
{
  gsize length = text->len;
  char *out;

  if (self->encoding == DYNO_IMPORT_UTF_8)
    {
      g_string_append_len (text, (const char *) bytes, (gssize) n);
      return;
    }

  /* Room for a replaced surrogate of the piece before and for a pair. */
  g_string_set_size (text, length + MAX_UTF8_LENGTH * n + 8);
  out = text->str + length;
  if (self->encoding == DYNO_IMPORT_WINDOWS_1252)
    out = put_windows_1252 (self, bytes, n, out);
  else
    out = put_utf16 (self, bytes, n, out);
  g_string_truncate (text, (gsize) (out - text->str));
}

gboolean
dyno_import_text_is_binary (const char *text,
                            gsize       length)
{
  gsize n = MIN (length, CONTROL_WINDOW);
  gsize n_control = 0;

  for (gsize i = 0; i < n; i++)
    {
      guchar c = (guchar) text[i];

      if (c == '\0')
        return TRUE;
      n_control += (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7F;
    }

  return (double) n_control > CONTROL_SHARE * (double) n;
}
