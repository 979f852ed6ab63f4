#!/bin/sh
# parity.sh - our diff parser and patch-id against git's, over archives
#
#   parity.sh [EVERY]      compare each EVERY-th mail (default: all)
#
# For each mail that `git apply --numstat` accepts, files and line counts must
# be equal; the rest is listed. Patch-ids are compared with those of
# `git patch-id --stable` for the same mails. Archives: $PVWATCH_SHARED.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build}
shared=${PVWATCH_SHARED:-$top/../shared}
every=${1:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/pvwatch-parity.XXXXXX")
trap 'rm -rf "$work"' EXIT

[ -x "$shared/tools/archives" ] || { echo "parity: no archives: $shared"; exit 0; }
worst=0
for epoch in $(sh "$shared/tools/archives"); do
	rm -rf "$work/m"
	mkdir "$work/m"
	"$B/bench/numstat" "$epoch" "$work/m" "$every"
	cd "$work/m"
	accepted=0 differ=0 ids=0 iddiffer=0
	: >../differ
	sort -n ids >ids.ours
	for body in *.body; do
		n=${body%.body}
		git apply --numstat -z "$body" >z 2>/dev/null || continue
		[ -s z ] || continue
		accepted=$((accepted + 1))
		tr '\0' '\n' <z >git
		if ! cmp -s git "$n.ours"; then
			differ=$((differ + 1))
			echo "mail $n:" >>../differ
			diff git "$n.ours" >>../differ || :
		fi
		id=$(git patch-id --stable <"$body" | cut -d' ' -f1)
		# None: git-patch-id(1) wants "diff --git". Several: git saw
		# a "From <commit>" line in between.
		case $id in
		'' | *[!0-9a-f]*) continue ;;
		esac
		ids=$((ids + 1))
		ours=$(sed -n "s/^$n //p" ids.ours)
		if [ "$id" != "$ours" ]; then
			iddiffer=$((iddiffer + 1))
			echo "mail $n: patch-id $id, ours ${ours:-none}" >>../differ
		fi
	done
	echo "$epoch: git accepts $accepted, counts differ in $differ;" \
		"$ids patch-ids, $iddiffer differ"
	head -n 40 ../differ
	[ $((differ * 1000)) -le "$accepted" ] || worst=1
	# git does not count a context line whose one blank was stripped, and
	# runs on into the signature: such mails differ, one in a hundred.
	[ $((iddiffer * 50)) -le "$ids" ] || worst=1
	cd "$top"
done
exit $worst
