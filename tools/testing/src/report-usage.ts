import { writeFileSync } from 'node:fs';

/** Preloaded into a process: what it took is written down when it ends. */
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { mebibytes: maxRSS / 1024, seconds: (userCPUTime + systemCPUTime) / 1e6 };
  writeFileSync(process.env['TEST_USAGE_FILE']!, JSON.stringify(usage));
});
