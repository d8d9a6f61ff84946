/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Which channel of a dyno is rpm, mixture, pressure. */

#include "config.h"

#include "dyno-api-ask.h"
#include "dyno-api-list.h"
#include "dyno-mapping-card.h"
#include "dyno-shape-mapping.h"

static const DynoField source_fields[] = {
  { "source_id", DYNO_COUNT, DYNO_NULLABLE, "Its number on the wire now; null: not heard" },
  { "source_name", DYNO_ANY_TEXT, 0, "Its name, unique within the dyno" },
  { "transform", DYNO_ANY_TEXT, DYNO_NULLABLE, "How its values become SI" },
  { "enabled", DYNO_BOOLEAN, 0, "It is used" },
  { "pinned", DYNO_BOOLEAN, 0, "A person has said so; else the names" },
  { NULL }
};
static const DynoSchema source_schema = { "MappingSource", "What a channel is bound to",
                                          source_fields };

#define MAPPING_FIELDS                                                                       \
  { "signature", DYNO_TEXT (16, 16), 0, "Stands for the dyno in paths" },                    \
  { "provider", DYNO_ANY_TEXT, 0, "Name of the dyno" },                                      \
  { "heard", DYNO_BOOLEAN, 0, "It is on the network" },                                      \
  { "version", DYNO_COUNT, 0, "For If-Match" },                                              \
  { "channels", DYNO_MAP (100, DYNO_OBJECT (&source_schema)), 0, "By canonical channel" }

static const DynoField mapping_fields[] = { MAPPING_FIELDS, { NULL } };
static const DynoSchema mapping_schema = { "Mapping", "Which channel of a dyno is what",
                                           mapping_fields };

static const char *
card_id (gconstpointer item)
{
  return ((const DynoMappingCard *) item)->signature;
}

static void
shape_card (DynoJsonWriter *w,
            gconstpointer   item)
{
  dyno_json_writer_begin_object (w);
  dyno_shape_mapping_members (w, item);
  dyno_json_writer_end_object (w);
}

static void
reply_cards (DynoRequest *request,
             GPtrArray   *cards)
{
  dyno_api_list_reply (request, cards, card_id, shape_card);
}

DYNO_API_ANSWER (cards_listed, GPtrArray, dyno_mapping_cards_finish, reply_cards)

static void
list_mappings (DynoRequest *request)
{
  DYNO_API_ASK (request, cards_listed, dyno_mapping_cards_async);
}

static void
reply_card (DynoRequest     *request,
            DynoMappingCard *card)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_reply_tag (request, card->signature, card->version);
  shape_card (w, card);
  dyno_reply_json (request, w);
}

DYNO_API_ANSWER (card_found, DynoMappingCard, dyno_mapping_card_finish, reply_card)

static void
get_mapping (DynoRequest *request)
{
  DYNO_API_ASK (request, card_found, dyno_mapping_card_async,
                dyno_request_text (request, "signature"));
}

/* Changing */

static void
add_wish (GPtrArray      *wishes,
          const char     *name,
          const DynoJson *source)
{
  DynoMappingWish *wish = g_new0 (DynoMappingWish, 1);

  wish->canonical = dyno_channel_find (name);
  wish->source_id = (int) dyno_json_get_integer (source, "source_id", -1);
  wish->source_name = g_strdup (dyno_json_get_string (source, "source_name"));
  wish->is_enabled = dyno_json_get_boolean (source, "enabled", TRUE);
  g_ptr_array_add (wishes, wish);
}

/* NULL: answered. */
static GPtrArray *
read_wishes (DynoRequest *request)
{
  const DynoJson *channels = dyno_request_value (request, "channels");
  g_autoptr(GPtrArray) names = dyno_json_names (channels);
  g_autoptr(GPtrArray) wishes
    = g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_mapping_wish_free);
  g_autoptr(DynoFlaws) flaws = dyno_flaws_new ();

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *pointer = dyno_flaws_below ("/channels", name);

      if (dyno_channel_find (name) == DYNO_CHANNEL_NONE)
        dyno_flaws_add (flaws, pointer, "choice", "There is no channel “%s”.", name);
      else
        add_wish (wishes, name, dyno_json_member (channels, name));
    }
  if (dyno_flaws_count (flaws) == 0)
    return g_steal_pointer (&wishes);

  dyno_reply_problem (request, &(DynoProblem) { .code = "VALIDATION_ERROR", .flaws = flaws });

  return NULL;
}

DYNO_API_ANSWER (card_put, DynoMappingCard, dyno_mapping_put_finish, reply_card)

static void
put_mapping (DynoRequest *request)
{
  GPtrArray *wishes = read_wishes (request);

  if (wishes != NULL)
    DYNO_API_ASK (request, card_put, dyno_mapping_put_async,
                  dyno_request_text (request, "signature"), dyno_request_get_version (request),
                  wishes);
}

static void
reply_nothing (DynoRequest     *request,
               DynoMappingCard *card)
{
  dyno_reply_empty (request);
}

DYNO_API_ANSWER (card_deleted, DynoMappingCard, dyno_mapping_put_finish, reply_nothing)

static void
delete_mapping (DynoRequest *request)
{
  DYNO_API_ASK (request, card_deleted, dyno_mapping_put_async,
                dyno_request_text (request, "signature"), dyno_request_get_version (request),
                g_ptr_array_new_with_free_func ((GDestroyNotify) dyno_mapping_wish_free));
}

/* Suggestions */

static const DynoField item_fields[] = {
  { "canonical", DYNO_ANY_TEXT, 0, "Channel" },
  { "confidence", DYNO_NUMBER (0, 1), 0, "How sure it is" },
  { "reason", DYNO_ANY_TEXT, DYNO_NULLABLE, "pinned, name, prefix, pattern, template" },
  { NULL }
};
static const DynoSchema item_schema = { "MappingConfidence", "How sure a binding is", item_fields };

static const DynoField confidence_fields[] = {
  { "items", DYNO_LIST (DYNO_OBJECT (&item_schema)), 0, "By channel" },
  { "overall", DYNO_NUMBER (0, 1), 0, "The least of those that a tune needs" },
  { NULL }
};
static const DynoSchema confidence_schema = { "MappingConfidences", "How sure a mapping is",
                                              confidence_fields };

static const DynoField suspect_fields[] = {
  { "canonical", DYNO_ANY_TEXT, 0, "What it is taken for" },
  { "source_name", DYNO_ANY_TEXT, 0, "Its name" },
  { "carries", DYNO_WORD ("afr|lambda|rpm"), 0, "What its values look like" },
  { NULL }
};
static const DynoSchema suspect_schema = { "MappingSuspect", "A channel that is labelled wrong",
                                           suspect_fields };

static const DynoField suggestion_fields[] = {
  MAPPING_FIELDS,
  { "confidence", DYNO_OBJECT (&confidence_schema), 0, "How sure it is" },
  { "missing_required", DYNO_LIST (DYNO_ANY_TEXT), 0, "Channels that a tune needs" },
  { "suspected_mislabels", DYNO_LIST (DYNO_OBJECT (&suspect_schema)), 0, "Look at these" },
  { NULL }
};
static const DynoSchema suggestion_schema = { "MappingSuggestion", "A mapping that is not kept",
                                              suggestion_fields };

/* −1: it is not heard. */
static int
find_provider (const DynoCaptureState *state,
               const char             *id)
{
  guint64 host = g_ascii_strtoull (id, NULL, 16);

  for (guint i = 0; state != NULL && i < state->n_providers; i++)
    {
      if (state->providers[i].is_provider && state->providers[i].host_id == host)
        return (int) i;
    }

  return -1;
}

static void
post_suggest (DynoRequest *request)
{
  DynoLive *live = dyno_shop_get_live (dyno_request_get_shop (request));
  g_autoptr(DynoCaptureState) state = dyno_live_ref_capture (live);
  int provider = find_provider (state, dyno_request_text (request, "provider_id"));
  const DynoMappingTemplate *kind
    = dyno_mapping_template_find (dyno_request_text (request, "template"));
  g_autoptr(DynoMappingCard) card = NULL;
  DynoJsonWriter *w;

  if (provider < 0)
    {
      dyno_reply_refuse (request, "NO_PROVIDER");
      return;
    }

  card = dyno_mapping_suggest (state, (guint) provider, kind);
  w = dyno_json_writer_new (FALSE);
  dyno_shape_suggestion (w, card, state, (guint) provider);
  dyno_reply_json (request, w);
}

static const DynoField template_fields[] = {
  { "id", DYNO_ANY_TEXT, 0, "Id" },
  { "title", DYNO_ANY_TEXT, 0, "The kind of dyno" },
  { "channels", DYNO_MAP (100, DYNO_ANY_TEXT), 0, "Names by canonical channel" },
  { NULL }
};
static const DynoSchema template_schema = { "MappingTemplate", "Names of a kind of dyno",
                                            template_fields };

static void
list_templates (DynoRequest *request)
{
  DynoJsonWriter *w = dyno_json_writer_new (FALSE);

  dyno_json_writer_begin_array (w);
  for (const DynoMappingTemplate *kind = dyno_mapping_templates (); kind->id != NULL; kind++)
    dyno_shape_template (w, kind);
  dyno_json_writer_end_array (w);
  dyno_reply_json (request, w);
}

/* The rows */

static const DynoField mapping_args[] = {
  { "signature", DYNO_TEXT (16, 16), DYNO_REQUIRED, "The dyno" },
  { NULL }
};

static const DynoField wish_fields[] = {
  { "source_id", DYNO_INTEGER (0, 65535), DYNO_NULLABLE, "Number on the wire, or" },
  { "source_name", DYNO_TEXT (1, 100), DYNO_NULLABLE, "name, as in the list of channels" },
  { "transform", DYNO_TEXT (0, 40), DYNO_NULLABLE, "As it was read; the unit decides" },
  { "enabled", DYNO_BOOLEAN, 0, "FALSE: this source is nothing", "true" },
  { "pinned", DYNO_BOOLEAN, 0, "As it was read; what is sent is pinned" },
  { NULL }
};
static const DynoSchema wish_schema = { "MappingWish", "What a channel shall be bound to",
                                        wish_fields };

static const DynoField mapping_body[] = {
  { "channels", DYNO_MAP (100, DYNO_OBJECT (&wish_schema)), DYNO_REQUIRED,
    "What is said here; the other channels go by their names" },
  { NULL }
};

static const DynoField suggest_body[] = {
  { "provider_id", DYNO_TEXT (3, 6), DYNO_REQUIRED, "A dyno that is heard, as 0x1A2B" },
  { "template", DYNO_WORD ("dynojet_rt150|dynojet_424x|mustang_md250"), DYNO_NULLABLE,
    "Its kind" },
  { NULL }
};

static const DynoRoute rows[] = {
  DYNO_ROUTE (DYNO_GET, "/api/v1/mapping-templates", DYNO_MAY (LIVE_READ), list_templates,
              .flags = DYNO_ROUTE_LIST, .reply = &template_schema, .summary = "Kinds of dynos"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/mappings", DYNO_MAY (LIVE_READ), list_mappings,
              .flags = DYNO_ROUTE_PAGE, .reply = &mapping_schema,
              .summary = "Mappings of the dynos that are heard or were pinned"),
  DYNO_ROUTE (DYNO_POST, "/api/v1/mappings/suggest", DYNO_MAY (LIVE_READ), post_suggest,
              .body = suggest_body, .status = 200, .reply = &suggestion_schema,
              .also = DYNO_STATUSES (409), .summary = "What the channels could be; not kept"),
  DYNO_ROUTE (DYNO_DELETE, "/api/v1/mappings/{signature}", DYNO_MAY (HARDWARE_CONFIGURE),
              delete_mapping, .args = mapping_args, .summary = "Back to the names"),
  DYNO_ROUTE (DYNO_GET, "/api/v1/mappings/{signature}", DYNO_MAY (LIVE_READ), get_mapping,
              .args = mapping_args, .reply = &mapping_schema, .summary = "One mapping"),
  DYNO_ROUTE (DYNO_PUT, "/api/v1/mappings/{signature}", DYNO_MAY (HARDWARE_CONFIGURE), put_mapping,
              .args = mapping_args, .body = mapping_body, .reply = &mapping_schema,
              .summary = "Says which channel is what"),
};

const DynoRouteTable dyno_api_mappings = {
  "Mappings", "Which channel of a dyno is what.", rows, G_N_ELEMENTS (rows)
};
