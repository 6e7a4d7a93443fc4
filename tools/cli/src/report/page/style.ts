import { Html } from './html.ts';

/** Light or dark, by the reader's setting; one column on a narrow screen. */
export const style = new Html(`
:root { color-scheme: light dark; --text: #1c1f23; --quiet: #667; --back: #fff; --line: #dde; --soft: #f4f5f8;
  --ran: #2f6fde; --restored: #8a4fd0; --fresh: #2c8f53; --skipped: #999; --failed: #d03030; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e6ea; --quiet: #9aa; --back: #16181c; --line: #333842; --soft: #1f2228; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; color: var(--text); background: var(--back); margin: 0 auto; padding: 1.5rem; max-width: 76rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.quiet { color: var(--quiet); } .scroll { overflow-x: auto; } pre { overflow-x: auto; background: var(--soft); padding: .6rem; margin: .4rem 0; font-size: .8rem; }
.status { font-weight: 600; padding: .05rem .45rem; border-radius: .3rem; color: #fff; font-size: .8rem; white-space: nowrap; }
.ran { background: var(--ran); } .restored { background: var(--restored); } .fresh { background: var(--fresh); } .skipped { background: var(--skipped); } .failed { background: var(--failed); }
.numbers { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .8rem 0 0; padding: 0; list-style: none; } .numbers b { font-size: 1.2rem; display: block; }
.timeline { display: grid; grid-template-columns: minmax(8rem, 24rem) 1fr 3.6rem; gap: .15rem .8rem; align-items: center; font-size: .85rem; }
.timeline .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .critical.name { font-weight: 700; }
.track { position: relative; overflow: clip; overflow-clip-margin: 2px; height: 1.15rem; background: var(--soft); border-radius: .2rem; } .bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: .2rem; }
.critical .bar { outline: 2px solid var(--text); outline-offset: -1px; } .took { text-align: right; color: var(--quiet); }
table { border-collapse: collapse; width: 100%; font-size: .88rem; } td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; border: 0; } td:nth-child(2) { min-width: 8rem; }
.pass, .compile { background: var(--ran); } .flaky, .quarantined { background: var(--restored); } .fail { background: var(--failed); } .link { background: var(--fresh); } .skip { background: var(--skipped); }
.before { position: absolute; bottom: 0; height: 3px; left: 0; background: var(--quiet); } summary { cursor: pointer; margin: .8rem 0 .3rem; font-weight: 600; } summary.quiet { font-weight: 400; margin: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem; } .chart { margin: 0; font-size: .85rem; } .chart svg { display: block; width: 100%; height: 5rem; background: var(--soft); border-radius: .2rem; } .chart path { fill: var(--ran); opacity: .75; }
.graph { display: block; width: 100%; height: auto; margin-top: 1rem; } .graph path { fill: none; stroke: var(--quiet); } .graph rect { fill: var(--soft); stroke: var(--line); } .graph text { font: 11px 'DejaVu Sans Mono', monospace; fill: var(--text); }
.graph .file rect { stroke: var(--failed); } .graph .command rect { stroke: var(--ran); stroke-width: 2; }
@media (max-width: 42rem) { .graph { display: none; } body { padding: .8rem; } .timeline { grid-template-columns: 1fr 3.6rem; } .timeline .name { margin-top: .4rem; grid-column: 1 / 3; }
  table, tbody, tr, td { display: block; } thead { display: none; } tr { border-top: 1px solid var(--line); padding: .4rem 0; } td { border: 0; padding: .1rem 0; } }
`);
