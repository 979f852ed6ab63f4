#!/bin/sh
# Every fuzz target survives its corpus: what once crashed does not again.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

for target in "$B"/fuzz/*-fuzz; do
	name=$(basename "$target" -fuzz)
	expect "$name: the corpus is replayed" \
		"'$target' '$TOP/tests/fuzz/corpus/$name'"
done
expect "there are targets" '[ $n -gt 0 ]'
done_testing
