import { join } from 'node:path';
import { configFileName, configTypesFileName } from '@slipway/catalog';
import { formatConfig } from '@slipway/facts';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { configTypes } from '../config-types.ts';
import type { Asking } from '../services.ts';

/** Writes the inferred configuration and its types; with --makefile, a Makefile for people who type make. */
export async function init({ line, services, tree }: Asking): Promise<Answer> {
  const known = await tree();
  const [first, ...beside] = line.makefile
    ? [{ name: 'Makefile', text: makefile }]
    : [
        { name: configFileName, text: formatConfig(known) },
        { name: configTypesFileName, text: configTypes() },
      ];
  const files = [first!, ...beside].map(({ name, text }) => ({ path: join(known.root, name), text }));
  const [{ path, text }] = files as [(typeof files)[number]];
  for (const file of line.force ? [] : files)
    if ((await services.files.readTextIfExists(file.path)) !== undefined)
      throw new FailureError({ code: 'FILE_EXISTS', path: file.path });
  if (line.dryRun) return answer([`# ${path}`, ...text.trimEnd().split('\n')], { path, text });
  for (const file of files) await services.files.writeFileWhole(file.path, file.text);
  return answer([`wrote ${files.map((file) => file.path).join(' and ')} (known from ${known.source})`], { path });
}

/**
 * Variables are passed as "$NAME" from make's exported environment, because MAKEOVERRIDES would lose their quotes. All
 * goals are forwarded in one call, so that `make clean all` is one plan.
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
