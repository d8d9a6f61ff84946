/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plan-text.h"

#include "dyno-listing.h"
#include "dyno-print.h"

static char *
range_text (const double range[2],
            const char  *unit)
{
  g_autofree char *from = dyno_print_number (range[0], 0);
  g_autofree char *to = dyno_print_number (range[1], 0);

  return g_strdup_printf ("%s–%s %s", from, to, unit);
}

static void
add_coverage (GString               *text,
              const DynoPlannerView *view)
{
  const DynoCoverageSummary *summary = view->summary;
  g_autofree char *name = dyno_print_clean (view->vehicle);
  g_autofree char *pct = dyno_print_number (summary->pct, 0);

  g_string_append_printf (text, "%s: %s %% of the map that matters, grade %c\n", name, pct,
                          summary->grade);
  g_string_append_printf (text, "%u of %u cells covered, %u weak, from %u %s\n",
                          summary->n_covered, summary->n_cells, summary->n_weak,
                          view->coverage->runs->len,
                          view->coverage->runs->len == 1 ? "run" : "runs");
  if (view->n_other_axes > 0)
    g_string_append_printf (text, "%u runs were analysed on other axes and are not counted here\n",
                            view->n_other_axes);
  if (view->coverage->runs->len == 0)
    g_string_append (text, "No run of this vehicle was analysed yet: dynoctl analyze RUN\n");
}

static void
add_gaps (GString      *text,
          const GArray *gaps)
{
  static const char *const columns[] = { "Gap", ">Speed", ">MAP", ">Empty", "Impact", NULL };
  g_autoptr(DynoListing) listing = dyno_listing_new (columns);
  g_autofree char *table = NULL;

  if (gaps->len == 0)
    return;
  for (guint i = 0; i < gaps->len; i++)
    {
      const DynoPlanGap *gap = &g_array_index (gaps, DynoPlanGap, i);

      dyno_listing_add (listing, gap->name);
      dyno_listing_take (listing, range_text (gap->rpm, "rpm"));
      dyno_listing_take (listing, range_text (gap->map_kpa, "kPa"));
      dyno_listing_add_f (listing, "%u of %u", gap->n_empty, gap->n_cells);
      dyno_listing_add (listing, dyno_impact_name (gap->impact));
    }
  table = dyno_listing_format (listing, 0);
  g_string_append_printf (text, "\n%s", table);
}

static void
add_box (GString            *text,
         const DynoPlanStep *step)
{
  g_autofree char *minutes = dyno_print_number (step->minutes, 0);
  g_autofree char *gain = dyno_print_number (step->gain_pct, 1);
  g_autofree char *rpm = range_text (step->rpm, "rpm");
  g_autofree char *map = range_text (step->map_kpa, "kPa");

  g_string_append (text, "   ");
  if (step->has_box)
    g_string_append_printf (text, "%s, %s%s, ", rpm, map, step->is_cut ? " (cut)" : "");
  if (step->gears[0] > 0)
    g_string_append_printf (text, "gear %u or %u, ", step->gears[0], step->gears[1]);
  if (step->n_pulls > 0)
    g_string_append_printf (text, "%u %s, ", step->n_pulls, step->n_pulls == 1 ? "pull" : "pulls");
  g_string_append_printf (text, "%s min, +%s %% coverage\n", minutes, gain);
}

static void
add_step (GString            *text,
          guint               number,
          const DynoPlanStep *step)
{
  g_autofree char *channels = g_strjoinv (", ", (char **) step->channels);

  g_string_append_printf (text, "\n%u. %s: %s\n", number, step->name, step->goal);
  add_box (text, step);
  g_string_append_printf (text, "   %s\n", step->how);
  g_string_append_printf (text, "   Done: %s\n", step->success);
  if (step->risk[0] != '\0')
    g_string_append_printf (text, "   Mind: %s\n", step->risk);
  g_string_append_printf (text, "   Log: %s\n", channels);
}

static void
add_dropped (GString         *text,
             const GPtrArray *dropped)
{
  if (dropped->len > 0)
    g_string_append (text, "\nLeft out:\n");
  for (guint i = 0; i < dropped->len; i++)
    {
      const DynoPlanDrop *drop = g_ptr_array_index (dropped, i);

      g_string_append_printf (text, "   %s: %s\n", drop->name, drop->reason);
    }
}

static void
add_limits (GString               *text,
            const DynoPlannerView *view)
{
  static const char *const places[] = { "on dyno and street", "on an inertia dyno",
                                        "on the street" };
  const DynoPlanConstraints *c = &view->constraints;
  const double speeds[] = { c->min_rpm, c->max_rpm };
  const double pressures[] = { c->min_map_kpa, c->max_map_kpa };
  g_autofree char *rpm = range_text (speeds, "rpm");
  g_autofree char *map = range_text (pressures, "kPa");

  g_string_append_printf (text, "\nLimits: %s, %s, at most %u pulls, %s%s\n", rpm, map,
                          c->max_pulls, places[c->environment],
                          view->is_default ? " (default)" : "");
}

char *
dyno_plan_text (const DynoPlannerView *view)
{
  GString *text = g_string_new (NULL);

  add_coverage (text, view);
  add_gaps (text, view->plan->gaps);
  for (guint i = 0; i < view->plan->steps->len; i++)
    add_step (text, i + 1, g_ptr_array_index (view->plan->steps, i));
  add_dropped (text, view->plan->dropped);
  add_limits (text, view);

  return g_string_free (text, FALSE);
}
