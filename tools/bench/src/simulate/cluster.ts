import { type Random, seededRandom } from '@slipway/testing';
import type { Task, Work } from './tasks.ts';

export interface ClusterModel {
  readonly workers: number;
  /** The cores of one worker. */
  readonly cores: number;
  /** Megabytes a second between one worker and the server of contents, and of that server in total. */
  readonly workerBandwidth: number;
  readonly cacheBandwidth: number;
  /** Milliseconds that each action takes in addition to its work: queue, Execute, staging. */
  readonly latency: number;
  /** How often each worker is lost in an hour. It comes back empty. */
  readonly lossesPerHour: number;
  /** Milliseconds until a loss is known, and until a new worker has taken the place. */
  readonly noticed: number;
  readonly replaced: number;
  readonly isShared: boolean;
  readonly seed: string;
}

export interface Simulated {
  readonly milliseconds: number;
  /** The time of workers in total, including lost work and waiting. */
  readonly busy: number;
  readonly bytes: number;
  readonly actions: number;
  readonly lost: number;
  /** CPU time of packages that another worker compiled, too. */
  readonly twice: number;
}

interface Worker {
  readonly has: Set<number>;
  readonly outputs: Set<number>;
  hasSources: boolean;
}

interface Delivery {
  readonly index: number;
  readonly worker: Worker;
  readonly began: number;
  readonly moved: number;
}

interface Event {
  readonly at: number;
  happen(): void;
}

const MEGABYTE = 1e6;

/** Simulates the work, longest action first, on workers that take one action each. */
export function simulate({ tasks, objects }: Work, model: ClusterModel): Simulated {
  const random = seededRandom('workers', model.seed);
  const events = new Queue<Event>((a, b) => a.at - b.at);
  const weight = weights(tasks, objects);
  const ready = new Queue<number>((a, b) => weight[b]! - weight[a]!);
  const waitsFor = tasks.map(({ after }) => after.length);
  const users = tasks.map((): number[] => []);
  for (const [at, { after }] of tasks.entries()) for (const each of after) users[each]!.push(at);
  const idle: Worker[] = Array.from({ length: model.workers }, freshWorker);
  const network = openNetwork(model);
  const compiled = new Map<number, number>();
  const total = { bytes: 0, busy: 0, actions: 0, lost: 0, twice: 0, done: 0 };
  let now = 0;

  /** A line to the server is taken only on demand, because one reserved ahead would be idle. */
  const begin = (index: number, worker: Worker): void => {
    total.actions += 1;
    const began = now;
    events.push({
      at: now + model.latency,
      happen() {
        const { moved, work } = needs(index, worker);
        const computed = network.move(now, moved) + work;
        const dies = lossWithin(computed - began, model, random);
        if (dies !== undefined) lose(index, began, Math.max(now, began + dies));
        else events.push({ at: computed, happen: () => deliver({ index, worker, began, moved }) });
      },
    });
  };
  const lose = (index: number, began: number, at: number): void => {
    total.lost += 1;
    total.busy += at - began;
    events.push({ at: at + model.noticed, happen: () => ready.push(index) });
    events.push({ at: at + model.replaced, happen: () => idle.push(freshWorker()) });
  };
  const deliver = ({ index, worker, began, moved }: Delivery): void => {
    const { outputBytes } = tasks[index]!;
    const end = network.move(now, outputBytes);
    total.bytes += moved + outputBytes;
    total.busy += end - began;
    events.push({ at: end, happen: () => finish(index, worker) });
  };
  /** The bytes that the worker has to fetch, and the time that it then computes. */
  const needs = (index: number, worker: Worker): { moved: number; work: number } => {
    const task = tasks[index]!;
    let moved = worker.hasSources && task.compiles.length > 0 ? 0 : task.inputBytes;
    let cpu = 0;
    for (const object of task.compiles) {
      if (worker.has.has(object)) continue;
      if (model.isShared && (compiled.get(object) ?? Infinity) <= now) moved += objects[object]!.bytes;
      else {
        cpu += objects[object]!.cpu;
        if (compiled.has(object)) total.twice += objects[object]!.cpu;
      }
    }
    for (const each of task.after) {
      if (worker.outputs.has(each)) continue;
      worker.outputs.add(each);
      moved += tasks[each]!.outputBytes;
    }
    const chain = cpu === 0 ? 0 : Math.min(cpu, task.chain);
    const work = Math.max(cpu / model.cores, chain) + task.alone;
    for (const object of task.compiles) if (!compiled.has(object)) compiled.set(object, now + work);
    return { moved, work };
  };
  const finish = (index: number, worker: Worker): void => {
    total.done += 1;
    for (const object of tasks[index]!.compiles) worker.has.add(object);
    worker.hasSources = true;
    worker.outputs.add(index);
    idle.push(worker);
    for (const user of users[index]!) if ((waitsFor[user]! -= 1) === 0) ready.push(user);
  };

  for (const [index, waits] of waitsFor.entries()) if (waits === 0) ready.push(index);
  while (total.done < tasks.length) {
    while (ready.size > 0 && idle.length > 0) begin(ready.pop()!, idle.pop()!);
    const event = events.pop();
    if (event === undefined) throw new Error('nothing goes on: a task waits for itself');
    now = event.at;
    event.happen();
  }
  const { done: _, ...figures } = total;
  return { milliseconds: now, ...figures };
}

const freshWorker = (): Worker => ({ has: new Set(), outputs: new Set(), hasSources: false });

/** Milliseconds until a worker is lost; undefined if the action ends before. */
function lossWithin(milliseconds: number, { lossesPerHour }: ClusterModel, random: Random): number | undefined {
  if (lossesPerHour === 0) return undefined;
  const first = (-Math.log(1 - random.next()) / lossesPerHour) * 3_600_000;
  return first < milliseconds ? first : undefined;
}

/** The server of contents has as many lanes as lines of workers that it can fill. */
function openNetwork({ workerBandwidth, cacheBandwidth }: ClusterModel): { move(at: number, bytes: number): number } {
  const lanes = new Queue<number>((a, b) => a - b);
  for (let i = 0; i < Math.max(1, Math.round(cacheBandwidth / workerBandwidth)); i++) lanes.push(0);
  return {
    move(at, bytes) {
      if (bytes === 0) return at;
      const end = Math.max(at, lanes.pop()!) + (bytes / (workerBandwidth * MEGABYTE)) * 1000;
      lanes.push(end);
      return end;
    },
  };
}

/** The minimum time of the rest after each task. Tasks with the longest rest come first. */
function weights(tasks: readonly Task[], objects: Work['objects']): number[] {
  const result = tasks.map(
    ({ alone, compiles }) => alone + compiles.reduce((sum, each) => sum + objects[each]!.cpu, 0),
  );
  const own = [...result];
  const order = inOrder(tasks);
  for (const at of order.toReversed())
    for (const each of tasks[at]!.after) result[each] = Math.max(result[each]!, own[each]! + result[at]!);
  return result;
}

function inOrder(tasks: readonly Task[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (at: number): void => {
    if (seen.has(at)) return;
    seen.add(at);
    for (const each of tasks[at]!.after) visit(each);
    order.push(at);
  };
  for (const at of tasks.keys()) visit(at);
  return order;
}

/** A heap. */
class Queue<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    for (let above = (at - 1) >> 1; at > 0 && this.#compare(item, items[above]!) < 0; above = (at - 1) >> 1) {
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= items.length) break;
      const right = left + 1;
      const less = right < items.length && this.#compare(items[right]!, items[left]!) < 0 ? right : left;
      if (this.#compare(items[less]!, last) >= 0) break;
      items[at] = items[less]!;
      at = less;
    }
    items[at] = last;
    return first;
  }
}
