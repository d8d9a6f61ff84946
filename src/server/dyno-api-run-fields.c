/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-run-fields.h"

const DynoField dyno_run_args[] = {
  { "id", DYNO_ID ("run"), DYNO_REQUIRED, "The run" },
  { NULL }
};

/* Parts */

static const DynoField vehicle_fields[] = {
  { "id", DYNO_ID ("veh"), 0, "Id" },
  { "label", DYNO_ANY_TEXT, DYNO_NULLABLE, "What the shop calls it" },
  { NULL }
};
static const DynoSchema vehicle_schema = { "RunVehicle", "The vehicle of a run", vehicle_fields };

static const DynoField customer_fields[] = {
  { "id", DYNO_ID ("cus"), 0, "Id" },
  { "name", DYNO_ANY_TEXT, DYNO_NULLABLE, "Name" },
  { NULL }
};
static const DynoSchema customer_schema = { "RunCustomer", "Whose vehicle it is", customer_fields };

static const DynoField factor_fields[] = {
  { "standard", DYNO_WORD (DYNO_CORRECTIONS), 0, "By which the figures are corrected" },
  DYNO_FIGURE ("factor", "What the power was multiplied with"),
  { NULL }
};
static const DynoSchema factor_schema = { "RunCorrection", "The correction of the figures",
                                          factor_fields };

static const DynoField channel_fields[] = {
  { "name", DYNO_ANY_TEXT, 0, "As the source calls it" },
  { "module", DYNO_ANY_TEXT, DYNO_NULLABLE, "Of the source, where it names one" },
  { "occurrence", DYNO_COUNT, 0, "Which one of that name, from 1" },
  { "canonical", DYNO_ANY_TEXT, DYNO_NULLABLE, "What it was taken for" },
  { "unit", DYNO_ANY_TEXT, DYNO_NULLABLE, "Of the numbers of the source" },
  DYNO_FIGURE ("confidence", "How sure that is, 0 to 1"),
  { NULL }
};
static const DynoSchema channel_schema = { "RunChannel", "A channel of a run", channel_fields };

static const DynoField atmosphere_fields[] = {
  DYNO_FIGURE ("pressure_hpa", "Air pressure"),
  DYNO_FIGURE ("temperature_c", "Air temperature"),
  DYNO_FIGURE ("humidity_pct", "Relative humidity"),
  { "source", DYNO_ANY_TEXT, DYNO_NULLABLE, "Who measured it" },
  { NULL }
};
static const DynoSchema atmosphere_schema = { "RunAtmosphere", "The weather of a run",
                                              atmosphere_fields };

static const DynoField marker_fields[] = {
  { "n", DYNO_INTEGER (1, 9), DYNO_NULLABLE, "The operator's number" },
  DYNO_FIGURE ("t_s", "When, in seconds of the run"),
  { "kind", DYNO_ANY_TEXT, 0, "mark, gap, generation" },
  { "text", DYNO_ANY_TEXT, DYNO_NULLABLE, "What was said" },
  { NULL }
};
static const DynoSchema marker_schema = { "RunMarker", "A moment of a run", marker_fields };

static const DynoField capture_fields[] = {
  { "provider", DYNO_ANY_TEXT, DYNO_NULLABLE, "The dyno, of a recorded run" },
  { "simulated", DYNO_BOOLEAN, 0, "Whether there was no dyno" },
  DYNO_FIGURE ("loss", "Messages lost, in percent"),
  { "gaps", DYNO_LIST (DYNO_ANY), DYNO_NULLABLE, "Where something is missing" },
  { NULL }
};
static const DynoSchema capture_schema = { "RunCapture", "How a run was recorded", capture_fields };

/* A run */

#define CARD_FIELDS                                                                                \
  { "id", DYNO_ID ("run"), 0, "Id" },                                                              \
  { "number", DYNO_COUNT, 0, "1, 2, 3 … of the shop" },                                            \
  { "title", DYNO_ANY_TEXT, DYNO_NULLABLE, "What people call it" },                                \
  { "status", DYNO_WORD ("pending|processing|complete|error|interrupted"), 0,                      \
    "interrupted: cut short, or samples were lost" },                                              \
  { "source", DYNO_WORD ("capture|upload|simulator|jetstream|watch"), 0, "Where it came from" },   \
  { "started_at", DYNO_TIME, DYNO_NULLABLE, "When it began" },                                     \
  DYNO_FIGURE ("duration_s", "How long it is"),                                                    \
  { "vehicle", DYNO_OBJECT (&vehicle_schema), DYNO_NULLABLE, "What was run" },                     \
  { "customer", DYNO_OBJECT (&customer_schema), DYNO_NULLABLE, "Whose that is" },                  \
  DYNO_FIGURE ("peak_power_kw", "Greatest power, corrected"),                                      \
  DYNO_FIGURE ("peak_power_rpm", "Engine speed there"),                                            \
  DYNO_FIGURE ("peak_torque_nm", "Greatest torque, corrected"),                                    \
  DYNO_FIGURE ("peak_torque_rpm", "Engine speed there"),                                           \
  { "correction", DYNO_OBJECT (&factor_schema), DYNO_NULLABLE, "Of these figures" },               \
  DYNO_FIGURE ("coverage_pct", "Cells of the table with data, by the newest analysis"),            \
  { "grade", DYNO_ANY_TEXT, DYNO_NULLABLE, "Of the newest analysis, A to D" },                     \
  { "tags", DYNO_LIST (DYNO_ANY_TEXT), 0, "Tags" },                                                \
  { "starred", DYNO_BOOLEAN, 0, "Kept for ever" },                                                 \
  { "baseline", DYNO_BOOLEAN, 0, "Others are held against it" },                                   \
  { "operator", DYNO_ANY_TEXT, DYNO_NULLABLE, "Who recorded or imported it" },                     \
  { "version", DYNO_COUNT, 0, "For If-Match" }

static const DynoField card_fields[] = { CARD_FIELDS, { NULL } };

const DynoSchema dyno_run_card_schema = { "RunCard", "A run in a list", card_fields };

static const DynoField run_fields[] = {
  CARD_FIELDS,
  { "notes", DYNO_ANY_TEXT, DYNO_NULLABLE, "Notes" },
  { "gear", DYNO_COUNT, DYNO_NULLABLE, "Gear of the pull" },
  DYNO_FIGURE ("mean_afr", "Measured mixture over the pull"),
  DYNO_FIGURE ("trim_start_s", "Where the pull begins, set by hand"),
  DYNO_FIGURE ("trim_end_s", "Where it ends"),
  { "error", DYNO_ANY_TEXT, DYNO_NULLABLE, "What went wrong" },
  { "deleted_at", DYNO_TIME, DYNO_NULLABLE, "Since when it is in the trash" },
  { "atmosphere", DYNO_OBJECT (&atmosphere_schema), DYNO_NULLABLE, "The weather of the pull" },
  { "channels", DYNO_LIST (DYNO_OBJECT (&channel_schema)), 0, "What was measured" },
  { "markers", DYNO_LIST (DYNO_OBJECT (&marker_schema)), 0, "What was marked" },
  { "capture", DYNO_OBJECT (&capture_schema), 0, "How it was recorded" },
  { "mapping", DYNO_ANY, DYNO_NULLABLE, "Which channel was taken for what, of a recorded run" },
  { "import", DYNO_ANY, DYNO_NULLABLE, "What the import found and assumed" },
  { "config_snapshot", DYNO_ANY, DYNO_NULLABLE, "The settings it was made under" },
  { "analysis_id", DYNO_ID ("ana"), DYNO_NULLABLE, "Its newest analysis" },
  { NULL }
};

const DynoSchema dyno_run_schema = { "Run", "A run, with all but its samples", run_fields };

static const DynoField file_fields[] = {
  { "id", DYNO_ID ("file"), 0, "Id" },
  { "name", DYNO_ANY_TEXT, 0, "As people know it" },
  { "type", DYNO_WORD ("journal|source|archived"), 0, "journal: the packets; source: the log" },
  { "size", DYNO_COUNT, 0, "Bytes" },
  { "sha256", DYNO_HASH, 0, "SHA-256 of them" },
  { "removed_at", DYNO_TIME, DYNO_NULLABLE, "When the rules let it go" },
  { NULL }
};

const DynoSchema dyno_run_file_schema = { "RunFile", "A file of a run", file_fields };

/* Figures of a curve */

static const DynoField inputs_fields[] = {
  DYNO_FIGURE ("pressure_hpa", "Air pressure"),
  DYNO_FIGURE ("temperature_c", "Air temperature"),
  DYNO_FIGURE ("humidity_pct", "Relative humidity"),
  DYNO_FIGURE ("vapour_hpa", "Pressure of the water in it"),
  DYNO_FIGURE ("dry_hpa", "Pressure of the dry air"),
  { NULL }
};
static const DynoSchema inputs_schema = { "CorrectionInputs", "What a correction was made of",
                                          inputs_fields };

static const DynoField correction_fields[] = {
  { "standard", DYNO_WORD (DYNO_CORRECTIONS), 0, "The standard" },
  { "revision", DYNO_ANY_TEXT, DYNO_NULLABLE, "Its edition" },
  { "formula", DYNO_ANY_TEXT, DYNO_NULLABLE, "Its formula" },
  { "inputs", DYNO_OBJECT (&inputs_schema), 0, "The weather" },
  { "input_source", DYNO_ANY_TEXT, DYNO_NULLABLE, "Who measured it" },
  DYNO_FIGURE ("factor", "What the power was multiplied with"),
  { "limits", DYNO_ANY_TEXT, DYNO_NULLABLE, "Where the standard holds" },
  { "warning", DYNO_ANY_TEXT, DYNO_NULLABLE, "The first of the warnings" },
  { "warnings", DYNO_LIST (DYNO_ANY_TEXT), 0, "What is to be known of it" },
  { NULL }
};

const DynoSchema dyno_correction_schema = { "PowerCorrection", "The passport of a correction",
                                            correction_fields };

static const DynoField peaks_fields[] = {
  DYNO_FIGURE ("peak_power_kw", "Greatest power"),
  DYNO_FIGURE ("peak_power_rpm", "Engine speed there"),
  DYNO_FIGURE ("peak_torque_nm", "Greatest torque"),
  DYNO_FIGURE ("peak_torque_rpm", "Engine speed there"),
  { NULL }
};

const DynoSchema dyno_run_peaks_schema = { "PowerPeaks", "Peaks of a curve", peaks_fields };
