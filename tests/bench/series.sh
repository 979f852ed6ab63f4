#!/bin/sh
# series.sh - the series that we take out of threads against those of b4 am
#
#   series.sh [COUNT [SEED]]     compare COUNT random threads (default: 300)
#
# Version and Message-IDs of the patches must be equal. Where b4 fails, it has
# no answer to compare with. Each difference is listed with its cause and with
# the series of the thread. Archives: $PVWATCH_SHARED.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build}
shared=${PVWATCH_SHARED:-$top/../shared}
work=$(mktemp -d "${TMPDIR:-/tmp}/pvwatch-series.XXXXXX")
trap 'rm -rf "$work"' EXIT

[ -x "$shared/tools/archives" ] || { echo "series: no archives: $shared"; exit 0; }
command -v b4 >/dev/null || { echo "series: no b4 here"; exit 0; }
epoch=$(sh "$shared/tools/archives" | grep efi)
mkdir "$work/t"
"$B/bench/threads" "$epoch" "$work/t" "${1:-300}" "${2:-1}"

# b4 ends without a word when it does not know who runs it.
HOME=$work GIT_CONFIG_SYSTEM=/dev/null
GIT_CONFIG_GLOBAL=$work/gitconfig
export HOME GIT_CONFIG_SYSTEM GIT_CONFIG_GLOBAL
git config --global user.name A
git config --global user.email a@example.org
git config --global b4.attestation-policy off

# why N: what makes the two differ in thread N
why()
{
	if grep -qaiE '^Subject:.*\[[^]]*,v[0-9]' "$1.mbox"; then
		echo "b4 does not read a version behind a comma"
	elif grep -qaiE '^Subject:.*\[[^]]*v[0-9]+\.[0-9]' "$1.mbox"; then
		echo "b4 does not know v3.1, which to us is a partial re-roll"
	elif [ "$(cut -f 3 "$1.what" | sort -u | wc -l)" -gt 1 ]; then
		echo "b4 mixes the series of several people"
	elif [ "$(cut -f 4 "$1.what" | sort -u | wc -l)" -gt 1 ]; then
		echo "b4 takes any later patch of a person for a new version"
	else
		echo "unknown"
	fi
}

compared=0 equal=0 failed=0
cd "$work/t"
for mbox in *.mbox; do
	n=${mbox%.mbox}
	rm -rf "$work/out"
	mkdir "$work/out"
	b4 --offline-mode --no-stdin am -m "$mbox" -o "$work/out" \
		>"$n.log" 2>&1 </dev/null || :
	am=$(echo "$work"/out/*.mbx)
	if [ ! -s "$am" ]; then
		failed=$((failed + 1))
		continue
	fi
	version=$(basename "$am" | sed -n 's/^\(v[0-9]*\)_.*/\1/p')
	{
		echo "${version:-v1}"
		sed -n 's/^Message-Id: *<\(.*\)>$/\1/p' "$am"
	} >"$n.b4"
	compared=$((compared + 1))
	if cmp -s "$n.b4" "$n.ours"; then
		equal=$((equal + 1))
		continue
	fi
	echo "== thread $n: $(why "$n") (< b4, > ours)"
	diff "$n.b4" "$n.ours" || :
	sed 's/^/   /' "$n.what"
done
echo "$epoch: b4 fails in $failed threads;" \
	"of $compared others $equal are equal"
[ $((equal * 100)) -ge $((compared * 98)) ]
