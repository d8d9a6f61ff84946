/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-run-search.h"

#include "dyno-access.h"
#include "dyno-run-terms.h"

#include <glib/gi18n.h>

#define SETTLE_MS 120

struct _DynoRunSearch
{
  GtkWidget      parent_instance;

  DynoClock     *clock;     /* (borrowed) (nullable) */
  guint          settle_id; /* source; 0 none */
  GtkEntry      *entry;     /* template */
  GtkMenuButton *filters;
  GtkRevealer   *revealer;
  GtkLabel      *help;
};

enum
{
  CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoRunSearch, dyno_run_search, GTK_TYPE_WIDGET)

const char *
dyno_run_search_get_text (DynoRunSearch *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

void
dyno_run_search_fill (DynoRunSearch *self,
                      DynoRunQuery  *query)
{
  dyno_run_query_parse (query, dyno_run_search_get_text (self), NULL);
}

const char *
dyno_run_search_get_help (DynoRunSearch *self)
{
  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_label (self->help) : NULL;
}

/* The first unknown term is explained; the others are underlined, too. */
static void
explain (DynoRunSearch *self)
{
  g_autoptr(DynoRunQuery) query = dyno_run_query_new ();
  g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  PangoAttrList *underlines;

  dyno_run_query_parse (query, dyno_run_search_get_text (self), unknown);
  underlines = dyno_run_terms_underline (dyno_run_search_get_text (self), unknown);
  gtk_entry_set_attributes (self->entry, underlines);
  pango_attr_list_unref (underlines);
  if (unknown->len > 0)
    {
      g_autofree char *help = dyno_run_terms_help (g_ptr_array_index (unknown, 0));

      gtk_label_set_label (self->help, help);
      gtk_widget_add_css_class (GTK_WIDGET (self->entry), "warning");
    }
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "warning");
  gtk_revealer_set_reveal_child (self->revealer, unknown->len > 0);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                               unknown->len > 0 ? GTK_ACCESSIBLE_INVALID_TRUE
                                                : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
settle (DynoRunSearch *self)
{
  g_clear_handle_id (&self->settle_id, g_source_remove);
  explain (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
settle_cb (gpointer user_data)
{
  DynoRunSearch *self = user_data;

  self->settle_id = 0;
  settle (self);

  return G_SOURCE_REMOVE;
}

static void
changed_cb (DynoRunSearch *self)
{
  gboolean is_empty = *dyno_run_search_get_text (self) == '\0';

  gtk_entry_set_icon_from_icon_name (self->entry, GTK_ENTRY_ICON_SECONDARY,
                                     is_empty ? NULL : "dyno-close-symbolic");
  if (!is_empty)
    gtk_entry_set_icon_tooltip_text (self->entry, GTK_ENTRY_ICON_SECONDARY, _ ("Clear Search"));
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
}

static void
activate_cb (DynoRunSearch *self)
{
  if (self->settle_id != 0)
    settle (self);
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
icon_cb (DynoRunSearch        *self,
         GtkEntryIconPosition  position)
{
  if (position == GTK_ENTRY_ICON_SECONDARY)
    dyno_run_search_set_text (self, "");
}

/* Escape empties the field; in an empty one it goes on to who else wants it. */
static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *unused,
           gpointer   data)
{
  DynoRunSearch *self = DYNO_RUN_SEARCH (widget);

  if (*dyno_run_search_get_text (self) == '\0')
    return FALSE;

  dyno_run_search_set_text (self, "");

  return TRUE;
}

void
dyno_run_search_set_text (DynoRunSearch *self,
                          const char    *text)
{
  g_return_if_fail (DYNO_IS_RUN_SEARCH (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  settle (self);
}

static void
toggle (DynoRunSearch *self,
        const char    *term)
{
  g_autofree char *text = dyno_run_terms_toggle (dyno_run_search_get_text (self), term);

  dyno_run_search_set_text (self, text);
}

static void
term_action (GtkWidget  *widget,
             const char *name,
             GVariant   *term)
{
  toggle (DYNO_RUN_SEARCH (widget), g_variant_get_string (term, NULL));
}

static void
since_action (GtkWidget  *widget,
              const char *name,
              GVariant   *days)
{
  DynoRunSearch *self = DYNO_RUN_SEARCH (widget);
  gint64 now_ms = self->clock != NULL ? dyno_clock_real_us (self->clock) / 1000
                                      : g_get_real_time () / 1000;
  g_autofree char *term = dyno_run_terms_since (now_ms, g_variant_get_int32 (days));

  toggle (self, term);
}

void
dyno_run_search_set_clock (DynoRunSearch *self,
                           DynoClock     *clock)
{
  self->clock = clock;
}

static gboolean
dyno_run_search_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (DYNO_RUN_SEARCH (widget)->entry));
}

static void
dyno_run_search_dispose (GObject *object)
{
  g_clear_handle_id (&DYNO_RUN_SEARCH (object)->settle_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_RUN_SEARCH);

  G_OBJECT_CLASS (dyno_run_search_parent_class)->dispose (object);
}

static void
dyno_run_search_class_init (DynoRunSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_run_search_dispose;
  widget_class->grab_focus = dyno_run_search_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", DYNO_TYPE_RUN_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", DYNO_TYPE_RUN_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-run-search.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "top", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, DynoRunSearch, entry);
  gtk_widget_class_bind_template_child (widget_class, DynoRunSearch, filters);
  gtk_widget_class_bind_template_child (widget_class, DynoRunSearch, revealer);
  gtk_widget_class_bind_template_child (widget_class, DynoRunSearch, help);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, icon_cb);
  gtk_widget_class_install_action (widget_class, "search.term", "s", term_action);
  gtk_widget_class_install_action (widget_class, "search.since", "i", since_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dyno_run_search_init (DynoRunSearch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  dyno_access_name_all (GTK_WIDGET (self));
}
