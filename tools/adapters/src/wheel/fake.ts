import type { WheelRequest, Wheels } from './port.ts';

export interface FakeWheels extends Wheels {
  /** What was installed, in order. */
  readonly installed: readonly string[];
}

/** Has the programs of these packages already; another is there once it was installed. */
export function fakeWheels(present: readonly string[] = []): FakeWheels {
  const installed: string[] = [];
  const pathOf = ({ wheel }: WheelRequest): string => `/wheels/${wheel.name}-${wheel.version}/${wheel.program}`;
  return {
    installed,
    find: (request) => ([...present, ...installed].includes(request.wheel.name) ? pathOf(request) : undefined),
    command: ({ wheel }) => `python3 -m pip install ${wheel.name}==${wheel.version}`,
    async install(request) {
      installed.push(request.wheel.name);
      return pathOf(request);
    },
  };
}
