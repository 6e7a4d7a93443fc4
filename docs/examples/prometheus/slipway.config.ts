import type { Config } from 'slipway';

const version = 'github.com/prometheus/common/version';
export default {
  tags: ['netgo', 'builtinassets'],
  stamps: { [`${version}.Version`]: '3.14.0', [`${version}.Revision`]: '{commit}', [`${version}.BuildDate`]: '{date}' },
} satisfies Config;
