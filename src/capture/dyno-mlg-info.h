/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-mlg.h"

G_BEGIN_DECLS

/* The text between the fields and the blocks of a MegaLogViewer binary log; part of
 * dyno_mlg_parse (). */

/* Windows-1252 up to a NUL, trimmed, as UTF-8. (transfer full) */
char *dyno_mlg_dup_text (const guint8 *bytes,
                         gsize         size);

/* The names of a bit field's bits. `names` are NUL-separated strings that begin at
 * `start` in the file; `index` is a place in the file, a place in the names or the
 * number of a name: writers differ. NULL where it is none of them. (transfer full) */
char **dyno_mlg_find_bit_names (const guint8 *names,
                                gsize         size,
                                gsize         start,
                                gsize         index,
                                guint         n_bits);

/* Parts the text into lines and attachments: a line "NEW_INFO_PROVIDER,<name>,
 * Type:<type>…Length:<n>" and n bytes behind it; without a length up to the next such
 * line. Sets info and attachments. */
void  dyno_mlg_read_info (DynoMlg      *self,
                          const guint8 *bytes,
                          gsize         n);

G_END_DECLS
