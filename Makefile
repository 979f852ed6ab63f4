# pvwatch - tells which kernel patches need the eyes of the Xen maintainers
#
#   make            build/pvwatch
#   make demo       install what is missing, build, show the main job
#   make test       everything: unit, end to end, fuzz corpora (SAN=1: sanitized)
#   make parity     diff parser and applier against git, over archives
#   make bench-series  our series against those of b4, over random threads
#   make bench      times and memory, beside other programs
#   make bench-query ARCHIVES="EPOCH..."  queries at 1,000,000 mails
#   make load       the daemon under load for ten minutes, killed and restarted
#   make kills      a scan killed at 200 random instants, begun again each time
#   make lint       format, analysers, headers alone, shell scripts
#   make fuzz-NAME  fuzz one parser with libFuzzer (clang), RUNTIME=60 seconds
#   make inbox      a whole list over public-inbox-httpd, in some minutes
#   make install    DESTDIR= PREFIX=/usr/local SYSTEMD_UNIT_DIR=
#
# SAN=1      AddressSanitizer, UndefinedBehaviorSanitizer, leaks
# WERROR=0   warnings do not stop the build
# NOTMUCH=0  build without libnotmuch

PREFIX = /usr/local
DATADIR = $(PREFIX)/share/pvwatch
SYSTEMD_UNIT_DIR = $(PREFIX)/lib/systemd/system
MANDIR = $(PREFIX)/share/man
COMPLETIONDIR = $(PREFIX)/share/bash-completion/completions
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo 0.1)
SAN = 0
WERROR = 1
NOTMUCH := $(shell printf '\#include <notmuch.h>\n' | $(CC) -E - >/dev/null 2>&1 && echo 1 || echo 0)

B = build$(if $(filter 1,$(SAN)),/san)
PKGS = libgit2 gmime-3.0 libpcre2-8 sqlite3 libcurl jansson libzstd zlib
CFLAGS = -O2 -g
WARN = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Wvla \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2 \
	-Wundef -Wimplicit-fallthrough -Wswitch-enum
OURS = -std=c17 -D_GNU_SOURCE -I. -include bot/banned.h -pthread $(WARN) \
	$(if $(filter 1,$(WERROR)),-Werror) \
	$(if $(filter 1,$(SAN)),-fsanitize=address$(comma)undefined \
		-fno-sanitize-recover=undefined -fno-omit-frame-pointer)
comma = ,
# Not evaluated until a compiler runs: "make demo" may first have to install it
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS) | \
	sed 's/-I/-isystem /g'))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
LIBS = $(PKG_LIBS) $(if $(filter 1,$(NOTMUCH)),-lnotmuch)

# One of the two serves notmuch.h.
NO_SRC = bot/main.c bot/notmuch$(if $(filter 1,$(NOTMUCH)),-none).c
SRC = $(filter-out $(NO_SRC),$(wildcard bot/*.c rules/*.c db/*.c))
OBJ = $(SRC:%.c=$B/%.o)
UNIT = $(patsubst tests/unit/%.c,$B/unit/%,$(wildcard tests/unit/*-t.c))
FUZZ = $(patsubst tests/fuzz/%.c,$B/fuzz/%,$(wildcard tests/fuzz/*-fuzz.c))
SHELLS = deploy/bootstrap .ci/run deploy/demo deploy/make-maps $(wildcard deploy/hooks/*) \
	$(wildcard tests/*.sh tests/*/*.sh)

all: $B/pvwatch

$B/pvwatch: $B/bot/main.o $B/libpvwatch.a
	@echo "  LD $@"
	@$(CC) $(OURS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$B/libpvwatch.a: $(OBJ) $B/.notmuch
	@echo "  AR $@"
	@rm -f $@ && $(AR) rcs $@ $(OBJ)

# So that another NOTMUCH=, PREFIX= or commit makes another program.
$B/.notmuch: STAMP = $(NOTMUCH)
$B/.datadir: STAMP = $(DATADIR)
$B/.version: STAMP = $(VERSION)
$B/.notmuch $B/.datadir $B/.version: force
	@mkdir -p $(@D); echo '$(STAMP)' | cmp -s - $@ || echo '$(STAMP)' >$@

$B/%.o: %.c
	@mkdir -p $(@D); echo "  CC $@"
	@$(CC) $(OURS) $(PKG_CFLAGS) $(DEFS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Only these two know the version and where things are installed.
$B/bot/version.o: DEFS = -DVERSION='"$(VERSION)"'
$B/bot/version.o: $B/.version
$B/bot/paths.o: DEFS = -DDATADIR='"$(DATADIR)"'
$B/bot/paths.o: $B/.datadir

# A unit test is one C file; a fuzz target replays its corpus with replay.c.
$B/unit/%: tests/unit/%.c $B/libpvwatch.a
	@mkdir -p $(@D); echo "  CC $@"
	@$(CC) $(OURS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -o $@ $< $B/libpvwatch.a $(LIBS)

$B/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $B/libpvwatch.a
	@mkdir -p $(@D); echo "  CC $@"
	@$(CC) $(OURS) $(PKG_CFLAGS) $(CFLAGS) -o $@ $< tests/fuzz/replay.c $B/libpvwatch.a $(LIBS)

$B/bench/%: tests/bench/%.c $B/libpvwatch.a
	@mkdir -p $(@D); echo "  CC $@"
	@$(CC) $(OURS) $(PKG_CFLAGS) $(CFLAGS) -o $@ $< $B/libpvwatch.a $(LIBS)

# The diff parser and the applier against git itself, over whole archives.
parity: $B/bench/numstat $B/bench/placings $B/bench/timed
	B=$(abspath $B) tests/bench/parity.sh
	B=$(abspath $B) tests/bench/apply.sh

# Function boundaries against universal-ctags: KERNELS="GITDIR[:REV] ...".
ctags: $B/bench/csource
	B=$(abspath $B) tests/bench/ctags.sh $(KERNELS)

bench-series: $B/bench/threads
	B=$(abspath $B) tests/bench/series.sh

# What things cost; never part of a test.
bench: all $B/bench/timed $B/bench/stages $B/bench/map
	B=$(abspath $B) tests/bench/bench.sh

# The daemon for MINUTES (10) among growing sources, killed five times.
load: all
	B=$(abspath $B) tests/bench/load.sh

kills: all
	B=$(abspath $B) tests/bench/kills.sh

# Queries at 1,000,000 mails: ARCHIVES= epochs, which are repeated.
.PHONY: bench-query
bench-query: all $B/bench/timed
	B=$(abspath $B) tests/bench/query.sh $(ARCHIVES)

demo:
	deploy/bootstrap
	$(MAKE) all
	deploy/demo

# A whole list over HTTP, in epochs and by searches. MAILS=2000 is quicker.
.PHONY: inbox
inbox: all $B/bench/timed
	B=$(abspath $B) tests/bench/inbox.sh

test: deps
	$(MAKE) check

# What "make test" needs to build; quick when nothing is missing.
deps:
	@deploy/bootstrap --quiet

check: all $(UNIT) $(FUZZ) $B/bench/numstat
	B=$(abspath $B) prove --failures -j 2 -e "" $(UNIT) tests/t*.sh

# A fuzz target runs in a build of its own, with clang.
FUZZING = clang -std=gnu17 -D_GNU_SOURCE -I. -include bot/banned.h -g -O1 -w \
	-fsanitize=address,undefined $(PKG_CFLAGS) -DVERSION='"fuzz"' \
	-DDATADIR='"/"'
FUZZ_SRC = $(filter-out bot/notmuch.c bot/notmuch-none.c,$(SRC)) bot/notmuch-none.c

build/fuzzing/%.o: %.c
	@mkdir -p $(@D); echo "  CLANG $@"
	@$(FUZZING) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

build/fuzzing/libpvwatch.a: $(FUZZ_SRC:%.c=build/fuzzing/%.o)
	@rm -f $@ && $(AR) rcs $@ $^

fuzz-%: tests/fuzz/%-fuzz.c build/fuzzing/libpvwatch.a
	@mkdir -p build/fuzzing/$*-corpus
	$(FUZZING) -fsanitize=fuzzer -o build/fuzzing/$*-fuzz $^ $(PKG_LIBS)
	build/fuzzing/$*-fuzz -max_total_time=$(or $(RUNTIME),60) -timeout=5 \
		-rss_limit_mb=1024 build/fuzzing/$*-corpus \
		$(wildcard tests/fuzz/corpus/$*)

# gcc 12 forgets what a struct on the heap owns: leaks are LeakSanitizer's, in
# "make test SAN=1".
lint:
	@clang-format --dry-run -Werror $(wildcard bot/*.[ch] rules/*.[ch] db/*.[ch] tests/unit/*.[ch] tests/fuzz/*.c)
	@for h in bot/*.h rules/*.h db/*.h; do \
		$(CC) $(OURS) $(PKG_CFLAGS) -fsyntax-only -x c $$h || exit 1; done
	@failed=0; for c in $(SRC) bot/main.c; do \
		$(CC) $(OURS) $(PKG_CFLAGS) -DVERSION='""' -DDATADIR='""' \
		-fanalyzer -Wno-analyzer-too-complex -Wno-analyzer-malloc-leak -c -o /dev/null $$c || \
		failed=1; done; exit $$failed
	shellcheck -e SC2016,SC2034,SC2317 $(SHELLS)
	shellcheck -s bash deploy/completion/pvwatch.bash
	mandoc -Tlint -W warning deploy/man/*.[1-9]

install: all
	install -D -m 755 $B/pvwatch $(DESTDIR)$(PREFIX)/bin/pvwatch
	cd rules && find . -type f ! -name '*.[ch]' -exec \
		install -D -m 644 '{}' '$(DESTDIR)$(DATADIR)/rules/{}' ';'
	install -D -m 644 deploy/pvwatch.config.example \
		'$(DESTDIR)$(DATADIR)/pvwatch.config.example'
	sed 's|@BINDIR@|$(PREFIX)/bin|' deploy/systemd/pvwatch.service \
		>$B/pvwatch.service
	install -D -m 644 $B/pvwatch.service \
		'$(DESTDIR)$(SYSTEMD_UNIT_DIR)/pvwatch.service'
	for f in deploy/hooks/*; do install -D -m "$$(stat -c %a $$f)" \
		$$f $(DESTDIR)$(DATADIR)/hooks/$${f##*/} || exit 1; done
	for f in deploy/man/*.[1-9]; do install -D -m 644 $$f \
		$(DESTDIR)$(MANDIR)/man$${f##*.}/$${f##*/} || exit 1; done
	install -D -m 644 deploy/completion/pvwatch.bash \
		$(DESTDIR)$(COMPLETIONDIR)/pvwatch

clean:
	rm -rf build

.PHONY: force all bench bench-series load kills demo parity ctags test deps check lint install clean
.SECONDARY:
-include $(wildcard $B/*/*.d build/fuzzing/*/*.d)
