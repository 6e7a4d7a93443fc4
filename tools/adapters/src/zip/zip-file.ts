/** Reads what the directory at the end of a zip file lists. */
export { type Entry, type ZipFile, fromFdPromise, openPromise } from 'yauzl';
