/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-preset.h"

static const DynoStagePreset stages[] = {
  { .id = "stock",
    .title = "Stock",
    .description = "Factory configuration, emissions-compliant tune",
    .ve_more_min = 0,
    .ve_more_max = 0.05,
    .afr = { .idle = 14.7, .cruise = 14.6, .wot = 13.2 },
    .clamp_pct = 5,
    .idle_rpm = 1000,
    .notes = { "Factory ECM is often too lean for optimal performance",
               "Stock exhaust restricts airflow",
               "PAIR valve may cause decel pop" } },
  { .id = "stage_1",
    .title = "Stage 1",
    .description = "Air cleaner + exhaust upgrade",
    .ve_more_min = 0.08,
    .ve_more_max = 0.15,
    .afr = { .idle = 14, .cruise = 13.8, .wot = 12.8 },
    .clamp_pct = 10,
    .idle_rpm = 1000,
    .notes = { "Expect +8-15% VE improvement",
               "Stock cam may limit gains",
               "Decel pop common without tune",
               "Heat management important" } },
  { .id = "stage_2",
    .title = "Stage 2",
    .description = "Stage 1 + bolt-in cam (475-510 lift)",
    .ve_more_min = 0.15,
    .ve_more_max = 0.25,
    .afr = { .idle = 13.5, .cruise = 13.4, .wot = 12.5 },
    .clamp_pct = 15,
    .idle_rpm = 1050,
    .notes = { "Expect +15-25% VE improvement",
               "Idle may be rougher than stock",
               "Vacuum signal may be lower",
               "May need idle VE adjustment" } },
  { .id = "stage_3",
    .title = "Stage 3",
    .description = "Headwork, big bore, high-performance cam (550+ lift)",
    .ve_more_min = 0.25,
    .ve_more_max = 0.4,
    .afr = { .idle = 13.2, .cruise = 13, .wot = 12.2 },
    .clamp_pct = 20,
    .idle_rpm = 1100,
    .notes = { "Expect +25-40% VE improvement",
               "Idle quality may require attention",
               "Consider higher idle RPM",
               "Increased fuel demand at all RPMs" } },
  { .id = "stage_4",
    .title = "Stage 4 / Race",
    .description = "Full race build - stroker, ported heads, race cam",
    .ve_more_min = 0.4,
    .ve_more_max = 0.6,
    .afr = { .idle = 13, .cruise = 12.8, .wot = 11.8 },
    .clamp_pct = 25,
    .idle_rpm = 1150,
    .notes = { "Expect +40-60% VE improvement",
               "May require larger injectors",
               "Idle stability may be challenging",
               "Professional dyno tuning recommended",
               "Consider standalone fuel management" } },
};

static const DynoCamPreset cams[] = {
  { .id = "stock",
    .title = "Stock",
    .description = "Factory cam profile - smooth idle, emissions compliant",
    .lift = "420-450",
    .vacuum_inhg = 18,
    .idle_min_rpm = 950,
    .idle_rpm = 1000,
    .idle_ve_offset_pct = 0,
    .afr = { .idle = 14.7, .cruise = 14.6, .wot = 13.2 },
    .decel_multiplier = 1,
    .notes = { "Good vacuum signal for accessories",
               "Smooth idle quality",
               "Best fuel economy" } },
  { .id = "bolt_in",
    .title = "Bolt-In (475-510)",
    .description = "Mild performance cam - good street manners",
    .lift = "475-510",
    .vacuum_inhg = 14,
    .idle_min_rpm = 975,
    .idle_rpm = 1050,
    .idle_ve_offset_pct = 3,
    .afr = { .idle = 13.8, .cruise = 13.6, .wot = 12.8 },
    .decel_multiplier = 1.15,
    .notes = { "Slight idle lope, acceptable for street",
               "May need idle VE enrichment",
               "Good all-around performance",
               "Popular for Stage 2 builds" } },
  { .id = "performance",
    .title = "Performance (550+)",
    .description = "Aggressive cam - noticeable lope, increased power",
    .lift = "550-585",
    .vacuum_inhg = 10,
    .idle_min_rpm = 1000,
    .idle_rpm = 1100,
    .idle_ve_offset_pct = 6,
    .afr = { .idle = 13.4, .cruise = 13.2, .wot = 12.4 },
    .decel_multiplier = 1.25,
    .notes = { "Noticeable idle lope",
               "Low vacuum may affect accessories",
               "Requires idle VE adjustments",
               "May need higher idle RPM" } },
  { .id = "race",
    .title = "Race (600+)",
    .description = "Race cam - rough idle, maximum power",
    .lift = "600+",
    .vacuum_inhg = 6,
    .idle_min_rpm = 1050,
    .idle_rpm = 1150,
    .idle_ve_offset_pct = 10,
    .afr = { .idle = 13, .cruise = 12.8, .wot = 11.8 },
    .decel_multiplier = 1.35,
    .notes = { "Rough idle expected",
               "May not idle well when hot",
               "Very low vacuum",
               "Consider standalone fuel management",
               "Professional tuning recommended" } },
};

const DynoStagePreset *
dyno_preset_stages (guint *n)
{
  *n = G_N_ELEMENTS (stages);

  return stages;
}

const DynoCamPreset *
dyno_preset_cams (guint *n)
{
  *n = G_N_ELEMENTS (cams);

  return cams;
}

const DynoStagePreset *
dyno_preset_stage (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      if (g_strcmp0 (stages[i].id, id) == 0)
        return &stages[i];
    }

  return NULL;
}

const DynoCamPreset *
dyno_preset_cam (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (cams); i++)
    {
      if (g_strcmp0 (cams[i].id, id) == 0)
        return &cams[i];
    }

  return NULL;
}

#define IDLE_RPM 1500
#define IDLE_KPA 45

static double
idle_share (double rpm,
            double map_kpa)
{
  if (rpm > IDLE_RPM || map_kpa > IDLE_KPA)
    return 0;

  return MAX (0, 1 - (rpm - 800) / 700) * MAX (0, 1 - (map_kpa - 20) / 25);
}

DynoGrid *
dyno_preset_idle (const DynoGridShape *shape,
                  double               offset_pct)
{
  DynoGrid *grid;

  g_return_val_if_fail (shape != NULL, NULL);

  grid = dyno_grid_new (shape);
  for (guint i = 0; i < dyno_grid_shape_cells (shape); i++)
    grid->values[i] = offset_pct * idle_share (shape->rpm.at[i / shape->load.n],
                                               shape->load.at[i % shape->load.n]);

  return grid;
}
