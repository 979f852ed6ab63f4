#!/bin/sh
# bench.sh - what the program costs, beside others that do a part of its work
#
# One run, medians, ratios: wall times of different machines, or of different
# days, do not compare. RUNS (5) runs of everything. Archives and kernel trees:
# $PVWATCH_SHARED; what is not there is left out and said.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build}
shared=${PVWATCH_SHARED:-$top/../shared}
runs=${RUNS:-5}
patch=$top/tests/demo/mails/03-freeshadow-2.eml
work=$(mktemp -d "${TMPDIR:-/tmp}/pvwatch-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/home"
# What tools of the archives keep stays where it is; ours begins empty.
: "${XDG_CACHE_HOME:=${HOME:-/}/.cache}"
HOME=$work/home XDG_CONFIG_HOME=$work/home XDG_STATE_HOME=$work/home
PVWATCH_RULES=$top/rules/xen LC_ALL=C
export HOME XDG_CACHE_HOME XDG_CONFIG_HOME XDG_STATE_HOME PVWATCH_RULES LC_ALL

# median COMMAND...: sets ms (wall), cpu and kib
median()
{
	out=$("$B/bench/timed" "$runs" "$@")
	ms=${out%% *} kib=${out##* }
	cpu=${out#* } cpu=${cpu% *}
}

ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# row WHAT NOTE: of the last median
row()
{
	printf '  %-33s %8.1f ms %8.1f ms CPU %6.1f MiB  %s\n' "$1" "$ms" \
		"$cpu" "$(awk -v k="$kib" 'BEGIN { print k / 1024 }')" "$2"
}

machine()
{
	model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n1)
	echo "$(nproc) x ${model:-$(uname -m)}, load $(cut -d' ' -f1 /proc/loadavg)," \
		"medians of $runs runs"
}

# The raw mails of an epoch, oldest first, as a scan reads them.
blobs()
{
	git -C "$1" rev-list --first-parent --reverse HEAD | sed 's/$/:m/' |
		git -C "$1" cat-file --batch-check='%(objectname)' |
		grep -v missing
}

# scan JOBS OPTION...: into a new database each time
scan()
{
	jobs=$1
	shift
	median sh -c 'rm -f "$1"/scan.db*; db=$1 pvwatch=$2; shift 2
		exec "$pvwatch" scan -q --db "$db/scan.db" "$@"' sh \
		"$work" "$B/pvwatch" --jobs "$jobs" "$@" "$epoch"
}

bench_scan()
{
	blobs "$epoch" >"$work/oids"
	mails=$(wc -l <"$work/oids")
	echo "scan of $mails mails, without a tree, beside reading the same blobs"
	median sh -c 'exec git -C "$1" cat-file --batch --buffer <"$2"' sh \
		"$epoch" "$work/oids"
	floor=$ms
	row "git cat-file --batch --buffer" ""
	scan 1
	one=$ms
	row "scan --jobs 1" "$(ratio "$ms" "$floor") of cat-file"
	size=$(wc -c <"$work/scan.db")
	if [ "$(nproc)" -gt 1 ]; then
		scan "$(nproc)"
		row "scan --jobs $(nproc)" \
			"$(ratio "$ms" "$floor") of cat-file, $(ratio "$one" "$ms") times as fast as one"
	fi
	bench_tenfold
	echo "  database: $((size / mails)) bytes a mail, $(awk -v c="$before" \
		-v n="$mails" 'BEGIN { printf "%.3f", c / n }') ms CPU a mail"
	echo "where the time of one thread goes (CPU; the rest is the database)"
	"$B/bench/stages" "$epoch" | sed 's/^/  /'
	bench_others
}

# copies N: the mails of the epoch N times over, each time under other ids, as
# git-fast-import(1) reads them
copies()
{
	for copy in $(seq "$1"); do
		git -C "$epoch" cat-file --batch --buffer <"$work/oids"
		echo "copy $copy"
	done | awk '
	left <= 0 && / blob [0-9]+$/ { left = $3 + 1; mail = ""; head = 1; next }
	left <= 0 && /^copy / { copy = $2; next }
	{
		left -= length($0) + 1
		head = head && $0 != "" && $0 != "\r"
		if (head && /^[^ \t]/)
			ids = tolower($0) ~ /^(message-id|in-reply-to|references):/
		if (head && ids)
			gsub(/</, "<c" copy ".")
		mail = mail $0 "\n"
	}
	left == 0 {
		print "commit refs/heads/master"
		print "committer C <c@example.org> 1740992400 +0000"
		print "data 1\nx\nM 100644 inline m"
		printf "data %d\n%s\n", length(mail) - 1, substr(mail, 1, length(mail) - 1)
		left = -1
	}'
}

# Ten times the mail: ten times the time, and the same memory?
bench_tenfold()
{
	before=$cpu once=$epoch
	git init -q --bare -b master "$work/ten.git"
	copies 10 | git -C "$work/ten.git" fast-import --quiet
	epoch=$work/ten.git
	few=$runs runs=1
	scan "$(nproc)"
	row "ten times the mail" "$(ratio "$cpu" "$before") times the CPU"
	epoch=$once runs=$few
	rm -rf "$work/ten.git"
}

# other WHAT COMMAND...: a program that reads N mails too, once
other()
{
	what=$1
	shift
	if command -v "${what%% *}" >/dev/null; then
		few=$runs runs=1
		median "$@"
		runs=$few
		echo "  $what: $(ratio "$cpu" "$some") ms CPU a mail"
	else
		echo "  ${what%% *}: not installed: left out"
	fi
}

# What others take for a mail, by the first 2,000
bench_others()
{
	some=2000
	echo "others, of $some mails"
	mkdir -p "$work/mail/cur" "$work/mail/new" "$work/mail/tmp"
	head -n $some "$work/oids" | while read -r oid; do
		git -C "$epoch" cat-file blob "$oid" >"$work/mail/new/$oid.x"
	done
	printf '[database]\npath=%s/mail\n[user]\nname=A\nprimary_email=a@example.org\n' \
		"$work" >"$work/notmuch"
	other "notmuch new" notmuch --config="$work/notmuch" new --quiet
	if command -v public-inbox-init >/dev/null; then
		public-inbox-init -V2 bench "$work/inbox" http://example.org/ \
			bench@example.org 2>/dev/null
		git clone -q --bare --shared "$epoch" "$work/inbox/some.git"
		git -C "$work/inbox/some.git" update-ref HEAD "$(git -C "$epoch" \
			rev-list --first-parent --reverse HEAD | sed -n ${some}p)"
		rm -rf "$work/inbox/git/0.git"
		mv "$work/inbox/some.git" "$work/inbox/git/0.git"
	fi
	other "public-inbox-index" public-inbox-index "$work/inbox"
}

# check TREE: ours, and the kernel's scripts of that tree
bench_check()
{
	median "$B/pvwatch" check -q --tree "$1" "$patch"
	ours=$cpu
	# Pages of the pack that were touched are resident.
	pack=$(cat "$1"/.git/objects/pack/*.pack | wc -c)
	row "check --tree ${1##*/}" "$(ratio $((kib - bare)) 1024) MiB more, of a pack of $((pack >> 20)) MiB"
	for script in "get_maintainer.pl --no-git" "checkpatch.pl --no-tree"; do
		if [ ! -f "$1/scripts/${script%% *}" ]; then
			echo "  ${script%% *}: not in ${1##*/}: left out"
			continue
		fi
		# shellcheck disable=SC2086 # words
		median sh -c 'cd "$1" && shift && exec perl "$@"' sh "$1" \
			scripts/$script "$patch"
		row "$script" "$(ratio "$cpu" "$ours") times the CPU"
	done
}

# map TREE: from nothing, beside git looking at the same directories three times
bench_map()
{
	median sh -c 'cd "$1" && for i in 1 2 3; do
		git grep -c . -- arch/x86 drivers/xen include/xen; done' sh "$1"
	grep3=$ms
	row "git grep -c . of three directories, three times" ""
	median "$B/bench/map" "$1" HEAD "$PVWATCH_RULES"
	row "divergence map of ${1##*/}" "$(ratio "$ms" "$grep3") of that"
}

machine
if epoch=$(sh "$shared/tools/archives" 2>/dev/null | grep /tip-); then
	bench_scan
else
	echo "scan: no archive of tip: left out"
fi
echo "check of one patch"
median "$B/pvwatch" check -q "$patch"
bare=$kib
row "check, without a tree" ""
for version in 6.1 6.12; do
	if tree=$(sh "$shared/tools/kernel-tree" $version 2>/dev/null); then
		bench_check "$tree"
		bench_map "$tree"
	else
		echo "  no tree of $version: left out"
	fi
done
