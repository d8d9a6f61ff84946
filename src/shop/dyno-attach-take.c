/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Reading: what the file says of itself is checked before it is believed. */

#include "config.h"

#include "dyno-attach.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-inflate.h"
#include "dyno-pdf.h"

#include <string.h>

#define MAX_FILES 256
#define MD5_SIZE 16

/* The filespec of that relationship among the document's files. */
static DynoPdfSpan
find_file (DynoPdf    *pdf,
           const char *relationship)
{
  DynoPdfSpan root = dyno_pdf_resolve (pdf, dyno_pdf_member (dyno_pdf_trailer (pdf), "Root"));
  DynoPdfSpan files = dyno_pdf_resolve (pdf, dyno_pdf_member (root, "AF"));

  for (guint i = 0; i < MAX_FILES; i++)
    {
      DynoPdfSpan element = dyno_pdf_element (files, i);
      DynoPdfSpan file = dyno_pdf_resolve (pdf, element);

      if (element.text == NULL)
        break;
      if (dyno_pdf_is_name (dyno_pdf_member (file, "AFRelationship"), relationship))
        return file;
    }

  return (DynoPdfSpan) { NULL, 0 };
}

/* The bytes between "stream" and its end. (nullable) (transfer full) */
static GBytes *
stream_bytes (DynoPdf     *pdf,
              DynoPdfSpan  object,
              DynoPdfSpan  dictionary)
{
  gint64 length = dyno_pdf_integer (dyno_pdf_resolve (pdf, dyno_pdf_member (dictionary, "Length")));
  gsize used = (gsize) (dictionary.text - object.text) + dictionary.length;
  const char *at = object.text + used;
  const char *end = object.text + object.length;

  while (at < end && g_ascii_isspace (*at))
    at++;
  if (end - at < 8 || memcmp (at, "stream", 6) != 0)
    return NULL;
  at += 6;
  if (*at == '\r')
    at++;
  if (*at++ != '\n' || length < 0 || length > end - at)
    return NULL;

  return g_bytes_new (at, (gsize) length);
}

static gboolean
sum_is_right (DynoPdfSpan  params,
              GBytes      *bytes)
{
  g_autoptr(GBytes) told = dyno_pdf_string (dyno_pdf_member (params, "CheckSum"));
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_MD5);
  guint8 digest[MD5_SIZE];
  gsize length = sizeof digest;

  g_checksum_update (sum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_checksum_get_digest (sum, digest, &length);

  return told != NULL && g_bytes_get_size (told) == length
         && memcmp (g_bytes_get_data (told, NULL), digest, length) == 0
         && dyno_pdf_integer (dyno_pdf_member (params, "Size")) == (gint64) g_bytes_get_size (bytes);
}

static GBytes *
unpack (DynoPdf      *pdf,
        DynoPdfSpan   file,
        gsize         max_size,
        GError      **error)
{
  DynoPdfSpan reference = dyno_pdf_member (dyno_pdf_member (file, "EF"), "F");
  DynoPdfSpan object = dyno_pdf_object (pdf, dyno_pdf_reference (reference));
  DynoPdfSpan dictionary = object.text != NULL ? dyno_pdf_value (object) : object;
  g_autoptr(GBytes) packed = dictionary.text != NULL ? stream_bytes (pdf, object, dictionary) : NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (packed != NULL && dyno_pdf_is_name (dyno_pdf_member (dictionary, "Filter"), "FlateDecode"))
    {
      bytes = dyno_inflate (packed, max_size, error);
      if (bytes == NULL)
        return NULL;
    }
  if (bytes == NULL || !sum_is_right (dyno_pdf_member (dictionary, "Params"), bytes))
    {
      dyno_error_set (error, DYNO_ERROR_CORRUPT, "archive_corrupt",
                      "The run inside this PDF is damaged. Ask for the sheet again.");
      return NULL;
    }

  return g_steal_pointer (&bytes);
}

GBytes *
dyno_attach_take (GBytes      *pdf,
                  const char  *relationship,
                  gsize        max_size,
                  GError     **error)
{
  g_autoptr(DynoPdf) document = dyno_pdf_open (pdf);
  DynoPdfSpan file = document != NULL ? find_file (document, relationship)
                                      : (DynoPdfSpan) { NULL, 0 };

  if (file.text == NULL)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_format_unsupported",
                      "This PDF has no run inside. Only the sheets of this program do, made without "
                      "“no data”.");
      return NULL;
    }

  return unpack (document, file, max_size, error);
}

/* The sum of the file in which the digits at `digits` are noughts. */
static char *
sum_without (GBytes      *pdf,
             DynoPdfSpan  digits)
{
  const char *data = g_bytes_get_data (pdf, NULL);
  const char *end = data + g_bytes_get_size (pdf);
  g_autofree char *noughts = g_strnfill (digits.length, '0');
  g_autoptr(DynoCryptSum) sum = dyno_crypt_sum_new ();

  dyno_crypt_sum_update (sum, data, (gsize) (digits.text - data));
  dyno_crypt_sum_update (sum, noughts, digits.length);
  dyno_crypt_sum_update (sum, digits.text + digits.length,
                         (gsize) (end - digits.text) - digits.length);

  return dyno_crypt_sum_hex (sum);
}

gboolean
dyno_attach_verify (GBytes  *pdf,
                    GError **error)
{
  g_autoptr(DynoPdf) document = dyno_pdf_open (pdf);
  DynoPdfSpan digits = document != NULL
                         ? dyno_pdf_member (dyno_pdf_trailer (document), DYNO_PDF_SUM)
                         : (DynoPdfSpan) { NULL, 0 };
  g_autofree char *sum = NULL;

  if (digits.text == NULL || digits.length != 66)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_format_unsupported",
                      "This PDF carries no sum of itself, or has lost it: it cannot be verified.");
      return FALSE;
    }
  digits = (DynoPdfSpan) { digits.text + 1, digits.length - 2 };
  sum = sum_without (pdf, digits);
  if (memcmp (sum, digits.text, digits.length) == 0)
    return TRUE;
  dyno_error_set (error, DYNO_ERROR_CORRUPT, "pdf_changed",
                  "This PDF is not as it was made: something in it was changed or damaged.");

  return FALSE;
}
