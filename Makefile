# Everything a user or maintainer does, by one name each. `make` alone lists them.
# The syntax is that of GNU make 3.81, the one macOS has.

# The first of these that is suitable makes .venv; PYTHONS=python3.12 picks one.
PYTHONS := python3 python3.13 python3.12 python3.11
suitable := import sys, ensurepip, venv; \
	sys.exit(sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info < (3, 14))
PORT ?= 5000

# Scripts in .venv/bin hold absolute paths and break when the folder moves; modules do not.
python := .venv/bin/python
snakemake := $(python) -m snakemake $(if $(CORES),--cores $(CORES))
pip := $(python) -m pip --disable-pip-version-check install --quiet --require-hashes
# The benchmarks' peers have an environment of their own: the project depends on none of them.
peers := .venv-peers/bin/python

# .venv keeps a copy of the locks it was made from. Their content decides, not their dates, so that
# a moved or copied folder is not installed again and a half-made .venv is never taken for a whole one.
locks := build.lock requirements.lock data.lock
same = $(shell { cat $(1) | cmp -s - $(2) && $(python) -E -c ""; } 2>/dev/null && echo yes)
installed := $(call same,$(locks),.venv/locks)
installed_dev := $(call same,$(locks) dev.lock,.venv/locks-dev)
installed_peers := $(shell { cmp -s benchmarks/peers.txt .venv-peers/list && $(peers) -E -c ""; } 2>/dev/null && echo yes)

export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true
# Set by some shells and images; they would change what is imported, or slow every import.
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

.PHONY: help study quick tiny test bench ui lock clean .venv install dev install-dev .venv-peers install-peers

help:
	@echo 'make study    the study: trains, measures, reports to results/study (some 55 minutes on 2 cores)'
	@echo 'make quick    the same pipeline on a small experiment, to results/quick (some 75 seconds)'
	@echo 'make tiny     the smallest run, for tests, to results/tiny (some 30 seconds)'
	@echo 'make ui       MLflow on http://127.0.0.1:$(PORT) until Ctrl-C; PORT=5001 picks another port'
	@echo 'make test     format, lint, types, unit tests and whole runs (below 10 minutes)'
	@echo 'make bench    every benchmark, to benchmarks/results (some 10 minutes; ISA=avx2 does without AVX-512)'
	@echo 'make lock     for maintainers: brings the *.lock files in line with pyproject.toml'
	@echo 'make clean    removes .venv, .venv-peers and caches, never results or MLflow data'
	@echo 'The first call makes .venv, once: about 3 minutes and 1.5 GB; make bench makes .venv-peers: 1.7 GB.'
	@echo 'CORES=1 limits the cores of study, quick and tiny; without it they use all.'

study: .venv
	$(snakemake)

quick: .venv
	$(snakemake) --config experiment=quick

tiny: .venv
	$(snakemake) --config experiment=tiny

# One after the other, each on one core: two at a time would measure each other.
bench: .venv .venv-peers
	rm -rf benchmarks/results/$(or $(ISA),native)/raw
	$(peers) -m benchmarks.machine
	$(peers) -m benchmarks.training_step
	$(peers) -m benchmarks.memory
	$(python) -m benchmarks.gemm_limit
	$(python) -m benchmarks.scaling
	$(python) -m benchmarks.gradient_flow
	$(python) -m benchmarks.pipeline
	$(python) -m benchmarks.report

ui: .venv
	$(python) -m workflow.tracking ui --port $(PORT)

test: dev
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m snakefmt --check Snakefile workflow/rules
	$(python) -m mypy
	$(python) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# Versions that still fit are kept; UPGRADE="numpy mlflow" renews the named packages.
compile = $(python) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command 'make lock' $(addprefix --upgrade-package ,$(UPGRADE))
lock: dev
	$(compile) --group build --output-file build.lock
	$(compile) pyproject.toml --output-file requirements.lock
	$(compile) --group data --no-deps --output-file data.lock
	$(compile) --group dev --constraints requirements.lock --output-file dev.lock

# .snakemake stays: it says which results are current.
clean:
	rm -rf .venv .venv-peers .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name results -prune -o -name __pycache__ -prune -exec rm -rf {} +

.venv: $(if $(installed),,install)
dev: .venv $(if $(installed_dev),,install-dev)
.venv-peers: $(if $(installed_peers),,install-peers)

# One dependency of Snakemake is built from source, with the build tools installed before it.
install:
	@rm -f .venv/locks .venv/locks-dev
	@for base in $(PYTHONS); do \
	  if $$base -c '$(suitable)' 2>/dev/null; then \
	    echo "Making .venv with $$base, once: about 3 minutes"; \
	    exec $$base -m venv --clear .venv; \
	  fi; \
	done; \
	echo 'No CPython 3.11, 3.12 or 3.13 with its venv module was found:' \
	  'install one (on Debian and Ubuntu the package python3-venv as well), then run make again.' >&2; \
	exit 1
	$(pip) --requirement build.lock
	$(pip) --no-build-isolation --use-pep517 --requirement requirements.lock
	$(pip) --no-deps --requirement data.lock
	@cat $(locks) > .venv/locks

install-dev: .venv
	@rm -f .venv/locks-dev
	$(pip) --requirement dev.lock
	@cat $(locks) dev.lock > .venv/locks-dev

install-peers: .venv
	@rm -f .venv-peers/list
	@echo 'Making .venv-peers for the benchmarks, once: torch and JAX, 1.7 GB'
	@$(python) -m venv --clear .venv-peers
	@$(peers) -m pip --disable-pip-version-check install --quiet --log .venv-peers/pip.log \
	  --requirement benchmarks/peers.txt >/dev/null 2>&1 || { \
	  echo 'The peers of benchmarks/peers.txt could not be installed: make bench needs a network the first time' \
	    '(.venv-peers/pip.log says what failed).' >&2; exit 1; }
	@cp benchmarks/peers.txt .venv-peers/list
