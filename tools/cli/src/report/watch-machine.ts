import { type MachineUse, machineUse } from '@slipway/adapters';
import type { EmitEvent } from '@slipway/model';

/** Milliseconds between two measurements. */
const LOOK = 1000;

/** Reports the machine's load for this run until it is disposed; nothing on a system without the data. */
export function watchMachine(emit: EmitEvent): Disposable {
  let before: { readonly use: MachineUse; readonly at: number } | undefined;
  const look = (): void => {
    const use = machineUse();
    const at = performance.now();
    if (use === undefined) return clearInterval(timer);
    if (before !== undefined) {
      const cores = Math.max(0, (1000 * (use.cpuSeconds - before.use.cpuSeconds)) / (at - before.at));
      emit({ kind: 'machine-used', cores: Math.round(cores * 100) / 100, memory: use.memory, at });
    }
    before = { use, at };
  };
  const timer = setInterval(look, LOOK).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
