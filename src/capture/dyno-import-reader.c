/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-import-reader.h"

#include "dyno-crew.h"
#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-import-encoding.h"
#include "dyno-import-magic.h"
#include "dyno-mlg.h"
#include "dyno-number.h"

#define CHUNK_SIZE (256 * 1024)
#define MAGIC_SIZE (64 * 1024)
#define MAX_RATIO 200            /* of unzipped to zipped bytes: a log reaches 20 */
#define FREE_RATIO (1024 * 1024) /* unzipped bytes to which the ratio does not apply */

struct _DynoImportReader
{
  const DynoImportSource *source; /* (borrowed) */
  const DynoImportWatch  *watch;  /* (borrowed) */
  guint8                 *chunk;  /* (owned) chunk_size bytes as read */
  gsize                   chunk_size; /* a small log needs no large one */
  DynoCryptSum           *sum;    /* (owned) of all bytes read */
  DynoCrew         *summer; /* (owned) (nullable) of a large log: sums beside the reader */
  gsize                   n_summed; /* bytes of `text` that are in the sum */
  gsize                   n_to_sum; /* and that come from the source */
  guint64                 n_read;
  gboolean                is_at_end; /* of the source */

  GConverter             *unzip; /* (owned) (nullable) */
  guint64                 n_unzipped;
  gboolean                is_unzip_open; /* a gzip member has begun and not ended */

  DynoImportDecoder       decoder;
  GString                *text;     /* (owned) the block and the beginning of the next */
  gsize                   n_handed; /* length of the block given last */
  gboolean                is_mlg;   /* then `text` is bytes */
  gboolean                is_cut;
};

gboolean
dyno_import_watch_step (const DynoImportWatch *watch,
                        double                 fraction,
                        const char            *stage,
                        GError               **error)
{
  if (g_cancellable_set_error_if_cancelled (watch->cancellable, error))
    return FALSE;
  if (watch->progress != NULL)
    watch->progress (fraction, stage, watch->data);

  return TRUE;
}

guint64
dyno_import_reader_size (const DynoImportReader *self)
{
  return self->source->size;
}

double
dyno_import_reader_fraction (const DynoImportReader *self)
{
  if (self->source->size == 0)
    return -1;

  return MIN (1, (double) self->n_read / (double) self->source->size);
}

/* Room in `out` for what comes, its length kept. */
static guint8 *
grow (GByteArray *out,
      gsize       n)
{
  guint length = out->len;

  g_byte_array_set_size (out, length + (guint) n);
  g_byte_array_set_size (out, length);

  return out->data + length;
}

/* Another member may follow the first; anything else behind it is no log. */
static gboolean
begin_next_member (DynoImportReader *self,
                   const guint8     *bytes,
                   gsize             n)
{
  self->is_unzip_open = FALSE;
  if (!dyno_import_magic_is_gzip (bytes, n))
    return FALSE;

  g_converter_reset (self->unzip);
  self->is_unzip_open = TRUE;

  return TRUE;
}

static gboolean
check_ratio (DynoImportReader *self,
             GError          **error)
{
  if (self->n_unzipped <= FREE_RATIO || self->n_unzipped / MAX_RATIO <= self->n_read)
    return TRUE;

  dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                  "The gzip file grows to more than %d times its size, which no log does. "
                  "Unzip it and look what it holds.",
                  MAX_RATIO);

  return FALSE;
}

static gboolean
unzip (DynoImportReader *self,
       const guint8     *bytes,
       gsize             n,
       GByteArray       *out,
       GError          **error)
{
  while (n > 0 && self->is_unzip_open)
    {
      g_autoptr(GError) broken = NULL;
      guint8 *room = grow (out, CHUNK_SIZE);
      gsize n_taken = 0;
      gsize n_made = 0;
      GConverterResult result
          = g_converter_convert (self->unzip, bytes, n, room, CHUNK_SIZE, G_CONVERTER_NO_FLAGS,
                                 &n_taken, &n_made, &broken);

      if (g_error_matches (broken, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        break;
      if (broken != NULL)
        {
          dyno_error_set (error, DYNO_ERROR_INVALID, "import_corrupt",
                          "The gzip file is damaged near byte %" G_GUINT64_FORMAT
                          ". Copy or export it again.",
                          self->n_read);
          return FALSE;
        }
      g_byte_array_set_size (out, out->len + (guint) n_made);
      self->n_unzipped += n_made;
      bytes += n_taken;
      n -= n_taken;
      if (!check_ratio (self, error))
        return FALSE;
      if (result == G_CONVERTER_FINISHED && !begin_next_member (self, bytes, n))
        break;
    }

  return TRUE;
}

/* The next bytes of the source as they are on disk, at most chunk_size; 0 at its
 * end, −1 with an error. They are not in the sum yet. */
static gssize
read_source (DynoImportReader *self,
             gpointer          buffer,
             GError          **error)
{
  gssize n;

  if (!dyno_import_watch_step (self->watch, dyno_import_reader_fraction (self), "read", error))
    return -1;

  n = self->source->read (self->source->data, buffer, self->chunk_size, error);
  if (n < 0)
    return -1;
  self->is_at_end = n == 0;
  self->n_read += (guint64) n;

  return n;
}

static gssize
read_chunk (DynoImportReader *self,
            gpointer          buffer,
            GError          **error)
{
  gssize n = read_source (self, buffer, error);

  if (n > 0)
    dyno_crypt_sum_update (self->sum, buffer, (gsize) n);

  return n;
}

/* Piece of work of the summer, or done at once. */
static void
sum_text (guint    index,
          gpointer data)
{
  DynoImportReader *self = data;

  dyno_crypt_sum_update (self->sum, self->text->str + self->n_summed,
                         self->n_to_sum - self->n_summed);
}

/* What was read to where it stands; the bytes stay there until end_sum (). */
static void
begin_sum (DynoImportReader *self)
{
  if (self->n_to_sum == self->n_summed)
    return;
  if (self->summer == NULL && self->source->size >= DYNO_IMPORT_LEAST_PARALLEL)
    self->summer = dyno_crew_new (1);
  if (self->summer != NULL)
    dyno_crew_start (self->summer, 1, sum_text, self);
  else
    sum_text (0, self);
}

/* Lets go of the first `n` bytes; all of the text is summed then. */
static void
end_sum (DynoImportReader *self,
         gsize             n)
{
  if (self->summer != NULL)
    dyno_crew_join (self->summer);
  g_string_erase (self->text, 0, (gssize) n);
  self->n_summed = self->text->len;
}

/* Bytes of the source until `out` holds `wanted` or it ends. */
static gboolean
read_raw (DynoImportReader *self,
          GByteArray       *out,
          gsize             wanted,
          GError          **error)
{
  while (out->len < wanted && !self->is_at_end)
    {
      gssize n = read_chunk (self, self->chunk, error);

      if (n < 0)
        return FALSE;
      g_byte_array_append (out, self->chunk, (guint) n);
    }

  return TRUE;
}

/* The same, unzipped. */
static gboolean
read_unzipped (DynoImportReader *self,
               GByteArray       *out,
               gsize             wanted,
               GError          **error)
{
  while (out->len < wanted && !self->is_at_end)
    {
      gssize n = read_chunk (self, self->chunk, error);

      if (n < 0 || !unzip (self, self->chunk, (gsize) n, out, error))
        return FALSE;
    }

  return TRUE;
}

/* Replaces the head of a gzip file by the head of what it holds. */
static GByteArray *
unzip_head (DynoImportReader *self,
            GByteArray       *raw,
            GError          **error)
{
  g_autoptr(GByteArray) head = g_byte_array_new ();

  self->unzip = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  self->is_unzip_open = TRUE;
  if (!unzip (self, raw->data, raw->len, head, error)
      || !read_unzipped (self, head, DYNO_IMPORT_HEAD_SIZE, error)
      || !dyno_import_magic_check_unzipped (head->data, head->len, error))
    return NULL;

  return g_steal_pointer (&head);
}

static GByteArray *
read_head (DynoImportReader *self,
           GError          **error)
{
  g_autoptr(GByteArray) raw = g_byte_array_new ();

  if (!read_raw (self, raw, MAGIC_SIZE, error))
    return NULL;
  self->is_mlg = dyno_mlg_is_magic (raw->data, raw->len);
  if (self->is_mlg)
    return g_steal_pointer (&raw);
  if (!dyno_import_magic_check (raw->data, raw->len, error))
    return NULL;
  if (dyno_import_magic_is_gzip (raw->data, raw->len))
    return unzip_head (self, raw, error);
  if (!read_raw (self, raw, DYNO_IMPORT_HEAD_SIZE, error))
    return NULL;

  return g_steal_pointer (&raw);
}

static gboolean
refuse_binary (DynoImportReader *self,
               GError          **error)
{
  if (self->unzip != NULL)
    dyno_error_set (error, DYNO_ERROR_INVALID, "import_format_unsupported",
                    "The file is a gzip file that holds no text (perhaps an ECUmaster .emublog), "
                    "which cannot be read as a log. In the program that wrote it export CSV.");
  else
    dyno_error_set (
        error, DYNO_ERROR_INVALID, "import_binary_unknown",
        "The file is no text and of no known kind: control characters stand in its first "
        "64 KiB. In the program that wrote it export CSV.");

  return FALSE;
}

static gboolean
decode_head (DynoImportReader *self,
             GByteArray       *head,
             GError          **error)
{
  guint bom = 0;

  if (self->is_mlg)
    {
      self->decoder.encoding = DYNO_IMPORT_WINDOWS_1252; /* of its strings */
      g_string_append_len (self->text, (const char *) head->data, head->len);
      return TRUE;
    }
  self->decoder.encoding
      = dyno_import_encoding_detect (head->data, head->len, self->is_at_end, &bom);
  dyno_import_decoder_append (&self->decoder, head->data + bom, head->len - bom, self->text);
  if (dyno_import_text_is_binary (self->text->str, self->text->len))
    return refuse_binary (self, error);

  return dyno_import_magic_check_text (self->text->str, self->text->len, error);
}

DynoImportReader *
dyno_import_reader_new (const DynoImportSource *source,
                        const DynoImportWatch  *watch,
                        GError                **error)
{
  g_autoptr(DynoImportReader) self = g_new0 (DynoImportReader, 1);
  g_autoptr(GByteArray) head = NULL;
  guint64 expected = source->size > 0 ? source->size + 64 : DYNO_IMPORT_BLOCK_SIZE;

  self->source = source;
  self->watch = watch;
  self->chunk_size = source->size > 0 ? (gsize) MIN (source->size + 1, CHUNK_SIZE) : CHUNK_SIZE;
  self->chunk = g_malloc (self->chunk_size);
  self->sum = dyno_crypt_sum_new ();
  self->text = g_string_sized_new ((gsize) MIN (expected, DYNO_IMPORT_BLOCK_SIZE)
                                    + self->chunk_size);
  head = read_head (self, error);
  if (head == NULL || !decode_head (self, head, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
dyno_import_reader_free (DynoImportReader *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->summer, dyno_crew_free);
  g_free (self->chunk);
  g_clear_pointer (&self->sum, dyno_crypt_sum_free);
  g_clear_object (&self->unzip);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self);
}

/* UTF-8 is read to where it shall stand. */
static gboolean
append_plain (DynoImportReader *self,
              GError          **error)
{
  gsize length = self->text->len;
  gssize n;

  g_string_set_size (self->text, length + self->chunk_size);
  n = read_source (self, self->text->str + length, error);
  g_string_truncate (self->text, length + (gsize) MAX (n, 0));

  return n >= 0;
}

static gboolean
append_decoded (DynoImportReader *self,
                GError          **error)
{
  g_autoptr(GByteArray) plain = NULL;
  gssize n = read_chunk (self, self->chunk, error);

  if (n < 0)
    return FALSE;
  if (self->unzip == NULL)
    {
      dyno_import_decoder_append (&self->decoder, self->chunk, (gsize) n, self->text);
      return TRUE;
    }

  plain = g_byte_array_new ();
  if (!unzip (self, self->chunk, (gsize) n, plain, error))
    return FALSE;
  dyno_import_decoder_append (&self->decoder, plain->data, plain->len, self->text);

  return TRUE;
}

static gboolean
fill_block (DynoImportReader *self,
            GError          **error)
{
  gboolean is_plain = self->decoder.encoding == DYNO_IMPORT_UTF_8 && self->unzip == NULL;

  while (self->text->len < DYNO_IMPORT_BLOCK_SIZE && !self->is_at_end)
    {
      if (is_plain ? !append_plain (self, error) : !append_decoded (self, error))
        return FALSE;
    }
  self->n_to_sum = self->text->len;
  /* What was decoded is other bytes; its source is in the sum. */
  if (!is_plain)
    self->n_summed = self->text->len;

  return TRUE;
}

/* Where the last whole line ends; a CR as last byte may be half of a CRLF. */
static gsize
find_cut (const GString *text)
{
  for (gsize i = text->len; i-- > 0;)
    {
      if (text->str[i] == '\n' || (text->str[i] == '\r' && i + 1 < text->len))
        return i + 1;
    }

  return 0;
}

static gsize
end_last_line (DynoImportReader *self)
{
  char last = self->text->len > 0 ? self->text->str[self->text->len - 1] : '\n';

  if (last != '\n' && last != '\r')
    {
      self->is_cut = TRUE;
      g_string_append_c (self->text, '\n');
    }

  return self->text->len;
}

gboolean
dyno_import_reader_next (DynoImportReader *self,
                         const char      **text,
                         gsize            *length,
                         GError          **error)
{
  gsize cut;

  end_sum (self, self->n_handed);
  self->n_handed = 0;
  if (!fill_block (self, error))
    return FALSE;

  cut = self->is_at_end ? end_last_line (self) : find_cut (self->text);
  if (self->text->len - cut > DYNO_IMPORT_MAX_LINE)
    {
      dyno_error_set (error, DYNO_ERROR_INVALID, "import_limit",
                      "A line before byte %" G_GUINT64_FORMAT " is longer than 1 MiB. "
                      "Check that the file is a log with one row a line.",
                      self->n_read);
      return FALSE;
    }

  g_string_set_size (self->text, self->text->len + DYNO_NUMBER_PADDING);
  g_string_truncate (self->text, self->text->len - DYNO_NUMBER_PADDING);
  begin_sum (self);
  self->n_handed = cut;
  *text = self->text->str;
  *length = cut;

  return TRUE;
}

gboolean
dyno_import_reader_is_mlg (const DynoImportReader *self)
{
  return self->is_mlg;
}

gboolean
dyno_import_reader_next_bytes (DynoImportReader *self,
                               gsize             n_used,
                               gsize             wanted,
                               const guint8    **bytes,
                               gsize            *n,
                               gboolean         *is_last,
                               GError          **error)
{
  end_sum (self, n_used);
  while (self->text->len < wanted && !self->is_at_end)
    {
      if (!append_plain (self, error))
        return FALSE;
    }
  self->n_to_sum = self->text->len;
  begin_sum (self);
  *bytes = (const guint8 *) self->text->str;
  *n = self->text->len;
  *is_last = self->is_at_end;

  return TRUE;
}

gboolean
dyno_import_reader_is_cut (const DynoImportReader *self)
{
  return self->is_cut;
}

void
dyno_import_reader_describe (DynoImportReader *self,
                             DynoImportReport *report)
{
  if (self->summer != NULL)
    dyno_crew_join (self->summer);
  report->encoding = dyno_import_encoding_name (self->decoder.encoding);
  report->bytes = self->n_read;
  report->is_gzip = self->unzip != NULL;
  g_free (report->sha256);
  report->sha256 = dyno_crypt_sum_hex (self->sum);

  if (self->decoder.n_replaced > 0)
    dyno_import_report_warn (report, "undefined_bytes", NULL, self->decoder.n_replaced,
                             "%" G_GUINT64_FORMAT " bytes mean nothing in %s and were replaced",
                             self->decoder.n_replaced, report->encoding);
  if (self->decoder.has_pending || self->decoder.high != 0)
    dyno_import_report_warn (report, "odd_byte", NULL, 1,
                             "The file ends in half a UTF-16 character, which was dropped");
  if (self->is_unzip_open)
    dyno_import_report_warn (report, "truncated", NULL, 1,
                             "The gzip file is cut; what could be unzipped was read");
}
