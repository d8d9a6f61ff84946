/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-guard-private.h"

#include <string.h>

gboolean
dyno_piece_is (DynoPiece   piece,
               const char *text)
{
  return piece.length == strlen (text) && g_ascii_strncasecmp (piece.at, text, piece.length) == 0;
}

gboolean
dyno_piece_begins (DynoPiece   piece,
                   const char *text)
{
  gsize n = strlen (text);

  return piece.length >= n && g_ascii_strncasecmp (piece.at, text, n) == 0;
}

DynoPiece
dyno_piece_split (DynoPiece *piece,
                  char       separator,
                  gboolean  *found)
{
  const char *at = memchr (piece->at, separator, piece->length);
  DynoPiece rest = { piece->at + piece->length, 0 };

  *found = at != NULL;
  if (at != NULL)
    {
      rest = (DynoPiece){ at + 1, piece->length - (at + 1 - piece->at) };
      piece->length = at - piece->at;
    }

  return rest;
}

DynoPiece
dyno_piece_trim (DynoPiece piece)
{
  while (piece.length > 0 && (piece.at[0] == ' ' || piece.at[0] == '\t'))
    piece = (DynoPiece){ piece.at + 1, piece.length - 1 };
  while (piece.length > 0
         && (piece.at[piece.length - 1] == ' ' || piece.at[piece.length - 1] == '\t'))
    piece.length--;

  return piece;
}

gboolean
dyno_piece_is_token (DynoPiece piece)
{
  for (gsize i = 0; i < piece.length; i++)
    if (!g_ascii_isalnum (piece.at[i])
        && (piece.at[i] == '\0' || strchr ("!#$%&'*+-.^_`|~", piece.at[i]) == NULL))
      return FALSE;

  return piece.length > 0;
}
