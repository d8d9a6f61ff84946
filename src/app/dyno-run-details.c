/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-details.h"

#include "dyno-access.h"
#include "dyno-run-facts.h"
#include "dyno-run-words.h"
#include "dyno-status.h"
#include "dyno-vehicle-picker.h"
#include "dyno-wording.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _DynoRunDetails
{
  GtkWidget          parent_instance;

  DynoShop          *shop;       /* (owned) (nullable) */
  GHashTable        *drafts;     /* (owned) run id to DynoRunDraft: those with a text to lose */
  DynoRunItem       *item;       /* (owned) (nullable) the run that is shown */
  DynoRunDraft      *draft;      /* (owned) (nullable) of it */
  DynoUnitSet        units;
  gboolean           is_showing; /* the fields follow the draft */
  GtkEntry          *title;      /* template */
  DynoVehiclePicker *vehicle;
  GtkLabel          *tags;
  GtkRevealer       *conflict;
  GtkLabel          *theirs;
  GtkTextView       *notes;
  GtkTextBuffer     *buffer;
  GtkLabel          *saved;
  GtkButton         *retry;
  GtkLabel          *earlier;
  DynoRunFacts      *facts;
  GtkLabel          *verdict;
};

enum
{
  VEHICLE_CHOSEN,
  VEHICLE_CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunDetails, dyno_run_details, GTK_TYPE_WIDGET)

DynoRunDraft *
dyno_run_details_get_draft (DynoRunDetails *self)
{
  return self->draft;
}

static const DynoRun *
run_of (DynoRunDetails *self)
{
  return dyno_run_item_get_run (self->item);
}

/* (transfer full) */
static char *
typed_notes (DynoRunDetails *self)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);

  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

/* What is shown. */

static void
show_state (DynoRunDetails *self)
{
  DynoDraftState state = dyno_run_draft_get_state (self->draft);
  const GError *error = dyno_run_draft_get_error (self->draft);
  g_autofree char *failed = NULL;
  const char *text = "";

  if (state == DYNO_DRAFT_FAILED && error != NULL)
    text = failed = g_strdup_printf (_ ("Not saved: %s"), error->message);
  else if (state == DYNO_DRAFT_CONFLICT)
    text = _ ("Not saved: say what is to be kept.");
  else if (state != DYNO_DRAFT_SAVED)
    text = _ ("Saving…");
  else if (g_hash_table_contains (self->drafts, run_of (self)->id))
    text = _ ("Saved");
  gtk_label_set_label (self->saved, text);
  if (state == DYNO_DRAFT_FAILED || state == DYNO_DRAFT_CONFLICT)
    gtk_widget_add_css_class (GTK_WIDGET (self->saved), "dyno-warn");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->saved), "dyno-warn");
  gtk_widget_set_visible (GTK_WIDGET (self->retry), state == DYNO_DRAFT_FAILED);
  gtk_revealer_set_reveal_child (self->conflict, state == DYNO_DRAFT_CONFLICT);
  if (state == DYNO_DRAFT_CONFLICT)
    gtk_label_set_label (self->theirs, dyno_run_draft_get_their_notes (self->draft));
}

/* Only a text that differs is set: the place of the cursor is the typist's. */
static void
show_texts (DynoRunDetails *self)
{
  const char *title = dyno_run_draft_get_title (self->draft);
  const char *notes = dyno_run_draft_get_notes (self->draft);
  g_autofree char *typed = typed_notes (self);

  self->is_showing = TRUE;
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->title)), title) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->title), title);
  if (g_strcmp0 (typed, notes) != 0)
    gtk_text_buffer_set_text (self->buffer, notes, -1);
  self->is_showing = FALSE;
}

static void
show_run (DynoRunDetails *self)
{
  const DynoRun *run = run_of (self);
  g_autofree char *tags = dyno_run_words_tags (run);

  dyno_vehicle_picker_set_vehicle (self->vehicle, run->vehicle_id);
  gtk_label_set_label (self->tags, *tags != '\0' ? tags : _ ("No Tags"));
  dyno_run_facts_set (self->facts, self->shop, run, self->units);
}

static void
draft_changed_cb (DynoRunDetails *self,
                  DynoRunDraft   *draft)
{
  if (dyno_run_draft_get_state (draft) == DYNO_DRAFT_SAVED && draft != self->draft)
    g_hash_table_remove (self->drafts, dyno_run_item_get_id (dyno_run_draft_get_item (draft)));
  if (draft != self->draft)
    return;

  show_texts (self);
  show_state (self);
}

/* Typing. */

/* From now on there is a text to lose: the draft outlives the look at its run. */
static void
keep_draft (DynoRunDetails *self)
{
  g_hash_table_replace (self->drafts, g_strdup (run_of (self)->id), g_object_ref (self->draft));
}

static void
title_changed_cb (DynoRunDetails *self)
{
  if (self->is_showing || self->draft == NULL)
    return;

  keep_draft (self);
  dyno_run_draft_set_title (self->draft, gtk_editable_get_text (GTK_EDITABLE (self->title)));
}

static void
notes_changed_cb (DynoRunDetails *self)
{
  g_autofree char *text = NULL;

  if (self->is_showing || self->draft == NULL)
    return;

  text = typed_notes (self);
  keep_draft (self);
  dyno_run_draft_set_notes (self->draft, text);
}

static void
retry_cb (DynoRunDetails *self)
{
  dyno_run_draft_save (self->draft);
}

static void
keep_both_cb (DynoRunDetails *self)
{
  dyno_run_draft_keep_both (self->draft);
}

static void
keep_mine_cb (DynoRunDetails *self)
{
  dyno_run_draft_keep_mine (self->draft);
}

/* Earlier notes. */

static void
notes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DynoRunDetails) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) notes = dyno_runbook_notes_finish (result, &error);
  GString *text = g_string_new (NULL);

  for (guint i = 0; notes != NULL && i < notes->len; i++)
    {
      const DynoRunNote *note = g_ptr_array_index (notes, i);
      g_autoptr(GDateTime) when = g_date_time_new_from_unix_local (note->written_ms / 1000);
      g_autofree char *date = g_date_time_format (when, "%x %H:%M");

      g_string_append_printf (text, "%s%s\n%s", i > 0 ? "\n\n" : "", date, note->text);
    }
  if (text->len == 0)
    g_string_append (text, error != NULL ? error->message : _ ("There are no earlier notes."));
  if (self->earlier != NULL)
    gtk_label_set_label (self->earlier, text->str);
  g_string_free (text, TRUE);
}

static void
history_cb (DynoRunDetails *self)
{
  if (self->draft != NULL)
    dyno_runbook_notes_async (self->shop, run_of (self)->id, NULL, notes_cb, g_object_ref (self));
}

/* Vehicle. */

static void
vehicle_chosen_cb (DynoRunDetails *self,
                   const char     *vehicle_id)
{
  g_signal_emit (self, signals[VEHICLE_CHOSEN], 0, vehicle_id);
}

static void
vehicle_created_cb (DynoRunDetails *self,
                    const char     *label)
{
  g_signal_emit (self, signals[VEHICLE_CREATED], 0, label);
}

void
dyno_run_details_popup_vehicle (DynoRunDetails *self)
{
  dyno_vehicle_picker_popup (self->vehicle);
}

void
dyno_run_details_focus_notes (DynoRunDetails *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->notes));
}

void
dyno_run_details_set_verdict (DynoRunDetails *self,
                              const char     *sentence,
                              DynoStatus      status)
{
  for (guint i = 0; i < DYNO_N_STATUSES; i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), dyno_status_class (i));
  if (sentence != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->verdict), dyno_status_class (status));
  gtk_label_set_label (self->verdict, sentence != NULL ? sentence : "");
}

/* Run. */

/* A draft that is not saved yet stays until it is. */
static void
drop_item (DynoRunDetails *self)
{
  if (self->item == NULL)
    return;

  g_signal_handlers_disconnect_by_func (self->item, show_run, self);
  dyno_run_draft_save (self->draft);
  if (dyno_run_draft_get_state (self->draft) == DYNO_DRAFT_SAVED)
    g_hash_table_remove (self->drafts, run_of (self)->id);
  g_clear_object (&self->draft);
  g_clear_object (&self->item);
}

static DynoRunDraft *
open_draft (DynoRunDetails *self)
{
  DynoRunDraft *kept = g_hash_table_lookup (self->drafts, run_of (self)->id);
  DynoRunDraft *draft;

  if (kept != NULL)
    return g_object_ref (kept);

  draft = dyno_run_draft_new (self->shop, self->item);
  g_signal_connect_object (draft, "changed", G_CALLBACK (draft_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return draft;
}

void
dyno_run_details_set_item (DynoRunDetails *self,
                           DynoRunItem    *item)
{
  if (item == self->item)
    return;

  drop_item (self);
  dyno_run_details_set_verdict (self, NULL, DYNO_STATUS_OK);
  gtk_widget_set_sensitive (GTK_WIDGET (self), item != NULL);
  if (item == NULL)
    return;

  self->item = g_object_ref (item);
  self->draft = open_draft (self);
  g_signal_connect_object (item, "changed", G_CALLBACK (show_run), self, G_CONNECT_SWAPPED);
  show_texts (self);
  show_state (self);
  show_run (self);
}

void
dyno_run_details_set_units (DynoRunDetails *self,
                            DynoUnitSet     units)
{
  self->units = units;
  if (self->draft != NULL)
    show_run (self);
}

void
dyno_run_details_set_shop (DynoRunDetails  *self,
                           DynoShop        *shop,
                           DynoVehicleList *vehicles)
{
  g_return_if_fail (self->shop == NULL);

  self->shop = dyno_shop_ref (shop);
  dyno_vehicle_picker_set_list (self->vehicle, vehicles);
}

static void
dyno_run_details_dispose (GObject *object)
{
  DynoRunDetails *self = DYNO_RUN_DETAILS (object);

  drop_item (self);
  g_hash_table_remove_all (self->drafts);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_DETAILS);

  G_OBJECT_CLASS (dyno_run_details_parent_class)->dispose (object);
}

static void
dyno_run_details_finalize (GObject *object)
{
  DynoRunDetails *self = DYNO_RUN_DETAILS (object);

  g_hash_table_unref (self->drafts);
  g_clear_pointer (&self->shop, dyno_shop_unref);

  G_OBJECT_CLASS (dyno_run_details_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, title);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, vehicle);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, tags);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, conflict);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, theirs);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, notes);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, buffer);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, saved);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, retry);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, earlier);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, DynoRunDetails, verdict);
  gtk_widget_class_bind_template_callback (widget_class, history_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_both_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_mine_cb);
  gtk_widget_class_bind_template_callback (widget_class, notes_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, title_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, vehicle_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, vehicle_created_cb);
}

static void
dyno_run_details_class_init (DynoRunDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dyno_run_details_dispose;
  object_class->finalize = dyno_run_details_finalize;
  signals[VEHICLE_CHOSEN] = g_signal_new ("vehicle-chosen", DYNO_TYPE_RUN_DETAILS,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_STRING);
  signals[VEHICLE_CREATED] = g_signal_new ("vehicle-created", DYNO_TYPE_RUN_DETAILS,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                           G_TYPE_STRING);
  g_type_ensure (DYNO_TYPE_RUN_FACTS);
  g_type_ensure (DYNO_TYPE_VEHICLE_PICKER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-details.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "top", FALSE, 0);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_run_details_init (DynoRunDetails *self)
{
  self->drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  dyno_access_name_all (GTK_WIDGET (self));
}
