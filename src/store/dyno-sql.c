/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-sql.h"

/* In the order in which dyno_run_rows_make () reads them. */
#define RUN_COLUMNS \
  "r.id, r.number, r.revision, r.created_at, r.updated_at, r.deleted_at," \
  " v.label, v.customer_id, c.name," \
  " r.title, r.notes," \
  " (SELECT group_concat (t.tag, char (31)) FROM run_tags t WHERE t.run = r.number)," \
  " r.starred, r.baseline, r.vehicle_id, r.gear, r.trim_start_s, r.trim_end_s," \
  " r.status, r.source, r.progress, r.error, r.started_at, r.duration_s, r.provider, r.simulated," \
  " r.peak_power_kw, r.peak_power_rpm, r.peak_torque_nm, r.peak_torque_rpm, r.mean_afr," \
  " r.correction, r.smoothing, r.factor, r.loss_pct, r.n_gaps, r.discarded," \
  " r.origin_us, r.roll_start_us, r.run_start_us, r.run_end_us, r.roll_end_us," \
  " r.origin_run_id, r.derivation"

#define RUN_DETAILS ", d.config, d.results, d.mapping, d.report, d.gaps"

#define RUN_TABLES \
  " FROM runs r LEFT JOIN vehicles v ON v.id = r.vehicle_id" \
  " LEFT JOIN customers c ON c.id = v.customer_id"

#define STATUS_BIT \
  "CASE r.status WHEN 'pending' THEN 0 WHEN 'processing' THEN 1 WHEN 'complete' THEN 2" \
  " WHEN 'error' THEN 3 ELSE 4 END"

#define SOURCE_BIT \
  "CASE r.source WHEN 'capture' THEN 0 WHEN 'upload' THEN 1 WHEN 'simulator' THEN 2" \
  " WHEN 'jetstream' THEN 3 ELSE 4 END"

#define RUN_FILTER \
  " WHERE (:trash = 1 OR (r.deleted_at IS NOT NULL) = (:trash = 2))" \
  " AND (:statuses = 0 OR (:statuses >> " STATUS_BIT ") & 1)" \
  " AND (:sources = 0 OR (:sources >> " SOURCE_BIT ") & 1)" \
  " AND (:vehicle_id IS NULL OR r.vehicle_id = :vehicle_id)" \
  " AND (:customer_id IS NULL OR v.customer_id = :customer_id)" \
  " AND (:starred = 0 OR r.starred = (:starred = 1))" \
  " AND (:from = 0 OR r.started_at >= :from) AND (:to = 0 OR r.started_at < :to)" \
  " AND (:min_power = 0 OR r.peak_power_kw >= :min_power)" \
  " AND (:max_power = 0 OR r.peak_power_kw <= :max_power)" \
  " AND (:min_afr = 0 OR r.mean_afr >= :min_afr)" \
  " AND (:max_afr = 0 OR r.mean_afr <= :max_afr)" \
  " AND (:tags IS NULL OR NOT EXISTS (SELECT 1 FROM json_each (:tags) j WHERE NOT EXISTS" \
  "  (SELECT 1 FROM run_tags t WHERE t.run = r.number AND t.tag = j.value)))" \
  " AND (:match IS NULL OR r.number IN" \
  "  (SELECT rowid FROM run_text WHERE run_text MATCH :match))"

/* A page that begins behind a run: its key and its number. */
#define RUN_LIST(key, direction, follows) \
  "SELECT " RUN_COLUMNS RUN_TABLES RUN_FILTER \
  " AND (:after IS NULL OR (" key ", r.number) " follows " (:key, :after))" \
  " ORDER BY " key " " direction ", r.number " direction " LIMIT :limit"
#define RUN_LIST_UP(key) RUN_LIST (key, "ASC", ">")
#define RUN_LIST_DOWN(key) RUN_LIST (key, "DESC", "<")

#define VEHICLE_KEY "ifnull (v.label, '') COLLATE NOCASE"

/* The words of runs, as of now; REPLACE puts them in the place of the old ones. */
#define RUN_TEXT \
  "INSERT OR REPLACE INTO run_text (rowid, title, notes, tags, vehicle, customer, files)" \
  " SELECT r.number, r.title, r.notes," \
  "  (SELECT group_concat (t.tag, ' ') FROM run_tags t WHERE t.run = r.number)," \
  "  v.label || ' ' || v.make || ' ' || v.model || ' ' || v.plate, c.name," \
  "  (SELECT group_concat (f.name, ' ') FROM run_files f WHERE f.run = r.number)" RUN_TABLES

#define FILE_COLUMNS \
  "f.id, r.id, f.kind, f.path, f.name, f.bytes, f.sha256, f.created_at, f.removed_at, r.starred"

#define CHAIN_COLUMNS "position, run_id, path, bytes, sha256, hash, added_at, removed_at"

#define AUDIT_COLUMNS \
  "seq, at, event, severity, actor, actor_kind, key_id, sid, ip, correlation_id, resource_type," \
  " resource_id, action, success, status, details_json, hash"

/* In the order in which dyno_key_rows_make () reads them. */
#define KEY_SELECT \
  "SELECT k.id, k.sha256, k.display, k.name, k.user_id, k.origin, k.scopes, k.cidrs," \
  " k.rate_limit_per_minute, k.rate_limit_per_day, k.created_at, k.created_by, k.updated_at," \
  " k.expires_at, k.revoked_at, k.revoked_by, k.replaced_by, k.warned_at, k.last_used_at," \
  " k.last_ip, k.total_requests, k.denied_requests, k.revision, u.role, u.status," \
  " u.display_name, u.email FROM api_keys k JOIN users u ON u.id = k.user_id"

#define KEY_IS_LIVE \
  " WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > :now)" \
  " AND u.status = 'active'"

#define KEY_INSERT \
  "INSERT INTO api_keys (id, sha256, display, name, user_id, origin, scopes, cidrs," \
  " rate_limit_per_minute, rate_limit_per_day, created_at, created_by, updated_at, expires_at," \
  " total_requests, denied_requests, revision)" \
  " VALUES (:id, :sha256, :display, :name, :user_id, :origin, :scopes, :cidrs, :per_minute," \
  " :per_day, :now, :created_by, :now, :expires_at, 0, 0, 1)"

#define CUSTOMER_SELECT \
  "SELECT c.id, c.name, c.phone, c.email, c.address, c.notes, c.revision, c.created_at," \
  " c.updated_at, (SELECT count (*) FROM vehicles v WHERE v.customer_id = c.id) FROM customers c"

#define VEHICLE_SELECT \
  "SELECT v.id, v.customer_id, v.label, v.make, v.model, v.year, v.vin, v.plate, v.data," \
  " v.revision, v.created_at, v.updated_at, c.name," \
  " (SELECT count (*) FROM runs r WHERE r.vehicle_id = v.id AND r.deleted_at IS NULL)" \
  " FROM vehicles v LEFT JOIN customers c ON c.id = v.customer_id"

#define USER_SELECT \
  "SELECT id, role, status, email, display_name, password, max_requests_per_day, locale, timezone," \
  " units, epoch, revision, created_at, updated_at, last_login_at FROM users"

#define LOGIN_SELECT \
  "SELECT id, user_id, client_label, ip, user_agent, remember, auth_time, created_at, last_seen_at," \
  " expires_at, ended_at IS NULL AND expires_at > :now AND last_seen_at > :now - :idle" \
  " FROM login_sessions"

/* Generations of a family of refresh tokens. */
#define REFRESH_SELECT \
  "SELECT family, generation, client_label, user_agent, used_at FROM refresh_tokens"

#define TABLE_COLUMNS \
  "t.id, t.tune_id, u.vehicle_id, t.item, t.name, t.kind, t.cylinder, n.version," \
  " n.bytes_sha256, n.content_sha256, n.created_at, t.deleted_at"

#define TABLE_TABLES \
  " FROM tune_tables t JOIN tunes u ON u.id = t.tune_id" \
  " JOIN table_versions n ON n.table_id = t.id"

#define CHANGE_SELECT \
  "SELECT id, seq, table_id, kind, made_at, made_by, analysis_id, undoes, version_before," \
  " version_after, sha256_before, sha256_after, cells_changed, comment, data FROM changes"

#define BACKUP_COLUMNS \
  "id, path, bytes, sha256, schema, audit_seq, created_by, created_at, verified_at, drilled_at," \
  " error"

#define ERASURE_COLUMNS \
  "id, receipt, subject_kind, subject_id, requested_by, requested_at, purge_at, purged_at," \
  " cancelled_at"

#define EXPORT_COLUMNS \
  "id, subject_kind, subject_id, job_id, path, bytes, sha256, requested_by, created_at, expires_at"

/* A text of a customer's run without his name, and without what the vehicle is known
 * by to others; replacing the empty text changes nothing. */
#define CLEAN(text) \
  "replace (replace (replace (" text ", c.name, '…'), v.vin, '…'), v.plate, '…')"

#define ANALYSIS_COLUMNS \
  "a.id, (SELECT group_concat (id, ' ') FROM (SELECT r.id FROM analysis_runs o" \
  "  JOIN runs r ON r.number = o.run WHERE o.analysis_id = a.id ORDER BY o.ord))," \
  " a.table_id, a.math_version, a.options, a.input_sha256, a.fingerprint, a.created_at"

#define JOB_SELECT \
  "SELECT id, kind, state, done, total, stage, message, subject, input, result, error, reason," \
  " created_at, started_at, finished_at FROM jobs"

#define JOB_BIT \
  "CASE state WHEN 'queued' THEN 0 WHEN 'running' THEN 1 WHEN 'succeeded' THEN 2" \
  " WHEN 'failed' THEN 3 WHEN 'cancelled' THEN 4 ELSE 5 END"

static const char *const texts[DYNO_N_SQL] = {
  [DYNO_SQL_BEGIN] = "BEGIN",
  [DYNO_SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
  [DYNO_SQL_COMMIT] = "COMMIT",
  [DYNO_SQL_ROLLBACK] = "ROLLBACK",
  [DYNO_SQL_SAVEPOINT] = "SAVEPOINT verb",
  [DYNO_SQL_RELEASE] = "RELEASE verb",
  [DYNO_SQL_UNDO_SAVEPOINT] = "ROLLBACK TO verb",

  [DYNO_SQL_MIGRATION_LIST] =
    "SELECT number, name, sha256, schema_sha256, applied_at FROM schema_migrations ORDER BY number",
  [DYNO_SQL_MIGRATION_ADD] =
    "INSERT INTO schema_migrations (number, name, sha256, schema_sha256, applied_at)"
    " VALUES (:number, :name, :sha256, :schema_sha256, :applied_at)",

  [DYNO_SQL_RUN_NUMBER] = "SELECT number FROM runs WHERE id = :id",
  [DYNO_SQL_RUN_STATUS] = "SELECT status, revision FROM runs WHERE id = :id",
  [DYNO_SQL_RUN_ORIGIN] =
    "SELECT coalesce (origin_us, roll_start_us,"
    " (SELECT min (first_us) FROM sample_seconds WHERE run = runs.number), 0)"
    " FROM runs WHERE id = :id",
  [DYNO_SQL_RUN_GET] =
    "SELECT " RUN_COLUMNS RUN_DETAILS RUN_TABLES
    " LEFT JOIN run_details d ON d.run = r.number WHERE r.id = :id",
  [DYNO_SQL_RUN_ADD] =
    "INSERT INTO runs (id, status, source, progress, error, title, notes, starred, baseline,"
    " vehicle_id, gear, trim_start_s, trim_end_s, started_at, duration_s, provider, simulated,"
    " peak_power_kw, peak_power_rpm, peak_torque_nm, peak_torque_rpm, mean_afr, correction,"
    " smoothing, factor, loss_pct, n_gaps, discarded, origin_us, roll_start_us, run_start_us,"
    " run_end_us, roll_end_us, origin_run_id, derivation, revision, created_at, updated_at)"
    " VALUES (:id, :status, :source, :progress, :error, :title, :notes, :starred, :baseline,"
    " :vehicle_id, :gear, :trim_start_s, :trim_end_s, ifnull (:started_at, :now), :duration_s,"
    " :provider, :simulated, :peak_power_kw, :peak_power_rpm, :peak_torque_nm, :peak_torque_rpm,"
    " :mean_afr, :correction, :smoothing, :factor, :loss_pct, :n_gaps, :discarded, :origin_us,"
    " :roll_start_us, :run_start_us, :run_end_us, :roll_end_us, :origin_run_id, :derivation, 1,"
    " :now, :now)",
  [DYNO_SQL_RUN_SAVE] =
    "UPDATE runs SET status = :status, progress = :progress, error = :error,"
    " started_at = ifnull (:started_at, started_at), duration_s = :duration_s,"
    " provider = :provider, simulated = :simulated, peak_power_kw = :peak_power_kw,"
    " peak_power_rpm = :peak_power_rpm, peak_torque_nm = :peak_torque_nm,"
    " peak_torque_rpm = :peak_torque_rpm, mean_afr = :mean_afr, correction = :correction,"
    " smoothing = :smoothing, factor = :factor, loss_pct = :loss_pct, n_gaps = :n_gaps,"
    " discarded = :discarded, origin_us = ifnull (:origin_us, origin_us),"
    " roll_start_us = :roll_start_us, run_start_us = :run_start_us, run_end_us = :run_end_us,"
    " roll_end_us = :roll_end_us, origin_run_id = :origin_run_id, derivation = :derivation,"
    " revision = revision + 1, updated_at = :now WHERE number = :run",
  /* The bits are those of DynoRunFields. */
  [DYNO_SQL_RUN_EDIT] =
    "UPDATE runs SET title = iif (:fields & 1, :title, title),"
    " notes = iif (:fields & 2, :notes, notes),"
    " starred = iif (:fields & 8, :starred, starred),"
    " baseline = iif (:fields & 16, :baseline, baseline),"
    " vehicle_id = iif (:fields & 32, :vehicle_id, vehicle_id),"
    " gear = iif (:fields & 64, :gear, gear),"
    " trim_start_s = iif (:fields & 128, :trim_start_s, trim_start_s),"
    " trim_end_s = iif (:fields & 128, :trim_end_s, trim_end_s),"
    " revision = revision + 1, updated_at = :now"
    " WHERE number = :run AND (:revision = 0 OR revision = :revision)",
  [DYNO_SQL_RUN_DETAILS_SET] =
    "INSERT INTO run_details (run, config, results, mapping, report, gaps)"
    " VALUES (:run, :config, :results, :mapping, :report, :gaps)"
    " ON CONFLICT (run) DO UPDATE SET config = ifnull (:config, config),"
    " results = ifnull (:results, results), mapping = ifnull (:mapping, mapping),"
    " report = ifnull (:report, report), gaps = ifnull (:gaps, gaps)",
  [DYNO_SQL_RUN_LIST_UNFINISHED] =
    "SELECT " RUN_COLUMNS RUN_TABLES
    " WHERE r.status IN ('pending', 'processing') ORDER BY r.number",
  [DYNO_SQL_RUN_LIST_TRASH] =
    "SELECT id FROM runs WHERE deleted_at IS NOT NULL AND deleted_at < :before ORDER BY number",
  [DYNO_SQL_RUN_SET_DELETED] =
    "UPDATE runs SET deleted_at = :deleted_at, revision = revision + 1, updated_at = :now"
    " WHERE id = :id",
  [DYNO_SQL_RUN_PURGE] = "DELETE FROM runs WHERE number = :run",
  [DYNO_SQL_RUN_FIND_IMPORT] =
    "SELECT " RUN_COLUMNS RUN_TABLES
    " WHERE r.number = (SELECT min (f.run) FROM run_files f JOIN runs o ON o.number = f.run"
    "  WHERE f.sha256 = :sha256 AND f.kind = 'source' AND o.deleted_at IS NULL)",

  [DYNO_SQL_RUN_LIST_NEWEST] = RUN_LIST_DOWN ("r.started_at"),
  [DYNO_SQL_RUN_LIST_OLDEST] = RUN_LIST_UP ("r.started_at"),
  [DYNO_SQL_RUN_LIST_POWER_DOWN] = RUN_LIST_DOWN ("ifnull (r.peak_power_kw, -1e99)"),
  [DYNO_SQL_RUN_LIST_POWER_UP] = RUN_LIST_UP ("ifnull (r.peak_power_kw, 1e99)"),
  [DYNO_SQL_RUN_LIST_NUMBER_DOWN] = RUN_LIST_DOWN ("r.number"),
  [DYNO_SQL_RUN_LIST_NUMBER_UP] = RUN_LIST_UP ("r.number"),
  [DYNO_SQL_RUN_LIST_VEHICLE_UP] = RUN_LIST_UP (VEHICLE_KEY),
  [DYNO_SQL_RUN_LIST_VEHICLE_DOWN] = RUN_LIST_DOWN (VEHICLE_KEY),
  [DYNO_SQL_RUN_COUNT] = "SELECT count (*)" RUN_TABLES RUN_FILTER,
  [DYNO_SQL_RUN_COUNT_ALL] = "SELECT count (*) FROM runs WHERE deleted_at IS NULL",

  [DYNO_SQL_RUN_TEXT_OF_RUN] = RUN_TEXT " WHERE r.number = :run",
  [DYNO_SQL_RUN_TEXT_OF_VEHICLE] = RUN_TEXT " WHERE r.vehicle_id = :vehicle_id",
  [DYNO_SQL_RUN_TEXT_OF_CUSTOMER] = RUN_TEXT " WHERE v.customer_id = :customer_id",
  [DYNO_SQL_RUN_TEXT_REMOVE] = "DELETE FROM run_text WHERE rowid = :run",

  [DYNO_SQL_RUN_TAGS_CLEAR] = "DELETE FROM run_tags WHERE run = :run",
  [DYNO_SQL_RUN_TAG_ADD] = "INSERT OR IGNORE INTO run_tags (run, tag) VALUES (:run, :tag)",
  [DYNO_SQL_RUN_TAG_LIST] =
    "SELECT t.tag, count (*) FROM run_tags t JOIN runs r ON r.number = t.run"
    " WHERE r.deleted_at IS NULL GROUP BY t.tag ORDER BY count (*) DESC, t.tag",
  [DYNO_SQL_RUN_NOTE_CONTINUE] =
    "UPDATE run_notes SET text = :text WHERE run = :run AND written_at > :since"
    " AND seq = (SELECT max (seq) FROM run_notes WHERE run = :run)",
  [DYNO_SQL_RUN_NOTE_ADD] =
    "INSERT INTO run_notes (run, seq, written_at, text)"
    " SELECT :run, ifnull (max (seq), 0) + 1, :now, :text FROM run_notes WHERE run = :run",
  [DYNO_SQL_RUN_NOTE_LIST] =
    "SELECT written_at, text FROM run_notes WHERE run = :run ORDER BY seq DESC",
  [DYNO_SQL_RUN_MARK_ADD] =
    "INSERT INTO run_marks (run, seq, t_us, kind, n, text)"
    " SELECT :run, ifnull (max (seq), 0) + 1, :t_us, :kind, :n, :text FROM run_marks"
    " WHERE run = :run",
  [DYNO_SQL_RUN_MARK_LIST] =
    "SELECT seq, t_us, kind, n, text FROM run_marks WHERE run = :run ORDER BY t_us, seq",

  [DYNO_SQL_FILE_ADD] =
    "INSERT INTO run_files (id, run, kind, path, name, bytes, sha256, created_at)"
    " VALUES (:id, :run, :kind, :path, :name, :bytes, :sha256, :now)",
  [DYNO_SQL_FILE_LIST] =
    "SELECT " FILE_COLUMNS " FROM run_files f JOIN runs r ON r.number = f.run"
    " WHERE (:run_id IS NULL OR r.id = :run_id) AND (:kind IS NULL OR f.kind = :kind)"
    " ORDER BY f.created_at, f.rowid",
  [DYNO_SQL_FILE_PATHS] =
    "SELECT f.path FROM run_files f WHERE f.run = :run AND f.removed_at IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM run_files o WHERE o.path = f.path AND o.run <> f.run"
    "  AND o.removed_at IS NULL)",
  [DYNO_SQL_FILE_REMOVE] =
    "UPDATE run_files SET removed_at = :now WHERE id = :id AND removed_at IS NULL",
  [DYNO_SQL_CHAIN_LAST] =
    "SELECT " CHAIN_COLUMNS " FROM chain ORDER BY position DESC LIMIT 1",
  [DYNO_SQL_CHAIN_ADD] =
    "INSERT INTO chain (position, run_id, path, bytes, sha256, hash, added_at)"
    " VALUES (:position, :run_id, :path, :bytes, :sha256, :hash, :now)",
  [DYNO_SQL_CHAIN_LIST] = "SELECT " CHAIN_COLUMNS " FROM chain ORDER BY position",
  [DYNO_SQL_CHAIN_REMOVE_RUN] =
    "UPDATE chain SET removed_at = :now WHERE run_id = :run_id AND removed_at IS NULL",
  [DYNO_SQL_CHAIN_REMOVE_FILE] =
    "UPDATE chain SET removed_at = :now WHERE removed_at IS NULL AND (run_id, path) ="
    " (SELECT r.id, f.path FROM run_files f JOIN runs r ON r.number = f.run WHERE f.id = :id)",

  [DYNO_SQL_CHANNEL_SET] =
    "INSERT OR REPLACE INTO run_channels (run, channel, name, module, wire_id, generation,"
    " occurrence, unit, unit_text, unit_scale, unit_offset, canonical, confidence, axis)"
    " VALUES (:run, :channel, :name, :module, :wire_id, :generation, :occurrence, :unit,"
    " :unit_text, :unit_scale, :unit_offset, :canonical, :confidence, :axis)",
  [DYNO_SQL_CHANNEL_LIST] =
    "SELECT channel, name, module, wire_id, generation, occurrence, unit, unit_text, unit_scale,"
    " unit_offset, canonical, confidence, axis FROM run_channels WHERE run = :run ORDER BY channel",
  [DYNO_SQL_CHANNEL_CLEAR] = "DELETE FROM run_channels WHERE run = :run",
  [DYNO_SQL_SECOND_ADD] =
    "INSERT INTO sample_seconds (run, second, first_us, last_us, n_blocks, n_samples)"
    " VALUES (:run, :second, :first_us, :last_us, :n_blocks, :n_samples)"
    " ON CONFLICT (run, second) DO UPDATE SET first_us = min (first_us, excluded.first_us),"
    " last_us = max (last_us, excluded.last_us), n_blocks = n_blocks + excluded.n_blocks,"
    " n_samples = n_samples + excluded.n_samples",
  [DYNO_SQL_SECOND_RANGE] =
    "SELECT min (second), max (second) FROM sample_seconds"
    " WHERE run = :run AND last_us >= :from_us AND first_us <= :to_us",
  [DYNO_SQL_SECOND_CLEAR] = "DELETE FROM sample_seconds WHERE run = :run",
  [DYNO_SQL_BLOCK_ADD] =
    "INSERT INTO sample_blocks (run, second, channel, data)"
    " VALUES (:run, :second, :channel, :data)",
  [DYNO_SQL_BLOCK_LIST] =
    "SELECT second, channel, data FROM sample_blocks"
    " WHERE run = :run AND second BETWEEN :first AND :last ORDER BY second, channel",
  [DYNO_SQL_GRID_ADD] =
    "INSERT INTO sample_grids (run, n_rows, chunk_rows, has_time, n_chunks)"
    " VALUES (:run, :n_rows, :chunk_rows, :has_time, :n_chunks)",
  [DYNO_SQL_GRID_GET] = "SELECT n_rows, chunk_rows, has_time FROM sample_grids WHERE run = :run",
  [DYNO_SQL_GRID_CLEAR] = "DELETE FROM sample_grids WHERE run = :run",
  [DYNO_SQL_CHUNK_ADD] =
    "INSERT INTO sample_chunks (run, channel, chunk, data) VALUES (:run, :channel, :chunk, :data)",
  [DYNO_SQL_CHUNK_LIST] =
    "SELECT chunk, data FROM sample_chunks WHERE run = :run AND channel = :channel"
    " AND chunk BETWEEN :first AND :last ORDER BY chunk",

  [DYNO_SQL_CUSTOMER_KNOWN] = "SELECT 1 FROM customers WHERE id = :id",
  [DYNO_SQL_CUSTOMER_GET] = CUSTOMER_SELECT " WHERE c.id = :id",
  [DYNO_SQL_CUSTOMER_BY_NAME] =
    CUSTOMER_SELECT " WHERE c.name = :name ORDER BY c.created_at, c.id LIMIT 1",
  [DYNO_SQL_CUSTOMER_LIST] = CUSTOMER_SELECT " ORDER BY c.name COLLATE NOCASE, c.id",
  [DYNO_SQL_CUSTOMER_ADD] =
    "INSERT INTO customers (id, name, phone, email, address, notes, revision, created_at,"
    " updated_at) VALUES (:id, :name, :phone, :email, :address, :notes, 1, :now, :now)",
  [DYNO_SQL_CUSTOMER_EDIT] =
    "UPDATE customers SET name = :name, phone = :phone, email = :email, address = :address,"
    " notes = :notes, revision = revision + 1, updated_at = :now"
    " WHERE id = :id AND (:revision = 0 OR revision = :revision)",
  [DYNO_SQL_CUSTOMER_DELETE] = "DELETE FROM customers WHERE id = :id",
  [DYNO_SQL_VEHICLE_KNOWN] = "SELECT 1 FROM vehicles WHERE id = :id",
  [DYNO_SQL_VEHICLE_GET] = VEHICLE_SELECT " WHERE v.id = :id",
  [DYNO_SQL_VEHICLE_BY_LABEL] =
    VEHICLE_SELECT " WHERE v.label = :label ORDER BY v.created_at, v.id LIMIT 1",
  [DYNO_SQL_VEHICLE_LIST] =
    VEHICLE_SELECT " WHERE :customer_id IS NULL OR v.customer_id = :customer_id"
    " ORDER BY v.label, v.id",
  [DYNO_SQL_VEHICLE_ADD] =
    "INSERT INTO vehicles (id, customer_id, label, make, model, year, vin, plate, data, revision,"
    " created_at, updated_at) VALUES (:id, :customer_id, :label, :make, :model, :year, :vin,"
    " :plate, :data, 1, :now, :now)",
  [DYNO_SQL_VEHICLE_EDIT] =
    "UPDATE vehicles SET customer_id = :customer_id, label = :label, make = :make, model = :model,"
    " year = :year, vin = :vin, plate = :plate, data = :data, revision = revision + 1,"
    " updated_at = :now WHERE id = :id AND (:revision = 0 OR revision = :revision)",
  [DYNO_SQL_VEHICLE_DELETE] =
    "DELETE FROM vehicles WHERE id = :id"
    " AND NOT EXISTS (SELECT 1 FROM runs WHERE vehicle_id = :id)"
    " AND NOT EXISTS (SELECT 1 FROM tunes WHERE vehicle_id = :id)",

  [DYNO_SQL_USER_GET] = USER_SELECT " WHERE id = :id AND status <> 'erased'",
  [DYNO_SQL_USER_BY_EMAIL] = USER_SELECT " WHERE email_key = :email_key AND status <> 'erased'",
  [DYNO_SQL_USER_BY_LABEL] =
    USER_SELECT " WHERE role = 'service' AND display_name = :label AND status <> 'erased'",
  [DYNO_SQL_USER_LIST] =
    USER_SELECT " WHERE role NOT IN ('owner', 'developer') AND status <> 'erased'"
    " AND (:after IS NULL OR (created_at, id) >"
    "  ((SELECT o.created_at FROM users o WHERE o.id = :after), :after))"
    " ORDER BY created_at, id LIMIT :limit",
  [DYNO_SQL_USER_ADD] =
    "INSERT INTO users (id, role, status, email, email_key, display_name, password,"
    " password_changed_at, max_requests_per_day, locale, timezone, units, epoch, revision,"
    " created_at, updated_at) VALUES (:id, :role, :status, :email, :email_key, :display_name,"
    " :password, iif (:password IS NULL, NULL, :now), :per_day, :locale, :timezone, :units, 1, 1,"
    " :now, :now)",
  [DYNO_SQL_USER_EDIT] =
    "UPDATE users SET role = :role, status = :status, email = :email, email_key = :email_key,"
    " display_name = :display_name, max_requests_per_day = :per_day, locale = :locale,"
    " timezone = :timezone, units = :units,"
    " epoch = epoch + (role <> :role OR status <> :status), revision = revision + 1,"
    " updated_at = :now WHERE id = :id AND revision = :revision",
  [DYNO_SQL_USER_SET_PASSWORD] =
    "UPDATE users SET password = :password, password_changed_at = :now,"
    " status = iif (status = 'invited', 'active', status),"
    " epoch = epoch + :is_new, revision = revision + :is_new, updated_at = :now WHERE id = :id",
  [DYNO_SQL_USER_WELCOME] =
    "UPDATE users SET display_name = :display_name, updated_at = :now WHERE id = :id",
  [DYNO_SQL_USER_LOGGED_IN] = "UPDATE users SET last_login_at = :now WHERE id = :id",
  [DYNO_SQL_USER_OTHER_ADMINS] =
    "SELECT 1 FROM users WHERE role = 'admin' AND status = 'active' AND id <> :id",
  [DYNO_SQL_USER_AUTHORITY] =
    "SELECT id, role, status, email, display_name, max_requests_per_day, epoch FROM users"
    " WHERE status <> 'erased'",
  [DYNO_SQL_CODE_ADD] =
    "INSERT INTO invitations (id, kind, sha256, user_id, email, role, created_by, created_at,"
    " expires_at, tries) VALUES (:id, :kind, :sha256, :user_id, :email, :role, :created_by, :now,"
    " :expires_at, 0)",
  [DYNO_SQL_CODE_FORGET] =
    "DELETE FROM invitations WHERE kind = :kind AND user_id = :user_id AND used_at IS NULL",
  [DYNO_SQL_CODE_FIND] =
    "SELECT id, user_id, email, role, created_by, expires_at FROM invitations"
    " WHERE sha256 = :sha256 AND kind = :kind AND used_at IS NULL AND expires_at > :now"
    " AND tries < :max_tries AND (email IS NULL OR email = :email_key)",
  [DYNO_SQL_CODE_TRIED] =
    "UPDATE invitations SET tries = tries + 1"
    " WHERE kind = :kind AND email = :email_key AND used_at IS NULL",
  [DYNO_SQL_CODE_USE] =
    "UPDATE invitations SET used_at = :now, used_by = :used_by WHERE sha256 = :sha256"
    " AND kind = :kind AND used_at IS NULL AND expires_at > :now AND tries < :max_tries",

  [DYNO_SQL_LOGIN_ADD] =
    "INSERT INTO login_sessions (id, user_id, client_label, ip, user_agent, remember, auth_time,"
    " created_at, last_seen_at, expires_at) VALUES (:id, :user_id, :client_label, :ip, :user_agent,"
    " :remember, :now, :now, :now, :expires_at)",
  [DYNO_SQL_LOGIN_GET] = LOGIN_SELECT " WHERE id = :id",
  [DYNO_SQL_LOGIN_LIST] =
    LOGIN_SELECT " WHERE user_id = :user_id AND ended_at IS NULL AND expires_at > :now"
    " AND last_seen_at > :now - :idle ORDER BY created_at DESC, id DESC",
  [DYNO_SQL_LOGIN_END] =
    "UPDATE login_sessions SET ended_at = :now, end_reason = :reason WHERE ended_at IS NULL"
    " AND user_id = :user_id AND (:id IS NULL OR id = :id)",
  [DYNO_SQL_LOGIN_EVICT] =
    "UPDATE login_sessions SET ended_at = :now, end_reason = 'evicted' WHERE id IN"
    " (SELECT id FROM login_sessions WHERE user_id = :user_id AND ended_at IS NULL"
    "  AND expires_at > :now AND last_seen_at > :now - :idle"
    "  ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET :keep)",
  [DYNO_SQL_LOGIN_SEEN] = "UPDATE login_sessions SET last_seen_at = :now, ip = :ip WHERE id = :id",
  [DYNO_SQL_LOGIN_PROVED] =
    "UPDATE login_sessions SET auth_time = :now, last_seen_at = :now WHERE id = :id"
    " AND user_id = :user_id AND ended_at IS NULL AND expires_at > :now",
  [DYNO_SQL_LOGIN_AUTHORITY] =
    "SELECT id, user_id, expires_at FROM login_sessions"
    " WHERE ended_at IS NULL AND expires_at > :now",
  [DYNO_SQL_LOGIN_PRUNE] =
    "DELETE FROM login_sessions WHERE coalesce (ended_at, min (expires_at, last_seen_at + :idle))"
    " < :before",
  [DYNO_SQL_REFRESH_ADD] =
    "INSERT INTO refresh_tokens (family, generation, sha256, client_label, ip, user_agent,"
    " created_at, expires_at) VALUES (:family, :generation, :sha256, :client_label, :ip,"
    " :user_agent, :now, :expires_at)",
  [DYNO_SQL_REFRESH_FIND] = REFRESH_SELECT " WHERE sha256 = :sha256",
  [DYNO_SQL_REFRESH_GET] = REFRESH_SELECT " WHERE family = :family AND generation = :generation",
  [DYNO_SQL_REFRESH_USE] =
    "UPDATE refresh_tokens SET used_at = :now WHERE family = :family AND generation = :generation",
  [DYNO_SQL_JTI_REVOKE] =
    "INSERT OR IGNORE INTO revoked_jti (jti, user_id, revoked_at, expires_at)"
    " VALUES (:jti, :user_id, :now, :expires_at)",
  [DYNO_SQL_JTI_AUTHORITY] = "SELECT jti FROM revoked_jti WHERE expires_at > :now",
  [DYNO_SQL_JTI_PRUNE] = "DELETE FROM revoked_jti WHERE expires_at <= :now",
  [DYNO_SQL_THROTTLE_GET] =
    "SELECT tat_us, failures, blocked_until FROM login_throttle WHERE subject = :subject",
  [DYNO_SQL_THROTTLE_SET] =
    "INSERT OR REPLACE INTO login_throttle (subject, tat_us, failures, blocked_until, updated_at)"
    " VALUES (:subject, :tat_us, :failures, :blocked_until, :now)",
  [DYNO_SQL_THROTTLE_DROP] = "DELETE FROM login_throttle WHERE subject = :subject",
  [DYNO_SQL_THROTTLE_PRUNE] =
    "DELETE FROM login_throttle WHERE updated_at < :before AND failures < :stop",
  [DYNO_SQL_ADDRESS_KNOWN] =
    "SELECT 1 FROM login_addresses WHERE user_id = :user_id AND address = :address"
    " AND last_login_at > :since",
  [DYNO_SQL_ADDRESS_SET] =
    "INSERT OR REPLACE INTO login_addresses (user_id, address, last_login_at)"
    " VALUES (:user_id, :address, :now)",
  [DYNO_SQL_SIGNING_LIST] =
    "SELECT kid, state, public_key, secret, created_at, active_from, retired_at FROM signing_keys"
    " WHERE state <> 'destroyed' ORDER BY created_at",
  [DYNO_SQL_SIGNING_DESTROY] =
    "UPDATE signing_keys SET state = 'destroyed', secret = NULL, destroyed_at = :now"
    " WHERE state <> 'destroyed'",
  [DYNO_SQL_SIGNING_PUT] =
    "INSERT INTO signing_keys (kid, state, public_key, secret, created_at, active_from, retired_at)"
    " VALUES (:kid, :state, :public_key, :secret, :created_at, :active_from, :retired_at)"
    " ON CONFLICT (kid) DO UPDATE SET state = excluded.state, secret = excluded.secret,"
    " active_from = excluded.active_from, retired_at = excluded.retired_at, destroyed_at = NULL",

  [DYNO_SQL_TUNE_ADD] =
    "INSERT INTO tunes (id, vehicle_id, name, format, file, sha256, created_at)"
    " VALUES (:id, :vehicle_id, :name, :format, :file, :sha256, :now)",
  [DYNO_SQL_TUNE_GET] =
    "SELECT id, vehicle_id, name, format, sha256, created_at, file FROM tunes WHERE id = :id",
  [DYNO_SQL_TUNE_LIST] =
    "SELECT id, vehicle_id, name, format, sha256, created_at FROM tunes"
    " WHERE :vehicle_id IS NULL OR vehicle_id = :vehicle_id ORDER BY created_at DESC, id",
  [DYNO_SQL_TABLE_ADD] =
    "INSERT INTO tune_tables (id, tune_id, item, name, kind, cylinder, version, created_at)"
    " VALUES (:id, :tune_id, :item, :name, :kind, :cylinder, 1, :now)",
  [DYNO_SQL_TABLE_GET] =
    "SELECT " TABLE_COLUMNS ", n.bytes" TABLE_TABLES
    " AND n.version = iif (:version = 0, t.version, :version) WHERE t.id = :id",
  [DYNO_SQL_TABLE_LIST] =
    "SELECT " TABLE_COLUMNS TABLE_TABLES " AND n.version = t.version"
    " WHERE t.deleted_at IS NULL AND (:vehicle_id IS NULL OR u.vehicle_id = :vehicle_id)"
    " AND (:kind IS NULL OR t.kind = :kind) AND (:cylinder IS NULL OR t.cylinder = :cylinder)"
    " ORDER BY u.created_at DESC, u.id, t.item",
  [DYNO_SQL_TABLE_PRESENT] =
    "SELECT t.version, n.content_sha256" TABLE_TABLES
    " AND n.version = t.version WHERE t.id = :id AND t.deleted_at IS NULL",
  [DYNO_SQL_TABLE_SET_VERSION] = "UPDATE tune_tables SET version = :version WHERE id = :id",
  [DYNO_SQL_TABLE_DELETE] =
    "UPDATE tune_tables SET deleted_at = :now WHERE id = :id AND deleted_at IS NULL",
  [DYNO_SQL_TABLE_VERSION_ADD] =
    "INSERT INTO table_versions (table_id, version, bytes, bytes_sha256, content_sha256,"
    " created_at) VALUES (:table_id, :version, :bytes, :bytes_sha256, :content_sha256, :now)",
  [DYNO_SQL_TABLE_VERSION_LIST] =
    "SELECT " TABLE_COLUMNS TABLE_TABLES " WHERE t.id = :id ORDER BY n.version DESC",
  [DYNO_SQL_CHANGE_ADD] =
    "INSERT INTO changes (id, table_id, kind, made_at, made_by, analysis_id, undoes,"
    " version_before, version_after, sha256_before, sha256_after, cells_changed, comment, data)"
    " VALUES (:id, :table_id, :kind, :now, :made_by, :analysis_id, :undoes, :version_before,"
    " :version_after, :sha256_before, :sha256_after, :cells_changed, :comment, :data)",
  [DYNO_SQL_CHANGE_GET] = CHANGE_SELECT " WHERE id = :id",
  [DYNO_SQL_CHANGE_LIST] =
    CHANGE_SELECT " WHERE (:table_id IS NULL OR table_id = :table_id)"
    " AND (:analysis_id IS NULL OR analysis_id = :analysis_id) ORDER BY seq DESC",

  [DYNO_SQL_ANALYSIS_ADD] =
    "INSERT INTO analyses (id, table_id, math_version, options, input_sha256, fingerprint,"
    " result, artefact, created_at) VALUES (:id, :table_id, :math_version, :options,"
    " :input_sha256, :fingerprint, :result, :artefact, :now)",
  [DYNO_SQL_ANALYSIS_KEEP] =
    "INSERT OR IGNORE INTO analyses (id, table_id, math_version, options, input_sha256,"
    " fingerprint, result, artefact, created_at) VALUES (:id, :table_id, :math_version, :options,"
    " :input_sha256, :fingerprint, :result, :artefact, :now)",
  [DYNO_SQL_ANALYSIS_RUN_ADD] =
    "INSERT INTO analysis_runs (analysis_id, ord, run) VALUES (:analysis_id, :ord, :run)",
  [DYNO_SQL_ANALYSIS_RUN_JOIN] =
    "INSERT INTO analysis_runs (analysis_id, ord, run)"
    " SELECT :analysis_id, coalesce (max (ord) + 1, 0), :run FROM analysis_runs"
    " WHERE analysis_id = :analysis_id",
  [DYNO_SQL_ANALYSIS_GET] =
    "SELECT " ANALYSIS_COLUMNS ", a.result, a.artefact FROM analyses a WHERE a.id = :id",
  [DYNO_SQL_ANALYSIS_FIND] =
    "SELECT " ANALYSIS_COLUMNS ", a.result, a.artefact FROM analyses a"
    " WHERE a.fingerprint = :fingerprint ORDER BY a.created_at DESC, a.rowid DESC LIMIT 1",
  [DYNO_SQL_ANALYSIS_LIST] =
    "SELECT " ANALYSIS_COLUMNS " FROM analyses a WHERE a.id IN (SELECT o.analysis_id"
    "  FROM analysis_runs o JOIN runs r ON r.number = o.run WHERE r.id = :run_id)"
    " ORDER BY a.created_at DESC, a.rowid DESC",
  [DYNO_SQL_ANALYSIS_PURGE] =
    "DELETE FROM analyses WHERE id IN (SELECT analysis_id FROM analysis_runs WHERE run = :run)"
    " AND NOT EXISTS (SELECT 1 FROM analysis_runs o WHERE o.analysis_id = analyses.id"
    "  AND o.run <> :run)",
  [DYNO_SQL_RUN_VERDICTS] =
    "SELECT r.id, a.id, a.result ->> '$.confidence.grade',"
    " a.result ->> '$.confidence.covered_pct', d.config ->> '$.operator' FROM runs r"
    " LEFT JOIN run_details d ON d.run = r.number LEFT JOIN analyses a ON a.id ="
    "  (SELECT n.id FROM analysis_runs o JOIN analyses n ON n.id = o.analysis_id"
    "   WHERE o.run = r.number ORDER BY n.created_at DESC, n.rowid DESC LIMIT 1)"
    " WHERE r.id IN (SELECT value FROM json_each (:ids))",

  [DYNO_SQL_COVERAGE_ADD] =
    "INSERT INTO run_coverage (run, axes, front, rear, facts, added_at)"
    " VALUES (:run, :axes, :front, :rear, :facts, :now) ON CONFLICT (run, axes) DO NOTHING",
  [DYNO_SQL_COVERAGE_LIST] =
    "SELECT r.id, r.started_at, c.axes, c.front, c.rear, c.facts, c.added_at FROM run_coverage c"
    " JOIN runs r ON r.number = c.run WHERE r.vehicle_id = :vehicle_id AND r.deleted_at IS NULL"
    " ORDER BY c.number",
  [DYNO_SQL_COVERAGE_FORGET] = "DELETE FROM run_coverage WHERE run = :run",
  [DYNO_SQL_CONSTRAINTS_GET] =
    "SELECT min_rpm, max_rpm, min_map_kpa, max_map_kpa, max_pulls, environment"
    " FROM plan_constraints WHERE vehicle_id = :vehicle_id AND dyno IN (:dyno, '')"
    " ORDER BY dyno DESC LIMIT 1",
  [DYNO_SQL_CONSTRAINTS_SET] =
    "INSERT OR REPLACE INTO plan_constraints (vehicle_id, dyno, min_rpm, max_rpm, min_map_kpa,"
    " max_map_kpa, max_pulls, environment, updated_at) VALUES (:vehicle_id, :dyno, :min_rpm,"
    " :max_rpm, :min_map_kpa, :max_map_kpa, :max_pulls, :environment, :now)",
  [DYNO_SQL_CONSTRAINTS_RESET] =
    "DELETE FROM plan_constraints WHERE vehicle_id = :vehicle_id AND dyno = :dyno",

  [DYNO_SQL_JOB_PUT] =
    "INSERT INTO jobs (id, kind, state, done, total, stage, message, subject, input, result,"
    " error, reason, created_at, started_at, finished_at) VALUES (:id, :kind, :state, :done,"
    " :total, :stage, :message, :subject, :input, :result, :error, :reason, :now, :started_at,"
    " :finished_at) ON CONFLICT (id) DO UPDATE SET kind = :kind, state = :state, done = :done,"
    " total = :total, stage = :stage, message = :message, subject = :subject, input = :input,"
    " result = :result, error = :error, reason = :reason, started_at = :started_at,"
    " finished_at = :finished_at",
  [DYNO_SQL_JOB_GET] = JOB_SELECT " WHERE id = :id",
  [DYNO_SQL_JOB_LIST] =
    JOB_SELECT " WHERE :states = 0 OR (:states >> " JOB_BIT ") & 1"
    " ORDER BY created_at DESC, rowid DESC LIMIT :limit",
  [DYNO_SQL_JOB_PURGE] =
    "DELETE FROM jobs WHERE state NOT IN ('queued', 'running')"
    " AND ifnull (finished_at, created_at) < :before",
  [DYNO_SQL_JOB_INTERRUPT] =
    "UPDATE jobs SET state = 'interrupted', finished_at = :now"
    " WHERE state IN ('queued', 'running')",

  [DYNO_SQL_BACKUP_ADD] =
    "INSERT INTO backups (id, path, bytes, sha256, schema, audit_seq, created_by, created_at,"
    " verified_at)"
    " VALUES (:id, :path, :bytes, :sha256, :schema, :audit_seq, :created_by, :now, :now)",
  [DYNO_SQL_BACKUP_DROP] = "UPDATE backups SET removed_at = :now WHERE id = :id",
  [DYNO_SQL_BACKUP_GET] =
    "SELECT " BACKUP_COLUMNS " FROM backups WHERE id = :id AND removed_at IS NULL",
  [DYNO_SQL_BACKUP_LIST] =
    "SELECT " BACKUP_COLUMNS " FROM backups WHERE removed_at IS NULL"
    " ORDER BY created_at DESC, id DESC",
  [DYNO_SQL_BACKUP_MARK] =
    "UPDATE backups SET error = :error,"
    " verified_at = CASE WHEN :error IS NULL THEN :now ELSE verified_at END,"
    " drilled_at = CASE WHEN :drill AND :error IS NULL THEN :now ELSE drilled_at END"
    " WHERE id = :id",

  [DYNO_SQL_ERASURE_PUT] =
    "INSERT INTO erasures (id, receipt, subject_kind, subject_id, requested_by, requested_at,"
    " purge_at, purged_at, cancelled_at) VALUES (:id, :receipt, :kind, :subject_id, "
    ":requested_by, :requested_at, :purge_at, :purged_at, :cancelled_at) ON CONFLICT (id) DO "
    "UPDATE SET purged_at = excluded.purged_at, cancelled_at = excluded.cancelled_at",
  [DYNO_SQL_ERASURE_GET] =
    "SELECT " ERASURE_COLUMNS " FROM erasures WHERE id = :id",
  [DYNO_SQL_ERASURE_LIST] =
    "SELECT " ERASURE_COLUMNS " FROM erasures ORDER BY requested_at DESC, id DESC",
  [DYNO_SQL_ERASURE_DUE] =
    "SELECT " ERASURE_COLUMNS " FROM erasures"
    " WHERE purged_at IS NULL AND cancelled_at IS NULL AND purge_at <= :now",
  [DYNO_SQL_ERASURE_WAITING] =
    "SELECT count (*) FROM erasures WHERE subject_id = :id AND purged_at IS NULL AND "
    "cancelled_at IS NULL",
  [DYNO_SQL_ERASURE_OTHER_ADMINS] =
    "SELECT count (*) + (SELECT count (*) FROM users WHERE id = :id AND (role <> 'admin' OR "
    "status <> 'active')) FROM users WHERE role = 'admin' AND status = 'active' AND id <> :id",
  [DYNO_SQL_ERASABLE_USER] =
    "SELECT count (*) FROM users WHERE id = :id AND status <> 'erased'",
  [DYNO_SQL_ERASABLE_CUSTOMER] =
    "SELECT count (*) FROM customers WHERE id = :id",
  [DYNO_SQL_STOP_USER] =
    "UPDATE users SET status = 'disabled', epoch = epoch + 1, revision = revision + 1, "
    "updated_at = :now WHERE id = :id AND status <> 'erased'",
  [DYNO_SQL_STOP_USER_BACK] =
    "UPDATE users SET status = CASE WHEN password IS NULL AND role <> 'service' THEN "
    "'invited' ELSE 'active' END, revision = revision + 1, updated_at = :now WHERE id = :id "
    "AND status = 'disabled'",
  [DYNO_SQL_STOP_SESSIONS] =
    "UPDATE login_sessions SET ended_at = :now, end_reason = 'erasure' WHERE user_id = :id "
    "AND ended_at IS NULL",
  [DYNO_SQL_STOP_KEYS] =
    "UPDATE api_keys SET revoked_at = :now, revoked_by = 'erasure', updated_at = :now, "
    "revision = revision + 1 WHERE user_id = :id AND revoked_at IS NULL",
  [DYNO_SQL_STOP_INVITATIONS] =
    "DELETE FROM invitations WHERE user_id = :id AND used_at IS NULL",
  [DYNO_SQL_PURGE_INVITATIONS] =
    "DELETE FROM invitations WHERE user_id = :id OR used_by = :id OR lower (email) = (SELECT "
    "email_key FROM users WHERE id = :id)",
  [DYNO_SQL_PURGE_THROTTLE] =
    "DELETE FROM login_throttle WHERE instr (subject, (SELECT email_key FROM users WHERE id ="
    " :id)) > 0",
  [DYNO_SQL_PURGE_SESSIONS] =
    "DELETE FROM login_sessions WHERE user_id = :id",
  [DYNO_SQL_PURGE_ADDRESSES] =
    "DELETE FROM login_addresses WHERE user_id = :id",
  [DYNO_SQL_PURGE_NETWORKS] =
    "DELETE FROM api_key_networks WHERE key_id IN (SELECT id FROM api_keys WHERE user_id = "
    ":id)",
  [DYNO_SQL_PURGE_KEY_USAGE] =
    "DELETE FROM key_usage WHERE key_id IN (SELECT id FROM api_keys WHERE user_id = :id)",
  [DYNO_SQL_PURGE_KEYS] =
    "UPDATE api_keys SET name = '', cidrs = '[]', last_ip = NULL, revoked_at = ifnull "
    "(revoked_at, :now), updated_at = :now, revision = revision + 1 WHERE user_id = :id",
  [DYNO_SQL_PURGE_DAY_USAGE] =
    "DELETE FROM day_usage WHERE subject = :id OR subject IN (SELECT id FROM api_keys WHERE "
    "user_id = :id)",
  [DYNO_SQL_PURGE_REPLIES] =
    "DELETE FROM idempotency WHERE principal = :id OR principal IN (SELECT id FROM api_keys "
    "WHERE user_id = :id)",
  [DYNO_SQL_PURGE_EXPORTS] =
    "UPDATE exports SET expires_at = :now WHERE subject_id = :id AND expires_at > :now",
  [DYNO_SQL_PURGE_USER] =
    "UPDATE users SET status = 'erased', email = NULL, email_key = NULL, display_name = "
    "'deleted user', password = NULL, password_changed_at = NULL, locale = '', timezone = '',"
    " units = '', last_login_at = NULL, epoch = epoch + 1, revision = revision + 1, "
    "updated_at = :now WHERE id = :id",
  [DYNO_SQL_PURGE_RUN_NOTES] =
    "UPDATE run_notes SET text = "
    CLEAN ("run_notes.text")
    " FROM runs r JOIN vehicles v ON v.id = r.vehicle_id JOIN customers c ON c.id = "
    "v.customer_id WHERE run_notes.run = r.number AND c.id = :id",
  [DYNO_SQL_PURGE_RUNS] =
    "UPDATE runs SET title = "
    CLEAN ("runs.title")
    ", notes = "
    CLEAN ("runs.notes")
    ", revision = runs.revision + 1, updated_at = :now FROM vehicles v JOIN customers c ON "
    "c.id = v.customer_id WHERE v.id = runs.vehicle_id AND c.id = :id",
  [DYNO_SQL_PURGE_VEHICLES] =
    "UPDATE vehicles SET label = CASE WHEN trim (make || ' ' || model) <> '' THEN trim (make "
    "|| ' ' || model) ELSE 'Vehicle ' || substr (id, 5, 4) END, vin = '', plate = '', "
    "revision = revision + 1, updated_at = :now WHERE customer_id = :id",
  [DYNO_SQL_PURGE_CUSTOMER] =
    "UPDATE customers SET name = 'deleted customer', phone = '', email = '', address = '', "
    "notes = '', revision = revision + 1, updated_at = :now WHERE id = :id",
  [DYNO_SQL_SETTLE_SESSIONS] =
    "UPDATE login_sessions SET ended_at = :now, end_reason = 'restored' WHERE ended_at IS "
    "NULL",
  [DYNO_SQL_SETTLE_USERS] =
    "UPDATE users SET epoch = epoch + 1, revision = revision + 1, updated_at = :now",
  [DYNO_SQL_SUBJECT_USER] =
    "SELECT json_object ('id', id, 'role', role, 'status', status, 'email', email, "
    "'display_name', display_name, 'max_requests_per_day', max_requests_per_day, 'locale', "
    "locale, 'timezone', timezone, 'units', units, 'created_at', created_at, 'updated_at', "
    "updated_at, 'last_login_at', last_login_at, 'password_changed_at', password_changed_at) "
    "FROM users WHERE id = :id AND status <> 'erased'",
  [DYNO_SQL_SUBJECT_INVITATIONS] =
    "SELECT json_object ('id', id, 'kind', kind, 'email', email, 'role', role, 'created_by', "
    "created_by, 'created_at', created_at, 'expires_at', expires_at, 'used_at', used_at) FROM"
    " invitations WHERE user_id = :id OR used_by = :id ORDER BY created_at",
  [DYNO_SQL_SUBJECT_SESSIONS] =
    "SELECT json_object ('id', id, 'client_label', client_label, 'ip', ip, 'user_agent', "
    "user_agent, 'remember', remember, 'created_at', created_at, 'last_seen_at', "
    "last_seen_at, 'expires_at', expires_at, 'ended_at', ended_at, 'end_reason', end_reason) "
    "FROM login_sessions WHERE user_id = :id ORDER BY created_at",
  [DYNO_SQL_SUBJECT_ADDRESSES] =
    "SELECT json_object ('address', address, 'last_login_at', last_login_at) FROM "
    "login_addresses WHERE user_id = :id ORDER BY address",
  [DYNO_SQL_SUBJECT_KEYS] =
    "SELECT json_object ('id', id, 'display', display, 'name', name, 'origin', origin, "
    "'scopes', json(scopes), 'cidrs', json(cidrs), 'created_at', created_at, 'expires_at', "
    "expires_at, 'revoked_at', revoked_at, 'last_used_at', last_used_at, 'last_ip', last_ip, "
    "'total_requests', total_requests, 'denied_requests', denied_requests) FROM api_keys "
    "WHERE user_id = :id ORDER BY created_at",
  [DYNO_SQL_SUBJECT_NETWORKS] =
    "SELECT json_object ('key_id', key_id, 'network', network, 'first_at', first_at) FROM "
    "api_key_networks WHERE key_id IN (SELECT id FROM api_keys WHERE user_id = :id)",
  [DYNO_SQL_SUBJECT_KEY_USAGE] =
    "SELECT json_object ('key_id', key_id, 'hour_at', hour_at, 'route', route, 'requests', "
    "requests, 'denials', denials) FROM key_usage WHERE key_id IN (SELECT id FROM api_keys "
    "WHERE user_id = :id) ORDER BY hour_at",
  [DYNO_SQL_SUBJECT_DAY_USAGE] =
    "SELECT json_object ('day', day, 'used', used) FROM day_usage WHERE subject = :id ORDER "
    "BY day",
  [DYNO_SQL_SUBJECT_AUDIT] =
    "SELECT json_object ('seq', seq, 'at', at, 'event', event, 'key_id', key_id, 'sid', sid, "
    "'ip', ip, 'resource_type', resource_type, 'resource_id', resource_id, 'action', action, "
    "'success', success, 'status', status, 'details', json(details_json)) FROM audit WHERE "
    "actor = :id ORDER BY seq",
  [DYNO_SQL_SUBJECT_ERASURES] =
    "SELECT json_object ('id', id, 'receipt', receipt, 'requested_at', requested_at, "
    "'purge_at', purge_at, 'purged_at', purged_at, 'cancelled_at', cancelled_at) FROM "
    "erasures WHERE subject_id = :id ORDER BY requested_at",
  [DYNO_SQL_SUBJECT_EXPORTS] =
    "SELECT json_object ('id', id, 'bytes', bytes, 'sha256', sha256, 'created_at', "
    "created_at, 'expires_at', expires_at, 'removed_at', removed_at) FROM exports WHERE "
    "subject_id = :id ORDER BY created_at",
  [DYNO_SQL_SUBJECT_CUSTOMER] =
    "SELECT json_object ('id', id, 'name', name, 'phone', phone, 'email', email, 'address', "
    "address, 'notes', notes, 'created_at', created_at, 'updated_at', updated_at) FROM "
    "customers WHERE id = :id",
  [DYNO_SQL_SUBJECT_VEHICLES] =
    "SELECT json_object ('id', id, 'label', label, 'make', make, 'model', model, 'year', "
    "year, 'vin', vin, 'plate', plate, 'data', json(data), 'created_at', created_at, "
    "'updated_at', updated_at) FROM vehicles WHERE customer_id = :id ORDER BY created_at",
  [DYNO_SQL_SUBJECT_RUNS] =
    "SELECT json_object ('id', r.id, 'title', r.title, 'notes', r.notes, 'vehicle_id', "
    "r.vehicle_id, 'status', r.status, 'source', r.source, 'started_at', r.started_at, "
    "'duration_s', r.duration_s, 'peak_power_kw', r.peak_power_kw, 'peak_power_rpm', "
    "r.peak_power_rpm, 'peak_torque_nm', r.peak_torque_nm, 'peak_torque_rpm', "
    "r.peak_torque_rpm, 'correction', r.correction, 'created_at', r.created_at) FROM runs r "
    "JOIN vehicles v ON v.id = r.vehicle_id WHERE v.customer_id = :id ORDER BY r.number",
  [DYNO_SQL_SUBJECT_RUN_NOTES] =
    "SELECT json_object ('run_id', r.id, 'written_at', n.written_at, 'text', n.text) FROM "
    "run_notes n JOIN runs r ON r.number = n.run JOIN vehicles v ON v.id = r.vehicle_id WHERE"
    " v.customer_id = :id ORDER BY n.run, n.seq",
  [DYNO_SQL_SUBJECT_RUN_FILES] =
    "SELECT json_object ('run_id', r.id, 'kind', f.kind, 'name', f.name, 'bytes', f.bytes, "
    "'sha256', f.sha256, 'created_at', f.created_at) FROM run_files f JOIN runs r ON r.number"
    " = f.run JOIN vehicles v ON v.id = r.vehicle_id WHERE v.customer_id = :id ORDER BY f.id",
  [DYNO_SQL_RETAIN_COUNT_ACCOUNTS] =
    "SELECT count (*) FROM users WHERE status = 'erased' AND updated_at < :before",
  [DYNO_SQL_RETAIN_DELETE_ACCOUNTS] =
    "DELETE FROM users WHERE status = 'erased' AND updated_at < :before",
  [DYNO_SQL_RETAIN_COUNT_REPLIES] =
    "SELECT count (*) FROM idempotency WHERE created_at < :before",
  [DYNO_SQL_RETAIN_DELETE_REPLIES] =
    "DELETE FROM idempotency WHERE created_at < :before",
  [DYNO_SQL_RETAIN_COUNT_SESSIONS] =
    "SELECT count (*) FROM login_sessions WHERE ifnull (ended_at, expires_at) < :before",
  [DYNO_SQL_RETAIN_DELETE_SESSIONS] =
    "DELETE FROM login_sessions WHERE ifnull (ended_at, expires_at) < :before",
  [DYNO_SQL_RETAIN_COUNT_JOBS] =
    "SELECT count (*) FROM jobs WHERE state NOT IN ('queued', 'running') AND ifnull "
    "(finished_at, created_at) < :before",
  [DYNO_SQL_RETAIN_DELETE_JOBS] =
    "DELETE FROM jobs WHERE state NOT IN ('queued', 'running') AND ifnull (finished_at, "
    "created_at) < :before",
  [DYNO_SQL_RETAIN_COUNT_AUDIT] =
    "SELECT count (*) FROM audit WHERE at < :before AND event <> 'audit.anchor' AND seq < "
    "(SELECT max (seq) FROM audit)",
  [DYNO_SQL_RETAIN_DELETE_ACCOUNT_KEYS] =
    "DELETE FROM api_keys WHERE user_id IN (SELECT id FROM users WHERE status = 'erased' AND "
    "updated_at < :before)",
  [DYNO_SQL_EXPORT_ADD] =
    "INSERT INTO exports (id, subject_kind, subject_id, job_id, path, bytes, sha256, "
    "requested_by, created_at, expires_at) VALUES (:id, :kind, :subject_id, :job_id, :path, "
    ":bytes, :sha256, :requested_by, :now, :expires_at)",
  [DYNO_SQL_EXPORT_GET] =
    "SELECT " EXPORT_COLUMNS " FROM exports"
    " WHERE id = :id AND removed_at IS NULL AND expires_at > :now",
  [DYNO_SQL_EXPORT_OVER] =
    "SELECT " EXPORT_COLUMNS " FROM exports WHERE removed_at IS NULL AND expires_at <= :now",
  [DYNO_SQL_EXPORT_REMOVE] =
    "UPDATE exports SET removed_at = :now WHERE id = :id",
  [DYNO_SQL_RUN_TEXT_OPTIMIZE] =
    "INSERT INTO run_text (run_text) VALUES ('optimize')",

  [DYNO_SQL_SETTING_LIST] = "SELECT key, value, updated_at FROM settings ORDER BY key",
  [DYNO_SQL_SETTING_SET] =
    "INSERT OR REPLACE INTO settings (key, value, updated_at) VALUES (:key, :value, :now)",
  [DYNO_SQL_SETTING_REMOVE] = "DELETE FROM settings WHERE key = :key",
  [DYNO_SQL_MAPPING_LIST] =
    "SELECT kind, signature, data, updated_at FROM mappings WHERE kind = :kind"
    " ORDER BY updated_at DESC, signature",
  [DYNO_SQL_MAPPING_GET] =
    "SELECT kind, signature, data, updated_at FROM mappings"
    " WHERE kind = :kind AND signature = :signature",
  [DYNO_SQL_MAPPING_SET] =
    "INSERT OR REPLACE INTO mappings (kind, signature, data, updated_at)"
    " VALUES (:kind, :signature, :data, :now)",
  [DYNO_SQL_MAPPING_REMOVE] = "DELETE FROM mappings WHERE kind = :kind AND signature = :signature",

  [DYNO_SQL_SECRET_GET] =
    "SELECT name, nonce, ciphertext, created_at FROM secrets WHERE name = :name",
  [DYNO_SQL_SECRET_SET] =
    "INSERT INTO secrets (name, nonce, ciphertext, created_at)"
    " VALUES (:name, :nonce, :ciphertext, :now)"
    " ON CONFLICT (name) DO UPDATE SET nonce = excluded.nonce,"
    " ciphertext = excluded.ciphertext, created_at = excluded.created_at",
  [DYNO_SQL_SECRET_REMOVE] = "DELETE FROM secrets WHERE name = :name",

  [DYNO_SQL_AUDIT_ADD] =
    "INSERT INTO audit (at, event, severity, actor, actor_kind, key_id, sid, ip, correlation_id,"
    " resource_type, resource_id, action, success, status, details_json)"
    " VALUES (:now, :event, :severity, :actor, :actor_kind, :key_id, :sid, :ip, :correlation_id,"
    " :resource_type, :resource_id, :action, :success, :status, :details)",
  [DYNO_SQL_AUDIT_LIST] =
    "SELECT " AUDIT_COLUMNS " FROM audit"
    " WHERE (:event IS NULL OR event = :event) AND (:actor IS NULL OR actor = :actor)"
    " AND (:resource IS NULL OR resource_id = :resource OR resource_type = :resource)"
    " AND (:success < 0 OR success = :success)"
    " AND (:from = 0 OR at >= :from) AND (:to = 0 OR at < :to)"
    " AND (:before = 0 OR seq < :before)"
    " ORDER BY seq DESC LIMIT :limit",
  [DYNO_SQL_AUDIT_ALL] = "SELECT " AUDIT_COLUMNS " FROM audit ORDER BY seq",
  [DYNO_SQL_AUDIT_WAITING] =
    "SELECT " AUDIT_COLUMNS " FROM audit WHERE hash IS NULL ORDER BY seq LIMIT 1",
  [DYNO_SQL_AUDIT_HEAD] =
    "SELECT hash FROM audit WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1",
  [DYNO_SQL_AUDIT_SET_HASH] = "UPDATE audit SET hash = :hash WHERE seq = :seq",
  [DYNO_SQL_AUDIT_LAST_SEQ] = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'",
  [DYNO_SQL_AUDIT_CUT] =
    "SELECT seq, hash FROM audit WHERE event <> 'audit.anchor'"
    " AND seq < (SELECT max (seq) FROM audit)"
    " AND seq < coalesce ((SELECT min (seq) FROM audit"
    "  WHERE at >= :before AND event <> 'audit.anchor'), 9223372036854775807)"
    " ORDER BY seq DESC LIMIT 1",
  [DYNO_SQL_AUDIT_ALLOW_PRUNING] = "INSERT INTO audit_pruning (until_seq) VALUES (:seq)",
  [DYNO_SQL_AUDIT_PRUNE] = "DELETE FROM audit WHERE seq <= :seq",
  [DYNO_SQL_AUDIT_ANCHOR] =
    "INSERT INTO audit (seq, at, event, severity, actor, actor_kind, action, success,"
    " details_json, hash)"
    " VALUES (:seq, :now, 'audit.anchor', 'info', 'local:owner', 'owner', 'prune', 1, :details,"
    " :hash)",
  [DYNO_SQL_AUDIT_END_PRUNING] = "DELETE FROM audit_pruning WHERE until_seq = :seq",
  [DYNO_SQL_REPLY_ADD] =
    "INSERT INTO idempotency (principal, method, route, key, fingerprint, status, headers, body,"
    " resource_id, created_at)"
    " VALUES (:principal, :method, :route, :key, :fingerprint, :status, :headers, :body,"
    " :resource_id, :now)"
    " ON CONFLICT (principal, method, route, key) DO UPDATE SET"
    " fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,"
    " body = excluded.body, resource_id = excluded.resource_id, created_at = excluded.created_at"
    " WHERE idempotency.created_at <= :expired",
  [DYNO_SQL_REPLY_GET] =
    "SELECT principal, method, route, key, fingerprint, status, headers, body, resource_id,"
    " created_at FROM idempotency WHERE principal = :principal AND method = :method"
    " AND route = :route AND key = :key AND created_at > :expired",
  [DYNO_SQL_REPLY_COMPLETE] =
    "UPDATE idempotency SET status = :status, headers = :headers, body = :body"
    " WHERE principal = :principal AND method = :method AND route = :route AND key = :key"
    " AND status = 0",
  [DYNO_SQL_REPLY_PURGE] = "DELETE FROM idempotency WHERE created_at <= :expired",
  [DYNO_SQL_DAY_USAGE_LIST] =
    "SELECT subject, day, used FROM day_usage WHERE day = :day ORDER BY subject",
  [DYNO_SQL_DAY_USAGE_SET] =
    "INSERT INTO day_usage (subject, day, used) VALUES (:subject, :day, :used)"
    " ON CONFLICT (subject, day) DO UPDATE SET used = max (used, excluded.used)",
  [DYNO_SQL_DAY_USAGE_FORGET] = "DELETE FROM day_usage WHERE day < :oldest",

  [DYNO_SQL_USER_FIND_OWNER] =
    "SELECT id, status = 'active' AND role NOT IN ('owner', 'developer') FROM users"
    " WHERE id = :who OR email_key = :email_key"
    " OR (role = 'service' AND status <> 'erased' AND display_name = :who)"
    " ORDER BY id = :who DESC, email_key IS NOT NULL DESC LIMIT 1",
  [DYNO_SQL_USER_ADD_SERVICE] =
    "INSERT INTO users (id, role, status, display_name, max_requests_per_day, locale, timezone,"
    " units, epoch, revision, created_at, updated_at)"
    " VALUES (:id, 'service', 'active', :label, 10000, '', '', '', 1, 1, :now, :now)",
  [DYNO_SQL_KEY_GET] = KEY_SELECT " WHERE k.id = :id",
  [DYNO_SQL_KEY_ADD] = KEY_INSERT,
  [DYNO_SQL_KEY_EDIT] =
    "UPDATE api_keys SET name = :name, scopes = :scopes, cidrs = :cidrs,"
    " rate_limit_per_minute = :per_minute, rate_limit_per_day = :per_day,"
    " warned_at = CASE WHEN expires_at IS :expires_at THEN warned_at END,"
    " expires_at = :expires_at, updated_at = :now, revision = revision + 1 WHERE id = :id",
  [DYNO_SQL_KEY_REVOKE] =
    "UPDATE api_keys SET revoked_at = :now, revoked_by = :by, updated_at = :now,"
    " revision = revision + 1 WHERE id = :id AND revoked_at IS NULL",
  [DYNO_SQL_KEY_REPLACE] =
    "UPDATE api_keys SET replaced_by = :next, expires_at = min (ifnull (expires_at, :until),"
    " :until), updated_at = :now, revision = revision + 1 WHERE id = :id",
  [DYNO_SQL_KEY_REVOKE_LISTED] =
    "UPDATE api_keys SET revoked_at = :now, revoked_by = :origin"
    " WHERE origin = :origin AND revoked_at IS NULL",
  [DYNO_SQL_KEY_LIST] =
    KEY_INSERT " ON CONFLICT (sha256) DO UPDATE SET revoked_at = NULL, revoked_by = NULL,"
    " name = excluded.name, user_id = excluded.user_id, origin = excluded.origin,"
    " scopes = excluded.scopes, updated_at = excluded.updated_at, revision = revision + 1"
    " WHERE origin IN ('environment', 'file')"
    " AND (revoked_by IS NULL OR revoked_by IN ('environment', 'file'))",
  [DYNO_SQL_KEY_PAGE] =
    KEY_SELECT " WHERE (:user_id IS NULL OR k.user_id = :user_id)"
    " AND (:state IS NULL OR :state = CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'"
    "  WHEN k.expires_at <= :now THEN 'expired' ELSE 'active' END)"
    " AND (:before = 0 OR (k.created_at, k.id) < (:before, :before_id))"
    " ORDER BY k.created_at DESC, k.id DESC LIMIT :limit",
  [DYNO_SQL_KEY_LIVE] = KEY_SELECT KEY_IS_LIVE,
  [DYNO_SQL_KEY_ENDING] =
    KEY_SELECT KEY_IS_LIVE " AND k.expires_at < :before AND k.warned_at IS NULL"
    " AND k.replaced_by IS NULL",
  [DYNO_SQL_KEY_WARN] = "UPDATE api_keys SET warned_at = :now WHERE id = :id",
  [DYNO_SQL_KEY_COUNT] =
    "UPDATE api_keys SET total_requests = total_requests + :requests,"
    " denied_requests = denied_requests + :denials,"
    " last_ip = CASE WHEN :last_used >= ifnull (last_used_at, 0) THEN :last_ip ELSE last_ip END,"
    " last_used_at = max (ifnull (last_used_at, 0), :last_used) WHERE id = :id",
  [DYNO_SQL_KEY_USAGE_ADD] =
    "INSERT INTO key_usage (key_id, hour_at, route, requests, denials)"
    " SELECT :id, :hour, :route, :requests, :denials"
    " WHERE EXISTS (SELECT 1 FROM api_keys WHERE id = :id)"
    " ON CONFLICT (key_id, hour_at, route) DO UPDATE SET requests = requests + :requests,"
    " denials = denials + :denials",
  [DYNO_SQL_KEY_USAGE_FORGET] = "DELETE FROM key_usage WHERE hour_at < :oldest",
  [DYNO_SQL_KEY_USAGE_LIST] =
    "SELECT key_id, hour_at, route, requests, denials FROM key_usage WHERE key_id = :id"
    " ORDER BY hour_at, route",
  [DYNO_SQL_KEY_NETWORK_ADD] =
    "INSERT OR IGNORE INTO api_key_networks (key_id, network, first_at)"
    " SELECT :id, :network, :now WHERE EXISTS (SELECT 1 FROM api_keys WHERE id = :id)",
  [DYNO_SQL_KEY_NETWORK_LIST] =
    "SELECT key_id, network FROM api_key_networks ORDER BY key_id, network",

  [DYNO_SQL_VERSION] = "SELECT sqlite_version ()",
  [DYNO_SQL_CHECK_RUNS] = "SELECT count (*) FROM runs",
  [DYNO_SQL_CHECK_SECONDS] =
    "SELECT run, second, n_blocks, n_samples FROM sample_seconds ORDER BY run, second",
  [DYNO_SQL_CHECK_BLOCKS] =
    "SELECT b.channel, b.data, c.channel FROM sample_blocks b"
    " LEFT JOIN run_channels c ON c.run = b.run AND c.channel = b.channel"
    " WHERE b.run = :run AND b.second = :second",
  [DYNO_SQL_CHECK_CHUNKS] =
    "SELECT s.run, s.channel, s.chunk, s.data,"
    " min (g.chunk_rows, g.n_rows - s.chunk * g.chunk_rows)"
    " FROM sample_chunks s JOIN sample_grids g ON g.run = s.run",
  [DYNO_SQL_CHECK_CHUNK_COUNTS] =
    "SELECT printf ('Run %d: %d parts of samples instead of %d.', g.run,"
    "  (SELECT count (*) FROM sample_chunks s WHERE s.run = g.run), g.n_chunks)"
    " FROM sample_grids g"
    " WHERE g.n_chunks <> (SELECT count (*) FROM sample_chunks s WHERE s.run = g.run) LIMIT 100",
  [DYNO_SQL_CHECK_TEXTS] =
    "SELECT printf ('Run %d cannot be found by its words.', r.number) FROM runs r"
    " WHERE r.number NOT IN (SELECT rowid FROM run_text) LIMIT 100",
  [DYNO_SQL_CHECK_JOURNALS] =
    "SELECT printf ('The journal of run %d (%s) is not the one in the chain.', r.number, f.path)"
    " FROM run_files f JOIN runs r ON r.number = f.run WHERE f.kind = 'journal' AND NOT EXISTS"
    " (SELECT 1 FROM chain c WHERE c.run_id = r.id AND c.sha256 = f.sha256 AND c.path = f.path)"
    " LIMIT 100",
};

const char *
dyno_sql_text (DynoSql sql)
{
  g_assert (sql < DYNO_N_SQL && texts[sql] != NULL);

  return texts[sql];
}
