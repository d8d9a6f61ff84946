/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-qrcode.h"

#include <qrencode.h>

struct _DynoQrcode
{
  QRcode *code; /* (owned) */
};

DynoQrcode *
dyno_qrcode_new (const char *text)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  DynoQrcode *self;

  if (code == NULL)
    return NULL;
  self = g_new0 (DynoQrcode, 1);
  self->code = code;

  return self;
}

void
dyno_qrcode_free (DynoQrcode *self)
{
  QRcode_free (self->code);
  g_free (self);
}

guint
dyno_qrcode_size (const DynoQrcode *self)
{
  return (guint) self->code->width;
}

gboolean
dyno_qrcode_module (const DynoQrcode *self,
                    guint             x,
                    guint             y)
{
  g_return_val_if_fail (x < dyno_qrcode_size (self) && y < dyno_qrcode_size (self), FALSE);

  return (self->code->data[y * dyno_qrcode_size (self) + x] & 1) != 0;
}

/* Neighbours in a row are one rectangle: paper shows the seams of squares. */
void
dyno_qrcode_draw (const DynoQrcode *self,
                  cairo_t          *cr,
                  double            x,
                  double            y,
                  double            side)
{
  guint size = dyno_qrcode_size (self);
  double step = side / size;

  for (guint row = 0; row < size; row++)
    {
      for (guint first = 0, end; first < size; first = end + 1)
        {
          for (end = first; end < size && dyno_qrcode_module (self, end, row); end++)
            ;
          if (end > first)
            cairo_rectangle (cr, x + first * step, y + row * step, (end - first) * step, step);
        }
    }
  cairo_fill (cr);
}
