/** Sunbird's SDK over a queue that tests read. */
import type { CompleteConfig, SunbirdConfig } from '../../src/sunbird/config';
import type { WholeEvent } from '../../src/sunbird/event';
import { SunbirdTelemetry } from '../../src/sunbird/telemetry';
import { MORNING } from '../fakes';

/** The configuration of upstream's functional suite, with ids of ours. */
export const CONFIG: SunbirdConfig = {
  uid: 'anonymous',
  channel: 'in.ekstep',
  pdata: { id: 'in.ekstep', ver: '1.0', pid: '' },
  env: 'preview',
  sid: '',
  did: '',
  cdata: [{ type: 'worksheet', id: 'do_736298262' }],
  rollup: { l1: '', l2: '' },
  object: { id: 'do_9823y23', type: 'Content', ver: '', rollup: { l1: '', l2: '' } },
  batchsize: 20,
  host: 'https://api.school.in',
  endpoint: '/data/v3/telemetry',
  tags: [],
  apislug: '/action',
};

export class Bench {
  time = MORNING;
  /** What was handed to the queue, in order. */
  put: WholeEvent[] = [];
  /** How many events each flush found waiting. */
  flushes: number[] = [];
  told: WholeEvent[] = [];
  warnings: string[] = [];
  opened: CompleteConfig[] = [];
  chosen: string[] = [];
  private waiting = 0;
  private ids = 0;
  readonly telemetry = new SunbirdTelemetry({
    now: () => this.time,
    id: () => `id-${(this.ids += 1)}`,
    open: (config) => {
      this.opened.push(config);
      return {
        put: (event) => {
          this.put.push(event);
          this.waiting += 1;
        },
        flush: () => {
          this.flushes.push(this.waiting);
          this.waiting = 0;
          return Promise.resolve(true);
        },
        deviceId: () => 'device-1',
        sessionId: () => 'session-1',
        level: () => 'full',
        choose: (level) => void this.chosen.push(level),
      };
    },
    tell: (event) => this.told.push(event),
    warn: (text) => this.warnings.push(text),
  });

  /** An SDK that is initialised with `changes` to CONFIG. */
  static ready(changes: SunbirdConfig = {}): Bench {
    const bench = new Bench();
    bench.telemetry.initialize({ ...CONFIG, ...changes });
    return bench;
  }

  get last(): WholeEvent {
    return this.put[this.put.length - 1]!;
  }
}
