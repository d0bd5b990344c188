# Suifang. One Makefile, no recursion. `make run` and `make check` need nothing
# before them; V=1 shows commands; SAN=address,undefined builds a variant.
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

VERSION := 0.1.0
PREFIX ?= /usr/local
CC = gcc
SAN ?=
comma := ,
VARIANT := $(if $(COV),cov,$(if $(SAN),san-$(subst $(comma),-,$(SAN)),plain))
B := build/$(VARIANT)
Q := $(if $(V),,@)

# ---- packages: the one list; Debian 12 names ------------------------------
DEPS := gcc make pkg-config libc6-dev libncurses-dev libsqlite3-dev \
	libgit2-dev libsodium-dev libjansson-dev libicu-dev gettext \
	libcmocka-dev libvterm-dev git openssh-client
LIBS := sqlite3 libgit2 libsodium jansson ncursesw
TESTLIBS := cmocka vterm

# ---- flags -----------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wcast-qual -Wswitch-enum \
	$(if $(WERROR),-Werror) \
	$(if $(findstring clang,$(CC)),-Wno-unknown-warning-option)
OPT := $(if $(SAN),-O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN) \
	-Wno-format-truncation -Wno-format-overflow,$(if \
	$(COV),-O0 -g --coverage -DNDEBUG,-O2 -g -D_FORTIFY_SOURCE=2))
CFLAGS += -std=c11 -D_XOPEN_SOURCE=700 $(WARN) $(OPT) \
	-fstack-protector-strong -fPIE -I. -I$(B)/gen \
	-DSUIFANG_VERSION='"$(VERSION)"'
LDFLAGS += -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN)) \
	$(if $(COV),--coverage)
# Expanded at use, so that `make deps` may install pkg-config first.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(filter-out -D%,$(shell pkg-config --cflags $(LIBS))))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $(shell pkg-config --libs $(LIBS)))$(PKG_LIBS)
TEST_LIBS = $(eval TEST_LIBS := $(shell pkg-config --libs $(TESTLIBS)))$(TEST_LIBS)
ICU_LIBS = $(eval ICU_LIBS := $(shell pkg-config --libs icu-i18n icu-uc))$(ICU_LIBS)

# ---- sources ---------------------------------------------------------------
LAYERS := core keys sync tui
MAINS := $(wildcard sync/*_main.c) tui/main.c
ICU_SRC := $(wildcard sync/import_pinyin.c)
src = $(filter-out $(MAINS) $(ICU_SRC),$(wildcard $(1)/*.c))
obj = $(patsubst %.c,$(B)/%.o,$(1))
ARCHIVES := $(patsubst %,$(B)/lib%.a,tui sync keys core)
PROGRAMS := $(patsubst sync/%_main.c,$(B)/bin/suifang-%,$(wildcard sync/*_main.c)) \
	$(if $(wildcard tui/main.c),$(B)/bin/suifang)
TEST_SUPPORT := $(filter-out %_test.c,$(wildcard tests/*.c tests/sim/*.c))
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/*_test.c))
BENCHES := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
CATALOGUE := $(B)/share/locale/zh_CN/LC_MESSAGES/suifang.mo

.PHONY: all deps demo run demo-clean demo-export check lint bench soak sim \
	fuzz fuzzers valgrind cover shots fmt install dist clean tests
all: $(PROGRAMS) $(CATALOGUE)
tests: all $(TESTS)

# ---- generated -------------------------------------------------------------
SCHEMA_FILES := $(shell find schemas -name '*.sql' -o -name '*.json')
$(B)/gen/stamp: schemas/embed.sh $(SCHEMA_FILES) $(shell find schemas -type d)
	$(Q)sh schemas/embed.sh $(B)/gen
$(B)/gen/queries.h $(B)/gen/assets.S: $(B)/gen/stamp ;
$(B)/gen/assets.o: $(B)/gen/assets.S $(B)/gen/stamp
	$(Q)$(CC) -c -fPIE -o $@ $<
$(CATALOGUE): $(wildcard tui/po/*.zh_CN.po) | $(B)/gen/stamp
	@mkdir -p $(@D)
	$(Q)msgcat --use-first -o $(B)/gen/zh_CN.po $^
	$(Q)msgfmt --check-format --check-domain -o $@ $(B)/gen/zh_CN.po

# ---- compile, archive, link ------------------------------------------------
$(B)/%.o: %.c | $(B)/gen/stamp
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC   $<")
	$(Q)$(CC) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP -c -o $@ $<

define archive
$(B)/lib$(1).a: $(call obj,$(call src,$(1))) $(2)
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
endef
$(foreach l,keys sync tui,$(eval $(call archive,$(l),)))
$(eval $(call archive,core,$(B)/gen/assets.o))
$(B)/libtest.a: $(call obj,$(TEST_SUPPORT))
	@rm -f $@
	$(Q)ar rcs $@ $^

link = $(Q)mkdir -p $(@D) && $(CC) $(LDFLAGS) -o $@ $(1) $(PKG_LIBS) -lm
$(B)/bin/suifang: $(B)/tui/main.o $(ARCHIVES)
	$(call link,$^)
$(B)/bin/suifang-node: $(B)/sync/node_main.o $(call obj,$(ICU_SRC)) $(ARCHIVES)
	$(call link,$^ $(if $(ICU_SRC),$(ICU_LIBS)))
$(B)/bin/suifang-%: $(B)/sync/%_main.o $(ARCHIVES)
	$(call link,$^)
$(B)/tests/%: $(B)/tests/%.o $(B)/libtest.a $(call obj,$(ICU_SRC)) $(ARCHIVES)
	$(call link,$(filter %.o,$^) $(B)/libtest.a $(ARCHIVES) $(TEST_LIBS) \
		$(if $(ICU_SRC),$(ICU_LIBS)) -lutil)
# The simulator puts seeded defects in place of these functions, and what is
# quicker in place of the last.
SIM_WRAPS := asset_find chain_follows ledger_place kind_info shelf_has \
	ring_drop feed_enter ledger_receive wire_give regain_seat_begin \
	feed_agrees regain_node_pump wire_keys wire_leases \
	ring_offer wire_hold ledger_admit_record erase_strip lease_allows \
	order_check
SIM_WRAPS += crypto_sign_verify_detached crypto_sign_detached \
	sodium_malloc sodium_free vault_seal vault_unseal vault_open \
	vault_close sqlite3_prepare_v3 sqlite3_finalize sqlite3_exec \
	sqlite3_set_authorizer
$(B)/tests/sim_test: LDFLAGS += $(foreach f,$(SIM_WRAPS),-Wl,--wrap=$(f))
$(B)/bench/%: $(B)/tests/bench/%.o $(B)/libtest.a $(call obj,$(ICU_SRC)) $(ARCHIVES)
	$(call link,$(filter %.o,$^) $(B)/libtest.a $(ARCHIVES) $(TEST_LIBS) \
		$(if $(ICU_SRC),$(ICU_LIBS)) -lutil)

# Fuzz targets all define one entry point. For the plain driver each gets the
# name of its file and a row in a table; `make fuzz` links each by itself.
$(B)/tests/fuzz/%.o: tests/fuzz/%.c | $(B)/gen/stamp
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC   $<")
	$(Q)$(CC) $(CFLAGS) $(PKG_CFLAGS) $(if $(findstring fuzzer,$(SAN)),, \
		-DLLVMFuzzerTestOneInput=$*) -MMD -MP -c -o $@ $<
$(B)/gen/fuzz_targets.def: Makefile $(patsubst %,tests/fuzz/%.c,$(FUZZ)) $(B)/gen/stamp
	$(Q)for f in $(FUZZ:fuzz_%=%); do echo "X($$f)"; done > $@
$(B)/tests/fuzz_test.o: $(B)/gen/fuzz_targets.def
$(B)/tests/fuzz_test: $(patsubst %,$(B)/tests/fuzz/%.o,$(FUZZ))
$(B)/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libtest.a $(ARCHIVES)
	$(Q)mkdir -p $(@D) && $(CC) $(LDFLAGS) \
		-fsanitize=fuzzer,address,undefined -o $@ $^ $(TEST_LIBS) \
		$(PKG_LIBS) -lm

$(B)/fuzz-seeds: $(B)/tests/fuzz/seeds.o $(B)/libtest.a $(ARCHIVES)
	$(call link,$^ $(TEST_LIBS))

# ---- people's targets ------------------------------------------------------
deps:
	@missing=; for p in $(DEPS); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | \
	  grep -q 'ok installed' || missing="$$missing $$p"; done; \
	[ -z "$$missing" ] || { echo "installing$$missing"; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  $$sudo apt-get install -y -qq --no-install-recommends $$missing; }

# The demo world is made by schemas/demo.sh with the hospital's own commands.
# The second make sees the packages that deps has just installed.
built = @$(MAKE) --no-print-directory -s -j$(shell nproc) all
# AS is also make's own name for the assembler; UI is zh or en.
demo run demo-export: export UI := $(UI)
run: export AS := $(if $(filter default,$(origin AS)),A017,$(AS))
demo run demo-export: deps
	$(built)
	@DEMO=build/demo BIN=$(B)/bin sh schemas/demo.sh \
		$(if $(filter run,$@),run,$(if $(filter demo,$@),make,export \
		"$(or $(DIR),build/demo-export)"))
demo-clean:
	@DEMO=build/demo BIN=$(B)/bin sh schemas/demo.sh clean

check: deps
	@sh tests/check/all.sh

lint:
	@for c in $(wildcard tests/check/check_*.sh); do sh $$c . || exit 1; done

fuzz:
	@sh tests/fuzz/run.sh "$(or $(T),60)" $(or $(ONLY),$(FUZZ))
fuzzers: $(patsubst %,$(B)/fuzz/%,$(FUZZ))

# The scripted shift, and a terminal that receives, under memcheck.
valgrind: all $(patsubst %,$(B)/tests/%_test,shift net)
	@nice sh tests/valgrind.sh $(filter %_test,$^)

# The long figures, hours: seeds, cuts, kills, fuzz, or PART= one of these;
# SEEDS histories, T seconds of each fuzz target. It goes on where it ended.
SOAKS := sim vault_crash vault_damage fault_seat fault_alloc fault_node \
	fault_net fuzz
soak: all $(SOAKS:%=$(B)/tests/%_test)
	@PART=$(PART) SEEDS=$(SEEDS) T=$(T) nice -n 15 sh tests/soak.sh $(B)/tests

# One JSON object a line; ONLY=name runs the benches that say that name.
bench: $(BENCHES)
	@sh tests/bench/run.sh $(B)/bench build/bench.jsonl "$(ONLY)"

install: all
	@sh schemas/install.sh "$(DESTDIR)$(PREFIX)" $(B)

# What git knows, under one folder, byte for byte the same from the same
# commit.
dist:
	@mkdir -p build
	@git archive --format=tar --prefix=suifang-$(VERSION)/ HEAD | \
		gzip -9n > build/suifang-$(VERSION).tar.gz

cover: deps
	@sh tests/cover.sh "$(or $(GOAL),95)"
sim: $(B)/tests/sim_test
	@SEEDS=$(SEEDS) SEED=$(SEED) BUG=$(BUG) $<

shots: demo
	@DEMO=build/demo BIN=$(B)/bin sh tests/shots.sh docs/screens

fmt:
	clang-format -i $(wildcard */*.c */*.h tests/*/*.c tests/*/*.h)

clean:
	rm -rf build

-include $(shell find build/$(VARIANT) -name '*.d' 2>/dev/null)
