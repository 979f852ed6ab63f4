# archive-server.sh - public-inbox-httpd, and a server that fails, on loopback;
# sourced behind lib.sh
# shellcheck shell=sh

command -v public-inbox-httpd >/dev/null ||
	skip_all "public-inbox is not installed (deploy/bootstrap does it)"
command -v python3 >/dev/null || skip_all "python3 is not installed"

servers=
# shellcheck disable=SC2086 # a list of numbers
trap 'kill $servers 2>/dev/null; rm -rf "$T"' EXIT
export PI_CONFIG="$T/pi-config"
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY

# await 'shell condition': true within half a minute
await()
{
	tries=0
	until (eval "$1") >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || return 1
		sleep 0.05
	done
}

# make_inbox NAME: an empty public-inbox of version 2
make_inbox()
{
	public-inbox-init -V2 "$1" "$T/$1" "http://example.org/$1" \
		"$1@example.org" >"$1.log" 2>&1
}

# deliver EPOCH FILE...: each is committed with its own date, as a list does it
deliver()
{
	to=$1
	shift
	for mail; do
		date=$(sed -n 's/^Date: //p' "$mail" | head -n 1)
		GIT_COMMITTER_DATE=$date GIT_AUTHOR_DATE=$date \
			add_to_epoch "$to" m "$mail"
	done
}

# a_mail ID DAY: of March 2025, on standard output
a_mail()
{
	printf 'From: A <a@example.org>\nTo: list@example.org\n'
	printf 'Date: %s Mar 2025 10:00:00 +0000\n' "$2"
	printf 'Message-ID: <%s>\nSubject: %s\n\nhello\n' "$1" "$1"
}

# start_servers: the URLs are $pi and, of the one that fails, $http, whose
# $http/pi is the first
start_servers()
{
	public-inbox-httpd -W0 -l 127.0.0.1:0 >pi.log 2>&1 &
	servers=$!
	await 'grep -q bound pi.log'
	pi=$(sed -n 's/.*bound \(http:[^ ]*\).*/\1/p' pi.log)
	mkdir -p server
	python3 "$TOP/tests/http-server.py" server "$pi" 2>server.err &
	servers="$servers $!"
	await '[ -s server/port ]'
	http=http://127.0.0.1:$(cat server/port)
}

# reindex NAME: what is new is found; the server has to open its index again
reindex()
{
	public-inbox-index "$1" 2>index.err
	kill -HUP "${servers%% *}"
	sleep 0.2
}

# asked PATTERN: how many requests were made that match, since the last forget
asked()
{
	grep -c "$1" server/log
}
forget()
{
	: >server/log
}

# an_hour_later: what was asked for is not believed any more
an_hour_later()
{
	sql "UPDATE source SET cursor = replace(cursor, ' asked=1', ' asked=0')"
}

mails()
{
	sql "SELECT count(*) FROM mail"
}

has_mail()
{
	[ "$(sql "SELECT count(*) FROM mail JOIN ident USING (id) WHERE name = '$1'")" = 1 ]
}
