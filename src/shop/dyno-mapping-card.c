/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-mapping-card.h"

#include <string.h>

#include "dyno-crypt.h"
#include "dyno-error.h"
#include "dyno-mapping-private.h"
#include "dyno-shop-private.h"

#define SIGNATURE_LENGTH 16

static void
line_free (gpointer data)
{
  DynoMappingLine *line = data;

  g_free (line->source_name);
  g_free (line);
}

void
dyno_mapping_card_free (DynoMappingCard *self)
{
  if (self == NULL)
    return;

  g_free (self->signature);
  g_free (self->provider);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

void
dyno_mapping_wish_free (DynoMappingWish *self)
{
  if (self == NULL)
    return;

  g_free (self->source_name);
  g_free (self);
}

/* Cards */

static DynoMappingCard *
card_new (const char *provider)
{
  DynoMappingCard *self = g_new0 (DynoMappingCard, 1);
  g_autofree char *sum = dyno_crypt_sha256_hex (provider, strlen (provider));

  self->signature = g_strndup (sum, SIGNATURE_LENGTH);
  self->provider = g_strdup (provider);
  self->version = 1;
  self->lines = g_ptr_array_new_with_free_func (line_free);

  return self;
}

static void
add_heard (DynoMappingCard        *self,
           const DynoChannelState *channel)
{
  DynoMappingLine *line = g_new0 (DynoMappingLine, 1);

  line->canonical = channel->canonical;
  line->source_id = channel->channel->id;
  line->source_name = g_strdup (channel->channel->display_name);
  line->unit = channel->channel->unit;
  line->is_pinned = channel->is_pinned;
  line->confidence = channel->confidence;
  line->reason = channel->bound_reason;
  g_ptr_array_add (self->lines, line);
}

DynoMappingCard *
dyno_mapping_card_new (const DynoCaptureState *state,
                       guint                   provider)
{
  const DynoProviderState *heard = &state->providers[provider];
  DynoMappingCard *self = card_new (heard->name);

  self->is_heard = TRUE;
  for (guint i = 0; i < heard->n_channels; i++)
    {
      const DynoChannelState *channel = &state->channels[heard->first_channel + i];

      if (channel->canonical != DYNO_CHANNEL_NONE)
        add_heard (self, channel);
    }

  return self;
}

static gboolean
has_canonical (const DynoMappingCard *self,
               DynoChannel            canonical)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      if (((DynoMappingLine *) g_ptr_array_index (self->lines, i))->canonical == canonical)
        return TRUE;
    }

  return FALSE;
}

/* A pin of a dyno, or of a channel, that is not heard now. */
static void
add_pin (DynoMappingCard *self,
         const DynoPin   *pin)
{
  DynoMappingLine *line;

  if (pin->canonical == DYNO_CHANNEL_NONE || has_canonical (self, pin->canonical))
    return;

  line = g_new0 (DynoMappingLine, 1);
  line->canonical = pin->canonical;
  line->source_id = -1;
  line->source_name = pin->occurrence > 1
                        ? g_strdup_printf ("%s #%u", pin->channel, pin->occurrence)
                        : g_strdup (pin->channel);
  line->unit = dyno_klhdv_unit (pin->unit_code);
  line->is_pinned = TRUE;
  line->confidence = 1;
  line->reason = "pinned";
  g_ptr_array_add (self->lines, line);
}

static gboolean
is_of (const DynoPin *pin,
       const char    *provider)
{
  return g_str_equal (pin->provider, provider);
}

/* Settings of pins have no version of their own: what they say is it. */
static void
add_pins (DynoMappingCard *self,
          GPtrArray       *pins)
{
  g_autoptr(GPtrArray) own = g_ptr_array_new ();
  g_autofree char *json = NULL;

  for (guint i = 0; i < pins->len; i++)
    {
      DynoPin *pin = g_ptr_array_index (pins, i);

      if (!is_of (pin, self->provider))
        continue;
      add_pin (self, pin);
      g_ptr_array_add (own, pin);
    }
  json = dyno_mapping_pins_json (own);
  self->version = 1 + (gint64) dyno_crypt_crc32 (0, json, strlen (json));
}

static gboolean
has_card (GPtrArray  *cards,
          const char *provider)
{
  for (guint i = 0; i < cards->len; i++)
    {
      if (g_str_equal (((DynoMappingCard *) g_ptr_array_index (cards, i))->provider, provider))
        return TRUE;
    }

  return FALSE;
}

/* (transfer full) of DynoMappingCard */
static GPtrArray *
make_cards (DynoShop  *shop,
            GPtrArray *pins)
{
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (shop->live);
  GPtrArray *cards = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_mapping_card_free);

  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider && state->providers[i].name[0] != '\0'
          && !has_card (cards, state->providers[i].name))
        g_ptr_array_add (cards, dyno_mapping_card_new (state, i));
    }
  for (guint i = 0; i < pins->len; i++)
    {
      const DynoPin *pin = g_ptr_array_index (pins, i);

      if (!has_card (cards, pin->provider))
        g_ptr_array_add (cards, card_new (pin->provider));
    }
  for (guint i = 0; i < cards->len; i++)
    add_pins (g_ptr_array_index (cards, i), pins);

  return cards;
}

static gpointer
cards (const DynoErrand *errand,
       gpointer          unused,
       GError          **error)
{
  g_autoptr(GPtrArray) pins = dyno_mapping_load (errand->shop->store, errand->await, NULL, error);

  return pins != NULL ? make_cards (errand->shop, pins) : NULL;
}

static const DynoOperation cards_operation = { "mapping-cards", cards,
                                               (GDestroyNotify) g_ptr_array_unref, TRUE };

void
dyno_mapping_cards_async (DynoShop            *shop,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  dyno_operation_start (shop, &cards_operation, NULL, NULL, cancellable, callback, user_data);
}

GPtrArray *
dyno_mapping_cards_finish (GAsyncResult *result,
                           GError      **error)
{
  return dyno_operation_finish (result, &cards_operation, error);
}

/* One of them */

static DynoMappingCard *
find_card (const DynoErrand *errand,
           const char       *signature,
           GError          **error)
{
  g_autoptr(GPtrArray) all = cards (errand, NULL, error);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      DynoMappingCard *card = g_ptr_array_index (all, i);

      if (g_str_equal (card->signature, signature))
        return g_ptr_array_steal_index (all, i);
    }
  if (all != NULL)
    dyno_error_set (error, DYNO_ERROR_NOT_FOUND, "mapping", "There is no such dyno.");

  return NULL;
}

static gpointer
card (const DynoErrand *errand,
      gpointer          signature,
      GError          **error)
{
  return find_card (errand, signature, error);
}

static const DynoOperation card_operation = { "mapping-card", card,
                                              (GDestroyNotify) dyno_mapping_card_free, TRUE };

void
dyno_mapping_card_async (DynoShop            *shop,
                         const char          *signature,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  dyno_operation_start (shop, &card_operation, g_strdup (signature), g_free, cancellable, callback,
                        user_data);
}

DynoMappingCard *
dyno_mapping_card_finish (GAsyncResult *result,
                          GError      **error)
{
  return dyno_operation_finish (result, &card_operation, error);
}

/* Changing */

typedef struct
{
  char      *signature; /* (owned) */
  gint64     version;
  GPtrArray *wishes;    /* (owned) */
} Put;

static void
put_free (gpointer data)
{
  Put *put = data;

  g_free (put->signature);
  g_ptr_array_unref (put->wishes);
  g_free (put);
}

static gboolean
is_meant (const DynoMappingWish *wish,
          const DynoWireChannel *channel)
{
  if (wish->source_id >= 0)
    return channel->id == wish->source_id;

  return wish->source_name != NULL && g_str_equal (channel->display_name, wish->source_name);
}

/* The source among what is heard of that dyno. (transfer full) (nullable) */
static DynoPin *
find_heard (DynoShop              *shop,
            const char            *provider,
            const DynoMappingWish *wish)
{
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (shop->live);

  for (guint i = 0; state != NULL && i < state->n_channels; i++)
    {
      const DynoChannelState *channel = &state->channels[i];
      const DynoWireChannel *wire = channel->channel;

      if (g_str_equal (state->providers[channel->provider].name, provider) && is_meant (wish, wire))
        return dyno_pin_new (provider, wire->name, wire->unit_code, wire->occurrence,
                             wish->is_enabled ? wish->canonical : DYNO_CHANNEL_NONE);
    }

  return NULL;
}

/* The same among the pins of a dyno that is not heard. */
static DynoPin *
find_pinned (GPtrArray             *pins,
             const DynoMappingWish *wish)
{
  for (guint i = 0; i < pins->len; i++)
    {
      const DynoPin *pin = g_ptr_array_index (pins, i);

      if (g_strcmp0 (pin->channel, wish->source_name) == 0)
        return dyno_pin_new (pin->provider, pin->channel, pin->unit_code, pin->occurrence,
                             wish->is_enabled ? wish->canonical : DYNO_CHANNEL_NONE);
    }

  return NULL;
}

/* (transfer full) of DynoPin; NULL with an error. */
static GPtrArray *
make_pins (DynoShop    *shop,
           const char  *provider,
           GPtrArray   *known,
           GPtrArray   *wishes,
           GError     **error)
{
  g_autoptr(GPtrArray) pins = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_pin_free);

  for (guint i = 0; i < wishes->len; i++)
    {
      const DynoMappingWish *wish = g_ptr_array_index (wishes, i);
      DynoPin *pin = find_heard (shop, provider, wish);

      if (pin == NULL)
        pin = find_pinned (known, wish);
      if (pin == NULL)
        {
          dyno_error_set (error, DYNO_ERROR_INVALID, "mapping_source",
                          "The dyno has no such channel for “%s” now. Name one of its channels.",
                          dyno_channel_info (wish->canonical)->title);
          return NULL;
        }
      g_ptr_array_add (pins, pin);
      if (!dyno_mapping_check (pin->unit_code, pin->canonical, error))
        return NULL;
    }

  return g_steal_pointer (&pins);
}

static void
tell_capture (DynoShop  *shop,
              GPtrArray *old,
              GPtrArray *pins)
{
  for (guint i = 0; shop->capture != NULL && i < old->len; i++)
    dyno_capture_unpin (shop->capture, g_ptr_array_index (old, i));
  for (guint i = 0; shop->capture != NULL && i < pins->len; i++)
    dyno_capture_pin (shop->capture, g_ptr_array_index (pins, i));
  dyno_bus_publish (shop->bus, DYNO_TOPIC_CAPTURE, "mapping", NULL);
}

/* What the capture has bound anew stands in its next picture: the answer is of the pins. */
static DynoMappingCard *
card_of_pins (const char *provider,
              GPtrArray  *pins)
{
  DynoMappingCard *self = card_new (provider);

  add_pins (self, pins);

  return self;
}

static gpointer
put (const DynoErrand *errand,
     gpointer          data,
     GError          **error)
{
  Put *wanted = data;
  g_autoptr(DynoMappingCard) known = find_card (errand, wanted->signature, error);
  g_autoptr(GPtrArray) old = NULL;
  g_autoptr(GPtrArray) pins = NULL;

  if (known == NULL)
    return NULL;
  if (known->version != wanted->version)
    {
      dyno_error_set (error, DYNO_ERROR_CONFLICT, "stale",
                      "The mapping was changed since you read it. Read it again.");
      return NULL;
    }

  old = dyno_mapping_load (errand->shop->store, errand->await, known->provider, error);
  if (old == NULL)
    return NULL;
  pins = make_pins (errand->shop, known->provider, old, wanted->wishes, error);
  if (pins == NULL || !dyno_mapping_keep (errand, known->provider, pins, error))
    return NULL;
  tell_capture (errand->shop, old, pins);

  return card_of_pins (known->provider, pins);
}

static const DynoOperation put_operation = { "mapping-put", put,
                                             (GDestroyNotify) dyno_mapping_card_free, TRUE };

void
dyno_mapping_put_async (DynoShop            *shop,
                        const char          *signature,
                        gint64               version,
                        GPtrArray           *wishes,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Put *wanted = g_new0 (Put, 1);

  wanted->signature = g_strdup (signature);
  wanted->version = version;
  wanted->wishes = wishes;
  dyno_operation_start (shop, &put_operation, wanted, put_free, cancellable, callback, user_data);
}

DynoMappingCard *
dyno_mapping_put_finish (GAsyncResult *result,
                         GError      **error)
{
  return dyno_operation_finish (result, &put_operation, error);
}
