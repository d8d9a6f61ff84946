/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What differs between GTK 4.8 with libadwaita 1.2 and the newest of both. This
 * is the only file that asks for a version. Main thread; the answers come in it. */

/* The colour of text in the widget's style, now. */
void        dyno_compat_get_text_color (GtkWidget            *widget,
                                        GdkRGBA              *color);

/* A question that must be answered. Answers stand in this order; Escape is the
 * one without a kind of its own that comes first. */
typedef enum
{
  DYNO_ANSWER_PLAIN,
  DYNO_ANSWER_SUGGESTED,
  DYNO_ANSWER_DESTRUCTIVE,
} DynoAnswerKind;

typedef struct
{
  const char     *id;
  const char     *label; /* with its mnemonic */
  DynoAnswerKind  kind;
} DynoAnswer;

void        dyno_compat_ask_async      (GtkWidget            *parent,
                                        const char           *heading,
                                        const char           *body,
                                        const DynoAnswer     *answers,
                                        guint                 n_answers,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
/* The id of the answer, (transfer full); NULL only when cancelled. */
char       *dyno_compat_ask_finish     (GAsyncResult         *result,
                                        GError              **error);

/* Open files or a folder, save one. NULL with G_IO_ERROR_CANCELLED when the
 * person changed his mind. `filters` is of GtkFileFilter and may be NULL. */
void        dyno_compat_open_async     (GtkWidget            *parent,
                                        const char           *title,
                                        GListModel           *filters,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
void        dyno_compat_folder_async   (GtkWidget            *parent,
                                        const char           *title,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
void        dyno_compat_save_async     (GtkWidget            *parent,
                                        const char           *title,
                                        const char           *name,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
/* Of all three: a list of GFile with at least one in it. (transfer full) */
GListModel *dyno_compat_files_finish   (GAsyncResult         *result,
                                        GError              **error);

/* At the end of the row of an AdwExpanderRow. */
void        dyno_compat_add_suffix     (GtkWidget            *expander_row,
                                        GtkWidget            *widget);

/* Shows a folder in the program that the person has for folders. */
void        dyno_compat_show_folder    (GtkWidget            *parent,
                                        const char           *path);

typedef struct
{
  const char *name;
  const char *icon_name;
  const char *version;
  const char *comments;
  const char *website;
  const char *issue_url;
  const char *copyright;
} DynoAbout;

void        dyno_compat_about          (GtkWidget            *parent,
                                        const DynoAbout      *about);

G_END_DECLS
