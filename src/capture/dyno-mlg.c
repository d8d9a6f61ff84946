/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg.h"

#include "dyno-error.h"
#include "dyno-import-layout.h"
#include "dyno-mlg-bytes.h"
#include "dyno-mlg-info.h"

#include <string.h>

#define MAGIC "MLVLG"
#define VERSION_AT 6
#define UNIX_AT 8
#define INFO_AT 12 /* 16 bits in version 1, 32 in version 2; the rest follows */

/* Of a field's description. */
#define NAME_AT 1
#define NAME_SIZE 34
#define UNIT_AT 35
#define UNIT_SIZE 10
#define STYLE_AT 45
#define SCALE_AT 46
#define TRANSFORM_AT 50
#define DIGITS_AT 54
#define BIT_STYLE_AT 46
#define BIT_NAMES_AT 47
#define BITS_AT 51
#define CATEGORY_AT 55
#define CATEGORY_SIZE 34

static gsize
fixed_size (guint version)
{
  return version == 1 ? 22 : 24;
}

static gsize
field_size (guint version)
{
  return version == 1 ? CATEGORY_AT : CATEGORY_AT + CATEGORY_SIZE;
}

gboolean
dyno_mlg_is_magic (const guint8 *bytes,
                   gsize         n)
{
  return n >= DYNO_MLG_MAGIC_SIZE && memcmp (bytes, MAGIC, DYNO_MLG_MAGIC_SIZE) == 0;
}

/* Of a version that is not known: nothing but the fixed part. */
gsize
dyno_mlg_head_size (const guint8 *bytes,
                    gsize         n)
{
  guint version = n >= UNIX_AT ? dyno_mlg_get_u16 (bytes + VERSION_AT) : 0;
  gsize at = version == 1 ? INFO_AT + 2 : INFO_AT + 4;

  if (n < fixed_size (version))
    return 0;
  if (version != 1 && version != 2)
    return fixed_size (version);

  return dyno_mlg_get_u32 (bytes + at);
}

static gboolean
refuse (GError    **error,
        const char *reason,
        const char *format,
        ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError    **error,
        const char *reason,
        const char *format,
        ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  dyno_error_set (error, DYNO_ERROR_INVALID, reason, "The MegaLogViewer log %s", what);

  return FALSE;
}

static gboolean
read_fixed (DynoMlg      *self,
            const guint8 *bytes,
            gsize         n,
            GError      **error)
{
  gsize at = INFO_AT;

  self->version = n >= UNIX_AT ? dyno_mlg_get_u16 (bytes + VERSION_AT) : 0;
  if (n >= UNIX_AT && self->version != 1 && self->version != 2)
    return refuse (error, "import_version",
                   "is of version %u; 1 and 2 can be read. Export it as CSV in MegaLogViewer.",
                   self->version);
  if (n < fixed_size (self->version))
    return refuse (error, "import_corrupt",
                   "ends at byte %" G_GSIZE_FORMAT ", within its header. Copy it again.", n);

  self->unix_s = dyno_mlg_get_u32 (bytes + UNIX_AT);
  self->info_start
    = self->version == 1 ? dyno_mlg_get_u16 (bytes + at) : dyno_mlg_get_u32 (bytes + at);
  at += self->version == 1 ? 2 : 4;
  self->data_start = dyno_mlg_get_u32 (bytes + at);
  self->record_length = dyno_mlg_get_u16 (bytes + at + 4);
  self->n_fields = dyno_mlg_get_u16 (bytes + at + 6);

  return TRUE;
}

static gboolean
check_places (const DynoMlg *self,
              gsize          n,
              GError       **error)
{
  gsize end = fixed_size (self->version) + self->n_fields * field_size (self->version);

  if (self->n_fields == 0)
    return refuse (error, "import_corrupt", "names no fields in its header. Copy it again.");
  if (self->n_fields > DYNO_IMPORT_MAX_COLUMNS)
    return refuse (error, "import_limit", "has %u fields; at most %u can be read.", self->n_fields,
                   DYNO_IMPORT_MAX_COLUMNS);
  if (end > self->info_start || self->info_start > self->data_start)
    return refuse (error, "import_corrupt",
                   "contradicts itself in its header: %u fields end at byte %" G_GSIZE_FORMAT
                   ", text begins at %" G_GSIZE_FORMAT ", data at %" G_GSIZE_FORMAT
                   ". Copy it again.", self->n_fields, end, self->info_start, self->data_start);
  if (self->data_start > DYNO_MLG_MAX_HEAD)
    return refuse (error, "import_limit",
                   "has its first data at byte %" G_GSIZE_FORMAT ", which no log does.",
                   self->data_start);
  if (self->data_start > n)
    return refuse (error, "import_corrupt",
                   "ends at byte %" G_GSIZE_FORMAT ", before its data, which begin at byte %"
                   G_GSIZE_FORMAT ". Copy it again.", n, self->data_start);

  return TRUE;
}

/* Bit fields are 10, 11, 12 or the same written as 0x10, 0x11, 0x12. */
static gboolean
take_type (DynoMlgField *field,
           guint         type)
{
  static const DynoMlgType bit_types[] = { DYNO_MLG_U8, DYNO_MLG_U16, DYNO_MLG_U32 };
  static const guint sizes[DYNO_N_MLG_TYPES] = { 1, 1, 2, 2, 4, 4, 8, 4 };
  guint bit_type = type >= 0x10 ? type - 0x10 : type - 10;

  field->is_bits = type >= 10 && bit_type < G_N_ELEMENTS (bit_types);
  if (!field->is_bits && type >= DYNO_N_MLG_TYPES)
    return FALSE;
  field->type = field->is_bits ? bit_types[bit_type] : (DynoMlgType) type;
  field->size = sizes[field->type];

  return TRUE;
}

static void
read_bits (DynoMlg      *self,
           DynoMlgField *field,
           const guint8 *bytes,
           const guint8 *at)
{
  gsize end = fixed_size (self->version) + self->n_fields * field_size (self->version);

  field->scale = 1;
  field->bit_style = at[BIT_STYLE_AT];
  field->bit_names
    = dyno_mlg_find_bit_names (bytes + end, self->info_start - end, end,
                               dyno_mlg_get_u32 (at + BIT_NAMES_AT),
                               MIN (at[BITS_AT], field->size * 8));
}

static gboolean
read_field (DynoMlg      *self,
            guint         index,
            guint         offset,
            const guint8 *bytes,
            GError      **error)
{
  DynoMlgField *field = &self->fields[index];
  const guint8 *at = bytes + fixed_size (self->version) + index * field_size (self->version);

  if (!take_type (field, at[0]))
    return refuse (error, "import_corrupt",
                   "has a field %u of the unknown type %u. Copy it again, or export it as CSV in "
                   "MegaLogViewer.", index + 1, at[0]);
  field->offset = offset;
  field->name = dyno_mlg_dup_text (at + NAME_AT, NAME_SIZE);
  field->unit = dyno_mlg_dup_text (at + UNIT_AT, UNIT_SIZE);
  field->style = at[STYLE_AT];
  field->category = self->version == 2 ? dyno_mlg_dup_text (at + CATEGORY_AT, CATEGORY_SIZE)
                                       : g_strdup ("");
  if (field->is_bits)
    {
      read_bits (self, field, bytes, at);
      return TRUE;
    }
  field->scale = (double) dyno_mlg_get_f32 (at + SCALE_AT);
  field->transform = (double) dyno_mlg_get_f32 (at + TRANSFORM_AT);
  field->digits = (gint8) at[DIGITS_AT];

  return TRUE;
}

static gboolean
read_fields (DynoMlg      *self,
             const guint8 *bytes,
             GError      **error)
{
  guint offset = 0;

  self->fields = g_new0 (DynoMlgField, self->n_fields);
  for (guint i = 0; i < self->n_fields; i++)
    {
      if (!read_field (self, i, offset, bytes, error))
        return FALSE;
      offset += self->fields[i].size;
    }
  if (offset != self->record_length)
    return refuse (error, "import_corrupt",
                   "has records of %u bytes, but its %u fields take %u. Copy it again.",
                   self->record_length, self->n_fields, offset);

  return TRUE;
}

static void
attachment_clear (gpointer data)
{
  DynoMlgAttachment *attachment = data;

  g_free (attachment->name);
  g_free (attachment->type);
}

DynoMlg *
dyno_mlg_parse (const guint8 *bytes,
                gsize         n,
                GError      **error)
{
  g_autoptr(DynoMlg) self = g_new0 (DynoMlg, 1);

  self->attachments = g_array_new (FALSE, FALSE, sizeof (DynoMlgAttachment));
  g_array_set_clear_func (self->attachments, attachment_clear);
  if (!read_fixed (self, bytes, n, error) || !check_places (self, n, error)
      || !read_fields (self, bytes, error))
    return NULL;
  dyno_mlg_read_info (self, bytes + self->info_start, self->data_start - self->info_start);

  return g_steal_pointer (&self);
}

void
dyno_mlg_free (DynoMlg *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; self->fields != NULL && i < self->n_fields; i++)
    {
      g_free (self->fields[i].name);
      g_free (self->fields[i].unit);
      g_free (self->fields[i].category);
      g_strfreev (self->fields[i].bit_names);
    }
  g_free (self->fields);
  g_free (self->info);
  g_array_unref (self->attachments);
  g_free (self);
}

const char *
dyno_mlg_style_words (guint style)
{
  static const char *const words[DYNO_N_MLG_STYLES] = {
    NULL, NULL, NULL, NULL, "On/Off", "Yes/No", "High/Low", "Active/Inactive", "True/False",
  };

  return style < DYNO_N_MLG_STYLES ? words[style] : NULL;
}
