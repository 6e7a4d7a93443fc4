export { type Commit, LOG_FORMAT, parseLog } from './commits.ts';
export { type ModuleTag, readTag, tagPattern } from './module-tags.ts';
export { changesIn, contributorsOf } from './pull-requests.ts';
export { type Section, bySection, formatSections } from './sections.ts';
