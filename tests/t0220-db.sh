#!/bin/sh
# db: check, vacuum, export, import.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

make_epoch list/0.git "$TOP"/tests/demo/mails/*.eml
export PVWATCH_RULES="$TOP/rules/xen"
pvwatch scan -q --db a.db list/0.git

# rows DATABASE: all that is no index, as sqlite3 prints it
rows()
{
	for table in $(sqlite3 "$1" "SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table'"); do
		echo "$table"
		sqlite3 "$1" "SELECT * FROM $table" | sort
	done
}

expect "a database is in order" \
	'status 0 pvwatch db check --db a.db && grep -q "a.db is in order" out &&
	status 0 pvwatch db check -q --db a.db && [ ! -s out ]'
expect "what is wrong is said, and the exit status is 65" \
	'cp a.db bad.db && sqlite3 bad.db "UPDATE mail SET score = 7 WHERE id = 1;
	DELETE FROM verdict WHERE id = 2; UPDATE mail SET subject = 1 WHERE id = 3" &&
	status 65 pvwatch db check --db bad.db && grep -q "^mail 1: says other" out &&
	grep -q "refers to a row of verdict" out && grep -q "words of subjects" out'
expect "a file that is damaged" \
	'cp a.db torn.db && size=$(wc -c <torn.db) &&
	head -c 20000 /dev/urandom | dd of=torn.db bs=1 seek=$((size / 4)) conv=notrunc 2>dd.err &&
	{ pvwatch db check --db torn.db >out 2>err; [ $? = 65 ]; }'

expect "all of it as JSON Lines" \
	'status 0 pvwatch db export --db a.db && cp out a.jsonl &&
	head -n 1 a.jsonl | grep -q "\"pvwatch\":\"export\",\"version\":1" &&
	tail -n 1 a.jsonl | grep -q "\"end\":\"export\"" &&
	python3 -c "import json, sys; [json.loads(line) for line in sys.stdin]" <a.jsonl'
expect "and back: the same rows, the same words, the same answers" \
	'status 0 pvwatch db import --db b.db a.jsonl && rows a.db >a.rows && rows b.db >b.rows &&
	cmp a.rows b.rows && pvwatch db export --db b.db | cmp - a.jsonl &&
	pvwatch query --db a.db --format json state:all >a.out &&
	pvwatch query --db b.db --format json state:all >b.out && cmp a.out b.out &&
	pvwatch query --db b.db shadow | grep -q . && status 0 pvwatch db check --db b.db'
expect "through a pipe" \
	'pvwatch db export --db a.db | pvwatch db import --db c/d.db - && status 0 pvwatch db check --db c/d.db'
expect "into a file, which must not be there" \
	'status 0 pvwatch db export --db a.db file.jsonl && cmp file.jsonl a.jsonl &&
	status 74 pvwatch db export --db a.db file.jsonl'
expect "no import over a database" \
	'status 64 pvwatch db import --db b.db a.jsonl && grep -q "is there already" err'
expect "a file that was cut is refused, by file and line, and leaves nothing" \
	'head -n 100 a.jsonl >cut.jsonl &&
	status 65 pvwatch db import --db e.db cut.jsonl && grep -q "cut.jsonl:100: it ends" err &&
	[ -z "$(ls e.db* 2>/dev/null)" ]'
expect "so is a row that does not fit" \
	'sed "/^{\"table\":\"mail\"/{n;s/^\[\([0-9]*\),[0-9]/[\1,99/}" a.jsonl >odd.jsonl &&
	line=$(grep -n "^{\"table\":\"mail\"" a.jsonl | cut -d: -f1) &&
	status 65 pvwatch db import --db e.db odd.jsonl && grep -q "odd.jsonl:$((line + 1)): .*CHECK" err &&
	[ -z "$(ls e.db* 2>/dev/null)" ]'
expect "no such file, no database" \
	'status 66 pvwatch db import --db e.db none.jsonl && status 66 pvwatch db export --db none.db'

expect "vacuum gives room back and changes nothing" \
	'cp a.db big.db && sqlite3 big.db "CREATE TABLE x (y); INSERT INTO x SELECT zeroblob(4000000); DROP TABLE x" &&
	before=$(wc -c <big.db) && status 0 pvwatch db vacuum --db big.db &&
	[ "$(wc -c <big.db)" -lt "$before" ] && pvwatch db export --db big.db | cmp - a.jsonl &&
	status 0 pvwatch db check --db big.db'
expect "a wrong verb, too many arguments" \
	'status 64 pvwatch db && status 64 pvwatch db repair && status 64 pvwatch db check x'

done_testing
