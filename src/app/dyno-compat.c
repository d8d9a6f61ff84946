/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-compat.h"

#include <adwaita.h>

/* Compiled against newer libraries, what stands here is newer than the floor
 * that the version guards hold all other files to. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = widget != NULL ? gtk_widget_get_root (widget) : NULL;

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

void
dyno_compat_get_text_color (GtkWidget *widget,
                            GdkRGBA   *color)
{
#if GTK_CHECK_VERSION (4, 10, 0)
  gtk_widget_get_color (widget, color);
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
#endif
}

/* Asking. */

static const char *
id_of_escape (const DynoAnswer *answers,
              guint             n_answers)
{
  for (guint i = 0; i < n_answers; i++)
    {
      if (answers[i].kind == DYNO_ANSWER_PLAIN)
        return answers[i].id;
    }

  return answers[0].id;
}

#if ADW_CHECK_VERSION (1, 5, 0)

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  const char *id = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_strdup (id), g_free);
}

void
dyno_compat_ask_async (GtkWidget           *parent,
                       const char          *heading,
                       const char          *body,
                       const DynoAnswer    *answers,
                       guint                n_answers,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));

  g_return_if_fail (n_answers > 0);

  g_task_set_source_tag (task, dyno_compat_ask_async);
  for (guint i = 0; i < n_answers; i++)
    {
      adw_alert_dialog_add_response (dialog, answers[i].id, answers[i].label);
      adw_alert_dialog_set_response_appearance (dialog, answers[i].id,
                                                (AdwResponseAppearance) answers[i].kind);
    }
  adw_alert_dialog_set_close_response (dialog, id_of_escape (answers, n_answers));
  adw_alert_dialog_choose (dialog, parent, cancellable, answered_cb, task);
}

#else

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *id,
             GTask            *task)
{
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_strdup (id), g_free);
}

void
dyno_compat_ask_async (GtkWidget           *parent,
                       const char          *heading,
                       const char          *body,
                       const DynoAnswer    *answers,
                       guint                n_answers,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  AdwMessageDialog *dialog =
      ADW_MESSAGE_DIALOG (adw_message_dialog_new (window_of (parent), heading, body));

  g_return_if_fail (n_answers > 0);

  g_task_set_source_tag (task, dyno_compat_ask_async);
  for (guint i = 0; i < n_answers; i++)
    {
      adw_message_dialog_add_response (dialog, answers[i].id, answers[i].label);
      adw_message_dialog_set_response_appearance (dialog, answers[i].id,
                                                  (AdwResponseAppearance) answers[i].kind);
    }
  adw_message_dialog_set_close_response (dialog, id_of_escape (answers, n_answers));
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), task,
                         (GClosureNotify) (GCallback) g_object_unref, 0);
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (gtk_window_close), dialog,
                             G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

#endif

char *
dyno_compat_ask_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Files. */

static void
return_changed_mind (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No file was chosen.");
}

#if GTK_CHECK_VERSION (4, 10, 0)

static GListModel *
list_of_one (GFile *file)
{
  GListStore *list = g_list_store_new (G_TYPE_FILE);

  g_list_store_append (list, file);

  return G_LIST_MODEL (list);
}

static void
return_files (GTask      *task,
              GListModel *files)
{
  if (files == NULL)
    return_changed_mind (task);
  else
    g_task_return_pointer (task, files, g_object_unref);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  return_files (task, gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result,
                                                            NULL));
}

static void
folder_chosen_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GFile) file = gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result,
                                                                NULL);

  return_files (task, file != NULL ? list_of_one (file) : NULL);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  return_files (task, file != NULL ? list_of_one (file) : NULL);
}

void
dyno_compat_open_async (GtkWidget           *parent,
                        const char          *title,
                        GListModel          *filters,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_filters (dialog, filters);
  gtk_file_dialog_open_multiple (dialog, window_of (parent), cancellable, opened_cb,
                                 g_task_new (NULL, cancellable, callback, user_data));
}

void
dyno_compat_folder_async (GtkWidget           *parent,
                          const char          *title,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_select_folder (dialog, window_of (parent), cancellable, folder_chosen_cb,
                                 g_task_new (NULL, cancellable, callback, user_data));
}

void
dyno_compat_save_async (GtkWidget           *parent,
                        const char          *title,
                        const char          *name,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, window_of (parent), cancellable, saved_cb,
                        g_task_new (NULL, cancellable, callback, user_data));
}

#else

static void
chosen_cb (GtkNativeDialog *dialog,
           int              response,
           GTask           *task)
{
  if (g_task_return_error_if_cancelled (task))
    ;
  else if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog)),
                           g_object_unref);
  else
    return_changed_mind (task);

  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
  g_object_unref (task);
}

/* Hiding a native dialog answers nobody. */
static void
cancel_choice (GtkNativeDialog *dialog)
{
  g_signal_emit_by_name (dialog, "response", GTK_RESPONSE_CANCEL);
}

static void
choose (GtkFileChooserNative *dialog,
        GTask                *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_cb), task);
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancel_choice), dialog,
                             G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
dyno_compat_open_async (GtkWidget           *parent,
                        const char          *title,
                        GListModel          *filters,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, window_of (parent), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  for (guint i = 0; filters != NULL && i < g_list_model_get_n_items (filters); i++)
    {
      g_autoptr(GtkFileFilter) filter = g_list_model_get_item (filters, i);

      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  choose (dialog, g_task_new (NULL, cancellable, callback, user_data));
}

void
dyno_compat_folder_async (GtkWidget           *parent,
                          const char          *title,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, window_of (parent), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);

  choose (dialog, g_task_new (NULL, cancellable, callback, user_data));
}

void
dyno_compat_save_async (GtkWidget           *parent,
                        const char          *title,
                        const char          *name,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, window_of (parent), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  choose (dialog, g_task_new (NULL, cancellable, callback, user_data));
}

#endif

GListModel *
dyno_compat_files_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* About. */

void
dyno_compat_add_suffix (GtkWidget *expander_row,
                        GtkWidget *widget)
{
#if ADW_CHECK_VERSION (1, 4, 0)
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (expander_row), widget);
#else
  adw_expander_row_add_action (ADW_EXPANDER_ROW (expander_row), widget);
#endif
}

void
dyno_compat_show_folder (GtkWidget  *parent,
                         const char *path)
{
  g_autoptr(GFile) folder = g_file_new_for_path (path);
#if GTK_CHECK_VERSION (4, 10, 0)
  g_autoptr(GtkFileLauncher) launcher = gtk_file_launcher_new (folder);

  gtk_file_launcher_launch (launcher, window_of (parent), NULL, NULL, NULL);
#else
  g_autofree char *uri = g_file_get_uri (folder);

  gtk_show_uri (window_of (parent), uri, GDK_CURRENT_TIME);
#endif
}

void
dyno_compat_about (GtkWidget       *parent,
                   const DynoAbout *about)
{
#if ADW_CHECK_VERSION (1, 5, 0)
  AdwDialog *dialog = adw_about_dialog_new ();
#else
  GtkWidget *dialog = adw_about_window_new ();
#endif

  g_object_set (dialog,
                "application-name", about->name,
                "application-icon", about->icon_name,
                "version", about->version,
                "comments", about->comments,
                "website", about->website != NULL ? about->website : "",
                "issue-url", about->issue_url != NULL ? about->issue_url : "",
                "copyright", about->copyright,
                "license-type", GTK_LICENSE_GPL_3_0,
                NULL);
#if ADW_CHECK_VERSION (1, 5, 0)
  adw_dialog_present (dialog, parent);
#else
  gtk_window_set_transient_for (GTK_WINDOW (dialog), window_of (parent));
  gtk_window_set_modal (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
#endif
}

G_GNUC_END_IGNORE_DEPRECATIONS
