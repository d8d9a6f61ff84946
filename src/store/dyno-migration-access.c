/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

/* Step 6: who may come in, what they did, and what the service keeps between two
 * starts. Never edited once released; see dyno-migrations.c. */

#include "config.h"

#include "dyno-migrations-private.h"

/* The rows local:owner and local:dev stand for whoever sits at this machine: they
 * own conversations and appear in the audit, but have neither password nor keys.
 *
 * email_key is the address in small letters, by which it is unique. A code of
 * invitations serves once: for a new user, or (kind reset) for a new password.
 *
 * scopes and cidrs are JSON arrays. A key that was rotated names its successor's
 * id in replaced_by. api_key_networks are the /24 and /64 a key has come from. */
#define PEOPLE                                                                                   \
  "CREATE TABLE users ("                                                                         \
  " id TEXT PRIMARY KEY,"                                                                        \
  " role TEXT NOT NULL CHECK (role IN"                                                           \
  "  ('viewer', 'operator', 'tuner', 'admin', 'service', 'owner', 'developer')),"                \
  " status TEXT NOT NULL CHECK (status IN ('invited', 'active', 'disabled', 'erased')),"         \
  " email TEXT,"                                                                                 \
  " email_key TEXT UNIQUE,"                                                                      \
  " display_name TEXT NOT NULL,"                                                                 \
  " password TEXT,"                                                                              \
  " password_changed_at INTEGER,"                                                                \
  " max_requests_per_day INTEGER NOT NULL CHECK (max_requests_per_day > 0),"                     \
  " locale TEXT NOT NULL,"                                                                       \
  " timezone TEXT NOT NULL,"                                                                     \
  " units TEXT NOT NULL,"                                                                        \
  " epoch INTEGER NOT NULL,"                                                                     \
  " revision INTEGER NOT NULL,"                                                                  \
  " created_at INTEGER NOT NULL,"                                                                \
  " updated_at INTEGER NOT NULL,"                                                                \
  " last_login_at INTEGER"                                                                       \
  ") STRICT;"                                                                                    \
  "CREATE UNIQUE INDEX users_by_label ON users (display_name)"                                   \
  " WHERE role = 'service' AND status <> 'erased';"                                              \
  "INSERT INTO users (id, role, status, display_name, max_requests_per_day, locale, timezone,"   \
  " units, epoch, revision, created_at, updated_at)"                                             \
  " VALUES ('local:owner', 'owner', 'active', 'Owner', 1000000, '', '', '', 1, 1, 0, 0),"        \
  " ('local:dev', 'developer', 'active', 'Developer', 1000000, '', '', '', 1, 1, 0, 0);"         \
                                                                                                 \
  "CREATE TABLE invitations ("                                                                   \
  " id TEXT PRIMARY KEY,"                                                                        \
  " kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset')),"                                 \
  " sha256 BLOB NOT NULL UNIQUE CHECK (length (sha256) = 32),"                                   \
  " user_id TEXT REFERENCES users (id) ON DELETE CASCADE,"                                       \
  " email TEXT,"                                                                                 \
  " role TEXT,"                                                                                  \
  " created_by TEXT NOT NULL,"                                                                   \
  " created_at INTEGER NOT NULL,"                                                                \
  " expires_at INTEGER NOT NULL,"                                                                \
  " tries INTEGER NOT NULL,"                                                                     \
  " used_at INTEGER,"                                                                            \
  " used_by TEXT"                                                                                \
  ") STRICT;"                                                                                    \
  "CREATE INDEX invitations_by_user ON invitations (user_id);"                                   \
                                                                                                 \
  "CREATE TABLE login_sessions ("                                                                \
  " id TEXT PRIMARY KEY,"                                                                        \
  " user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,"                              \
  " client_label TEXT NOT NULL,"                                                                 \
  " ip TEXT NOT NULL,"                                                                           \
  " user_agent TEXT NOT NULL,"                                                                   \
  " remember INTEGER NOT NULL CHECK (remember IN (0, 1)),"                                       \
  " auth_time INTEGER NOT NULL,"                                                                 \
  " created_at INTEGER NOT NULL,"                                                                \
  " last_seen_at INTEGER NOT NULL,"                                                              \
  " expires_at INTEGER NOT NULL,"                                                                \
  " ended_at INTEGER,"                                                                           \
  " end_reason TEXT"                                                                             \
  ") STRICT;"                                                                                    \
  "CREATE INDEX login_sessions_by_user ON login_sessions (user_id, created_at);"                 \
                                                                                                 \
  "CREATE TABLE refresh_tokens ("                                                                \
  " family TEXT NOT NULL REFERENCES login_sessions (id) ON DELETE CASCADE,"                      \
  " generation INTEGER NOT NULL,"                                                                \
  " sha256 BLOB NOT NULL UNIQUE CHECK (length (sha256) = 32),"                                   \
  " client_label TEXT NOT NULL,"                                                                 \
  " ip TEXT NOT NULL,"                                                                           \
  " user_agent TEXT NOT NULL,"                                                                   \
  " created_at INTEGER NOT NULL,"                                                                \
  " used_at INTEGER,"                                                                            \
  " expires_at INTEGER NOT NULL,"                                                                \
  " PRIMARY KEY (family, generation)"                                                            \
  ") STRICT, WITHOUT ROWID;"                                                                     \
                                                                                                 \
  "CREATE TABLE revoked_jti ("                                                                   \
  " jti TEXT PRIMARY KEY,"                                                                       \
  " user_id TEXT NOT NULL,"                                                                      \
  " revoked_at INTEGER NOT NULL,"                                                                \
  " expires_at INTEGER NOT NULL"                                                                 \
  ") STRICT, WITHOUT ROWID;"                                                                     \
                                                                                                 \
  "CREATE TABLE login_throttle ("                                                                \
  " subject TEXT PRIMARY KEY,"                                                                   \
  " tat_us INTEGER NOT NULL,"                                                                    \
  " failures INTEGER NOT NULL,"                                                                  \
  " blocked_until INTEGER,"                                                                      \
  " updated_at INTEGER NOT NULL"                                                                 \
  ") STRICT, WITHOUT ROWID;"                                                                     \
                                                                                                 \
  "CREATE TABLE login_addresses ("                                                               \
  " user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,"                              \
  " address TEXT NOT NULL,"                                                                      \
  " last_login_at INTEGER NOT NULL,"                                                             \
  " PRIMARY KEY (user_id, address)"                                                              \
  ") STRICT, WITHOUT ROWID;"

#define KEYS                                                                                     \
  "CREATE TABLE secrets ("                                                                       \
  " name TEXT PRIMARY KEY,"                                                                      \
  " nonce BLOB NOT NULL CHECK (length (nonce) = 12),"                                            \
  " ciphertext BLOB NOT NULL,"                                                                   \
  " created_at INTEGER NOT NULL"                                                                 \
  ") STRICT;"                                                                                    \
                                                                                                 \
  "CREATE TABLE signing_keys ("                                                                  \
  " kid TEXT PRIMARY KEY,"                                                                       \
  " state TEXT NOT NULL CHECK (state IN ('next', 'active', 'retired', 'destroyed')),"            \
  " public_key TEXT NOT NULL,"                                                                   \
  " secret TEXT REFERENCES secrets (name),"                                                      \
  " created_at INTEGER NOT NULL,"                                                                \
  " active_from INTEGER NOT NULL,"                                                               \
  " retired_at INTEGER,"                                                                         \
  " destroyed_at INTEGER"                                                                        \
  ") STRICT;"                                                                                    \
                                                                                                 \
  "CREATE TABLE api_keys ("                                                                      \
  " id TEXT PRIMARY KEY,"                                                                        \
  " sha256 BLOB NOT NULL UNIQUE CHECK (length (sha256) = 32),"                                   \
  " display TEXT NOT NULL,"                                                                      \
  " name TEXT NOT NULL,"                                                                         \
  " user_id TEXT NOT NULL REFERENCES users (id),"                                                \
  " origin TEXT NOT NULL CHECK (origin IN ('made', 'paired', 'environment', 'file')),"           \
  " scopes TEXT NOT NULL,"                                                                       \
  " cidrs TEXT NOT NULL,"                                                                        \
  " rate_limit_per_minute INTEGER NOT NULL CHECK (rate_limit_per_minute BETWEEN 1 AND 6000),"    \
  " rate_limit_per_day INTEGER NOT NULL CHECK (rate_limit_per_day BETWEEN 1 AND 1000000),"       \
  " created_at INTEGER NOT NULL,"                                                                \
  " created_by TEXT NOT NULL,"                                                                   \
  " updated_at INTEGER NOT NULL,"                                                                \
  " expires_at INTEGER,"                                                                         \
  " revoked_at INTEGER,"                                                                         \
  " revoked_by TEXT,"                                                                            \
  " replaced_by TEXT,"                                                                           \
  " warned_at INTEGER,"                                                                          \
  " last_used_at INTEGER,"                                                                       \
  " last_ip TEXT,"                                                                               \
  " total_requests INTEGER NOT NULL,"                                                            \
  " denied_requests INTEGER NOT NULL,"                                                           \
  " revision INTEGER NOT NULL,"                                                                  \
  " is_active INTEGER GENERATED ALWAYS AS (revoked_at IS NULL) VIRTUAL"                          \
  ") STRICT;"                                                                                    \
  "CREATE INDEX api_keys_by_age ON api_keys (created_at, id);"                                   \
  "CREATE INDEX api_keys_by_user ON api_keys (user_id);"                                         \
                                                                                                 \
  "CREATE TABLE api_key_networks ("                                                              \
  " key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,"                            \
  " network TEXT NOT NULL,"                                                                      \
  " first_at INTEGER NOT NULL,"                                                                  \
  " PRIMARY KEY (key_id, network)"                                                               \
  ") STRICT, WITHOUT ROWID;"                                                                     \
                                                                                                 \
  "CREATE TABLE key_usage ("                                                                     \
  " key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,"                            \
  " hour_at INTEGER NOT NULL,"                                                                   \
  " route TEXT NOT NULL,"                                                                        \
  " requests INTEGER NOT NULL,"                                                                  \
  " denials INTEGER NOT NULL,"                                                                   \
  " PRIMARY KEY (key_id, hour_at, route)"                                                        \
  ") STRICT, WITHOUT ROWID;"                                                                     \
  "CREATE INDEX key_usage_by_age ON key_usage (hour_at);"

/* A row of the audit is written once. Its hash may be filled in later, when the
 * keyring was closed; rows go only up to the number in audit_pruning, and one that
 * says so stays in the place of the last of them. */
#define AUDIT                                                                                    \
  "CREATE TABLE audit ("                                                                         \
  " seq INTEGER PRIMARY KEY AUTOINCREMENT,"                                                      \
  " at INTEGER NOT NULL,"                                                                        \
  " event TEXT NOT NULL,"                                                                        \
  " severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),"                 \
  " actor TEXT NOT NULL,"                                                                        \
  " actor_kind TEXT NOT NULL,"                                                                   \
  " key_id TEXT,"                                                                                \
  " sid TEXT,"                                                                                   \
  " ip TEXT,"                                                                                    \
  " correlation_id TEXT,"                                                                        \
  " resource_type TEXT,"                                                                         \
  " resource_id TEXT,"                                                                           \
  " action TEXT NOT NULL,"                                                                       \
  " success INTEGER NOT NULL CHECK (success IN (0, 1)),"                                         \
  " status INTEGER,"                                                                             \
  " details_json TEXT NOT NULL,"                                                                 \
  " hash BLOB CHECK (length (hash) = 32)"                                                        \
  ") STRICT;"                                                                                    \
  "CREATE INDEX audit_by_age ON audit (at, seq);"                                                \
  "CREATE INDEX audit_by_event ON audit (event, seq);"                                           \
  "CREATE INDEX audit_by_actor ON audit (actor, seq);"                                           \
  "CREATE INDEX audit_by_resource ON audit (resource_type, resource_id, seq);"                   \
  "CREATE INDEX audit_unchained ON audit (seq) WHERE hash IS NULL;"                              \
  "CREATE VIEW audit_logs AS SELECT * FROM audit;"                                               \
  "CREATE TABLE audit_pruning ("                                                                 \
  " until_seq INTEGER PRIMARY KEY"                                                               \
  ") STRICT;"                                                                                    \
  "CREATE TRIGGER audit_is_not_overwritten BEFORE INSERT ON audit"                               \
  " WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)"                                       \
  " BEGIN SELECT RAISE (ABORT, 'audit rows are not replaced'); END;"                             \
  "CREATE TRIGGER audit_is_not_edited BEFORE UPDATE OF seq, at, event, severity, actor,"         \
  " actor_kind, key_id, sid, ip, correlation_id, resource_type, resource_id, action, success,"   \
  " status, details_json ON audit"                                                               \
  " BEGIN SELECT RAISE (ABORT, 'audit rows are not edited'); END;"                               \
  "CREATE TRIGGER audit_is_not_chained_anew BEFORE UPDATE OF hash ON audit"                      \
  " WHEN OLD.hash IS NOT NULL"                                                                   \
  " BEGIN SELECT RAISE (ABORT, 'audit rows are not edited'); END;"                               \
  "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit"                                   \
  " WHEN OLD.seq > (SELECT coalesce (max (until_seq), 0) FROM audit_pruning)"                    \
  " BEGIN SELECT RAISE (ABORT, 'audit rows are not deleted'); END;"

/* subject of day_usage: a principal, day: days since 1970 in UTC. A kept reply of
 * idempotency without body held a secret: resource_id says what was made.
 *
 * erasures are also in the file erasures.log, so that a restored database learns
 * of them; exports and backups are files in the data folder. */
#define OPERATION                                                                                \
  "CREATE TABLE day_usage ("                                                                     \
  " subject TEXT NOT NULL,"                                                                      \
  " day INTEGER NOT NULL,"                                                                       \
  " used INTEGER NOT NULL,"                                                                      \
  " PRIMARY KEY (subject, day)"                                                                  \
  ") STRICT, WITHOUT ROWID;"                                                                     \
                                                                                                 \
  "CREATE TABLE idempotency ("                                                                   \
  " principal TEXT NOT NULL,"                                                                    \
  " method TEXT NOT NULL,"                                                                       \
  " route TEXT NOT NULL,"                                                                        \
  " key TEXT NOT NULL,"                                                                          \
  " fingerprint BLOB NOT NULL CHECK (length (fingerprint) = 32),"                                \
  " status INTEGER NOT NULL,"                                                                    \
  " headers TEXT NOT NULL,"                                                                      \
  " body BLOB CHECK (length (body) <= 65536),"                                                   \
  " resource_id TEXT,"                                                                           \
  " created_at INTEGER NOT NULL,"                                                                \
  " PRIMARY KEY (principal, method, route, key)"                                                 \
  ") STRICT;"                                                                                    \
  "CREATE INDEX idempotency_by_age ON idempotency (created_at);"                                 \
                                                                                                 \
  "CREATE TABLE circuits ("                                                                      \
  " name TEXT PRIMARY KEY,"                                                                      \
  " state TEXT NOT NULL CHECK (state IN"                                                         \
  "  ('closed', 'open', 'half_open', 'forced_open', 'disabled')),"                               \
  " n_openings INTEGER NOT NULL,"                                                                \
  " failures INTEGER NOT NULL,"                                                                  \
  " calls INTEGER NOT NULL,"                                                                     \
  " rejected INTEGER NOT NULL,"                                                                  \
  " opened_at INTEGER,"                                                                          \
  " next_probe_at INTEGER,"                                                                      \
  " closed_at INTEGER,"                                                                          \
  " updated_at INTEGER NOT NULL"                                                                 \
  ") STRICT, WITHOUT ROWID;"                                                                     \
                                                                                                 \
  "CREATE TABLE erasures ("                                                                      \
  " id TEXT PRIMARY KEY,"                                                                        \
  " receipt TEXT NOT NULL UNIQUE,"                                                               \
  " subject_kind TEXT NOT NULL CHECK (subject_kind IN ('user', 'customer')),"                    \
  " subject_id TEXT NOT NULL,"                                                                   \
  " requested_by TEXT NOT NULL,"                                                                 \
  " requested_at INTEGER NOT NULL,"                                                              \
  " purge_at INTEGER NOT NULL,"                                                                  \
  " purged_at INTEGER,"                                                                          \
  " cancelled_at INTEGER"                                                                        \
  ") STRICT;"                                                                                    \
  "CREATE INDEX erasures_by_subject ON erasures (subject_kind, subject_id);"                     \
                                                                                                 \
  "CREATE TABLE exports ("                                                                       \
  " id TEXT PRIMARY KEY,"                                                                        \
  " subject_kind TEXT NOT NULL CHECK (subject_kind IN ('user', 'customer')),"                    \
  " subject_id TEXT NOT NULL,"                                                                   \
  " job_id TEXT,"                                                                                \
  " path TEXT NOT NULL,"                                                                         \
  " bytes INTEGER NOT NULL,"                                                                     \
  " sha256 TEXT NOT NULL,"                                                                       \
  " requested_by TEXT NOT NULL,"                                                                 \
  " created_at INTEGER NOT NULL,"                                                                \
  " expires_at INTEGER NOT NULL,"                                                                \
  " removed_at INTEGER"                                                                          \
  ") STRICT;"                                                                                    \
                                                                                                 \
  "CREATE TABLE backups ("                                                                       \
  " id TEXT PRIMARY KEY,"                                                                        \
  " path TEXT NOT NULL,"                                                                         \
  " bytes INTEGER NOT NULL,"                                                                     \
  " sha256 TEXT NOT NULL,"                                                                       \
  " schema INTEGER NOT NULL,"                                                                    \
  " audit_seq INTEGER,"                                                                          \
  " created_by TEXT NOT NULL,"                                                                   \
  " created_at INTEGER NOT NULL,"                                                                \
  " verified_at INTEGER,"                                                                        \
  " drilled_at INTEGER,"                                                                         \
  " error TEXT,"                                                                                 \
  " removed_at INTEGER"                                                                          \
  ") STRICT;"                                                                                    \
  "CREATE INDEX backups_by_age ON backups (created_at, id);"

const char dyno_migration_access[] = PEOPLE KEYS AUDIT OPERATION;
