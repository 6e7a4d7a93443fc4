// Building blocks for other pages in the style of the report.
export { type Html, html } from './html.ts';
export { style } from './style.ts';
