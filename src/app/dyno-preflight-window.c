/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preflight-window.h"

#include "dyno-access.h"
#include "dyno-check-row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _DynoPreflightWindow
{
  AdwWindow            parent_instance;

  DynoPreflightRunner *runner;  /* (owned) */
  gboolean             arms;    /* once it has passed */
  DynoCheckRow        *rows[DYNO_N_PREFLIGHT_CHECKS]; /* children */

  GtkProgressBar      *bar;     /* template */
  GtkLabel            *progress;
  GtkListBox          *list;
  GtkButton           *again;
  GtkButton           *arm;
  GtkRevealer         *override;
  GtkEditable         *reason;
  GtkButton           *arm_anyway;
};

enum
{
  FIX,
  ARM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DynoPreflightWindow, dyno_preflight_window, ADW_TYPE_WINDOW)

static const struct
{
  const char *title;
  const char *button; /* what the window can do about it */
} kinds[DYNO_N_PREFLIGHT_CHECKS] = {
  [DYNO_PREFLIGHT_LINK] = { N_ ("Link"), N_ ("Doctor") },
  [DYNO_PREFLIGHT_PROVIDER] = { N_ ("Dyno"), N_ ("Choose") },
  [DYNO_PREFLIGHT_REQUIRED] = { N_ ("Required channels"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_RECOMMENDED] = { N_ ("Recommended channels"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_HEALTH] = { N_ ("Rates and loss"), N_ ("Link") },
  [DYNO_PREFLIGHT_RPM] = { N_ ("Engine speed"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_MIXTURE] = { N_ ("Mixture"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_THROTTLE] = { N_ ("Throttle"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_POWER] = { N_ ("Power"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_TORQUE] = { N_ ("Torque"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_GEAR] = { N_ ("Gear"), N_ ("Mapping") },
  [DYNO_PREFLIGHT_ATMOSPHERE] = { N_ ("Weather"), NULL },
  [DYNO_PREFLIGHT_DISK] = { N_ ("Disk"), NULL },
};

static DynoStatus
status_of (DynoPreflightStatus status)
{
  static const DynoStatus statuses[] = {
    [DYNO_PREFLIGHT_PASS] = DYNO_STATUS_OK,
    [DYNO_PREFLIGHT_WARN] = DYNO_STATUS_WARN,
    [DYNO_PREFLIGHT_FAIL] = DYNO_STATUS_FAULT,
    [DYNO_PREFLIGHT_SKIP] = DYNO_STATUS_OFF,
  };

  return statuses[status];
}

static const char *
word_of (DynoPreflightStatus status)
{
  static const char *const words[] = {
    [DYNO_PREFLIGHT_PASS] = N_ ("good"),
    [DYNO_PREFLIGHT_WARN] = N_ ("look"),
    [DYNO_PREFLIGHT_FAIL] = N_ ("failed"),
    [DYNO_PREFLIGHT_SKIP] = N_ ("not judged"),
  };

  return _ (words[status]);
}

static void
show_check (DynoPreflightWindow      *self,
            guint                     kind,
            const DynoPreflightCheck *check)
{
  gboolean is_bad = check->status == DYNO_PREFLIGHT_FAIL || check->status == DYNO_PREFLIGHT_WARN;
  const char *button = is_bad && kinds[kind].button != NULL ? _ (kinds[kind].button) : NULL;

  dyno_check_row_show (self->rows[kind], status_of (check->status), word_of (check->status),
                       check->message != NULL ? check->message : "", is_bad ? check->fix : NULL,
                       button);
}

/* While it runs nothing old is shown as if it were true. */
static void
show_waiting (DynoPreflightWindow *self)
{
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    dyno_check_row_show (self->rows[i], DYNO_STATUS_OFF, "", _ ("being looked at"), NULL, NULL);
}

static void
show_progress (DynoPreflightWindow *self)
{
  guint done = dyno_preflight_runner_get_done (self->runner);
  double left_s = dyno_preflight_runner_get_left_s (self->runner);
  g_autofree char *text =
      g_strdup_printf (_ ("%u of %u checks, %.0f s of sampling left"), done,
                       DYNO_N_PREFLIGHT_CHECKS, ceil (left_s));

  gtk_progress_bar_set_fraction (self->bar, (double) done / DYNO_N_PREFLIGHT_CHECKS);
  gtk_label_set_label (self->progress, text);
}

static char *
summary_of (const DynoPreflight *result)
{
  guint n_good;
  guint n_judged;

  dyno_preflight_count (result, &n_good, &n_judged);
  if (n_good < n_judged)
    return g_strdup_printf (ngettext ("%u check failed: mend it, or arm with a reason.",
                                      "%u checks failed: mend them, or arm with a reason.",
                                      n_judged - n_good),
                            n_judged - n_good);
  if (result->si_verified)
    return g_strdup_printf (_ ("All %u checks are good. Power, force and speed agree."), n_judged);

  return g_strdup_printf (_ ("All %u checks are good."), n_judged);
}

static void
show_result (DynoPreflightWindow *self,
             const DynoPreflight *result)
{
  g_autofree char *text = summary_of (result);

  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    show_check (self, i, &result->checks[i]);
  gtk_label_set_label (self->progress, text);
}

static void
update (DynoPreflightWindow *self)
{
  gboolean is_running = dyno_preflight_runner_is_running (self->runner);
  const GError *error = dyno_preflight_runner_get_error (self->runner);
  g_autoptr(DynoPreflight) result = dyno_preflight_runner_ref_result (self->runner);
  gboolean has_passed = result != NULL && result->has_passed;

  gtk_widget_set_visible (GTK_WIDGET (self->bar), is_running);
  gtk_widget_set_visible (GTK_WIDGET (self->again), !is_running);
  gtk_widget_set_visible (GTK_WIDGET (self->arm), !is_running && has_passed);
  gtk_revealer_set_reveal_child (self->override, !is_running && result != NULL && !has_passed);
  if (is_running)
    {
      show_waiting (self);
      show_progress (self);
    }
  else if (error != NULL)
    gtk_label_set_label (self->progress, error->message);
  else if (result != NULL)
    show_result (self, result);
}

static void
finished_cb (DynoPreflightWindow *self)
{
  g_autoptr(DynoPreflight) result = dyno_preflight_runner_ref_result (self->runner);
  gboolean has_passed = result != NULL && result->has_passed
                        && dyno_preflight_runner_get_error (self->runner) == NULL;

  update (self);
  if (!self->arms || !has_passed || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  g_signal_emit (self, signals[ARM], 0, NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static void
again_cb (DynoPreflightWindow *self)
{
  dyno_preflight_runner_start (self->runner);
}

static void
arm_cb (DynoPreflightWindow *self)
{
  g_signal_emit (self, signals[ARM], 0, NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static char *
dup_reason (DynoPreflightWindow *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->reason)));
}

static void
reason_changed_cb (DynoPreflightWindow *self)
{
  g_autofree char *reason = dup_reason (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->arm_anyway),
                            g_utf8_strlen (reason, -1) >= DYNO_PREFLIGHT_LEAST_REASON);
}

static void
arm_anyway_cb (DynoPreflightWindow *self)
{
  g_autofree char *reason = dup_reason (self);

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->arm_anyway)))
    return;

  g_signal_emit (self, signals[ARM], 0, reason);
  gtk_window_close (GTK_WINDOW (self));
}

static void
fix_cb (DynoCheckRow        *row,
        DynoPreflightWindow *self)
{
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    {
      if (self->rows[i] == row)
        g_signal_emit (self, signals[FIX], 0, (int) i);
    }
}

static void
dyno_preflight_window_dispose (GObject *object)
{
  DynoPreflightWindow *self = DYNO_PREFLIGHT_WINDOW (object);

  if (self->runner != NULL)
    g_signal_handlers_disconnect_by_data (self->runner, self);
  g_clear_object (&self->runner);
  gtk_widget_dispose_template (GTK_WIDGET (object), DYNO_TYPE_PREFLIGHT_WINDOW);

  G_OBJECT_CLASS (dyno_preflight_window_parent_class)->dispose (object);
}

static void
dyno_preflight_window_class_init (DynoPreflightWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dyno_preflight_window_dispose;
  signals[FIX] = g_signal_new ("fix", DYNO_TYPE_PREFLIGHT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[ARM] = g_signal_new ("arm", DYNO_TYPE_PREFLIGHT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dynoai/DynoAI/dyno-preflight-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, bar);
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, list);
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, again);
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, arm);
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, override);
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, reason);
  gtk_widget_class_bind_template_child (widget_class, DynoPreflightWindow, arm_anyway);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, arm_cb);
  gtk_widget_class_bind_template_callback (widget_class, arm_anyway_cb);
  gtk_widget_class_bind_template_callback (widget_class, reason_changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dyno_preflight_window_init (DynoPreflightWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < DYNO_N_PREFLIGHT_CHECKS; i++)
    {
      self->rows[i] = DYNO_CHECK_ROW (dyno_check_row_new (_ (kinds[i].title)));
      g_signal_connect_object (self->rows[i], "fix", G_CALLBACK (fix_cb), self, 0);
      gtk_list_box_append (self->list, GTK_WIDGET (self->rows[i]));
    }
}

GtkWidget *
dyno_preflight_window_new (DynoPreflightRunner *runner,
                           gboolean             arms)
{
  DynoPreflightWindow *self = g_object_new (DYNO_TYPE_PREFLIGHT_WINDOW, NULL);

  self->runner = g_object_ref (runner);
  self->arms = !!arms;
  g_signal_connect_object (runner, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runner, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
