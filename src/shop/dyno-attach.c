/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Writing: objects behind the document, a table of those alone, a trailer that
 * points back (ISO 32000-1, 7.5.6). */

#include "config.h"

#include "dyno-attach.h"

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-inflate.h"
#include "dyno-pdf.h"

#include <stdlib.h>
#include <string.h>

#define SUM_DIGITS 64

/* One update in the making. Numbers of new objects go on from the document's. */
typedef struct
{
  GByteArray *bytes;   /* (owned) */
  GArray     *numbers; /* (owned) of guint: objects written, ascending but the catalog */
  GArray     *offsets; /* (owned) of gsize */
  guint       next;
  gsize       sum;     /* where the sum of the file goes */
} Update;

static void G_GNUC_PRINTF (2, 3)
put (Update     *update,
     const char *format,
     ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_byte_array_append (update->bytes, (const guint8 *) text, (guint) strlen (text));
}

static void
begin_object (Update *update,
              guint   number)
{
  gsize offset = update->bytes->len;

  g_array_append_val (update->numbers, number);
  g_array_append_val (update->offsets, offset);
  put (update, "%u 0 obj\n", number);
}

/* A text string in UTF-16 with its mark, as hexadecimal. */
static char *
utf16_hex (const char *text)
{
  glong n = 0;
  g_autofree gunichar2 *units = g_utf8_to_utf16 (text, -1, NULL, &n, NULL);
  GString *hex = g_string_new ("<FEFF");

  for (glong i = 0; i < n; i++)
    g_string_append_printf (hex, "%04X", units[i]);
  g_string_append_c (hex, '>');

  return g_string_free (hex, FALSE);
}

/* "(name)": what PDF reads as its own is hidden behind a backslash. */
static char *
literal (const char *text)
{
  GString *string = g_string_new ("(");

  for (const char *c = text; *c != '\0'; c++)
    {
      if (strchr ("()\\", *c) != NULL)
        g_string_append_c (string, '\\');
      g_string_append_c (string, g_ascii_isprint (*c) ? *c : '_');
    }
  g_string_append_c (string, ')');

  return g_string_free (string, FALSE);
}

static void
put_stream (Update               *update,
            const DynoAttachment *file,
            const char           *date)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, file->bytes);
  g_autoptr(GBytes) packed = dyno_deflate (file->bytes);
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);

  begin_object (update, update->next++);
  put (update,
       "<< /Type /EmbeddedFile\n   /Subtype /application#2Foctet-stream\n   /Filter /FlateDecode\n"
       "   /Length %" G_GSIZE_FORMAT "\n   /Params << /Size %" G_GSIZE_FORMAT
       " /CheckSum <%s> /ModDate %s >>\n>>\nstream\n",
       length, g_bytes_get_size (file->bytes), sum, date);
  g_byte_array_append (update->bytes, data, (guint) length);
  put (update, "\nendstream\nendobj\n");
}

static void
put_file (Update               *update,
          const DynoAttachment *file,
          guint                 stream)
{
  g_autofree char *name = literal (file->name);
  g_autofree char *wide_name = utf16_hex (file->name);
  g_autofree char *description = utf16_hex (file->description);

  begin_object (update, update->next++);
  put (update,
       "<< /Type /Filespec\n   /F %s\n   /UF %s\n   /EF << /F %u 0 R /UF %u 0 R >>\n"
       "   /AFRelationship /%s\n   /Desc %s\n>>\nendobj\n",
       name, wide_name, stream, stream, file->relationship, description);
}

typedef struct
{
  const char *name; /* (borrowed) */
  guint       spec;
} NamedSpec;

static int
compare_names (const void *a,
               const void *b)
{
  return strcmp (((const NamedSpec *) a)->name, ((const NamedSpec *) b)->name);
}

/* The tree of names must ascend; the list of what belongs to the document keeps its
 * own order. */
static void
put_lists (Update               *update,
           const DynoAttachment *files,
           const guint          *specs,
           guint                 n)
{
  g_autofree NamedSpec *order = g_new (NamedSpec, n);

  for (guint i = 0; i < n; i++)
    order[i] = (NamedSpec) { files[i].name, specs[i] };
  qsort (order, n, sizeof *order, compare_names);

  put (update, "   /Names << /EmbeddedFiles << /Names [");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = literal (order[i].name);

      put (update, " %s %u 0 R", name, order[i].spec);
    }
  put (update, " ] >> >>\n   /AF [");
  for (guint i = 0; i < n; i++)
    put (update, " %u 0 R", specs[i]);
  put (update, " ]\n   /PageMode /UseNone\n");
}

/* The catalog again, all it had and what is new. */
static void
put_catalog (Update               *update,
             DynoPdf              *pdf,
             guint                 root,
             const char           *language,
             const DynoAttachment *files,
             const guint          *specs,
             guint                 n)
{
  DynoPdfSpan old = dyno_pdf_value (dyno_pdf_object (pdf, root));

  begin_object (update, root);
  g_byte_array_append (update->bytes, (const guint8 *) old.text, (guint) old.length - 2);
  put (update, "\n   /Lang (%s)\n", language);
  if (n > 0)
    put_lists (update, files, specs, n);
  put (update, ">>\nendobj\n");
}

static void
put_table (Update  *update,
           DynoPdf *pdf,
           guint    root)
{
  DynoPdfSpan info = dyno_pdf_member (dyno_pdf_trailer (pdf), "Info");
  gsize table = update->bytes->len;

  put (update, "xref\n");
  for (guint i = 0; i < update->numbers->len; i++)
    put (update, "%u 1\n%010" G_GSIZE_FORMAT " 00000 n \n",
         g_array_index (update->numbers, guint, i), g_array_index (update->offsets, gsize, i));
  put (update, "trailer\n<< /Size %u\n   /Root %u 0 R\n", update->next, root);
  if (info.text != NULL)
    put (update, "   /Info %.*s\n", (int) info.length, info.text);
  put (update, "   /Prev %" G_GSIZE_FORMAT "\n   /" DYNO_PDF_SUM " <", dyno_pdf_table (pdf));
  update->sum = update->bytes->len;
  put (update, "%0*d>\n>>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n", SUM_DIGITS, 0, table);
}

/* The sum of the file with noughts in its place, into its place. */
static void
seal (Update *update)
{
  g_autofree char *sum = dyno_crypt_sha256_hex (update->bytes->data, update->bytes->len);

  memcpy (update->bytes->data + update->sum, sum, SUM_DIGITS);
}

/* The document's catalog: a dictionary that has none of what is to be added. */
static guint
find_root (DynoPdf *pdf)
{
  guint root = pdf != NULL ? dyno_pdf_reference (dyno_pdf_member (dyno_pdf_trailer (pdf), "Root"))
                           : 0;
  DynoPdfSpan catalog = root != 0 ? dyno_pdf_value (dyno_pdf_object (pdf, root))
                                  : (DynoPdfSpan) { NULL, 0 };
  static const char *const ours[] = { "Names", "AF", "Lang", "PageMode" };

  if (catalog.text == NULL || !dyno_pdf_is_name (dyno_pdf_member (catalog, "Type"), "Catalog"))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    {
      if (dyno_pdf_member (catalog, ours[i]).text != NULL)
        return 0;
    }

  return root;
}

static char *
pdf_date (gint64 time_ms)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (time_ms / 1000);

  return time != NULL ? g_date_time_format (time, "(D:%Y%m%d%H%M%SZ)") : g_strdup ("()");
}

GBytes *
dyno_attach_add (GBytes                *pdf,
                 const char            *language,
                 const DynoAttachment  *files,
                 guint                  n,
                 gint64                 time_ms,
                 GError               **error)
{
  g_autoptr(DynoPdf) document = dyno_pdf_open (pdf);
  guint root = find_root (document);
  g_autofree char *date = pdf_date (time_ms);
  g_autofree guint *specs = g_new (guint, MAX (n, 1));
  Update update;

  if (root == 0)
    {
      dyno_error_set (error, DYNO_ERROR_INTERNAL, NULL,
                      "The sheet was drawn in a form that no file can be attached to.");
      return NULL;
    }

  update.bytes = g_byte_array_new ();
  update.numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  update.offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  update.next = dyno_pdf_size (document);
  g_byte_array_append (update.bytes, g_bytes_get_data (pdf, NULL), (guint) g_bytes_get_size (pdf));
  for (guint i = 0; i < n; i++)
    {
      put_stream (&update, &files[i], date);
      specs[i] = update.next;
      put_file (&update, &files[i], update.next - 1);
    }
  put_catalog (&update, document, root, language, files, specs, n);
  put_table (&update, document, root);
  seal (&update);
  g_array_unref (update.numbers);
  g_array_unref (update.offsets);

  return g_byte_array_free_to_bytes (update.bytes);
}
