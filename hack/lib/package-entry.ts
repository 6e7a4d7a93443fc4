/**
 * The file behind the command `slipway`. Old Nodes, down to 12, must be able to parse it, because its message is for
 * them. Only a Node that can run the bundle loads it.
 */
export const entryText = (minimumNode: string): string => `#!/usr/bin/env node
'use strict';
var minimum = '${minimumNode}'.split('.').map(Number);
var actual = process.versions.node.split('.').map(Number);
var difference = actual[0] - minimum[0] || actual[1] - minimum[1] || actual[2] - minimum[2];
if (difference < 0) {
  process.stderr.write(
    'error: slipway needs Node ${minimumNode} or newer; this is ' + process.versions.node + ' (' + process.execPath + ')\\n' +
    '  hint: install Node ${minimumNode} or newer (24 is what we test with) and put it first on the PATH\\n'
  );
  process.exitCode = 3;
} else {
  import('./slipway.mjs');
}
`;
