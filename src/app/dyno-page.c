/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-page.h"

#include "dyno-access.h"
#include "dyno-trouble.h"
#include "dyno-wording.h"

#include <glib/gi18n.h>

#define LEAST_WIDTH 340
#define LEAST_HEIGHT 300
#define NARROW_BELOW 600
#define WIDE_FROM 1024

typedef struct
{
  DynoShop     *shop;           /* (owned) */
  GCancellable *cancellable;    /* (owned) */
  GtkWidget    *child;          /* (owned) (nullable) */
  char         *title;          /* (owned) */
  char         *subtitle;       /* (owned) */
  char         *primary_label;  /* (owned) (nullable) */
  char         *primary_action; /* (owned) (nullable) */
  char         *badge;          /* (owned) (nullable) */
  DynoStatus    badge_status;
  DynoUnitSet   units;
  guint         subscription;   /* of the bus; 0 none */
  int           width;          /* as it was last looked at; 0 never */
  gboolean      is_narrow;
  gboolean      is_wide;
} DynoPagePrivate;

enum
{
  PROP_SHOP = 1,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_CHILD,
  PROP_NARROW,
  PROP_WIDE,
  N_PROPS
};

enum
{
  PRIMARY_CHANGED,
  BADGE_CHANGED,
  TOAST,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (DynoPage, dyno_page, GTK_TYPE_WIDGET)

static DynoPagePrivate *
private_of (DynoPage *self)
{
  return dyno_page_get_instance_private (self);
}

/* TRUE when the text is another. */
static gboolean
replace_text (char       **text,
              const char  *with)
{
  if (g_strcmp0 (*text, with) == 0)
    return FALSE;

  g_free (*text);
  *text = g_strdup (with);

  return TRUE;
}

DynoShop *
dyno_page_get_shop (DynoPage *self)
{
  return private_of (self)->shop;
}

GCancellable *
dyno_page_get_cancellable (DynoPage *self)
{
  return private_of (self)->cancellable;
}

DynoUnitSet
dyno_page_get_units (DynoPage *self)
{
  return private_of (self)->units;
}

gboolean
dyno_page_is_narrow (DynoPage *self)
{
  return private_of (self)->is_narrow;
}

gboolean
dyno_page_is_wide (DynoPage *self)
{
  return private_of (self)->is_wide;
}

const char *
dyno_page_get_title (DynoPage *self)
{
  return private_of (self)->title;
}

const char *
dyno_page_get_subtitle (DynoPage *self)
{
  return private_of (self)->subtitle;
}

void
dyno_page_set_subtitle (DynoPage   *self,
                        const char *subtitle)
{
  if (replace_text (&private_of (self)->subtitle, subtitle != NULL ? subtitle : ""))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SUBTITLE]);
}

void
dyno_page_set_primary (DynoPage   *self,
                       const char *label,
                       const char *action)
{
  DynoPagePrivate *priv = private_of (self);
  gboolean has_changed = replace_text (&priv->primary_label, label);

  has_changed |= replace_text (&priv->primary_action, action);
  if (has_changed)
    g_signal_emit (self, signals[PRIMARY_CHANGED], 0);
}

const char *
dyno_page_get_primary_label (DynoPage *self)
{
  return private_of (self)->primary_label;
}

const char *
dyno_page_get_primary_action (DynoPage *self)
{
  return private_of (self)->primary_action;
}

void
dyno_page_set_badge (DynoPage   *self,
                     DynoStatus  status,
                     const char *word)
{
  DynoPagePrivate *priv = private_of (self);

  if (!replace_text (&priv->badge, word) && priv->badge_status == status)
    return;

  priv->badge_status = status;
  g_signal_emit (self, signals[BADGE_CHANGED], 0);
}

const char *
dyno_page_get_badge (DynoPage   *self,
                     DynoStatus *status)
{
  *status = private_of (self)->badge_status;

  return private_of (self)->badge;
}

/* Toasts. */

AdwToast *
dyno_page_toast (DynoPage   *self,
                 const char *cause,
                 const char *text,
                 const char *button)
{
  AdwToast *toast = adw_toast_new ("");
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_toast_set_title (toast, markup);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_timeout (toast, button != NULL ? 10 : 4);
  g_signal_emit (self, signals[TOAST], 0, toast, cause);

  return toast;
}

static void
details_cb (AdwToast *toast,
            DynoPage *self)
{
  dyno_trouble_show (GTK_WIDGET (self), g_object_get_data (G_OBJECT (toast), "dyno-error"));
}

void
dyno_page_toast_error (DynoPage     *self,
                       const GError *error)
{
  g_autoptr(AdwToast) toast = NULL;

  if (dyno_trouble_is_cancelled (error))
    return;

  toast = dyno_page_toast (self, error->message, error->message, _ ("Details"));
  g_object_set_data_full (G_OBJECT (toast), "dyno-error", g_error_copy (error),
                          (GDestroyNotify) g_error_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (details_cb), self, 0);
}

/* Settings. */

static void
config_cb (DynoTopic   topic,
           const char *key,
           const char *detail,
           gpointer    user_data)
{
  DynoPage *self = user_data;
  DynoPagePrivate *priv = private_of (self);
  DynoPageClass *klass = DYNO_PAGE_GET_CLASS (self);
  DynoUnitSet units = dyno_wording_units (dyno_shop_get_config (priv->shop));

  if (priv->units != units)
    {
      priv->units = units;
      if (klass->units_changed != NULL)
        klass->units_changed (self);
    }
  if (klass->config_changed != NULL)
    klass->config_changed (self, key);
}

/* Size. */

static void
set_child (DynoPage  *self,
           GtkWidget *child)
{
  DynoPagePrivate *priv = private_of (self);

  /* A template that is disposed of has let go of it already. */
  if (priv->child != NULL && gtk_widget_get_parent (priv->child) == GTK_WIDGET (self))
    gtk_widget_unparent (priv->child);
  g_clear_object (&priv->child);
  if (child == NULL)
    return;

  priv->child = g_object_ref_sink (child);
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
dyno_page_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  DynoPagePrivate *priv = private_of (DYNO_PAGE (widget));
  int least = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_WIDTH : LEAST_HEIGHT;
  int child_minimum = 0;
  int child_natural = 0;

  if (priv->child != NULL)
    gtk_widget_measure (priv->child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
  *minimum = MIN (child_minimum, least);
  *natural = MAX (child_natural, least);
}

static void
width_settled (DynoPage *self)
{
  DynoPageClass *klass = DYNO_PAGE_GET_CLASS (self);

  if (klass->width_changed != NULL)
    klass->width_changed (self);
}

/* Before the child is measured for it, so that it has the right shape at once. */
static void
look_at_width (DynoPage *self,
               int       width)
{
  DynoPagePrivate *priv = private_of (self);
  gboolean is_narrow = width < NARROW_BELOW;
  gboolean is_wide = width >= WIDE_FROM;
  gboolean is_first = priv->width == 0;
  gboolean was_narrow = priv->is_narrow;
  gboolean was_wide = priv->is_wide;

  priv->width = width;
  priv->is_narrow = is_narrow;
  priv->is_wide = is_wide;
  if (is_narrow != was_narrow)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
  if (is_wide != was_wide)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WIDE]);
  if (is_first || is_narrow != was_narrow || is_wide != was_wide)
    width_settled (self);
}

static void
dyno_page_size_allocate (GtkWidget *widget,
                         int        width,
                         int        height,
                         int        baseline)
{
  DynoPage *self = DYNO_PAGE (widget);
  DynoPagePrivate *priv = private_of (self);
  int minimum_width;
  int minimum_height;

  look_at_width (self, width);
  if (priv->child == NULL)
    return;

  gtk_widget_measure (priv->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL,
                      NULL);
  width = MAX (width, minimum_width);
  gtk_widget_measure (priv->child, GTK_ORIENTATION_VERTICAL, width, &minimum_height, NULL, NULL,
                      NULL);
  gtk_widget_allocate (priv->child, width, MAX (height, minimum_height), -1, NULL);
}

/* Object. */

static void
dyno_page_constructed (GObject *object)
{
  DynoPage *self = DYNO_PAGE (object);
  DynoPagePrivate *priv = private_of (self);

  G_OBJECT_CLASS (dyno_page_parent_class)->constructed (object);

  g_assert (priv->shop != NULL);
  dyno_access_name_all (GTK_WIDGET (self));
}

static void
dyno_page_dispose (GObject *object)
{
  DynoPagePrivate *priv = private_of (DYNO_PAGE (object));

  g_cancellable_cancel (priv->cancellable);
  if (priv->subscription != 0)
    dyno_bus_unsubscribe (dyno_shop_get_bus (priv->shop), priv->subscription);
  priv->subscription = 0;
  set_child (DYNO_PAGE (object), NULL);

  G_OBJECT_CLASS (dyno_page_parent_class)->dispose (object);
}

static void
dyno_page_finalize (GObject *object)
{
  DynoPagePrivate *priv = private_of (DYNO_PAGE (object));

  g_clear_pointer (&priv->shop, dyno_shop_unref);
  g_clear_object (&priv->cancellable);
  g_free (priv->title);
  g_free (priv->subtitle);
  g_free (priv->primary_label);
  g_free (priv->primary_action);
  g_free (priv->badge);

  G_OBJECT_CLASS (dyno_page_parent_class)->finalize (object);
}

static void
dyno_page_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  DynoPagePrivate *priv = private_of (DYNO_PAGE (object));

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, priv->subtitle);
      break;
    case PROP_CHILD:
      g_value_set_object (value, priv->child);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, priv->is_narrow);
      break;
    case PROP_WIDE:
      g_value_set_boolean (value, priv->is_wide);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_shop (DynoPage *self,
          DynoShop *shop)
{
  DynoPagePrivate *priv = private_of (self);

  g_assert (shop != NULL);
  priv->shop = dyno_shop_ref (shop);
  priv->units = dyno_wording_units (dyno_shop_get_config (shop));
  priv->subscription = dyno_bus_subscribe (dyno_shop_get_bus (shop), DYNO_TOPIC_CONFIG, NULL,
                                           config_cb, self, NULL);
}

static void
dyno_page_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  DynoPage *self = DYNO_PAGE (object);

  switch (id)
    {
    case PROP_SHOP:
      set_shop (self, g_value_get_pointer (value));
      break;
    case PROP_TITLE:
      replace_text (&private_of (self)->title, g_value_get_string (value));
      break;
    case PROP_SUBTITLE:
      dyno_page_set_subtitle (self, g_value_get_string (value));
      break;
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dyno_page_class_init (DynoPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags both = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = dyno_page_constructed;
  object_class->dispose = dyno_page_dispose;
  object_class->finalize = dyno_page_finalize;
  object_class->get_property = dyno_page_get_property;
  object_class->set_property = dyno_page_set_property;
  widget_class->measure = dyno_page_measure;
  widget_class->size_allocate = dyno_page_size_allocate;

  props[PROP_SHOP] =
      g_param_spec_pointer ("shop", NULL, NULL,
                            G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", both);
  props[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, "", both);
  props[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, both);
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, read);
  props[PROP_WIDE] = g_param_spec_boolean ("wide", NULL, NULL, FALSE, read);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[PRIMARY_CHANGED] = g_signal_new ("primary-changed", DYNO_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BADGE_CHANGED] = g_signal_new ("badge-changed", DYNO_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TOAST] = g_signal_new ("toast", DYNO_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, ADW_TYPE_TOAST, G_TYPE_STRING);
}

static void
dyno_page_init (DynoPage *self)
{
  DynoPagePrivate *priv = private_of (self);

  priv->cancellable = g_cancellable_new ();
  priv->subtitle = g_strdup ("");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
