/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-siphash.h"

#include <string.h>

typedef struct
{
  guint64 a, b, c, d;
} State;

static inline guint64
rotate (guint64 value,
        int     bits)
{
  return value << bits | value >> (64 - bits);
}

static inline void
mix (State *s,
     int    rounds)
{
  while (rounds-- > 0)
    {
      s->a += s->b;
      s->b = rotate (s->b, 13) ^ s->a;
      s->a = rotate (s->a, 32);
      s->c += s->d;
      s->d = rotate (s->d, 16) ^ s->c;
      s->a += s->d;
      s->d = rotate (s->d, 21) ^ s->a;
      s->c += s->b;
      s->b = rotate (s->b, 17) ^ s->c;
      s->c = rotate (s->c, 32);
    }
}

static inline void
absorb (State   *s,
        guint64  word)
{
  s->d ^= word;
  mix (s, 2);
  s->a ^= word;
}

static inline guint64
read_word (const guint8 *bytes,
           gsize         size)
{
  guint64 word = 0;

  memcpy (&word, bytes, size);
  return GUINT64_FROM_LE (word);
}

guint64
dyno_siphash (const DynoSipKey *key,
              gconstpointer     data,
              gsize             size)
{
  const guint8 *bytes = data;
  gsize left = size;
  State s = {
    key->k0 ^ 0x736f6d6570736575u,
    key->k1 ^ 0x646f72616e646f6du,
    key->k0 ^ 0x6c7967656e657261u,
    key->k1 ^ 0x7465646279746573u,
  };

  for (; left >= 8; left -= 8, bytes += 8)
    absorb (&s, read_word (bytes, 8));
  absorb (&s, (guint64) size << 56 | read_word (bytes, left));

  s.c ^= 0xff;
  mix (&s, 4);

  return s.a ^ s.b ^ s.c ^ s.d;
}
