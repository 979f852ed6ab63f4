#!/bin/sh
# query.sh ARCHIVE... - what a query costs with 10,000 mails and with 1,000,000
#
# The archives are scanned once, and repeated under new Message-IDs (many.sh):
# about 0.8 GB below TMPDIR, which goes at the end. CPU time of the whole
# program, starting it included; medians of RUNS (5).
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build}
runs=${RUNS:-5}
few=${FEW:-10000} many=${MANY:-1000000}
work=$(mktemp -d "${TMPDIR:-/tmp}/pvwatch-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
PVWATCH_RULES=$top/rules/xen XDG_CONFIG_HOME=$work LC_ALL=C
export PVWATCH_RULES XDG_CONFIG_HOME LC_ALL
set -f

"$B/pvwatch" scan -q --db "$work/all.db" "$@" || [ $? = 1 ]
nice "$top/tests/bench/many.sh" "$work/all.db" "$work/few.db" "$few"
nice "$top/tests/bench/many.sh" "$work/all.db" "$work/many.db" "$many"
echo "CPU ms and answers, of $few and of $many mails:"
while read -r filters; do
	# shellcheck disable=SC2046,SC2086
	for db in few many; do
		set -- $("$B/bench/timed" "$runs" "$B/pvwatch" query \
			--db "$work/$db.db" $filters)
		n=$("$B/pvwatch" query --db "$work/$db.db" $filters | wc -l)
		eval "$db=$2 n$db=$n"
	done
	# shellcheck disable=SC2154
	awk -v a="$few" -v b="$many" -v n="$nfew" -v m="$nmany" -v q="$filters" \
		'BEGIN { printf "%7.1f %4d %8.1f %4d  %5.1f times  %s\n", a, n, b, m, b / a, q }'
done <<EOF
path:arch/x86/kernel/ author:gleixner since:2021 --limit 20
path:arch/x86/kernel/ author:gleixner state:all --limit 20
rule:boot-entry path:arch/x86/ until:2021 --limit 20
function:setup_arch path:arch/x86/ since:2020 --limit 20
area:boot author:singh state:flagged --limit 20
list:linux-efi kind:patch mask state:all --limit 20
list:x86 kind:commit path:drivers/iommu state:all --limit 20
path:mm/ kind:patch state:clear since:2022-03 until:2022-03 --limit 20
efi memory map state:all --limit 20
x86 fix author:biesheuvel state:all --limit 20
x86 fix not-path:arch/ state:all --limit 20
shadow path:mm/ state:all --sort subject --limit 20
state:flagged author:gleixner path:arch/x86/kernel/ --sort author --limit 20
author:nobody.at.all path:arch/ since:2020 state:all --limit 20
EOF
