/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-plan-steps.h"

#define MIXTURES "mix_f", "mix_r"
#define SPARKS "spark_f", "spark_r"

static const DynoRecipe recipes[DYNO_N_RECIPES] = {
  [DYNO_RECIPE_GAP_PULL] = {
    .type = DYNO_TEST_WOT_PULL, .where = DYNO_PLAN_INERTIA_DYNO, .has_box = TRUE,
    .map_kpa = { 80, 100 },
    .how = "Full throttle from the lower to the upper end of the box, without lifting.",
    .channels = { MIXTURES, SPARKS, "knock" },
    .success = "Three accepted samples or more in every cell of the gap.",
    .risk = "Watch the knock channel and end the pull at the first heavy knock.",
    .priority = 1, .n_pulls = 1 },
  [DYNO_RECIPE_BASELINE] = {
    .name = "Baseline pulls", .goal = "Full-load data over the whole range of speed.",
    .type = DYNO_TEST_WOT_PULL, .where = DYNO_PLAN_INERTIA_DYNO, .has_box = TRUE,
    .rpm = { 2000, 6500 }, .map_kpa = { 85, 100 },
    .how = "Three pulls at full throttle to the redline, 30 to 60 s of cooling between them.",
    .channels = { MIXTURES, SPARKS, "knock", "iat" },
    .success = "100 rows of full load or more, alike from pull to pull.",
    .risk = "Stop when the intake air is above 54 °C; watch the knock channel.",
    .priority = 1, .n_pulls = 3 },
  [DYNO_RECIPE_CONSISTENCY] = {
    .name = "Consistency pulls", .goal = "Prove that the same pull gives the same readings.",
    .type = DYNO_TEST_WOT_PULL, .where = DYNO_PLAN_INERTIA_DYNO, .has_box = TRUE,
    .rpm = { 3000, 5500 }, .map_kpa = { 85, 100 },
    .how = "Three equal pulls: same gear, same start, same temperatures.",
    .channels = { MIXTURES, SPARKS },
    .success = "The mixture of a cell differs by less than 0.3 AFR between the pulls.",
    .risk = "More than 0.5 AFR of difference: look at the sensor before tuning.",
    .priority = 2, .n_pulls = 3 },
  [DYNO_RECIPE_TIP_IN] = {
    .name = "Roll-on tip-ins", .goal = "The mixture while the throttle opens.",
    .type = DYNO_TEST_TRANSIENT_ROLLOFF, .where = DYNO_PLAN_STREET, .has_box = TRUE,
    .rpm = { 2000, 4500 }, .map_kpa = { 50, 85 },
    .how = "From a steady 2500 rpm open the throttle to three quarters within 2 to 3 s, hold it "
           "shortly, close it; five to eight times.",
    .channels = { MIXTURES, "tps", "map" },
    .success = "Five tip-ins at the same rate.",
    .risk = "No full throttle on the road.",
    .priority = 1 },
  [DYNO_RECIPE_IDLE] = {
    .name = "Idle and low load", .goal = "Steady data at idle and just above it.",
    .type = DYNO_TEST_STEADY_STATE_SWEEP, .where = DYNO_PLAN_STREET, .has_box = TRUE,
    .rpm = { 800, 2000 }, .map_kpa = { 20, 45 },
    .how = "A minute at idle, then half a minute each at 1200, 1500 and 1800 rpm with little "
           "throttle.",
    .channels = { MIXTURES, "iat", "engine_temp" },
    .success = "50 rows at idle and 20 at each speed above it.",
    .risk = "Only with a warm engine and moving air.",
    .priority = 2 },
  [DYNO_RECIPE_CRUISE] = {
    .name = "Steady cruise", .goal = "Part-throttle data over speed and load.",
    .type = DYNO_TEST_STEADY_STATE_SWEEP, .where = DYNO_PLAN_STREET, .has_box = TRUE,
    .rpm = { 2000, 4000 }, .map_kpa = { 40, 70 },
    .how = "Hold 55, 70, 90 and 105 km/h for 5 s each on a level road, in two gears.",
    .channels = { MIXTURES, SPARKS },
    .success = "200 rows of cruise or more, spread over the map.",
    .risk = "Keep to the traffic rules.",
    .priority = 2 },
  [DYNO_RECIPE_TIP_OUT] = {
    .name = "Lift-off tip-outs", .goal = "Fuel cut and mixture while the throttle closes.",
    .type = DYNO_TEST_TRANSIENT_ROLLOFF, .where = DYNO_PLAN_STREET, .has_box = TRUE,
    .rpm = { 2500, 5000 }, .map_kpa = { 20, 50 },
    .how = "Go above 4000 rpm, close the throttle at once and let the speed fall without the "
           "brake; five times.",
    .channels = { MIXTURES, "tps", "map" },
    .success = "Five overruns with fuel cut.",
    .risk = "Mind those behind you.",
    .priority = 2 },
  [DYNO_RECIPE_HEAT_SOAK] = {
    .name = "Heat soak", .goal = "How spark and fuel follow hot intake air.",
    .type = DYNO_TEST_STEADY_STATE_SWEEP, .where = DYNO_PLAN_STREET, .has_box = TRUE,
    .rpm = { 1000, 2500 }, .map_kpa = { 25, 50 },
    .how = "After a brisk ride stand at idle for 2 to 3 min while logging, then go on gently.",
    .channels = { MIXTURES, "iat", "engine_temp" },
    .success = "Rows with intake air above 50 °C.",
    .risk = "End it when the engine becomes too hot.",
    .priority = 3 },
  [DYNO_RECIPE_TRANSIENT] = {
    .name = "Transient response", .goal = "How far the mixture leaves its target in a tip-in.",
    .type = DYNO_TEST_TRANSIENT_ROLLOFF, .where = DYNO_PLAN_BOTH, .has_box = TRUE,
    .rpm = { 2000, 4000 }, .map_kpa = { 40, 80 },
    .how = "Open the throttle from a steady cruise within 2 to 3 s, three times the same way.",
    .channels = { MIXTURES, "tps", "map" },
    .success = "Three tip-ins at the same rate with mixture readings.",
    .risk = "No full throttle while knock is suspected.",
    .priority = 1 },
  [DYNO_RECIPE_KNOCK] = {
    .goal = "Whether knock is what takes the spark away at high load.",
    .type = DYNO_TEST_WOT_PULL, .where = DYNO_PLAN_INERTIA_DYNO, .has_box = TRUE,
    .rpm = { 3000, 5000 }, .map_kpa = { 85, 100 },
    .how = "Three pulls at full throttle with the knock channel in sight.",
    .channels = { "knock", SPARKS, MIXTURES },
    .success = "Knock or retard logged in three pulls.",
    .risk = "The engine may knock hard: end the pull at once if it does.",
    .priority = 1, .n_pulls = 3 },
  [DYNO_RECIPE_THERMAL] = {
    .name = "Thermal baseline", .goal = "Spark and fuel at a steady temperature.",
    .type = DYNO_TEST_STEADY_STATE_SWEEP, .where = DYNO_PLAN_BOTH, .has_box = TRUE,
    .rpm = { 1500, 4500 }, .map_kpa = { 30, 90 },
    .how = "Let the engine settle for ten minutes at its working temperature, then hold speeds "
           "and loads through the box.",
    .channels = { "iat", "engine_temp", MIXTURES },
    .success = "Intake air steady within 3 °C while logging.",
    .risk = "Do not let it stand at idle before.",
    .priority = 2 },
  [DYNO_RECIPE_VOLUME] = {
    .name = "More data", .goal = "Enough rows to judge by.",
    .type = DYNO_TEST_GENERAL, .where = DYNO_PLAN_BOTH,
    .how = "Log a whole session: idle, cruise, tip-ins and pulls.",
    .channels = { MIXTURES, "tps" },
    .success = "1000 rows or more, in several modes.",
    .risk = "",
    .priority = 2 },
};

const DynoRecipe *
dyno_plan_recipe (DynoRecipeId id)
{
  g_return_val_if_fail (id < DYNO_N_RECIPES, NULL);

  return &recipes[id];
}
