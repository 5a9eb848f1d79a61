# The verbs of this project; `make help` lists them. Each one sets up .venv first when it is missing or the lock changed.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
PORT   ?= 7860
# Where CPU builds of PyTorch are published; set TORCH=default to take your platform's default build instead.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
TORCH  ?= auto

# The stamp's name carries the content of the lock, so an unchanged lock means nothing to do, whatever the dates say.
LOCK   := $(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
READY  := $(VENV)/.ready-$(LOCK)

.PHONY: help setup lock docs demo test test-services check format bench eval clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(READY) ## make .venv from the lock

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(SET_UP_TORCH)
	$(PIP) install --quiet --no-deps --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.ready-*
	@touch $@

# A machine without a GPU should not download gigabytes of GPU code: first a CPU build from the configured indexes,
# then from PyTorch's own CPU index, and only then the platform's default (which is a CPU build on macOS and Windows).
TORCH_PIN := $(shell sed -n 's/^  "torch==\(.*\)",$$/\1/p' pyproject.toml)
TORCH_DEPS := --no-deps --quiet
define SET_UP_TORCH
set -e; want=$(TORCH_PIN); \
have=$$($(BIN)/python -c 'import importlib.metadata as m; print(m.version("torch").split("+")[0])' 2>/dev/null || true); \
if [ "$$have" = "$$want" ]; then exit 0; fi; \
if [ "$(TORCH)" = default ] || [ "$$(uname -s)" != Linux ] || command -v nvidia-smi >/dev/null 2>&1; then \
  $(PIP) install --quiet "torch==$$want"; exit 0; fi; \
echo "Installing the CPU build of PyTorch $$want ..."; \
$(PIP) install $(TORCH_DEPS) "torch==$$want+cpu" 2>/dev/null \
|| $(PIP) install $(TORCH_DEPS) --timeout 15 --retries 1 --index-url $(TORCH_INDEX) "torch==$$want" 2>/dev/null \
|| { echo "No CPU build could be reached; taking the default build, which is large. See README, 'PyTorch without a GPU'."; \
     $(PIP) install --quiet "torch==$$want"; }
endef

docs: $(READY) ## put help texts into the README
	$(BIN)/python -m ui.readme README.md

lock: ## resolve pyproject.toml into requirements.lock again (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --custom-compile-command "make lock" --upgrade -o requirements.lock --quiet \
	  $(foreach p,$(GPU_ONLY),--no-emit-package $(p))
# Installed apart (torch) or not at all (what its GPU build would bring).
GPU_ONLY = torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cupti nvidia-cuda-nvrtc \
  nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse \
  nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx

demo: $(READY) ## draft the sample queue and open the panel
	$(BIN)/reviewer-copilot demo --port $(PORT)

# How many processes share the tests: "auto" is one for each core that has memory (tests/conftest.py); with 0, one runs them all.
WORKERS ?= auto
# Records and indexes are synced to disk more than ten thousand times: where memory has room, nobody waits for a disk.
IN_MEMORY := $(shell test -w /dev/shm && { df -Pk /dev/shm; cat /proc/meminfo; } 2>/dev/null | awk 'NR == 2 {room = $$4} \
  /^MemAvailable:/ {left = $$2} END {if (room > 1000000 && left > 8000000) print "PYTEST_DEBUG_TEMPROOT=/dev/shm"}')
# The matrices are small: threads that share them only wait for each other, most of all beside other work.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

test: $(READY) ## tests that need neither browser nor server
	$(ONE_THREAD) $(IN_MEMORY) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -p no:langsmith_plugin \
	  -o tmp_path_retention_count=1 -o tmp_path_retention_policy=failed --ignore=tests/services --ignore=tests/bench

test-services: $(READY) ## tests that need a browser
	$(BIN)/python -m pytest tests/services

check: $(READY) ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/reviewer-copilot policy lint
	$(BIN)/reviewer-copilot eval figures --check

format: $(READY) ## put the code into the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## kill loops, soaks and speeds
	$(BIN)/python -m pytest tests/bench -s

clean: ## remove .venv and everything that was made
	rm -rf $(VENV) var build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

eval: $(READY) ## quality figures that need no model service; with DATA=path the public sets too
	$(BIN)/reviewer-copilot eval all --out var/eval $(if $(DATA),--data "$(DATA)") \
	  $(if $(JUDGE),--judge $(JUDGE)) $(if $(PRICES),--prices "$(PRICES)")

.PHONY: figures
figures: $(READY) ## put figures from evals/results into the texts
	$(BIN)/reviewer-copilot eval figures
