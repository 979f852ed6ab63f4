#!/bin/sh
# outbox approve, edit, send; run: what a server may answer, and what a request
# is then. The server is aiosmtpd's.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

for python in python3 /usr/bin/python3 none; do
	"$python" -c 'import aiosmtpd' 2>/dev/null && break
done
[ "$python" = none ] && skip_all "python3-aiosmtpd is not installed"
command -v openssl >/dev/null || skip_all "openssl is not installed"

pids=
stop_servers()
{
	for pid in $pids; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	pids=
}
trap 'stop_servers; rm -rf "$T"' EXIT

# wait_for CONDITION: until it holds, ten seconds at most
wait_for()
{
	i=0
	until eval "$1"; do
		i=$((i + 1))
		[ $i = 100 ] && return 1
		sleep 0.1
	done
}

# serve NAME [OPTION]...: a server with its own mailbox; port is its port
serve()
{
	mkdir -p "$1"
	cp cert.pem key.pem "$1"
	dir=$1
	shift
	"$python" "$TOP/tests/smtp-server.py" "$T/$dir" "$@" 2>"$dir/err" &
	pids="$pids $!"
	wait_for "[ -s $dir/port ]" || {
		cat "$dir/err"
		echo "Bail out! no SMTP server"
		exit 1
	}
	port=$(cat "$dir/port")
}

set_config()
{
	git config -f config/pvwatch/config "$1" "$2"
}

# request TO...: a request of its own; id is its number
request()
{
	to=$(echo "$*" | sed 's/ /, /g')
	count=$((${count-0} + 1))
	id=$(compose "$to" "test-$count@pvwatch.invalid" "$to")
}

# compose TO MSGID RECIPIENTS: what the header says, and the row
compose()
{
	cat >text <<MAIL
From: pvwatch <pvwatch@example.org>
To: $1
Subject: Re: [PATCH] x86: a patch
Date: Mon, 3 Mar 2025 09:00:00 +0000
Message-ID: <$2>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

This patch needs a look.
.
..two dots, and one alone above
MAIL
	sql "INSERT INTO request (mail, msgid, pack, series, version, state,
		created, recipients, subject, text) SELECT min(id), '$2', 'xen',
		'$2', 1, 0, 1740992400, '$3', 'Re: [PATCH] x86: a patch',
		readfile('text') FROM mail; SELECT last_insert_rowid()"
}

# approved TO...: and a person said yes
approved()
{
	request "$@"
	pvwatch outbox approve "$id" >/dev/null
}

state()
{
	pvwatch outbox list | awk -v id="$1" '$1 == id { print $3 }'
}

# copies SERVER: of the last request, in its mailbox
copies()
{
	grep -l "^Message-ID: <test-$count@" "$1"/mail/* 2>/dev/null | wc -l
}

# ended ID STATE COPIES: so it is in the outbox and in the server's mailbox
ended()
{
	[ "$(state "$1")" = "$2" ] && [ "$(copies plain)" = "$3" ] && return
	echo "state $(state "$1"), copies $(copies plain); want $2, $3"
	pvwatch outbox list
	cat plain/log
	return 1
}

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
	-keyout key.pem -out cert.pem 2>/dev/null
make_tree linux
make_epoch list/0.git "$TOP"/tests/demo/mails/*.eml
mkdir -p config/pvwatch
TMPDIR=$T
export TMPDIR
cat >config/pvwatch/config <<END
[tree]
	path = $T/linux
[source "list"]
	path = $T/list
[notify]
	from = pvwatch <pvwatch@example.org>
	replyTo = A Person <person@example.org>
END

expect "a dry run says what it would ask, and stores no request" \
	'cp config/pvwatch/config dry && git config -f dry notify.mode dry-run &&
	status 0 pvwatch run --once --config dry --db dry.db &&
	grep -q "event=would-queue .* to=.*@" err &&
	[ "$(sqlite3 dry.db "SELECT count(*) FROM request")" = 0 ]'
pvwatch run --once 2>/dev/null
serve plain
approved a@example.org
expect "nothing is sent without smtp.url, nor changed" \
	'status 78 pvwatch outbox send &&
	[ "$(state "$id")" = approved ] && pvwatch outbox drop "$id"'
set_config smtp.url "smtp://localhost:$port"
set_config smtp.tls none
expect "the configuration is in order" 'status 0 pvwatch config check'

request a@example.org
expect "what no person approved is not sent" \
	'status 0 pvwatch outbox send && [ ! -s out ] &&
	status 64 pvwatch outbox send "$id" && ended "$id" queued 0'
expect "what is held is neither sent nor approved with the rest" \
	'status 0 pvwatch outbox hold "$id" && status 0 pvwatch outbox approve --all &&
	[ "$(state "$id")" = held ] && [ "$(state 1)" = approved ] &&
	sql "UPDATE request SET state = 0 WHERE id = 1"'
expect "a dry run sends nothing" \
	'status 0 pvwatch outbox approve "$id" &&
	status 0 pvwatch outbox send --dry-run && grep -q "would be sent" out &&
	ended "$id" approved 0'
approved a@example.org b@example.org
expect "accepted" \
	'status 0 pvwatch outbox send "$id" &&
	ended "$id" sent 1'
expect "the mail on the wire is the one in the database, in CRLF" \
	'pvwatch outbox show "$id" | sed "s/\$/\r/" >want &&
	cmp want "$(grep -l "test-$count@" plain/mail/*)"'
request a@example.org
sql "UPDATE request SET text = CAST(text || replace(hex(zeroblob(20000)), '00',
	'.x' || char(10) || '.' || char(10)) AS BLOB) WHERE id = $id"
pvwatch outbox approve "$id"
expect "so is a long one, full of lines that begin with dots" \
	'status 0 pvwatch outbox send && pvwatch outbox show "$id" | sed "s/\$/\r/" >want &&
	[ "$(wc -l <want)" -gt 40000 ] && cmp want "$(grep -l "test-$count@" plain/mail/*)"'
expect "what is sent stays sent" \
	'status 64 pvwatch outbox send "$id" && status 64 pvwatch outbox approve "$id" &&
	status 64 pvwatch outbox drop "$id" && status 0 pvwatch outbox send &&
	ended "$id" sent 1'
before=$(grep -c connect plain/log)
approved c@example.org
c=$id
approved d@example.org
approved e@example.org
expect "one connection for several mails" \
	'status 0 pvwatch outbox send && ended "$id" sent 1 && [ "$(state "$c")" = sent ] &&
	[ "$(grep -c connect plain/log)" = $((before + 1)) ]'

approved a@example.org refuse@example.org b@example.org
expect "one of three recipients refused" \
	'status 69 pvwatch outbox send && ended "$id" partly 1 &&
	grep -q "partly: refuse@example.org: 550 5.1.1 nobody of that name" out'
expect "approved again, it goes to the one who had refused alone" \
	'status 0 pvwatch outbox approve "$id" && : >plain/log &&
	status 69 pvwatch outbox send && grep rcpt plain/log >asked &&
	same asked <<END
rcpt refuse@example.org
END
	ended "$id" partly 1'
approved refuse@example.org
expect "all refused" \
	'status 69 pvwatch outbox send &&
	ended "$id" refused 0'
approved defer@example.org
expect "451 to RCPT: deferred, tried when it is due and not before" \
	'status 75 pvwatch outbox send &&
	ended "$id" deferred 0 && status 0 pvwatch outbox send && [ ! -s out ] &&
	[ "$(sql "SELECT due - first_try BETWEEN 300 AND 330 FROM request WHERE id = $id")" = 1 ] &&
	sql "UPDATE request SET due = 1 WHERE id = $id" &&
	status 0 pvwatch run --once && grep -q "event=request id=$id state=deferred" err &&
	[ "$(sql "SELECT tries FROM request WHERE id = $id")" = 2 ] &&
	[ "$(sql "SELECT due - first_try BETWEEN 600 AND 660 FROM request WHERE id = $id")" = 1 ]'
expect "after five days it is given up" \
	'sql "UPDATE request SET due = 1, first_try = first_try - 432000 WHERE id = $id" &&
	status 69 pvwatch outbox send && ended "$id" refused 0 &&
	grep -q "given up after 5 days" out'
approved later@example.org
expect "451 to the text" \
	'status 75 pvwatch outbox send &&
	ended "$id" deferred 0 && pvwatch outbox drop "$id"'
approved nodata@example.org
expect "451 to DATA" \
	'status 75 pvwatch outbox send &&
	ended "$id" deferred 0 && pvwatch outbox drop "$id"'
approved full@example.org
expect "552 to the text" \
	'status 69 pvwatch outbox send &&
	ended "$id" refused 0 && grep -q "552 5.2.2 mailbox full" out'
approved a@example.org grey@example.org
expect "greylisted, then accepted: the retry asks only who was deferred" \
	'status 75 pvwatch outbox send &&
	ended "$id" deferred 1 && : >plain/log &&
	sql "UPDATE request SET due = 1 WHERE id = $id" &&
	status 0 pvwatch outbox send && [ "$(state "$id")" = sent ] &&
	grep -v connect plain/log >asked && same asked <<END
rcpt grey@example.org
text grey@example.org
kept grey@example.org
END
	[ "$(sql "SELECT group_concat(state) FROM recipient WHERE request = $id")" = 1,1 ]'
approved grey-2@example.org
expect "greylisted alone: one copy in the end" \
	'status 75 pvwatch outbox send &&
	ended "$id" deferred 0 && status 0 pvwatch outbox send "$id" &&
	ended "$id" sent 1'
approved a@example.org
expect "the sender refused" \
	'sed "s/pvwatch@/wrong@/" config/pvwatch/config >wrong && sql "UPDATE request SET text =
	CAST(replace(CAST(text AS TEXT), '"'pvwatch@e', 'wrong@e'"') AS BLOB) WHERE id = $id" &&
	status 69 pvwatch outbox send --config wrong && ended "$id" refused 0 &&
	grep -q "550 5.7.1 not from you" out'

approved cut@example.org
expect "cut after DATA, with a copy: uncertain" \
	'status 69 pvwatch outbox send &&
	ended "$id" uncertain 1'
expect "uncertain is not sent again by itself, nor by send" \
	'status 0 pvwatch outbox send && status 0 pvwatch run --once &&
	status 64 pvwatch outbox send "$id" && ended "$id" uncertain 1'
approved lost@example.org
expect "cut after DATA, without a copy: uncertain; a person sends it again" \
	'status 69 pvwatch outbox send &&
	ended "$id" uncertain 0 && status 0 pvwatch outbox approve "$id" &&
	[ "$(state "$id")" = approved ] && pvwatch outbox drop "$id"'
set_config smtp.timeout 1
approved silent@example.org
expect "silent after DATA: uncertain" \
	'status 69 pvwatch outbox send &&
	ended "$id" uncertain 1 && grep -q "no answer after DATA" out'
set_config smtp.timeout 5m

approved silent@example.org
: >plain/log
pvwatch outbox send >/dev/null 2>&1 &
pid=$!
wait_for 'grep -q kept plain/log'
expect "a mail on its way is uncertain in the database, and nobody's else" \
	'ended "$id" uncertain 1 && status 75 pvwatch outbox approve "$id" &&
	grep -q "another pvwatch is sending" err &&
	pvwatch outbox approve 1 && status 75 pvwatch outbox send &&
	sql "UPDATE request SET state = 0 WHERE id = 1"'
kill -9 $pid
wait $pid 2>/dev/null
expect "killed between DATA and the answer: uncertain, and not sent again" \
	'ended "$id" uncertain 1 && status 0 pvwatch outbox send &&
	status 0 pvwatch run --once && ended "$id" uncertain 1'

expect "the history tells of each attempt" \
	'sql "SELECT group_concat(detail, \" \") FROM (SELECT detail FROM event
	WHERE what = '"'request'"' ORDER BY id DESC LIMIT 4)" >events &&
	grep -q sending events'
approved a@example.org
expect "a server that is not there: deferred, with the reason" \
	'cp config/pvwatch/config gone &&
	git config -f gone smtp.url smtp://localhost:1 &&
	status 75 pvwatch outbox send --config gone && ended "$id" deferred 0 &&
	status 0 pvwatch outbox send "$id" && ended "$id" sent 1'

: >plain/log
# hostile RECIPIENTS: a row that somebody wrote; as if a person had approved it
hostile()
{
	count=$((count + 1))
	id=$(compose a@example.org "test-$count@pvwatch.invalid" "$1")
}

hostile "$(printf 'b@example.org>\r\nRCPT TO:<evil@example.org')"
expect "a row whose recipient holds CR LF is refused before the network" \
	'status 65 pvwatch outbox approve "$id" &&
	sql "UPDATE request SET state = 2 WHERE id = $id" &&
	status 69 pvwatch outbox send && ended "$id" refused 0'
hostile other@example.org
expect "so is one that the mail is not addressed to" \
	'sql "UPDATE request SET state = 2 WHERE id = $id" &&
	status 69 pvwatch outbox send && ended "$id" refused 0'
approved a@example.org
expect "and a text with a bare CR" \
	'sql "UPDATE request SET text =
	CAST(replace(CAST(text AS TEXT), '"'look', 'look' || char(13)"') AS BLOB) WHERE id = $id" &&
	status 69 pvwatch outbox send && ended "$id" refused 0'
expect "the server has seen nothing of them" '[ ! -s plain/log ]'
cp -R linux hostile
printf '\nXEN HYPERVISOR X86\nM:\tGood <good@example.org>\nM:\t%s\nM:\t%s\nL:\t%s\nF:\tarch/x86/xen/\n' \
	"$(printf 'X <x@example.org>\r\nRCPT TO:<evil@example.org>')" \
	'Y <"y>evil"@example.org>' '"z evil"@example.org' >hostile/MAINTAINERS
git -C hostile commit -q -a -m evil
expect "of a hostile MAINTAINERS nothing evil gets into an envelope or a mail" \
	'pvwatch run --once --tree hostile --db hostile.db;
	sqlite3 hostile.db "SELECT recipients, CAST(text AS TEXT) FROM request;
	SELECT detail FROM event" >asked; ! grep -qi "evil.*|\|^To:.*evil\|^RCPT" asked &&
	grep -q "good@example.org\|no address that mail" asked && [ ! -s plain/log ]'

cat >editor <<'END'
#!/bin/sh
sed -i -e 's/^Subject: .*/Subject: Re: une façon/' -e 's/a look/another look, naïvely/' "$1"
END
chmod +x editor
request a@example.org
expect "edit changes subject and body, and nothing else" \
	'EDITOR=./editor status 0 pvwatch outbox edit "$id" &&
	pvwatch outbox show "$id" >edited && [ "$(state "$id")" = queued ] &&
	diff text edited >changes; same changes <<END
3c3
< Subject: Re: [PATCH] x86: a patch
---
> Subject: =?UTF-8?Q?Re=3A_une_fa=C3=A7on?=
9c9
< Content-Transfer-Encoding: 7bit
---
> Content-Transfer-Encoding: quoted-printable
11c11
< This patch needs a look.
---
> This patch needs another look, na=C3=AFvely.
END
	pvwatch outbox list | grep -q "une façon"'
expect "edit refuses other header fields, and keeps the text" \
	'EDITOR="sed -i 2s/^/Cc:x@example.org\\\\n/" status 65 pvwatch outbox edit "$id" &&
	grep -q "kept in" err && pvwatch outbox show "$id" | cmp - edited'
expect "edit left as it was changes nothing" \
	'EDITOR=true status 0 pvwatch outbox edit "$id" && pvwatch outbox show "$id" | cmp - edited'
expect "edit takes over who sends" \
	'sed "s/pvwatch@/robot@/" config/pvwatch/config >robot &&
	status 78 pvwatch outbox approve "$id" --config robot &&
	EDITOR=true status 0 pvwatch outbox edit "$id" --config robot &&
	status 0 pvwatch outbox approve "$id" --config robot &&
	status 0 pvwatch outbox send --config robot && ended "$id" sent 1'
pvwatch outbox list | awk '$3 == "queued" { print $1 }' |
	xargs -r pvwatch outbox hold >/dev/null

set_config notify.mode live
git config -f config/pvwatch/config notify.optIn 'In <in@example.org>'
git config -f config/pvwatch/config --add notify.optIn also@example.org
set_config notify.dailyLimit 1
sql 'UPDATE request SET first_try = 0'
request in@example.org out@example.org
mixed=$id
request IN@example.org also@example.org
expect "live: only to who opted in, the rest waits for a person" \
	'status 0 pvwatch run --once &&
	ended "$id" sent 1 && [ "$(state "$mixed")" = queued ]'
request in@example.org
expect "live: past the daily limit requests stay queued" \
	'status 0 pvwatch run --once && ended "$id" queued 0'
expect "live: the next day they go" \
	'sql "UPDATE request SET first_try = first_try - 86400 WHERE first_try" &&
	status 0 pvwatch run --once && ended "$id" sent 1'
set_config notify.mode off
approved in@example.org
expect "off: nothing goes" \
	'status 0 pvwatch run --once &&
	status 78 pvwatch outbox send && ended "$id" approved 0'
set_config notify.mode outbox
expect "outbox: run sends nothing that was not begun" \
	'status 0 pvwatch run --once && ended "$id" approved 0'
pvwatch outbox drop "$id"

set_config smtp.user bot
set_config smtp.passwordFile "$T/password"
printf 'secret\nsecond line\n' >password
chmod 600 password
approved a@example.org
expect "a password is not sent in plain text" \
	'status 78 pvwatch config check &&
	status 78 pvwatch outbox send && ended "$id" approved 0 &&
	pvwatch outbox drop "$id"'
serve starttls --tls starttls --login bot:secret
git config -f config/pvwatch/config --unset smtp.tls
set_config smtp.url "smtp://localhost:$port"
approved a@example.org
expect "a certificate of nobody is not believed" \
	'status 75 pvwatch outbox send &&
	[ "$(state "$id")" = deferred ] && [ "$(copies starttls)" = 0 ]'
set_config smtp.caFile "$T/cert.pem"
expect "STARTTLS and AUTH" \
	'status 0 pvwatch outbox send "$id" && [ "$(state "$id")" = sent ] &&
	[ "$(copies starttls)" = 1 ]'
approved cut@example.org
expect "cut after DATA, within TLS: uncertain" \
	'status 69 pvwatch outbox send && [ "$(state "$id")" = uncertain ] &&
	[ "$(copies starttls)" = 1 ]'
approved a@example.org
expect "a password that others may read is not" \
	'chmod 644 password &&
	status 78 pvwatch outbox send && grep -q "chmod 600" err &&
	[ "$(state "$id")" = approved ] && chmod 600 password'
expect "a wrong password: nothing sent, deferred, said without the password" \
	'echo wrong-secret >password && status 78 pvwatch outbox send &&
	[ "$(state "$id")" = deferred ] && [ "$(copies starttls)" = 0 ] &&
	! grep -q wrong-secret out err && printf "secret\n" >password'
serve implicit --tls implicit --login bot:secret
set_config smtp.url "smtps://localhost:$port"
expect "implicit TLS" \
	'status 0 pvwatch outbox send "$id" && [ "$(state "$id")" = sent ] &&
	[ "$(copies implicit)" = 1 ]'
approved a@example.org
expect "TLS that the server does not have is not left out" \
	'git config -f config/pvwatch/config smtp.url "smtp://localhost:$(cat plain/port)" &&
	status 75 pvwatch outbox send && ended "$id" deferred 0'
stop_servers
done_testing
