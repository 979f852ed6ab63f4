#!/bin/sh
# many.sh FROM TO MAILS - a database of MAILS mails, made of the rows of FROM
#
# FROM is what a scan left. Of more mails than it has, the archive is repeated
# under new Message-IDs, with all that belongs to each mail; of fewer, some are
# taken all over it. The same people, paths, rules and days: answers grow with
# the number of mails. Raw mail is left out, no query looks at it.
set -eu
from=$1 to=$2 mails=$3

rm -f "$to" "$to-wal" "$to-shm"
sqlite3 "$from" "VACUUM INTO '$to'"

# columns TABLE: as they are in copy number k
columns()
{
	sqlite3 "$to" "SELECT group_concat(CASE
		WHEN name IN ('mail', 'thread') OR '$1' IN ('mail', 'ident') AND name = 'id'
			THEN name || ' + k.value * $nident'
		WHEN name = 'verdict' OR '$1' = 'verdict' AND name = 'id'
			THEN name || ' + k.value * $nverdict'
		WHEN '$1' = 'finding' AND name = 'id' THEN name || ' + k.value * $nfinding'
		WHEN '$1' = 'ident' THEN 'k.value || ''.'' || name'
		ELSE name END, ', ') FROM pragma_table_info('$1')"
}

fast="PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -300000;
	PRAGMA foreign_keys = OFF"
rebuild="INSERT INTO subject_words (subject_words) VALUES ('rebuild');
	INSERT INTO finding_words (finding_words) VALUES ('rebuild')"
nmail=$(sqlite3 "$to" "SELECT count(*) FROM mail")
sqlite3 "$to" "DELETE FROM mail_raw"

if [ "$mails" -lt "$nmail" ]; then
	sqlite3 "$to" "$fast; CREATE TEMP TABLE out AS SELECT id FROM mail
		ORDER BY id * 2654435761 % 4294967296 LIMIT $nmail - $mails;
		CREATE UNIQUE INDEX temp.out_id ON out (id);
		DELETE FROM finding WHERE verdict IN (SELECT id FROM verdict WHERE mail IN out);
		DELETE FROM pack_verdict WHERE verdict IN (SELECT id FROM verdict WHERE mail IN out);
		DELETE FROM addressee WHERE mail IN out; DELETE FROM patch WHERE mail IN out;
		DELETE FROM patch_path WHERE mail IN out; DELETE FROM verdict WHERE mail IN out;
		DELETE FROM mail WHERE id IN out; $rebuild; VACUUM" >/dev/null
	exit
fi
copies=$(((mails + nmail - 1) / nmail))
nident=$(sqlite3 "$to" "SELECT max(id) FROM ident")
nverdict=$(sqlite3 "$to" "SELECT max(id) FROM verdict")
nfinding=$(sqlite3 "$to" "SELECT max(id) FROM finding")
{
	echo "$fast;"
	for table in ident mail verdict pack_verdict finding addressee patch patch_path; do
		echo "INSERT INTO $table SELECT $(columns $table) FROM generate_series(1, $copies - 1) AS k
			CROSS JOIN (SELECT * FROM $table ORDER BY 1 LIMIT (SELECT count(*) FROM $table));"
	done
	echo "$rebuild;"
} | sqlite3 "$to" >/dev/null
