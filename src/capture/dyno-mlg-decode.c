/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mlg-decode.h"

#include "dyno-mlg-bytes.h"

#define LANES G_GUINT64_CONSTANT (0x00FF00FF00FF00FF) /* four sums of 16 bits in a word */
#define MAX_WORDS 128                                 /* until a lane would overflow */

static guint
fold_lanes (guint64 lanes)
{
  return (guint) ((lanes & 0xFFFF) + (lanes >> 16 & 0xFFFF) + (lanes >> 32 & 0xFFFF)
                  + (lanes >> 48));
}

guint8
dyno_mlg_sum_bytes (const guint8 *bytes,
                    gsize         n)
{
  guint sum = 0;

  while (n >= sizeof (guint64))
    {
      gsize n_words = MIN (n / sizeof (guint64), MAX_WORDS);
      guint64 lanes = 0;

      for (gsize i = 0; i < n_words; i++)
        {
          guint64 word;

          memcpy (&word, bytes + i * sizeof word, sizeof word);
          lanes += (word & LANES) + (word >> 8 & LANES);
        }
      sum += fold_lanes (lanes);
      bytes += n_words * sizeof (guint64);
      n -= n_words * sizeof (guint64);
    }
  for (gsize i = 0; i < n; i++)
    sum += bytes[i];

  return (guint8) sum;
}

static inline double
load (const guint8 *bytes,
      DynoMlgType   type)
{
  switch (type)
    {
    case DYNO_MLG_U8: return bytes[0];
    case DYNO_MLG_S8: return (gint8) bytes[0];
    case DYNO_MLG_U16: return dyno_mlg_get_u16 (bytes);
    case DYNO_MLG_S16: return (gint16) dyno_mlg_get_u16 (bytes);
    case DYNO_MLG_U32: return dyno_mlg_get_u32 (bytes);
    case DYNO_MLG_S32: return (gint32) dyno_mlg_get_u32 (bytes);
    case DYNO_MLG_S64: return (double) dyno_mlg_get_s64 (bytes);
    case DYNO_MLG_F32: return (double) dyno_mlg_get_f32 (bytes);
    case DYNO_N_MLG_TYPES:
    default: g_assert_not_reached ();
    }
}

/* With a constant type the compiler leaves a loop without a choice in it. */
static inline __attribute__ ((always_inline)) void
decode_as (const DynoMlgField  *field,
           DynoMlgType          type,
           const guint8 *const *records,
           guint                n,
           double              *values)
{
  const double transform = field->transform;
  const double scale = field->scale;
  const guint offset = field->offset;

  for (guint i = 0; i < n; i++)
    values[i] = (load (records[i] + offset, type) + transform) * scale;
}

void
dyno_mlg_decode (const DynoMlgField  *field,
                 const guint8 *const *records,
                 guint                n,
                 double              *values)
{
  switch (field->type)
    {
    case DYNO_MLG_U8: decode_as (field, DYNO_MLG_U8, records, n, values); break;
    case DYNO_MLG_S8: decode_as (field, DYNO_MLG_S8, records, n, values); break;
    case DYNO_MLG_U16: decode_as (field, DYNO_MLG_U16, records, n, values); break;
    case DYNO_MLG_S16: decode_as (field, DYNO_MLG_S16, records, n, values); break;
    case DYNO_MLG_U32: decode_as (field, DYNO_MLG_U32, records, n, values); break;
    case DYNO_MLG_S32: decode_as (field, DYNO_MLG_S32, records, n, values); break;
    case DYNO_MLG_S64: decode_as (field, DYNO_MLG_S64, records, n, values); break;
    case DYNO_MLG_F32: decode_as (field, DYNO_MLG_F32, records, n, values); break;
    case DYNO_N_MLG_TYPES:
    default: g_assert_not_reached ();
    }
}
