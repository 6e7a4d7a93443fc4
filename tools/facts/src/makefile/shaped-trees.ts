import { mainGo } from '../fixtures/written-tree.ts';

const versionGo = 'package version\n\nvar (\n\tgitVersion = "v0.0.0"\n\tgitCommit string\n\tflavor string\n)\n';

/** Trees of different shapes, with their Makefiles and scripts. */
export const shapes = {
  /** A goal for each command, a script that builds a command by name, and a library that computes linker flags. */
  scripted: {
    'go.mod': 'module shaped.example/mono\n\ngo 1.22\n',
    Makefile: ['TARGETS := mono-agent monoctl', 'all: $(TARGETS)', '$(TARGETS):', '\thack/build.sh $@'].join('\n'),
    'hack/build.sh': [
      '#!/usr/bin/env bash',
      'set -o errexit -o nounset -o pipefail',
      'source "$(dirname "${BASH_SOURCE[0]}")/util.sh"',
      'CGO_ENABLED=0 go build -ldflags "$(util::ldflags)" -o "_output/bin/$1" "shaped.example/mono/cmd/${1#mono-}"',
    ].join('\n'),
    'hack/util.sh': [
      'util::ldflags() {',
      '  local dirty=""',
      '  [[ -z $(git status --porcelain) ]] || dirty=-dirty',
      '  echo "-X shaped.example/mono/pkg/version.gitVersion=$(git describe --tags --match "v*" --abbrev=10)$dirty" \\',
      '    "-X shaped.example/mono/pkg/version.gitCommit=$(git rev-parse --short=9 HEAD)" \\',
      '    "-X shaped.example/mono/pkg/version.flavor=plain -X shaped.example/mono/pkg/version.missing=x -s -w"',
      '}',
    ].join('\n'),
    'pkg/version/version.go': versionGo,
    'cmd/agent/main.go': mainGo,
    'cmd/monoctl/main.go': mainGo,
    'cmd/gen-docs/main.go': mainGo,
  },
  /** A module for each command, with one binary for each platform in its name. */
  modules: {
    'go.mod': 'module shaped.example/cm\n\ngo 1.22\n',
    'go.sum': '',
    Makefile: 'include make/00.mk\n-include make/_shared/*/tools.mk\n',
    'make/00.mk': [
      'VERSION := $(shell git describe --tags --always)',
      'LDFLAGS := -w -s -X shaped.example/cm/pkg/util.AppVersion=$(VERSION)',
      'server-binaries: out/controller-linux-amd64 out/controller-linux-arm64 out/webhook-linux-amd64',
      'out/controller-linux-%: go.sum',
      "\tcd cmd/controller && GOOS=linux GOARCH=$* CGO_ENABLED=0 $(GO) build -o ../../$@ -trimpath -ldflags '$(LDFLAGS)' main.go",
      'out/webhook-linux-%: go.sum',
      "\tcd cmd/webhook && GOOS=linux GOARCH=$* CGO_ENABLED=0 $(GO) build -o ../../$@ -ldflags '$(LDFLAGS)' main.go",
    ].join('\n'),
    'make/_shared/tools/tools.mk': 'GO := go\n',
    'pkg/util/version.go': 'package util\n\nvar AppVersion = "canary"\n',
    'cmd/controller/go.mod': 'module shaped.example/cm/controller-binary\n\ngo 1.22\n',
    'cmd/controller/main.go': mainGo,
    'cmd/webhook/go.mod': 'module shaped.example/cm/webhook-binary\n\ngo 1.22\n',
    'cmd/webhook/main.go': mainGo,
  },
  /** A pattern in a loop, and a version of two parts, one of them a module's. */
  patterns: {
    'go.mod': 'module shaped.example/two\n\ngo 1.22\n\nrequire lib.example/base v1.36.0\n',
    Makefile: [
      'SHELL := /usr/bin/env bash -e',
      "VERSION := $(shell go list -m -f '{{.Version}}' lib.example/base)+two-$(shell git describe --tags)",
      'build: WHAT ?= ./cmd/...',
      'build: ; for W in $(WHAT); do pushd . && cd $${W%..}; CGO_ENABLED=0 go build -ldflags="-X lib.example/base/version.Version=$(VERSION)" -o $(CURDIR)/bin ./...; popd; done',
    ].join('\n'),
    'cmd/one/main.go': mainGo,
    'cmd/two/main.go': mainGo,
    'tool/main.go': mainGo,
  },
  /** A pattern rule with a directory prefix, and one command with its own tags and linkage. */
  shim: {
    'go.mod': 'module shaped.example/ctd\n\ngo 1.22\n',
    Makefile: [
      'TAGS = -tags "no_docs $(EXTRA)"',
      'binaries: bin/ctr bin/shim',
      'bin/%: cmd/% FORCE',
      '\t@go build -buildmode=pie -o $@ $(TAGS) ./$<',
      'bin/shim: cmd/shim FORCE',
      '\tCGO_ENABLED=0 go build -o $@ -ldflags \'-s -w -extldflags "-static"\' -tags "no_docs no_grpc" ./cmd/shim',
      'FORCE:',
    ].join('\n'),
    'cmd/ctr/main.go': mainGo,
    'cmd/shim/main.go': mainGo,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
