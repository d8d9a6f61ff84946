/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* What is shown as a file or on the clipboard: the chart as a picture or its curves as
 * a table; a correction as the files of its analysis. */

#include "config.h"

#include "dyno-runs-page-private.h"

#include "dyno-compat.h"
#include "dyno-look.h"
#include "dyno-trouble.h"

#include <glib/gi18n.h>
#include <string.h>

/* A file on its way to the disk. */
typedef struct
{
  DynoRunsPage    *self;    /* (owned) */
  GFile           *file;    /* (owned) */
  DynoPicture     *picture; /* (owned) (nullable) */
  DynoPictureKind  kind;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->self);
  g_clear_object (&saving->file);
  g_clear_pointer (&saving->picture, dyno_picture_free);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
tell_saved (DynoRunsPage *self,
            GFile        *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *text = g_strdup_printf (_ ("%s saved"), name);
  g_autoptr(AdwToast) toast = dyno_page_toast (DYNO_PAGE (self), "export", text, NULL);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    tell_saved (saving->self, saving->file);
  else
    dyno_page_toast_error (DYNO_PAGE (saving->self), error);
}

static void
write_bytes (Saving *saving,
             GBytes *bytes)
{
  g_file_replace_contents_bytes_async (saving->file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       written_cb, saving);
}

/* In GLib's pool: a picture takes longer than a frame. */
static void
draw_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  const Saving *saving = task_data;
  GError *error = NULL;
  GBytes *bytes = dyno_picture_write (saving->picture, saving->kind, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
drawn_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (bytes != NULL)
    write_bytes (g_steal_pointer (&saving), bytes);
  else
    dyno_page_toast_error (DYNO_PAGE (saving->self), error);
}

static void
save_picture (Saving *saving)
{
  DynoChart *chart = dyno_power_view_get_chart (dyno_run_view_get_power (saving->self->view));
  g_autoptr(GTask) task = g_task_new (NULL, NULL, drawn_cb, saving);

  /* Paper is white. */
  saving->picture = dyno_chart_make_picture (chart, DYNO_LOOK_LIGHT);
  g_task_set_task_data (task, saving, NULL);
  g_task_run_in_thread (task, draw_thread);
}

static void
save_table (Saving *saving)
{
  char *csv = dyno_power_view_make_csv (dyno_run_view_get_power (saving->self->view));
  g_autoptr(GBytes) bytes = csv != NULL ? g_bytes_new_take (csv, strlen (csv)) : NULL;

  if (bytes != NULL)
    write_bytes (saving, bytes);
  else
    saving_free (saving);
}

/* The ending of the name says what is wanted. */
static void
save_as (DynoRunsPage *self,
         GFile        *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *lower = g_ascii_strdown (name, -1);
  Saving *saving = g_new0 (Saving, 1);

  saving->self = g_object_ref (self);
  saving->file = g_object_ref (file);
  if (g_str_has_suffix (lower, ".csv"))
    {
      save_table (saving);
      return;
    }

  saving->kind = g_str_has_suffix (lower, ".svg")   ? DYNO_PICTURE_SVG
                 : g_str_has_suffix (lower, ".pdf") ? DYNO_PICTURE_PDF
                                                    : DYNO_PICTURE_PNG;
  save_picture (saving);
}

static void
file_chosen_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(DynoRunsPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) files = dyno_compat_files_finish (result, &error);
  g_autoptr(GFile) file = files != NULL ? g_list_model_get_item (files, 0) : NULL;

  if (file != NULL && self->view != NULL)
    save_as (self, file);
  else if (error != NULL)
    dyno_page_toast_error (DYNO_PAGE (self), error);
}

/* The files of an analysis. */

static void
analysis_written_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(Saving) saving = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) written = dyno_analyse_write_finish (result, &error);

  if (written != NULL)
    tell_saved (saving->self, saving->file);
  else
    dyno_page_toast_error (DYNO_PAGE (saving->self), error);
}

static void
folder_chosen_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(DynoRunsPage) self = user_data;
  g_autoptr(GListModel) files = dyno_compat_files_finish (result, NULL);
  g_autoptr(GFile) folder = files != NULL ? g_list_model_get_item (files, 0) : NULL;
  const char *path = folder != NULL ? g_file_peek_path (folder) : NULL;
  DynoAnalyse *analyse =
      self->view != NULL ? dyno_run_fuel_get_result (dyno_run_view_get_fuel (self->view)) : NULL;
  Saving *saving;

  if (path == NULL || analyse == NULL)
    return;

  saving = g_new0 (Saving, 1);
  saving->self = g_object_ref (self);
  saving->file = g_object_ref (folder);
  dyno_analyse_write_async (dyno_page_get_shop (DYNO_PAGE (self)), analyse, path, NULL,
                            analysis_written_cb, saving);
}

static gboolean
shows_fuel (DynoRunsPage *self)
{
  return g_strcmp0 (dyno_run_view_get_tab (self->view), "fuel") == 0
         && dyno_run_fuel_get_result (dyno_run_view_get_fuel (self->view)) != NULL;
}

void
dyno_runs_page_export (DynoRunsPage *self)
{
  const DynoRun *run;
  g_autofree char *name = NULL;

  if (dyno_run_view_get_n (self->view) == 0)
    return;
  if (shows_fuel (self))
    {
      dyno_compat_folder_async (GTK_WIDGET (self), _ ("Folder for the Correction"), NULL,
                                folder_chosen_cb, g_object_ref (self));
      return;
    }

  run = dyno_run_item_get_run (dyno_run_view_get_item (self->view));
  name = g_strdup_printf ("run-%" G_GINT64_FORMAT ".png", run->number);
  dyno_compat_save_async (GTK_WIDGET (self), _ ("Save as .png, .svg, .pdf or .csv"), name, NULL,
                          file_chosen_cb, g_object_ref (self));
}

/* The bytes of the files that `dyno_analyse_write_async ()` writes. */
static char *
dup_correction (DynoRunsPage *self)
{
  DynoAnalyse *analyse = dyno_run_fuel_get_result (dyno_run_view_get_fuel (self->view));

  for (guint i = 0; i < analyse->files->len; i++)
    {
      const DynoArtefact *file = g_ptr_array_index (analyse->files, i);
      gsize size;
      const char *bytes = g_bytes_get_data (file->bytes, &size);

      if (g_str_equal (file->name, "ve_delta_combined.csv"))
        return g_strndup (bytes, size);
    }

  return NULL;
}

void
dyno_runs_page_copy (DynoRunsPage *self)
{
  g_autofree char *text = shows_fuel (self)
                              ? dup_correction (self)
                              : dyno_power_view_make_csv (dyno_run_view_get_power (self->view));
  g_autoptr(AdwToast) toast = NULL;

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  toast = dyno_page_toast (DYNO_PAGE (self), "copy",
                           text != NULL ? _ ("Table copied") : _ ("There is no table to copy."),
                           NULL);
}
