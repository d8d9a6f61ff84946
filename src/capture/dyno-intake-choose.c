/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-intake-private.h"

#include <string.h>

/* The provider in use: the pinned one, else the one at the expected address, else
 * the only one, else the one called Dynojet, else the operator is asked. */

#define SETTLED_US (3 * G_USEC_PER_SEC)

static gboolean
can_be_chosen (const DynoHost *host,
               gboolean        must_be_alive)
{
  return host->name[0] != '\0' && !host->is_incompatible && host->presence != DYNO_HOST_GONE
         && (!must_be_alive || host->presence == DYNO_HOST_ALIVE);
}

/* The one host that `matches`; NULL for none or several. `n` counts them. */
static DynoHost *
find_only (DynoIntake *self,
           gboolean    must_be_alive,
           gboolean  (*matches) (const DynoIntake *self,
                                 const DynoHost   *host),
           guint      *n)
{
  DynoHost *only = NULL;

  *n = 0;
  for (guint i = 0; i < self->hosts.hosts->len; i++)
    {
      DynoHost *host = g_ptr_array_index (self->hosts.hosts, i);

      if (!can_be_chosen (host, must_be_alive) || !matches (self, host))
        continue;
      only = host;
      (*n)++;
    }

  return *n == 1 ? only : NULL;
}

static gboolean
is_any (const DynoIntake *self,
        const DynoHost   *host)
{
  return TRUE;
}

static gboolean
is_wanted (const DynoIntake *self,
           const DynoHost   *host)
{
  return g_strcmp0 (self->wanted, host->name) == 0;
}

static gboolean
is_expected (const DynoIntake *self,
             const DynoHost   *host)
{
  return self->expected != 0 && host->address == self->expected;
}

static gboolean
is_dynojet (const DynoIntake *self,
            const DynoHost   *host)
{
  return strstr (host->name, "Dynojet") != NULL;
}

/* The rule among those that are alive; then among the silent ones. */
static DynoHost *
choose_by_rule (DynoIntake *self,
                gboolean    must_be_alive,
                guint      *n)
{
  guint n_same;
  DynoHost *host;

  if (self->wanted != NULL)
    return find_only (self, must_be_alive, is_wanted, n);

  host = find_only (self, must_be_alive, is_expected, &n_same);
  if (host == NULL)
    host = find_only (self, must_be_alive, is_any, n);
  if (host == NULL)
    host = find_only (self, must_be_alive, is_dynojet, &n_same);

  return host;
}

static gboolean
is_in_table (const DynoIntake *self,
             const DynoHost   *host)
{
  return host != NULL && g_ptr_array_find (self->hosts.hosts, host, NULL);
}

/* The one in use stays while it speaks: providers never change in mid-run. */
static DynoHost *
choose_host (DynoIntake *self)
{
  gboolean is_there = is_in_table (self, self->chosen) && can_be_chosen (self->chosen, TRUE)
                      && (self->wanted == NULL || is_wanted (self, self->chosen));
  gboolean is_settled = is_there && self->chosen->has_spoken && self->chosen_us != 0
                        && self->now_us - self->chosen_us >= SETTLED_US;
  guint n = 0;
  DynoHost *host;

  if (is_settled)
    return self->chosen;

  host = choose_by_rule (self, TRUE, &n);
  if (host == NULL && n == 0 && !is_there)
    host = choose_by_rule (self, FALSE, &n);
  if (host == NULL && is_there)
    host = self->chosen;
  /* Nobody else: the one that is gone stays in sight until it is forgotten. */
  if (host == NULL && n == 0 && is_in_table (self, self->chosen)
      && (self->wanted == NULL || is_wanted (self, self->chosen)))
    host = self->chosen;
  self->must_ask = host == NULL && n > 1;

  return host;
}

guint
dyno_intake_n_providers (DynoIntake *self)
{
  guint n;

  find_only (self, TRUE, is_any, &n);

  return n;
}

void
dyno_intake_choose (DynoIntake *self)
{
  DynoHost *host = choose_host (self);
  DynoEvent *event;

  if (host == self->chosen)
    {
      if (host != NULL && self->chosen_us == 0)
        self->chosen_us = self->now_us;
      return;
    }

  self->chosen = host;
  self->chosen_us = self->now_us;
  self->motion.n = 0;
  self->n_pairs = 0;
  self->front_t_us = 0;
  event = dyno_intake_event (self, DYNO_EVENT_PROVIDER_CHOSEN, host);
  event->text = g_strdup (host != NULL ? host->name : "");
}
