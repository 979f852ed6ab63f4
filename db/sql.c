#include "sql.h"

const struct sql_text sql_texts[NSQL] = {
	[SQL_BEGIN] = { "begin", "BEGIN IMMEDIATE" },
	[SQL_COMMIT] = { "commit", "COMMIT" },
	[SQL_ROLLBACK] = { "undo", "ROLLBACK" },
	/* One statement, so that all three are of one moment. */
	[SQL_MARKS] = { "read the schema",
			"SELECT (SELECT count(*) FROM sqlite_schema),"
			" (SELECT application_id FROM pragma_application_id),"
			" (SELECT user_version FROM pragma_user_version)" },

	[SQL_BEGIN_READ] = { "begin to read", "BEGIN" },
	[SQL_SCHEMA_VERSION] = { "read the schema",
				 "SELECT user_version"
				 " FROM pragma_user_version" },
	[SQL_TABLES] = { "list tables",
			 "SELECT name FROM pragma_table_list"
			 " WHERE schema = 'main' AND type = 'table'"
			 " AND name NOT GLOB 'sqlite_*' ORDER BY name" },
	[SQL_COLUMNS] = { "list columns",
			  "SELECT name FROM pragma_table_info(?1)"
			  " ORDER BY cid" },
	[SQL_KEY_COLUMNS] = { "list key columns",
			      "SELECT name FROM pragma_table_info(?1)"
			      " WHERE pk > 0 ORDER BY pk" },
	[SQL_CHECK_FILE] = { "check the file",
			     "SELECT integrity_check"
			     " FROM pragma_integrity_check(100)"
			     " WHERE integrity_check <> 'ok'" },
	[SQL_CHECK_KEYS] = { "check foreign keys",
			     "SELECT format('%s: row %s: refers to a row of %s"
			     " that is not there', \"table\","
			     " ifnull(rowid, '?'), parent)"
			     " FROM pragma_foreign_key_check LIMIT 100" },
	[SQL_CHECK_CURRENT] = { "check mails",
				"SELECT format('mail %d: its current verdict"
				" is none of its own', mail.id) FROM mail"
				" LEFT JOIN verdict ON verdict.id = verdict"
				" AND verdict.mail = mail.id"
				" WHERE verdict.id IS NULL LIMIT 100" },
	[SQL_CHECK_DECISIONS] = { "check decisions",
				  "SELECT format('mail %d: says other than its"
				  " verdict', mail.id) FROM mail JOIN verdict"
				  " ON verdict.id = verdict WHERE"
				  " (mail.decision, mail.score)"
				  " <> (verdict.decision, verdict.score)"
				  " LIMIT 100" },
	[SQL_CHECK_PACKS] = { "check packs",
			      "SELECT format('verdict %d: finds something for"
			      " a pack that did not judge', verdict)"
			      " FROM finding JOIN rule ON rule.id = rule"
			      " WHERE NOT EXISTS (SELECT 1 FROM pack_verdict p"
			      " JOIN pack ON pack.id = p.pack"
			      " WHERE p.verdict = finding.verdict"
			      " AND pack.name = rule.pack) LIMIT 100" },
	[SQL_RAW_IDS] = { "list raw mails",
			  "SELECT id FROM mail_raw ORDER BY id" },

	[SQL_IDENT_FIND] = { "find an id",
			     "SELECT id FROM ident WHERE name = ?1" },
	[SQL_IDENT_ADD] = { "add an id", "INSERT INTO ident (name) VALUES (?1)"
					 " ON CONFLICT DO NOTHING" },
	[SQL_IDENT_UNUSED] = { "find an id",
			       "SELECT id FROM ident WHERE name = ?1"
			       " AND NOT EXISTS (SELECT 1 FROM mail"
			       " WHERE mail.id = ident.id)" },
	[SQL_ADDRESS_FIND] = { "find an address",
			       "SELECT id FROM address"
			       " WHERE addr = ?1 AND name = ?2" },
	[SQL_ADDRESS_ADD] = { "add an address",
			      "INSERT INTO address (addr, name)"
			      " VALUES (?1, ?2)" },
	[SQL_PATH_FIND] = { "find a path",
			    "SELECT id FROM path WHERE path = ?1" },
	[SQL_PATH_ADD] = { "add a path",
			   "INSERT INTO path (path) VALUES (?1)" },
	[SQL_TERM_FIND] = { "find a term",
			    "SELECT id FROM term WHERE text = ?1" },
	[SQL_TERM_ADD] = { "add a term",
			   "INSERT INTO term (text) VALUES (?1)" },
	[SQL_PACK_FIND] = { "find a pack", "SELECT id FROM pack WHERE name = ?1"
					   " AND version = ?2 AND hash = ?3" },
	[SQL_PACK_ADD] = { "add a pack",
			   "INSERT INTO pack (name, version, hash)"
			   " VALUES (?1, ?2, ?3)" },
	[SQL_RULE_FIND] = { "find a rule",
			    "SELECT id FROM rule WHERE pack = ?1"
			    " AND name = ?2 AND title = ?3 AND area = ?4" },
	[SQL_RULE_ADD] = { "add a rule",
			   "INSERT INTO rule (pack, name, title, area)"
			   " VALUES (?1, ?2, ?3, ?4)" },
	[SQL_FACT_FIND] = { "find a fact of the map",
			    "SELECT id FROM fact WHERE kind = ?1"
			    " AND member = ?2 AND counterpart = ?3"
			    " AND chain = ?4" },
	[SQL_FACT_ADD] = { "add a fact of the map",
			   "INSERT INTO fact (kind, member, counterpart, chain)"
			   " VALUES (?1, ?2, ?3, ?4)" },

	[SQL_MAIL_ADD] = { "add a mail",
			   "INSERT INTO mail (id, kind, date, author, sender,"
			   " subject, list, thread, msgid, oid, source, spot,"
			   " series, parent, version, part, total, complete,"
			   " verdict, decision, score)"
			   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			   " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"
			   " ?21)" },
	[SQL_MAIL_JUDGED] = { "judge a mail",
			      "UPDATE mail SET verdict = ?2, decision = ?3,"
			      " score = ?4, kind = ?5, version = ?6,"
			      " part = ?7, total = ?8, complete = ?9"
			      " WHERE id = ?1" },
	[SQL_MAIL_REMOVED] = { "remove a mail",
			       "UPDATE mail SET removed = ?2 WHERE id = ?1" },
	[SQL_MAIL_BY_KEY] = { "find a mail",
			      "SELECT mail.id FROM ident JOIN mail"
			      " ON mail.id = ident.id WHERE name = ?1" },
	[SQL_MAIL_BY_ID] = { "find a mail",
			     "SELECT id FROM mail WHERE id = ?1" },
	/* As bytes from ?1 to ?2, or as text from ?3 up to ?4. */
	[SQL_MAIL_BY_COMMIT] = { "find a commit", "SELECT id, oid FROM mail"
						  " WHERE oid BETWEEN ?1 AND ?2"
						  " OR oid >= ?3 AND oid < ?4"
						  " ORDER BY id DESC" },
	[SQL_MAIL_VERDICT] = { "find a verdict",
			       "SELECT verdict, decision FROM mail"
			       " WHERE id = ?1" },
	/* Numbers that are NULL, or come twice, are none. */
	[SQL_ADDRESSEE_ADD] = { "add an addressee",
				"INSERT OR IGNORE INTO addressee"
				" (mail, address) VALUES (?1, ?2), (?1, ?3),"
				" (?1, ?4), (?1, ?5), (?1, ?6), (?1, ?7),"
				" (?1, ?8), (?1, ?9)" },
	[SQL_RAW_ADD] = { "add a raw mail",
			  "INSERT INTO mail_raw (id, zstd) VALUES (?1, ?2)"
			  " ON CONFLICT DO NOTHING" },
	[SQL_RAW_DROP] = { "remove a raw mail",
			   "DELETE FROM mail_raw WHERE id = ?1" },
	[SQL_RAW_GET] = { "read a raw mail",
			  "SELECT zstd FROM mail_raw WHERE id = ?1" },
	/* Commits of a repository are no mails. */
	[SQL_ORIGIN] = { "read where a mail was found",
			 "SELECT text, spot FROM mail"
			 " JOIN term ON term.id = source WHERE mail.id = ?1"
			 " AND oid IS NULL AND removed IS NULL" },
	[SQL_PATCH_ADD] = { "add a patch",
			    "INSERT INTO patch (mail, patch_id, files, added,"
			    " removed) VALUES (?1, ?2, ?3, ?4, ?5)" },
	[SQL_PATCH_PATH_ADD] = { "add a path",
				 "INSERT INTO patch_path (mail, path)"
				 " VALUES (?1, ?2) ON CONFLICT DO NOTHING" },
	/* A ceiling: asking for each mail of an endless thread must not cost
	   the square of its length. */
	[SQL_THREAD] = { "read a thread",
			 "WITH root AS (SELECT id FROM ident WHERE name = ?1"
			 " UNION SELECT mail.thread FROM ident JOIN mail"
			 " ON mail.id = ident.id WHERE name = ?1),"
			 " member AS MATERIALIZED (SELECT mail.id, author,"
			 " sender FROM root JOIN mail ON thread = root.id"
			 " ORDER BY mail.id LIMIT ?2)"
			 "SELECT name, addr FROM address WHERE id IN ("
			 "SELECT author FROM member"
			 " UNION SELECT sender FROM member"
			 " UNION SELECT address FROM member JOIN addressee"
			 " ON addressee.mail = member.id) ORDER BY id" },
	[SQL_THREAD_OF] = { "find a thread",
			    "SELECT mail.thread, mail.id FROM ident JOIN mail"
			    " ON mail.id = ident.id WHERE name = ?1" },
	/* What took mail ?1 for the root of a thread is in that of mail ?1. */
	[SQL_THREAD_JOIN] = { "join threads",
			      "UPDATE mail SET thread = (SELECT thread FROM"
			      " mail WHERE id = ?1) WHERE thread = ?1"
			      " AND id <> ?1" },
	/* Of its thread, all that is below mail ?1. */
	[SQL_REPLIES] = { "read the replies",
			  "WITH RECURSIVE member AS MATERIALIZED ("
			  "SELECT id, parent FROM mail WHERE parent <> id"
			  " AND thread = (SELECT thread FROM mail"
			  " WHERE id = ?1) ORDER BY id LIMIT ?2),"
			  " below (id, level) AS (SELECT ?1, 0 UNION"
			  " SELECT member.id, level + 1 FROM below"
			  " JOIN member ON member.parent = below.id"
			  " WHERE level < 100)"
			  "SELECT mail.id, min(level), kind, date, subject,"
			  " address.name, addr, decision FROM below"
			  " JOIN mail ON mail.id = below.id"
			  " LEFT JOIN address ON address.id = author"
			  " WHERE level > 0 AND mail.id <> ?1"
			  " GROUP BY mail.id ORDER BY date, mail.id" },
	/* Of the series of mail ?1. */
	[SQL_SERIES] = { "read the patches of a series",
			 "SELECT mail.id FROM mail AS this"
			 " JOIN mail ON mail.series = this.series"
			 " OR mail.id = this.id"
			 " JOIN pack_verdict ON"
			 " pack_verdict.verdict = mail.verdict"
			 " JOIN pack ON pack.id = pack_verdict.pack"
			 " WHERE this.id = ?1"
			 " AND (?5 OR mail.id <> this.id) AND pack.name = ?2"
			 " AND pack_verdict.decision = ?3"
			 " ORDER BY mail.part, mail.id LIMIT ?4" },
	[SQL_SERIES_REQUEST] = { "find the request about a series",
				 "SELECT request.id, state FROM mail AS this"
				 " JOIN mail ON mail.series = this.series"
				 " OR mail.id = this.id"
				 " JOIN request ON request.mail = mail.id"
				 " WHERE this.id = ?1 AND request.pack = ?2"
				 " AND state IN (?3, ?4, ?5, ?6)" },
#define SERIES \
	"series.id, lineage, submitter, version, total, numbered, versioned," \
	" resend, first, last, title, change_id, (SELECT name FROM ident" \
	" WHERE ident.id = series.thread)"
	/* What may be part of one with a posting of submitter ?1, or another
	   version of it: by its title ?2, change-id ?3, the thread of mail ?4;
	   of those that he sent behind time ?5, not less than 0. */
	[SQL_SERIES_LIKE] = { "find series",
			      "WITH root AS (SELECT coalesce((SELECT thread"
			      " FROM mail WHERE mail.id = ident.id), id) AS id"
			      " FROM ident WHERE name = ?4)"
			      "SELECT " SERIES ", thread IS (SELECT id"
			      " FROM root) FROM series WHERE id IN ("
			      "SELECT id FROM (SELECT id FROM series"
			      " WHERE title = ?2 AND submitter = ?1 LIMIT ?6)"
			      " UNION ALL SELECT id FROM (SELECT id"
			      " FROM series WHERE change_id = ?3 LIMIT ?6)"
			      " UNION ALL SELECT id FROM (SELECT id"
			      " FROM series WHERE thread ="
			      " (SELECT id FROM root) LIMIT ?6)"
			      " UNION ALL SELECT id FROM (SELECT id"
			      " FROM series WHERE ?5 >= 0 AND submitter = ?1"
			      " AND first >= ?5 ORDER BY first LIMIT ?6))"
			      " ORDER BY first, series.id" },
	[SQL_SERIES_ADD] = { "add a series",
			     "INSERT INTO series (lineage, submitter, version,"
			     " total, numbered, versioned, resend, first, last,"
			     " thread, title, change_id) VALUES (ifnull(?1,"
			     " (SELECT ifnull(max(id), 0) + 1 FROM series)),"
			     " ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			     " ?10, ?11, ?12) RETURNING lineage" },
	[SQL_SERIES_GREW] = { "change a series",
			      "UPDATE series SET version = ?2, versioned = ?3,"
			      " first = ?4, last = ?5, title = ?6,"
			      " change_id = ?7 WHERE id = ?1" },
	[SQL_SERIES_JOIN] = { "link series", "UPDATE series SET lineage = ?2"
					     " WHERE lineage = ?1" },
	[SQL_SERIES_OF] = { "read a series",
			    "SELECT " SERIES " FROM series WHERE id ="
			    " (SELECT series FROM mail WHERE mail.id = ?1)" },
	[SQL_SERIES_MAILS] = { "read the mails of a series",
			       "SELECT mail.id, name, kind, part, total, date,"
			       " subject, decision FROM mail JOIN ident"
			       " ON ident.id = mail.id WHERE series = ?1"
			       " ORDER BY part, mail.id LIMIT ?2" },
	/* Of patches: a cover letter has none. */
	[SQL_SERIES_PARTS] = { "read the parts of a series",
			       "SELECT DISTINCT other.part FROM mail JOIN mail"
			       " AS other ON other.series = mail.series"
			       " WHERE mail.id = ?1 AND other.kind = 0" },
	[SQL_SERIES_VERSIONS] = { "read the versions of a series",
				  "SELECT " SERIES " FROM series"
				  " WHERE lineage = ?1"
				  " ORDER BY version, first, id LIMIT ?2" },
	/* In the thread of mail ?1, but not it. */
	[SQL_FLAGGED_BESIDE] = { "find what is flagged in a thread",
				 "SELECT other.id FROM mail JOIN mail AS other"
				 " ON other.thread = mail.thread"
				 " WHERE mail.id = ?1 AND other.id <> ?1"
				 " AND other.decision = 4"
				 " ORDER BY other.id LIMIT ?2" },
	/* Findings of mail ?1 whose line is in none that a request of the pack
	   told of another series of its submitter. */
	[SQL_ASKED_BEFORE] = { "read what was asked before",
			       "SELECT count(*) FROM mail AS this"
			       " JOIN series AS own ON own.id = this.series"
			       " JOIN finding AS f ON f.verdict = this.verdict"
			       " JOIN rule ON rule.id = f.rule"
			       " WHERE this.id = ?1 AND rule.pack = ?2"
			       " AND NOT EXISTS (SELECT 1 FROM series"
			       " JOIN mail AS m ON m.series = series.id"
			       " JOIN finding AS old ON old.verdict = m.verdict"
			       " JOIN rule AS r ON r.id = old.rule"
			       " WHERE (series.submitter = own.submitter"
			       " OR series.lineage = own.lineage)"
			       " AND series.id <> own.id"
			       " AND old.path = f.path AND old.text = f.text"
			       " AND r.pack = rule.pack AND r.name = rule.name"
			       " AND EXISTS (SELECT 1 FROM request"
			       " JOIN mail AS told ON told.id = request.mail"
			       " WHERE told.series = series.id"
			       " AND request.pack = ?2))" },

	[SQL_VERDICT_ADD] = { "add a verdict",
			      "INSERT INTO verdict (mail, at, program,"
			      " decision, score, skipped, base_how, base,"
			      " exact, offset, merged, fuzzy, present,"
			      " missing, untried, map, map_how)"
			      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			      " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)" },
	[SQL_PACK_VERDICT_ADD] = { "add a pack's verdict",
				   "INSERT INTO pack_verdict (verdict, pack,"
				   " score, decision) VALUES (?1, ?2, ?3,"
				   " ?4)" },
	[SQL_AUDIENCE_ADD] = { "add an audience",
			       "INSERT INTO audience (verdict, pack, n,"
			       " address, present) VALUES (?1, ?2, ?3, ?4,"
			       " ?5)" },
	[SQL_FINDING_ADD] = { "add a finding",
			      "INSERT INTO finding (verdict, rule, points,"
			      " path, line, old_side, function, text, why,"
			      " fact) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
			      " ?9, ?10)" },
	[SQL_ATTEMPT_ADD] = { "add a base attempt",
			      "INSERT INTO base_attempt (verdict, n, how, rev,"
			      " outcome) VALUES (?1, ?2, ?3, ?4, ?5)" },
	[SQL_FAULT_ADD] = { "add a fault",
			    "INSERT INTO fault (verdict, n, message)"
			    " VALUES (?1, ?2, ?3)" },
#define PLACES_OF(verdict) \
	"SELECT pack, name, path, line, old_side FROM finding" \
	" JOIN rule ON rule.id = rule WHERE verdict = " verdict
	[SQL_FINDINGS_DIFFER] = { "compare verdicts",
				  "SELECT EXISTS (" PLACES_OF("?1") " EXCEPT " PLACES_OF("?2") ") OR EXISTS (" PLACES_OF(
					  "?2") " EXCEPT " PLACES_OF("?1") ")" },
	/* ?1: an array of JSON, of row numbers. */
	[SQL_WORDS_OF_MAIL] = { "index a subject",
				"INSERT INTO subject_words (rowid, subject)"
				" SELECT mail.id, subject FROM json_each(?1)"
				" CROSS JOIN mail ON mail.id = value" },
	[SQL_WORDS_OF_VERDICT] = { "index findings",
				   "INSERT INTO finding_words (rowid,"
				   " function, text, why)"
				   " SELECT finding.id, function, text, why"
				   " FROM json_each(?1)"
				   " CROSS JOIN finding ON verdict = value" },
	[SQL_VERDICT_GET] = { "read a verdict",
			      "SELECT verdict.id, ident.name, kind, msgid, oid,"
			      " subject, author.name, author.addr, date,"
			      " source.text, spot, version, part, total,"
			      " complete OR (SELECT count(DISTINCT other.part)"
			      " FROM mail AS other"
			      " WHERE other.series = mail.series"
			      " AND other.kind = 0 AND other.part"
			      " BETWEEN 1 AND mail.total) = mail.total,"
			      " verdict.decision, skipped.text,"
			      " verdict.score, base_how, base, program.text,"
			      " exact, offset, merged, fuzzy, present,"
			      " missing, untried, map.text, map_how"
			      " FROM mail JOIN ident ON ident.id = mail.id"
			      " JOIN verdict ON verdict.id = mail.verdict"
			      " LEFT JOIN address author"
			      " ON author.id = mail.author"
			      " LEFT JOIN term source"
			      " ON source.id = mail.source"
			      " LEFT JOIN term skipped"
			      " ON skipped.id = verdict.skipped"
			      " LEFT JOIN term program"
			      " ON program.id = verdict.program"
			      " LEFT JOIN term map ON map.id = verdict.map"
			      " WHERE mail.id = ?1" },
	[SQL_PACK_VERDICTS] = { "read a pack's verdict",
				"SELECT pack, name, version, hash, score,"
				" decision FROM pack_verdict"
				" JOIN pack ON pack.id = pack"
				" WHERE verdict = ?1 ORDER BY pack" },
	[SQL_AUDIENCE] = { "read an audience",
			   "SELECT present, name, addr FROM audience"
			   " JOIN address ON address.id = address"
			   " WHERE verdict = ?1 AND pack = ?2 ORDER BY n" },
	[SQL_FINDINGS] = { "read findings",
			   "SELECT pack, name, title, area, points, path.path,"
			   " line, old_side, function, text, why, kind, member,"
			   " counterpart, chain FROM finding"
			   " JOIN rule ON rule.id = rule"
			   " JOIN path ON path.id = finding.path"
			   " LEFT JOIN fact ON fact.id = finding.fact"
			   " WHERE verdict = ?1 ORDER BY finding.id" },
	[SQL_ATTEMPTS] = { "read base attempts",
			   "SELECT how, rev, text FROM base_attempt"
			   " JOIN term ON term.id = outcome"
			   " WHERE verdict = ?1 ORDER BY n" },
	[SQL_FAULTS] = { "read faults",
			 "SELECT message FROM fault WHERE verdict = ?1"
			 " ORDER BY n" },

	[SQL_CURSOR_GET] = { "read a cursor",
			     "SELECT cursor FROM source WHERE name = ?1" },
	[SQL_CURSOR_SET] = { "write a cursor",
			     "INSERT INTO source (name, cursor, at)"
			     " VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE"
			     " SET cursor = excluded.cursor,"
			     " at = excluded.at" },
	[SQL_INSTALLATION_GET] = { "read the installation's id",
				   "SELECT id FROM installation" },
	[SQL_INSTALLATION_MAKE] = { "write the installation's id",
				    "INSERT INTO installation (one, id)"
				    " VALUES (1, lower(hex(randomblob(8))))"
				    " ON CONFLICT DO NOTHING" },
	[SQL_HEALTH_GET] = { "read a source's health",
			     "SELECT succeeded, failed, message, failures,"
			     " since, mails FROM source_health"
			     " WHERE name = ?1" },
	[SQL_HEALTH_MAILS] = { "count a source's mails",
			       "INSERT INTO source_health (name, mails)"
			       " VALUES (?1, ?2) ON CONFLICT DO UPDATE"
			       " SET mails = mails + excluded.mails" },
	[SQL_HEALTH_SUCCEEDED] = { "write a source's health",
				   "INSERT INTO source_health (name, succeeded)"
				   " VALUES (?1, ?2) ON CONFLICT DO UPDATE"
				   " SET succeeded = excluded.succeeded,"
				   " failures = 0, since = NULL" },
	[SQL_HEALTH_FAILED] = { "write a source's health",
				"INSERT INTO source_health (name, failed,"
				" since, message, failures)"
				" VALUES (?1, ?2, ?2, ?3, 1)"
				" ON CONFLICT DO UPDATE"
				" SET failed = excluded.failed,"
				" since = ifnull(since, excluded.since),"
				" message = excluded.message,"
				" failures = failures + 1" },
	[SQL_COUNT_DECISIONS] = { "count mails",
				  "SELECT decision, count(*) FROM mail"
				  " GROUP BY decision" },
	[SQL_COUNT_REQUESTS] = { "count requests",
				 "SELECT state, count(*) FROM request"
				 " GROUP BY state" },
	[SQL_SIZE] = { "measure",
		       "SELECT page_count * page_size"
		       " FROM pragma_page_count(), pragma_page_size()" },
	[SQL_EVENT_ADD] = { "add an event",
			    "INSERT INTO event (mail, at, what, detail)"
			    " VALUES (?1, ?2, ?3, ?4)" },
	/* Of one second: first the verdict, then what came of it. */
	[SQL_HISTORY] = { "read the history",
			  "SELECT at, 0 AS late, id, decision, score,"
			  " (SELECT text FROM term WHERE id = program),"
			  " (SELECT group_concat(name || ' ' || version, ', ')"
			  " FROM pack_verdict JOIN pack ON pack.id = pack"
			  " WHERE verdict = verdict.id)"
			  " FROM verdict WHERE mail = ?1"
			  " UNION ALL"
			  " SELECT at, 1, id, NULL, NULL, what, detail"
			  " FROM event WHERE mail = ?1"
			  " ORDER BY at, late, id" },

	[SQL_REQUEST_BY_MSGID] = { "find a request",
				   "SELECT id, state, edited OR EXISTS"
				   " (SELECT 1 FROM recipient"
				   " WHERE request = request.id)"
				   " FROM request WHERE msgid = ?1" },
	[SQL_REQUEST_ADD] = { "add a request",
			      "INSERT INTO request (msgid, mail, pack, series,"
			      " version, state, created, recipients, subject,"
			      " text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
			      " ?9, ?10)" },
	[SQL_REQUEST_REPLACE] = { "replace a request",
				  "UPDATE request SET mail = ?2,"
				  " recipients = ?3, subject = ?4, text = ?5"
				  " WHERE id = ?1" },
#define REQUEST \
	"id, mail, msgid, pack, series, version, state, created," \
	" recipients, subject, due, tries, first_try"
	[SQL_REQUESTS] = { "read requests",
			   "SELECT " REQUEST " FROM request ORDER BY id" },
	[SQL_REQUESTS_ABOUT] = { "read requests",
				 "SELECT " REQUEST " FROM request"
				 " WHERE mail = ?1 OR EXISTS (SELECT 1"
				 " FROM mail JOIN ident"
				 " ON ident.id = mail.thread"
				 " WHERE mail.id = ?1 AND mail.total > 1"
				 " AND ident.name = request.series"
				 " AND mail.version = request.version)"
				 " ORDER BY id" },
	[SQL_REQUEST_GET] = { "read a request",
			      "SELECT " REQUEST ", text FROM request"
			      " WHERE id = ?1" },
	[SQL_REQUEST_WAITING] = { "find the request about a mail",
				  "SELECT id FROM request WHERE mail = ?1"
				  " AND state = ?2"
				  " AND (?3 IS NULL OR pack = ?3)" },
	[SQL_REQUEST_MOVE] = { "change a request",
			       "UPDATE request SET state = ?3, due = 0,"
			       " tries = 0, first_try = 0"
			       " WHERE id = ?1 AND state = ?2"
			       " RETURNING mail" },
	[SQL_REQUEST_EDIT] = { "edit a request",
			       "UPDATE request SET subject = ?3, text = ?4,"
			       " edited = 1 WHERE id = ?1 AND text = ?2"
			       " AND state IN (?5, ?6, ?7)"
			       " RETURNING mail" },
	[SQL_REQUEST_READY] = { "find what is to be sent",
				"SELECT id FROM request WHERE state = ?1"
				" AND due <= ?2 ORDER BY id" },
	[SQL_REQUESTS_TRIED] = { "count what was sent",
				 "SELECT count(*) FROM request"
				 " WHERE first_try > ?1" },
	[SQL_DELIVERY_BEGIN] = { "begin to send",
				 "UPDATE request SET state = ?3, due = 0,"
				 " tries = tries + 1, first_try ="
				 " iif(first_try, first_try, ?4)"
				 " WHERE id = ?1 AND state = ?2"
				 " RETURNING mail" },
	[SQL_DELIVERY_END] = { "end sending",
			       "UPDATE request SET state = ?2, due = ?3"
			       " WHERE id = ?1 RETURNING mail" },
	[SQL_RECIPIENT_SET] = { "write a recipient",
				"INSERT INTO recipient (request, n, addr,"
				" state, code, reply)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
				" ON CONFLICT DO UPDATE SET"
				" state = excluded.state,"
				" code = excluded.code,"
				" reply = excluded.reply" },
	[SQL_RECIPIENTS_RESET] = { "change recipients",
				   "UPDATE recipient SET state = ?2"
				   " WHERE request = ?1 AND state <> ?3" },
	[SQL_RECIPIENTS] = { "read recipients",
			     "SELECT addr, state, code, reply FROM recipient"
			     " WHERE request = ?1 ORDER BY n" },

	[SQL_TAG_WANT] = { "put a mail down for tags",
			   "INSERT INTO tagged (mail, id, due)"
			   " SELECT mail.id, nullif(?2, name), decision >= ?4"
			   " FROM ident JOIN mail USING (id) WHERE name = ?1"
			   " ON CONFLICT DO UPDATE SET id = excluded.id,"
			   " due = max(due, excluded.due) WHERE ?3" },
	[SQL_TAG_JUDGED] = { "change tags",
			     "UPDATE tagged SET due = 1 WHERE mail = ?1" },
	[SQL_TAGS_DUE] = { "read tags",
			   "SELECT mail, coalesce(tagged.id, name), verdict"
			   " FROM tagged JOIN mail ON mail.id = mail"
			   " JOIN ident ON ident.id = mail"
			   " WHERE due AND mail > ?1 ORDER BY mail LIMIT ?2" },
	/* Another process may have judged it again meanwhile. */
	[SQL_TAG_DONE] = { "note that tags are written",
			   "UPDATE tagged SET due = 0 WHERE mail = ?1 AND ?2 ="
			   " (SELECT verdict FROM mail WHERE id = ?1)" },
};
