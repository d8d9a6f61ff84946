/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-ctl.h"
#include "dyno-json.h"
#include "dyno-units.h"

G_BEGIN_DECLS

/* What a person or a program reads on standard output. Numbers have a point in
 * every locale. Texts that came from outside (names on the wire, notes) lose
 * their control characters, so that they cannot steer a terminal. */

/* Valid UTF-8 without control characters; an end of line stays. (transfer full) */
char     *dyno_print_clean      (const char     *text);

/* A line, or several, with an end of line behind. */
void      dyno_print_line       (const char     *format,
                                 ...) G_GNUC_PRINTF (1, 2);
/* The same on standard error, for what is no result; nothing with -q or --json. */
void      dyno_print_note       (DynoCtl        *ctl,
                                 const char     *format,
                                 ...) G_GNUC_PRINTF (2, 3);
/* Lines that are clean already, as they are. */
void      dyno_print_text       (const char     *text);
/* The same for a terminal's width where there is one: what goes on in a next line
 * begins `indent` columns further in. */
void      dyno_print_wrapped    (const char     *text,
                                 guint           indent);
/* The finished document on one line, at once. Frees the writer. */
void      dyno_print_json       (DynoJsonWriter *writer);

/* All of it left the program. FALSE with `error` where it could not; its reason is
 * DYNO_PRINT_CLOSED where the reader has gone, which he knows himself. */
#define DYNO_PRINT_CLOSED "closed_pipe"
gboolean  dyno_print_flush      (GError        **error);
/* Nobody reads any more, or the disk is full. */
gboolean  dyno_print_is_broken  (void);

/* Lines broken at blanks so that none is wider than `width` (0: none is broken).
 * (transfer full) */
char     *dyno_print_wrap       (const char     *text,
                                 guint           width,
                                 guint           indent);
/* Columns that a line takes on a terminal. */
guint     dyno_print_columns    (const char     *text);

/* Is standard output (or error) a terminal? Its width, 80 where nobody knows. */
gboolean  dyno_print_is_terminal (int            fd);
guint     dyno_print_width      (int             fd);

/* Numbers for people. (transfer full) "78.5 kW", "—" for NaN. */
char     *dyno_print_quantity   (double          value_si,
                                 DynoQuantity    quantity,
                                 DynoUnitSet     units);
/* At most `decimals`, for a number without unit. */
char     *dyno_print_number     (double          value,
                                 int             decimals);
/* "12.3 MB" */
char     *dyno_print_bytes      (guint64         bytes);
/* "8.4 s", "3 min 20 s" */
char     *dyno_print_duration   (double          seconds);
/* "2026-03-14 09:26", local time; `ms` since 1970. "—" for 0. */
char     *dyno_print_time       (gint64          ms);

G_END_DECLS
