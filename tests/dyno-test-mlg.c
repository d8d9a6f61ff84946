/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-test-mlg.h"

#include <string.h>

#define MAX_FIELDS 4096
#define FIELD_SIZE_1 55
#define FIELD_SIZE_2 89
#define CLOCK_STEP 1000 /* of 10 µs */

struct _DynoTestMlg
{
  guint       version;
  guint       types[MAX_FIELDS];
  guint       n_fields;
  guint       record_length;
  GByteArray *fields; /* (owned) */
  GByteArray *names;  /* (owned) of bits */
  GArray     *bits;   /* (owned) of guint: place of a names index in `fields` */
  GByteArray *info;   /* (owned) */
  GByteArray *blocks; /* (owned) */
  guint8      counter;
  guint16     clock;
};

DynoTestMlg *
dyno_test_mlg_new (guint version)
{
  DynoTestMlg *self = g_new0 (DynoTestMlg, 1);

  self->version = version;
  self->fields = g_byte_array_new ();
  self->names = g_byte_array_new ();
  self->bits = g_array_new (FALSE, FALSE, sizeof (guint));
  self->info = g_byte_array_new ();
  self->blocks = g_byte_array_new ();

  return self;
}

void
dyno_test_mlg_free (DynoTestMlg *self)
{
  g_byte_array_unref (self->fields);
  g_byte_array_unref (self->names);
  g_array_unref (self->bits);
  g_byte_array_unref (self->info);
  g_byte_array_unref (self->blocks);
  g_free (self);
}

static void
put (GByteArray *bytes,
     guint64     value,
     guint       size)
{
  for (guint i = size; i-- > 0;)
    {
      guint8 byte = (guint8) (value >> 8 * i);

      g_byte_array_append (bytes, &byte, 1);
    }
}

static void
put_text (GByteArray *bytes,
          const char *text,
          gsize       size)
{
  char fixed[64] = { 0 };

  memcpy (fixed, text, MIN (strlen (text), size));
  g_byte_array_append (bytes, (const guint8 *) fixed, (guint) size);
}

static void
put_float (GByteArray *bytes,
           double      value)
{
  float single = (float) value;
  guint32 raw;

  memcpy (&raw, &single, sizeof raw);
  put (bytes, raw, 4);
}

static guint
type_size (guint type)
{
  static const guint sizes[] = { 1, 1, 2, 2, 4, 4, 8, 4 };
  static const guint bit_sizes[] = { 1, 2, 4 };

  return type < 8 ? sizes[type] : bit_sizes[type >= 16 ? type - 16 : type - 10];
}

static void
begin_field (DynoTestMlg *self,
             guint        type,
             const char  *name,
             const char  *unit,
             guint        style)
{
  self->types[self->n_fields++] = type;
  self->record_length += type_size (type);
  put (self->fields, type, 1);
  put_text (self->fields, name, 34);
  put_text (self->fields, unit, 10);
  put (self->fields, style, 1);
}

static void
end_field (DynoTestMlg *self)
{
  if (self->version == 2)
    put_text (self->fields, "Category", FIELD_SIZE_2 - FIELD_SIZE_1);
}

void
dyno_test_mlg_add_field (DynoTestMlg *self,
                         guint        type,
                         const char  *name,
                         const char  *unit,
                         guint        style,
                         double       scale,
                         double       transform)
{
  begin_field (self, type, name, unit, style);
  put_float (self->fields, scale);
  put_float (self->fields, transform);
  put (self->fields, 2, 1);
  end_field (self);
}

void
dyno_test_mlg_add_bits (DynoTestMlg       *self,
                        guint              type,
                        const char        *name,
                        const char *const *names)
{
  guint place;

  begin_field (self, type, name, "", 2);
  put (self->fields, 4, 1);
  place = self->fields->len;
  g_array_append_val (self->bits, place);
  put (self->fields, self->names->len, 4);
  put (self->fields, g_strv_length ((char **) names), 1);
  put (self->fields, 0, 3);
  end_field (self);
  for (; *names != NULL; names++)
    g_byte_array_append (self->names, (const guint8 *) *names, (guint) strlen (*names) + 1);
}

void
dyno_test_mlg_add_info (DynoTestMlg *self,
                        const char  *text)
{
  g_byte_array_append (self->info, (const guint8 *) text, (guint) strlen (text));
}

static void
begin_block (DynoTestMlg *self,
             guint        type)
{
  put (self->blocks, type, 1);
  put (self->blocks, self->counter++, 1);
  put (self->blocks, self->clock, 2);
  self->clock = (guint16) (self->clock + CLOCK_STEP);
}

void
dyno_test_mlg_add_record (DynoTestMlg  *self,
                          const double *raw)
{
  guint8 sum = 0;
  guint begin;

  begin_block (self, 0);
  begin = self->blocks->len;
  for (guint i = 0; i < self->n_fields; i++)
    {
      if (self->types[i] == 7)
        put_float (self->blocks, raw[i]);
      else
        put (self->blocks, (guint64) (gint64) raw[i], type_size (self->types[i]));
    }
  for (guint i = begin; i < self->blocks->len; i++)
    sum = (guint8) (sum + self->blocks->data[i]);
  put (self->blocks, sum, 1);
}

void
dyno_test_mlg_add_marker (DynoTestMlg *self,
                          const char  *text)
{
  begin_block (self, 1);
  put_text (self->blocks, text, 50);
}

void
dyno_test_mlg_add_bytes (DynoTestMlg  *self,
                         gconstpointer bytes,
                         gsize         n)
{
  g_byte_array_append (self->blocks, bytes, (guint) n);
}

void
dyno_test_mlg_skip (DynoTestMlg *self,
                    guint        n)
{
  self->counter = (guint8) (self->counter + n);
}

static gsize
names_start (const DynoTestMlg *self)
{
  return (self->version == 1 ? 22 : 24) + self->fields->len;
}

gsize
dyno_test_mlg_data_start (const DynoTestMlg *self)
{
  return names_start (self) + self->names->len + self->info->len;
}

gsize
dyno_test_mlg_block_size (const DynoTestMlg *self)
{
  return 4 + self->record_length + 1;
}

/* Names are counted from the beginning of the file. */
static void
put_fields (const DynoTestMlg *self,
            GByteArray        *file)
{
  guint begin = file->len;

  g_byte_array_append (file, self->fields->data, self->fields->len);
  for (guint i = 0; i < self->bits->len; i++)
    {
      guint8 *place = file->data + begin + g_array_index (self->bits, guint, i);
      guint32 index;

      memcpy (&index, place, sizeof index);
      index = GUINT32_FROM_BE (index) + (guint32) names_start (self);
      index = GUINT32_TO_BE (index);
      memcpy (place, &index, sizeof index);
    }
}

GByteArray *
dyno_test_mlg_finish (const DynoTestMlg *self)
{
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) "MLVLG", 6);
  put (file, self->version, 2);
  put (file, 1700000000, 4);
  put (file, names_start (self) + self->names->len, self->version == 1 ? 2 : 4);
  put (file, dyno_test_mlg_data_start (self), 4);
  put (file, self->record_length, 2);
  put (file, self->n_fields, 2);
  put_fields (self, file);
  g_byte_array_append (file, self->names->data, self->names->len);
  g_byte_array_append (file, self->info->data, self->info->len);
  g_byte_array_append (file, self->blocks->data, self->blocks->len);

  return file;
}
