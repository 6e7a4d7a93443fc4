import { describe, expect, test } from 'vitest';
import type { Environment, PinnedWheel } from '@slipway/model';
import type { Wheels } from './port.ts';

export interface WheelRig {
  readonly wheels: Wheels;
  /** One that can be installed, and is not. */
  readonly wheel: PinnedWheel;
  readonly env: Environment;
}

/** What holds for every keeper of wheels. */
export function wheelsContract(name: string, rig: () => Promise<WheelRig>): void {
  describe(`${name} as Wheels`, () => {
    test('a program is found once it was installed, a second installation changes nothing', async () => {
      const { wheels, wheel, env } = await rig();
      expect(wheels.find({ wheel, env })).toBeUndefined();
      const path = await wheels.install({ wheel, env });
      expect(path).toMatch(new RegExp(`/${wheel.name}-${wheel.version}/${wheel.program}$`));
      expect(wheels.find({ wheel, env })).toBe(path);
      expect(await wheels.install({ wheel, env })).toBe(path);
    });

    test('another version is another program', async () => {
      const { wheels, wheel, env } = await rig();
      await wheels.install({ wheel, env });
      expect(wheels.find({ wheel: { ...wheel, name: 'another' }, env })).toBeUndefined();
    });

    test('a person is told what to type', async () => {
      const { wheels, wheel, env } = await rig();
      expect(wheels.command({ wheel, env })).toMatch(
        new RegExp(`^python3 -m pip install .*${wheel.name}==${wheel.version}$`),
      );
    });
  });
}
