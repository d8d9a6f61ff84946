/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-verbs.h"

#include "dyno-analyze-options.h"
#include "dyno-curve-options.h"
#include "dyno-subject.h"
#include "dyno-verb-data.h"
#include "dyno-verb-files.h"
#include "dyno-verb-people.h"
#include "dyno-verb-report.h"
#include "dyno-verb-serve.h"
#include "dyno-verb-tune.h"
#include "dyno-verb-wire.h"

#define OPTIONS "Options"
#define CURVE_OPTIONS "Options of the curve"
#define LOG_OPTIONS "Options for logs"

static const DynoVerbRoute audit_routes[] = {
  { "list", "GET /audit", dyno_verb_audit },
  { "verify", "GET /audit/verify", dyno_verb_audit },
  { NULL },
};

static const DynoVerbRoute config_routes[] = {
  { "list", "GET /settings", dyno_verb_config },
  { "get", "GET /settings", dyno_verb_config },
  { "set", "PATCH /settings", dyno_verb_config },
  { NULL },
};

static const DynoVerbRoute db_routes[] = {
  { "backup", "POST /backups, GET /jobs/{id}, GET /backups/{id}", dyno_verb_db_backup_there },
  { NULL },
};

static const DynoVerbRoute import_routes[] = {
  { NULL, "POST /runs/import, GET /jobs/{id}", dyno_verb_import },
  { NULL },
};

static const DynoVerbRoute key_routes[] = {
  { "create", "POST /keys", dyno_verb_key },
  { "list", "GET /keys", dyno_verb_key },
  { "show", "GET /keys/{id}", dyno_verb_key },
  { "rotate", "POST /keys/{id}/rotate", dyno_verb_key },
  { "revoke", "DELETE /keys/{id}", dyno_verb_key },
  { NULL },
};

static const DynoVerbRoute runs_routes[] = {
  { "list", "GET /runs", dyno_verb_runs },
  { "show", "GET /runs/{id}", dyno_verb_runs },
  { "delete", "DELETE /runs/{id}", dyno_verb_runs },
  { "restore", "POST /runs/{id}/restore", dyno_verb_runs },
  { "note", "PATCH /runs/{id}", dyno_verb_runs },
  { "tag", "PATCH /runs/{id}", dyno_verb_runs },
  { NULL },
};

static const DynoVerbRoute tables_routes[] = {
  { "list", "GET /tables", dyno_verb_tables_there },
  { "import", "POST /tables", dyno_verb_tables_there },
  { "show", "GET /tables/{id}, GET /tables/{id}/versions/{n}", dyno_verb_tables_there },
  { "history", "GET /tables/{id}/history", dyno_verb_tables_there },
  { "diff", "GET /tables/{id}/diff", dyno_verb_tables_there },
  { "export", "GET /tables/{id}/export", dyno_verb_tables_there },
  { NULL },
};

static const DynoVerbRoute user_routes[] = {
  { "create", "POST /users, POST /auth/register", dyno_verb_user },
  { "list", "GET /users", dyno_verb_user },
  { "role", "GET /users, PATCH /users/{id}", dyno_verb_user },
  { "disable", "GET /users, PATCH /users/{id}", dyno_verb_user },
  { "reset-password", "POST /users/{id}/reset-code, POST /auth/password", dyno_verb_user },
  { "invite", "POST /users/invitations", dyno_verb_user },
  { NULL },
};

static const DynoVerb verbs[] = {
  { "serve", NULL, "", "Be the service, without a window",
    "The API, the recording and everything that goes on by itself, until Ctrl-C or a signal\n"
    "ends it. Without --lan only this machine reaches it; the LAN gets HTTPS, with a\n"
    "certificate whose words are printed. The master key comes from the keyring, or from the\n"
    "file that DYNOAI_MASTER_KEY_FILE names.",
    "serve\n"
    "serve --lan\n"
    "serve --port 0 --simulate --json",
    { { OPTIONS, dyno_verb_serve_entries } },
    dyno_verb_serve },
  { "simulate", NULL, "", "Be a JETDRIVE dyno on the wire",
    "A virtual dyno with the channels of a real one makes pulls, as a provider on the\n"
    "network: on lo, unless --lan allows another interface. It ends after --pulls or\n"
    "--seconds, or with Ctrl-C. Verbs of a scenario (pull, drop 2, restart …) are read\n"
    "from standard input as well, each on a line, with or without a time before it.\n\n"
    "With --json each event is a line: ready, pull_start, pull_end with the peaks that\n"
    "the engine really made, cell, fault, done.",
    "simulate --list\n"
    "simulate --pulls 3\n"
    "simulate --profile stress-a --fault loss=2 --seconds 60 --json\n"
    "simulate --replay run_0123456789abcdefghij",
    { { OPTIONS, dyno_verb_simulate_entries } },
    dyno_verb_simulate },
  { "listen", NULL, "", "Decode what is on the wire",
    "Prints every dyno that speaks, its channels and what they are taken for. When\n"
    "nothing is heard the exit status is 7 and the reason is told; dynoctl doctor looks\n"
    "further.",
    "listen\n"
    "listen --interface eth0 --values --seconds 0\n"
    "listen --journal today.jdj --seconds 60\n"
    "listen --replay today.jdj --json",
    { { OPTIONS, dyno_verb_listen_entries } },
    dyno_verb_listen },
  { "capture", NULL, "", "Record runs into the store",
    "Waits for a dyno, arms, and records each pull as a run, from 2 s before it to 3 s\n"
    "after it. Each run is told when it is saved. Ctrl-C ends it: a run in hand is saved\n"
    "with what comes after it; pressed again, it ends where it stands.",
    "capture --runs 3 --vehicle \"FXDLS Rosa\"\n"
    "capture --manual --seconds 30 --notes \"steady state\"\n"
    "capture --interface lo --runs 1 --json",
    { { OPTIONS, dyno_verb_capture_entries } },
    dyno_verb_capture },
  { "import", NULL, "FILE…", "Turn logs into runs",
    "Reads logs of other programs, packet journals and run archives. What was assumed\n"
    "about a file is told with the option that decides otherwise. A log that is already\n"
    "there is refused (exit status 5) unless --again is given; an archive of a run that is\n"
    "there is taken as it is, and refused where one of the two was changed, unless --as-new\n"
    "is given.",
    "import 134power.csv --vehicle \"FXDLS Rosa\"\n"
    "import run.dynorun\n"
    "import --dry-run log.csv\n"
    "import log.csv --map \"TPS 2=tps\" --unit \"IAT=F\"",
    { { OPTIONS, dyno_verb_import_entries }, { LOG_OPTIONS, dyno_subject_log_entries } },
    dyno_verb_import, import_routes },
  { "runs", "list|show|delete|restore|note|tag", "[RUN…] [TEXT…]", "Read and keep the run book",
    "A run is named by its number or its id. note takes a run and a text, tag a run and\n"
    "the tags it gets. Deleted runs can be restored for 30 days.",
    "runs list --limit 10\n"
    "runs list --query \"tag:dyno-day >80kW\" --since 2026-03-01\n"
    "runs show 14\n"
    "runs note 14 \"jet 190, cold day\"\n"
    "runs tag 14 customer before\n"
    "runs delete 14",
    { { OPTIONS, dyno_verb_runs_entries } },
    dyno_verb_runs, runs_routes },
  { "power", NULL, "RUN|FILE", "Print power and torque",
    "Power is derived from what the dyno measured, smoothed and corrected to a standard\n"
    "weather; --as-logged takes the log's own figures instead, to compare both.",
    "power 14\n"
    "power 134power.csv --correction std --step 500\n"
    "power 134power.csv --as-logged --json",
    { { OPTIONS, dyno_verb_power_entries },
      { CURVE_OPTIONS, dyno_curve_option_entries },
      { LOG_OPTIONS, dyno_subject_log_entries } },
    dyno_verb_power },
  { "compare", NULL, "RUN|FILE…", "Hold pulls against each other",
    "Puts 2 to 20 pulls over each other, all with one correction and one smoothing, and\n"
    "tells what each makes more than the baseline (the run pinned as one, else the first,\n"
    "unless --baseline names another) and how well they repeat.\n\n"
    "With --against, the pulls named there were made before a change and the others after\n"
    "it, and the answer is whether the gain is real: three pulls a side are the least, five\n"
    "find a gain of 2 % as a rule.",
    "compare 14 15 16\n"
    "compare 17 18 19 --against 14,15,16\n"
    "compare after-*.csv --against before-1.csv,before-2.csv,before-3.csv\n"
    "compare 14 134power.csv --x speed --correction std --json",
    { { OPTIONS, dyno_verb_compare_entries },
      { CURVE_OPTIONS, dyno_curve_option_entries },
      { LOG_OPTIONS, dyno_subject_log_entries } },
    dyno_verb_compare },
  { "analyze", NULL, "RUN|FILE|DIR…", "Correct the fuel table from runs or logs",
    "Compares the measured mixture with the wanted one, cell by cell, and prints by how\n"
    "many percent the fuel is to be changed. Several runs and files are analysed\n"
    "together; a folder is analysed file by file. --out writes the tables and a manifest\n"
    "with checksums into a folder.",
    "analyze 14 15 16\n"
    "analyze 134power.csv --out result --grid 11x5\n"
    "analyze 14 15 --base tune.pvv --out result\n"
    "analyze 14 --explain 3000,60\n"
    "analyze 14 15 --explain 2:12.35s\n"
    "analyze logs/ --jobs 2 --json",
    { { OPTIONS, dyno_verb_analyze_entries },
      { "Options of the analysis", dyno_analyze_option_entries },
      { LOG_OPTIONS, dyno_subject_log_entries } },
    dyno_verb_analyze },
  { "report", NULL, "RUN|FILE…", "Make the sheet for the customer, a PDF",
    "The first run is what the sheet is about; others are drawn beside it. Shop name, logo\n"
    "and address are settings (shop.…). The run is attached inside the PDF, as an archive\n"
    "and as CSV, and can be imported from it anywhere.",
    "report 14 --baseline 12 -o sheet.pdf\n"
    "report 134power.csv --units us --paper letter -o sheet.pdf\n"
    "report 14 --template full --redact",
    { { OPTIONS, dyno_verb_report_entries }, { LOG_OPTIONS, dyno_subject_log_entries } },
    dyno_verb_report },
  { "plan", NULL, "VEHICLE", "Tell what to run next",
    "What the analysed runs of a vehicle have covered of its map, what is missing and which\n"
    "tests would fill it, each with the box of engine speed and pressure to be reached. The\n"
    "vehicle is named by its id or its label. Limits are kept for the vehicle, with --dyno\n"
    "for that dyno alone; steps beyond them are cut or left out.",
    "plan \"FXDLS Rosa\"\n"
    "plan \"FXDLS Rosa\" --max-rpm 5200 --max-pulls 4\n"
    "plan \"FXDLS Rosa\" --environment inertia_dyno --json\n"
    "plan \"FXDLS Rosa\" --reset",
    { { OPTIONS, dyno_verb_plan_entries } },
    dyno_verb_plan },
  { "virtual-tune", NULL, "", "Tune an ECU that is not there",
    "An ECU with a wrong fuel table is mapped on a virtual dyno, analysed and corrected,\n"
    "again and again, until the mixture is right: the proof that the analysis corrects in\n"
    "the right direction. It takes no wire, no store and less than a second.",
    "virtual-tune\n"
    "virtual-tune --scenario mixed --profile sportbike_600\n"
    "virtual-tune --scenario rich --delay 150 --noise 0.12 --seed 7 --json",
    { { OPTIONS, dyno_verb_virtual_tune_entries } },
    dyno_verb_virtual_tune },
  { "preview", NULL, "", "Show what a correction would do to a tune table",
    "Prints every cell that would change, what holds it back, what forbids it and what is\n"
    "to be looked at. Writes nothing. Of a .pvv file or a stored tune the VE tables of\n"
    "both cylinders are taken together.",
    "preview --base tune.pvv --corrections result\n"
    "preview --base front=f.csv,rear=r.csv --corrections result\n"
    "preview --base TABLE --corrections ANALYSIS",
    { { OPTIONS, dyno_verb_correction_entries } },
    dyno_verb_preview },
  { "apply", NULL, "", "Apply a correction to a tune table",
    "On the store it is one transaction for both cylinders. On files the changed file is\n"
    "written, and beside it what takes the change back. Nothing is applied while something\n"
    "blocks it (exit status 5).",
    "apply --base tune.pvv --corrections result --output tuned.pvv\n"
    "apply --base ve.csv --corrections delta.csv --output new.csv\n"
    "apply --base TABLE --corrections ANALYSIS --comment \"2nd pass\"",
    { { OPTIONS, dyno_verb_apply_entries },
      { "Options of the correction", dyno_verb_correction_entries } },
    dyno_verb_apply },
  { "rollback", NULL, "", "Take a change of a tune table back, to the byte",
    "The kept bytes are put back; nothing is computed. It is refused where the table was\n"
    "changed since, with the cells that are in the way.",
    "rollback --change chg_0123456789abcdefghij\n"
    "rollback --table TABLE --version 3\n"
    "rollback --current new.csv --metadata m.json --output old.csv",
    { { OPTIONS, dyno_verb_rollback_entries } },
    dyno_verb_rollback },
  { "tables", "list|import|show|history|diff|merge|export", "[TABLE|FILE…]",
    "Keep tunes, their tables and their history",
    "import takes a .pvv tune, or the CSV tables front=FILE and rear=FILE. diff compares two\n"
    "tables or two versions of one. merge joins a tune that was edited in two places, cell\n"
    "by cell; what both changed is listed (exit status 5). export writes a tune with its\n"
    "tables as they are now, and every other byte as it was imported.",
    "tables import tune.pvv --vehicle \"FXDLS Rosa\"\n"
    "tables list --kind ve\n"
    "tables diff tbl_0123456789abcdefghij --from 1\n"
    "tables merge old.pvv mine.pvv theirs.pvv --output merged.pvv\n"
    "tables export tbl_0123456789abcdefghij --output tune.pvv",
    { { OPTIONS, dyno_verb_tables_entries } },
    dyno_verb_tables, tables_routes },
  { "export", NULL, "RUN|FILE", "Write a run as table, picture, summary or archive",
    "As CSV, JSON or text; its power chart, fuel table or any channel as picture; all of it\n"
    "as one archive that another DynoAI imports, or its packets for a network analyser. A\n"
    "CSV with --decimals full --units source reads back to the same numbers. As pvv goes\n"
    "the fuel correction alone, which is no tune: tables export writes that. Nothing is\n"
    "ever written over the file that is exported.",
    "export 14 --format png --scale 2\n"
    "export 14 --format archive --output /mnt/usb\n"
    "export 134power.csv --rate 20 --units us --output power.csv\n"
    "export 14 --chart ve --format text --holes blank\n"
    "export 14 --format pvv --fill neutral",
    { { OPTIONS, dyno_verb_export_entries },
      { LOG_OPTIONS, dyno_subject_log_entries_without_rate } },
    dyno_verb_export },
  { "verify", NULL, "[FILE|RUN]", "Prove that what was recorded is unchanged",
    "A run archive, a sheet or a journal by itself; a run by its file, its place in the chain and\n"
    "its samples; or with --all the chain over all runs. Damage is told and gives exit\n"
    "status 1.",
    "verify --all\n"
    "verify 14\n"
    "verify run.dynorun\n"
    "verify sheet.pdf\n"
    "verify today.jdj",
    { { OPTIONS, dyno_verb_verify_entries } },
    dyno_verb_verify },
  { "key", "create|list|show|rotate|revoke", "[KEY]", "Give programs access to the service",
    "create prints a key once, on standard output alone; it is kept nowhere as text. A key\n"
    "acts for its owner, and may what it was given as far as its owner may it, too. rotate\n"
    "makes a new key on the same terms. The master key must be there (exit status 6).",
    "key create --name Grafana --scope metrics:read --expires 30\n"
    "key create --name \"Bay 2 tablet\" --role viewer --cidr 192.168.1.0/24\n"
    "key list --state active\n"
    "key rotate key_0123456789abcdefghij --overlap 3600\n"
    "key revoke key_0123456789abcdefghij",
    { { OPTIONS, dyno_verb_key_entries } },
    dyno_verb_key, key_routes },
  { "user", "create|list|role|disable|reset-password|invite", "[USER] [ROLE]",
    "Say which people may come in",
    "A user is named by id or e-mail address. Without --password-stdin a code is printed once,\n"
    "with which the person sets the password: within 72 hours for a new one, within 30 minutes\n"
    "for reset-password. The first user is an administrator that is made here.",
    "user create --role admin --email ana@shop.example --password-stdin\n"
    "user create --role tuner --email ben@shop.example --name Ben\n"
    "user role ben@shop.example operator\n"
    "user disable ben@shop.example\n"
    "user reset-password ana@shop.example",
    { { OPTIONS, dyno_verb_user_entries } },
    dyno_verb_user, user_routes },
  { "audit", "list|verify", "", "Tell who did what, and prove that nothing of it was changed",
    "verify computes the chain over all rows anew, which takes the master key; damage gives\n"
    "exit status 1.",
    "audit list --since 2026-03-01\n"
    "audit list --event authz.denied --limit 200\n"
    "audit verify --json",
    { { OPTIONS, dyno_verb_audit_entries } },
    dyno_verb_audit, audit_routes },
  { "db", "info|check|backup|restore|migrate", "", "Look after the database",
    "check looks at every page and every block of samples; damage gives exit status 1.\n"
    "backup seals database and files while everything else goes on, opens the backup\n"
    "again and compares. The first one prints a recovery code, once.\n"
    "restore puts a backup in the place of the data folder, which nobody else may hold;\n"
    "what was there is kept beside. migrate brings the tables up to date, each step after\n"
    "a copy that was compared; there is no way back but a restore.",
    "db info\n"
    "db check --json\n"
    "db backup --output /mnt/usb/dynoai.dynobk\n"
    "db restore --file /mnt/usb/dynoai.dynobk --code",
    { { OPTIONS, dyno_verb_db_entries } },
    dyno_verb_db, db_routes },
  { "config", "list|get|set|check|template", "[KEY [VALUE]|NAME]", "Read and change settings",
    "Settings come from defaults, the file, the environment and the window, the later\n"
    "ones stronger. set writes what the window would write. check reads file and\n"
    "environment and tells what is wrong with them. template prints a file to begin with,\n"
    "every setting explained: development, staging or production.",
    "config list\n"
    "config set capture.interface eth0\n"
    "config set ui.units us\n"
    "config check --config ./dynoai.conf\n"
    "config template production",
    { { OPTIONS, dyno_verb_config_entries } },
    dyno_verb_config, config_routes },
  { "doctor", NULL, "", "Look at network, multicast, keyring, disk and clock",
    "Each check says what was found and what to do. It listens for 3 s.",
    "doctor\n"
    "doctor --interface eth0",
    { { OPTIONS, dyno_verb_doctor_entries } },
    dyno_verb_doctor },
  { NULL },
};

const DynoVerb *
dyno_verbs (void)
{
  return verbs;
}

const DynoVerb *
dyno_verbs_find (const char *name)
{
  for (const DynoVerb *verb = verbs; verb->name != NULL; verb++)
    {
      if (g_str_equal (verb->name, name))
        return verb;
    }

  return NULL;
}

const DynoVerbRoute *
dyno_verbs_find_route (const DynoVerb *verb,
                       const char     *sub)
{
  for (const DynoVerbRoute *route = verb->routes; route != NULL && route->route != NULL; route++)
    {
      if (g_strcmp0 (route->sub, sub) == 0)
        return route;
    }

  return NULL;
}
