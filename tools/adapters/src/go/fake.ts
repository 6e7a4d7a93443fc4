import { FailureError } from '@slipway/model';
import type { GoToolchain, Platform } from '@slipway/model';
import type { GoFinder, GoRequest } from './port.ts';

export interface FakeGoFinder extends GoFinder {
  /** The requests to findGo, in order. */
  readonly requests: readonly GoRequest[];
}

/** Always finds this toolchain. Without one no Go is available. */
export function fakeGoFinder(toolchain: GoToolchain | undefined, platforms: readonly Platform[] = []): FakeGoFinder {
  const requests: GoRequest[] = [];
  return {
    requests,
    async findGo(request) {
      requests.push(request);
      if (toolchain !== undefined) return toolchain;
      const { version, from } = request.requirement ?? { version: 'any', from: 'this tree' };
      throw new FailureError({ code: 'GO_UNAVAILABLE', version, from, fact: 'the fake has none' });
    },
    async listPlatforms() {
      return platforms;
    },
  };
}
