/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-api-table-fields.h"

#define SIDE "front|rear"
#define KIND "ve-map|ve-tps|spark|afr|other"

/* Tables */

#define TABLE_FIELDS                                                                             \
  { "id", DYNO_ID ("tbl"), 0, "Id" },                                                            \
  { "name", DYNO_ANY_TEXT, 0, "Name" },                                                          \
  { "kind", DYNO_WORD (KIND), 0, "What its cells are" },                                         \
  { "cylinder", DYNO_WORD (SIDE), DYNO_NULLABLE, "Whose it is; null: of both, or of none" },     \
  { "vehicle", DYNO_ANY_TEXT, DYNO_NULLABLE, "Label of the vehicle, where it is told" },         \
  { "vehicle_id", DYNO_ID ("veh"), DYNO_NULLABLE, "The vehicle" },                               \
  { "tune_id", DYNO_ID ("tune"), 0, "The file it came in" },                                     \
  { "version", DYNO_COUNT, 0, "For If-Match" },                                                  \
  { "sha256", DYNO_HASH, 0, "Of the bytes of this version" },                                    \
  { "content_sha256", DYNO_HASH, 0, "Of what these bytes mean" },                                \
  { "created_at", DYNO_TIME, 0, "When this version was made" }

static const DynoField table_fields[] = { TABLE_FIELDS, { NULL } };
const DynoSchema dyno_table_schema = { "Table", "One table of a tune", table_fields };

static const DynoField axes_fields[] = {
  { "rpm", DYNO_LIST (DYNO_ANY_NUMBER), 0, "Engine speeds, 1/min: the rows" },
  { "map_kpa", DYNO_LIST (DYNO_ANY_NUMBER), 0,
    "Pressures, kPa absolute; of ve-tps throttle, %: the columns" },
  { NULL }
};
static const DynoSchema axes_schema = { "TableAxes", "Labels of rows and columns", axes_fields };

static const DynoField cells_fields[] = {
  TABLE_FIELDS,
  { "unit", DYNO_ANY_TEXT, DYNO_NULLABLE, "Of the cells, as the file has it" },
  { "axes", DYNO_OBJECT (&axes_schema), 0, "Labels" },
  { "cells", DYNO_LIST (DYNO_LIST (DYNO_ANY)), 0, "A row an engine speed; null is blank" },
  { "read_only", DYNO_BOOLEAN, 0, "A text that is no number stands in it" },
  { NULL }
};
const DynoSchema dyno_table_cells_schema = { "TableCells", "One table with its cells",
                                             cells_fields };

static const DynoField import_fields[] = {
  { "tables", DYNO_LIST (DYNO_OBJECT (&dyno_table_schema)), 0, "One a table of the file" },
  { NULL }
};
const DynoSchema dyno_table_import_schema = { "TableImport", "What an import kept", import_fields };

const DynoField dyno_table_args[] = { DYNO_ID_ARG ("tbl", "The table"), { NULL } };

/* History */

static const DynoField history_fields[] = {
  { "id", DYNO_ID ("chg"), 0, "Id" },
  { "seq", DYNO_COUNT, 0, "Ascends over all tables" },
  { "table_id", DYNO_ID ("tbl"), 0, "The table" },
  { "kind", DYNO_WORD ("import|apply|rollback|merge"), 0, "What was done" },
  { "at", DYNO_TIME, 0, "When" },
  { "by", DYNO_ANY_TEXT, DYNO_NULLABLE, "Who" },
  { "analysis_id", DYNO_ID ("ana"), DYNO_NULLABLE, "Whose corrections" },
  { "undoes", DYNO_ID ("chg"), DYNO_NULLABLE, "Of a rollback: the change taken back" },
  { "version_before", DYNO_COUNT, 0, "0: none" },
  { "version_after", DYNO_COUNT, 0, "The version that it made" },
  { "sha256_before", DYNO_HASH, DYNO_NULLABLE, "Of the content" },
  { "sha256_after", DYNO_HASH, 0, "Of the content" },
  { "cells_changed", DYNO_COUNT, 0, "Cells" },
  { "comment", DYNO_ANY_TEXT, DYNO_NULLABLE, "What was said about it" },
  { NULL }
};
const DynoSchema dyno_table_history_schema = { "TableHistory", "What was done to a table",
                                               history_fields };

static const DynoField diff_cell_fields[] = {
  { "rpm", DYNO_ANY_NUMBER, 0, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Pressure" },
  { "from", DYNO_ANY_NUMBER, DYNO_NULLABLE, "There" },
  { "to", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Here" },
  { "delta", DYNO_ANY_NUMBER, DYNO_NULLABLE, "to − from" },
  { NULL }
};
static const DynoSchema diff_cell_schema = { "TableDiffCell", "A cell that differs",
                                             diff_cell_fields };

static const DynoField diff_fields[] = {
  { "rpm", DYNO_LIST (DYNO_ANY_NUMBER), 0, "The rows" },
  { "map_kpa", DYNO_LIST (DYNO_ANY_NUMBER), 0, "The columns" },
  { "delta", DYNO_LIST (DYNO_LIST (DYNO_ANY)), 0, "to − from; 0: the same; null: blank" },
  { "changed", DYNO_COUNT, 0, "Cells that differ" },
  { "mean", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Of the cells that differ" },
  { "min", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Least of them" },
  { "max", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Largest of them" },
  { "top", DYNO_LIST (DYNO_OBJECT (&diff_cell_schema)), 0, "The largest first" },
  { NULL }
};
const DynoSchema dyno_table_diff_schema = { "TableDiff", "What differs between two versions",
                                            diff_fields };

/* Changes: what is asked */

static const DynoField limits_fields[] = {
  { "high", DYNO_NUMBER (0.1, 15), 0, "% where the numbers are sure" },
  { "medium", DYNO_NUMBER (0.1, 15), 0, "% where they are less so" },
  { "low", DYNO_NUMBER (0.1, 15), 0, "% where they are hardly" },
  { NULL }
};
static const DynoSchema limits_schema = { "ChangeLimits",
                                          "Most that a cell is changed by, by confidence",
                                          limits_fields };

static const DynoField override_fields[] = {
  { "rpm", DYNO_NUMBER (0, 30000), DYNO_REQUIRED, "Engine speed of the cell" },
  { "map_kpa", DYNO_NUMBER (0, 1000), DYNO_REQUIRED, "Pressure of the cell" },
  { "action", DYNO_WORD ("allow|skip"), DYNO_REQUIRED,
    "allow: an extreme cell may change; skip: it is left alone" },
  { "reason", DYNO_TEXT (1, 200), DYNO_REQUIRED, "Why; kept with the change" },
  { "cylinder", DYNO_WORD (SIDE), 0, "Of this table only" },
  { NULL }
};
static const DynoSchema override_schema = { "ChangeOverride", "What a person says of a cell",
                                            override_fields };

#define PREVIEW_BODY                                                                             \
  { "analysis_id", DYNO_ID ("ana"), DYNO_REQUIRED, "Whose corrections" },                        \
  { "table_ids", DYNO_ARRAY_OF (1, 2, DYNO_ID ("tbl")), 0,                                       \
    "Front and rear, changed in one transaction; the table of the path is one of them" },        \
  { "limits", DYNO_OBJECT (&limits_schema), 0, "7, 5 and 3 % unless said" },                     \
  { "clamp_pct", DYNO_NUMBER (0.1, 15), 0, "Most of all classes" },                              \
  { "bounds", DYNO_WORD ("na_harley|stage_1|stage_2|boosted|custom"), 0, "Of VE", "na_harley" }, \
  { "cylinder", DYNO_WORD (SIDE), 0, "This cylinder only, on purpose" },                         \
  { "overrides", DYNO_ARRAY (500, DYNO_OBJECT (&override_schema)), 0, "Cell by cell" }

const DynoField dyno_table_preview_body[] = { PREVIEW_BODY, { NULL } };

const DynoField dyno_table_apply_body[] = {
  PREVIEW_BODY,
  { "preview_sha256", DYNO_HASH, DYNO_REQUIRED, "Of the preview that was shown" },
  { "comment", DYNO_NOTES, 0, "Kept with the change" },
  { NULL }
};

const DynoField dyno_table_rollback_body[] = {
  { "change_id", DYNO_ID ("chg"), DYNO_REQUIRED, "What is taken back, of all its tables" },
  { "comment", DYNO_NOTES, 0, "Kept with the change" },
  { NULL }
};

static const DynoField resolve_fields[] = {
  { "rpm", DYNO_NUMBER (0, 30000), DYNO_REQUIRED, "Engine speed of the cell" },
  { "map_kpa", DYNO_NUMBER (0, 1000), DYNO_REQUIRED, "Pressure of the cell" },
  { "take", DYNO_WORD ("ours|theirs"), DYNO_REQUIRED, "Whose value" },
  { NULL }
};
static const DynoSchema resolve_schema = { "MergeResolve", "A choice for one cell",
                                           resolve_fields };

const DynoField dyno_table_merge_body[] = {
  { "base_version", DYNO_INTEGER (1, 1e6), DYNO_REQUIRED, "Of this table: what both began with" },
  { "theirs_id", DYNO_ID ("tbl"), DYNO_REQUIRED, "The table as it was edited elsewhere" },
  { "prefer", DYNO_WORD ("ours|theirs"), 0, "Where both changed a cell; else it is a conflict" },
  { "resolve", DYNO_ARRAY (5000, DYNO_OBJECT (&resolve_schema)), 0, "Choices, cell by cell" },
  { "dry_run", DYNO_BOOLEAN, 0, "Writes nothing", "true" },
  { "comment", DYNO_NOTES, 0, "Kept with the change" },
  { NULL }
};

/* Changes: what is answered */

static const DynoField share_fields[] = {
  { "rpm", DYNO_ANY_NUMBER, 0, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Pressure" },
  { "weight", DYNO_ANY_NUMBER, 0, "Its part" },
  { NULL }
};
static const DynoSchema share_schema = { "ChangeShare", "A cell that a value was made of",
                                         share_fields };

static const DynoField cell_fields[] = {
  { "rpm", DYNO_ANY_NUMBER, 0, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Pressure" },
  { "cylinder", DYNO_WORD (SIDE), DYNO_NULLABLE, "Whose table" },
  { "before", DYNO_ANY_NUMBER, DYNO_NULLABLE, "The value; null: blank" },
  { "after", DYNO_ANY_NUMBER, DYNO_NULLABLE, "The value then" },
  { "delta_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "The change, %" },
  { "raw_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "As it was measured" },
  { "smoothed_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "With its neighbours" },
  { "limit_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "Most that is allowed" },
  { "hits", DYNO_COUNT, DYNO_NULLABLE, "Samples" },
  { "zone", DYNO_ANY_TEXT, 0, "Part of the map" },
  { "confidence", DYNO_ANY_TEXT, DYNO_NULLABLE, "How sure the numbers are" },
  { "changed", DYNO_BOOLEAN, 0, "Whether it will be another value" },
  { "reasons", DYNO_LIST (DYNO_ANY_TEXT), 0, "Why it is as it is" },
  { "from", DYNO_LIST (DYNO_OBJECT (&share_schema)), DYNO_OPTIONAL, "Of a resampled value" },
  { NULL }
};
static const DynoSchema cell_schema = { "ChangeCell", "What would become of a cell", cell_fields };

static const DynoField block_cell_fields[] = {
  { "rpm", DYNO_ANY_NUMBER, 0, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Pressure" },
  { "before", DYNO_ANY_NUMBER, DYNO_NULLABLE, "The value" },
  { "raw_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "As it was measured" },
  { NULL }
};
static const DynoSchema block_cell_schema = { "ChangeBlockCell", "A cell that may not change",
                                              block_cell_fields };

static const DynoField block_fields[] = {
  { "code", DYNO_ANY_TEXT, 0, "A word" },
  { "text", DYNO_ANY_TEXT, 0, "A sentence" },
  { "cylinder", DYNO_WORD (SIDE), DYNO_NULLABLE, "Whose table" },
  { "count", DYNO_COUNT, 0, "All its cells" },
  { "cells", DYNO_LIST (DYNO_OBJECT (&block_cell_schema)), 0, "The first ten" },
  { NULL }
};
static const DynoSchema block_schema = { "ChangeBlock", "What forbids a change", block_fields };

static const DynoField note_fields[] = {
  { "code", DYNO_ANY_TEXT, 0, "A word" },
  { "text", DYNO_ANY_TEXT, 0, "A sentence" },
  { NULL }
};
static const DynoSchema note_schema = { "ChangeNote", "What is to be looked at", note_fields };

static const DynoField target_fields[] = {
  { "table_id", DYNO_ID ("tbl"), 0, "The table" },
  { "name", DYNO_ANY_TEXT, 0, "Its name" },
  { "cylinder", DYNO_WORD (SIDE), DYNO_NULLABLE, "Whose" },
  { "base_version", DYNO_COUNT, 0, "As it is" },
  { "sha256_before", DYNO_HASH, 0, "Of its bytes" },
  { "sha256_after", DYNO_HASH, DYNO_NULLABLE, "Null while something is blocked" },
  { "cells_changed", DYNO_COUNT, 0, "Cells" },
  { "cells_clamped", DYNO_COUNT, 0, "Cells that ask for more than they get" },
  { NULL }
};
static const DynoSchema target_schema = { "ChangeTarget", "One table of a preview", target_fields };

static const DynoField preview_fields[] = {
  { "table_id", DYNO_ID ("tbl"), 0, "The table that was named" },
  { "base_version", DYNO_COUNT, 0, "Its version" },
  { "sha256_before", DYNO_HASH, 0, "Of its bytes; of a pair of both sums" },
  { "sha256_after", DYNO_HASH, DYNO_NULLABLE, "Null while something is blocked" },
  { "preview_sha256", DYNO_HASH, 0, "For apply: of all that this shows" },
  { "analysis_id", DYNO_ID ("ana"), DYNO_NULLABLE, "Whose corrections" },
  { "fingerprint", DYNO_ANY_TEXT, 0, "Of that analysis" },
  { "math_version", DYNO_ANY_TEXT, DYNO_NULLABLE, "Of that analysis" },
  { "cells_changed", DYNO_COUNT, 0, "Cells" },
  { "cells_clamped", DYNO_COUNT, 0, "Cells that ask for more than they get" },
  { "max_abs_delta_pct", DYNO_ANY_NUMBER, DYNO_NULLABLE, "The largest change" },
  { "tables", DYNO_LIST (DYNO_OBJECT (&target_schema)), 0, "Front and rear" },
  { "cells", DYNO_LIST (DYNO_OBJECT (&cell_schema)), 0, "Those that the correction reaches" },
  { "blocked", DYNO_LIST (DYNO_OBJECT (&block_schema)), 0, "Empty: it may be applied" },
  { "warnings", DYNO_LIST (DYNO_OBJECT (&note_schema)), 0, "To be looked at" },
  { NULL }
};
const DynoSchema dyno_table_preview_schema = { "ChangePreview", "What a correction would do",
                                               preview_fields };

static const DynoField changed_fields[] = {
  { "table_id", DYNO_ID ("tbl"), 0, "The table" },
  { "change_id", DYNO_ID ("chg"), 0, "Its row of the history" },
  { "version", DYNO_COUNT, 0, "Its version now" },
  { "cells_changed", DYNO_COUNT, 0, "Cells" },
  { "sha256_before", DYNO_HASH, DYNO_NULLABLE, "Of its content" },
  { "sha256_after", DYNO_HASH, 0, "Of its content" },
  { NULL }
};
static const DynoSchema changed_schema = { "ChangedTable", "One table of a change",
                                           changed_fields };

static const DynoField change_fields[] = {
  { "change_id", DYNO_ID ("chg"), 0, "For a rollback" },
  { "table_id", DYNO_ID ("tbl"), 0, "The table" },
  { "version", DYNO_COUNT, 0, "Its version now" },
  { "cells_changed", DYNO_COUNT, 0, "Cells, of all tables" },
  { "sha256_before", DYNO_HASH, 0, "As the preview showed it" },
  { "sha256_after", DYNO_HASH, DYNO_NULLABLE, "As the preview showed it" },
  { "applied_at", DYNO_TIME, 0, "When" },
  { "applied_by", DYNO_ANY_TEXT, 0, "Who" },
  { "tables", DYNO_LIST (DYNO_OBJECT (&changed_schema)), 0, "All that changed" },
  { NULL }
};
const DynoSchema dyno_table_change_schema = { "TableChange", "What was done", change_fields };

static const DynoField conflict_fields[] = {
  { "table", DYNO_ANY_TEXT, 0, "Its name" },
  { "occurrence", DYNO_COUNT, 0, "Which of that name" },
  { "rpm", DYNO_ANY_NUMBER, 0, "Engine speed" },
  { "map_kpa", DYNO_ANY_NUMBER, 0, "Pressure" },
  { "base", DYNO_ANY_NUMBER, DYNO_NULLABLE, "What both began with" },
  { "ours", DYNO_ANY_NUMBER, DYNO_NULLABLE, "What it is here" },
  { "theirs", DYNO_ANY_NUMBER, DYNO_NULLABLE, "What it is there" },
  { NULL }
};
static const DynoSchema conflict_schema = { "MergeConflict", "A cell that both changed",
                                            conflict_fields };

static const DynoField merge_fields[] = {
  { "cells_changed", DYNO_COUNT, 0, "Cells that are not as ours were" },
  { "conflicts", DYNO_LIST (DYNO_OBJECT (&conflict_schema)), 0, "Open ones" },
  { "sha256_after", DYNO_HASH, DYNO_NULLABLE, "Null while conflicts are open" },
  { "version", DYNO_COUNT, DYNO_NULLABLE, "The version that was made" },
  { "change_id", DYNO_ID ("chg"), DYNO_NULLABLE, "For a rollback" },
  { NULL }
};
const DynoSchema dyno_table_merge_schema = { "TableMerge", "Two edits of a table, joined",
                                             merge_fields };
