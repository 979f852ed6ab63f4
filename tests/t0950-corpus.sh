#!/bin/sh
# Real mail: none lost, each skip with a reason, git's own line counts.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

[ -d "$SHARED/corpus/mails" ] || skip_all "no corpus: $SHARED"
PVWATCH_ARCHIVES=${PVWATCH_ARCHIVES:-$(getent passwd "$(id -u)" | cut -d: -f6)/.cache/pvwatch-archives}
export PVWATCH_ARCHIVES

# objects FILE...: every mail in makes one JSON object
objects()
{
	pvwatch check --format json "$@" >out 2>err
	case $? in 0 | 1 | 65) ;; *) cat err; return 1 ;; esac
}

find "$SHARED/corpus/mails" "$SHARED/corpus/quirks/notmuch-lkml" -type f \
	\( -name '*.eml' -o -path '*/cur/*' \) >list
expect "mails in = objects out" \
	'objects $(cat list); [ $(wc -l <list) = $(wc -l <out) ]'
expect "each skip has a reason" \
	'! grep "\"decision\":\"skipped\",\"skipped\":null" out'
find "$SHARED/corpus/quirks" -name '*.mbox' -o -path '*/quirks/patches/*.patch' |
	sort >boxes
expect "every odd mbox is taken, no mail of it lost" \
	'while read -r box; do
		objects "$box" || exit 1
		want=$(grep -c "^From .*[0-9][0-9]:[0-9][0-9]:[0-9][0-9]" "$box")
		[ "$want" -gt 0 ] || want=1
		[ "$(wc -l <out)" -ge "$want" ] || { echo "$box: $(wc -l <out) of $want"; exit 1; }
		cat out >>all
	done <boxes'
expect "each of their skips has a reason" \
	'! grep "\"decision\":\"skipped\",\"skipped\":null" all'
expect "the KASAN patch is flagged, for those who were not asked" \
	'status 1 pvwatch check --format json "$SHARED/corpus/mails/break/ef7f0d6a6ca8.eml" &&
	grep -q "\"path\":\"arch/x86/kernel/head64.c\"" out &&
	grep -q "\"path\":\"arch/x86/kernel/setup.c\"" out &&
	grep -q "\"needed\":\[[^]]*xen-devel@lists.xenproject.org" out'
expect "at most 3 of the clean core mails are flagged" \
	'awk -F"\t" "\$2 == \"clean\" && \$3 == \"core\" {print \"$SHARED/corpus/mails/\" \$4}" \
		"$SHARED/corpus/mails/labels.tsv" >clean &&
	pvwatch check -q --format json $(cat clean) >out
	flagged=$(grep -c "\"decision\":\"\(flagged\|covered\)\"" out)
	echo "$flagged of $(wc -l <clean)"; [ "$flagged" -le 3 ]'
expect "a sample of the archives: counts and patch-ids are git's" \
	'"$TOP/tests/bench/parity.sh" 40'
done_testing
