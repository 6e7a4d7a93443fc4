import { join } from 'node:path';
import { configFileName } from '@slipway/catalog';
import { formatConfig } from '@slipway/facts';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/** Writes down what was inferred; with --makefile, a Makefile for people who type make. */
export async function init({ line, services, tree }: Asking): Promise<Answer> {
  const known = await tree();
  const file = line.makefile
    ? { name: 'Makefile', text: makefile }
    : { name: configFileName, text: formatConfig(known) };
  const path = join(known.root, file.name);
  if (!line.force && (await services.files.readTextIfExists(path)) !== undefined)
    throw new FailureError({ code: 'FILE_EXISTS', path });
  if (line.dryRun) return answer([`# ${path}`, ...file.text.trimEnd().split('\n')], { path, text: file.text });
  await services.files.writeFileWhole(path, file.text);
  return answer([`wrote ${path} (known from ${known.source})`], { path });
}

/**
 * Variables are passed as "$NAME", from the environment make exports them to: MAKEOVERRIDES would lose their quotes. Every goal
 * is forwarded at once, so that `make clean all` is one plan.
 */
export const makefile = `# Written by slipway init --makefile: make's words, slipway's builds.
SLIPWAY ?= slipway
MAKEFLAGS += --no-print-directory
GOALS := $(or $(MAKECMDGOALS),all)
LETTERS = $(filter-out --%,$(firstword -$(MAKEFLAGS)))
FLAGS = $(foreach flag,B k n s,$(if $(findstring $(flag),$(LETTERS)),-$(flag))) $(filter -j%,$(MAKEFLAGS))
GIVEN = $(foreach name,$(filter-out SLIPWAY,$(.VARIABLES)),$(if $(filter command,$(origin $(name))),$(name)="$$$(name)"))

# All goals go to slipway in one call, made for the first of them.
$(firstword $(GOALS)): slipway-forward ; @:
$(wordlist 2,$(words $(GOALS)),$(GOALS)): $(firstword $(GOALS)) ; @:

.PHONY: slipway-forward $(GOALS)
slipway-forward:
	+@$(SLIPWAY) $(GOALS) $(strip $(GIVEN) $(FLAGS))
`;
